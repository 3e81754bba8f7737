"""Loading the lists: row by row, each whole or not at all; a dry run does the same and takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import DatabaseError, transaction

from cases.rules.places import city_in
from cases.selectors.city import Names, names, the_city
from cases.services.city import choose_main_hall, name_city
from portal.opening.lists import TITLES, Entry, Kind, RowError
from portal.opening.people import add_person
from portal.opening.report import FirstPassword, Rejected, Report, Row
from portal.opening.state import DEMO_REFUSAL
from portal.opening.units import add_department, add_hall, add_matter, in_order

ADD = {Kind.DEPARTMENTS: add_department, Kind.HALLS: add_hall, Kind.MATTERS: add_matter}


class DemoCityError(Exception):
    """Real units and people are never mixed into the sample city."""

    def __init__(self) -> None:
        super().__init__(DEMO_REFUSAL)


def load_lists(
    lists: Mapping[Kind, list[Entry]], *, today: date, is_dry_run: bool = False, city_name: str = ""
) -> Report:
    """Load departments, halls, matters and people, in this order; safe to repeat.

    Errors: DemoCityError, unless it is a dry run.
    """
    city = the_city()
    if city and city.is_demo and not is_dry_run:
        raise DemoCityError
    report = Report(is_dry_run=is_dry_run)
    if not is_dry_run:
        _load(lists, report, today, city_name)
        return report
    with transaction.atomic():
        _load(lists, report, today, city_name)
        transaction.set_rollback(True)
    return report


def _load(lists: Mapping[Kind, list[Entry]], report: Report, today: date, city_name: str) -> None:
    _name_city(lists, report, city_name)
    known = names()
    for kind in Kind:
        entries = lists.get(kind, [])
        ordered = in_order(entries, known) if kind is Kind.DEPARTMENTS else entries
        for entry in ordered:
            _load_row(entry, known, report, today)
        if kind is Kind.HALLS and entries:
            main = choose_main_hall()
            if main:
                report.remarks.append(
                    f"市级大厅：{main.name}，它的地址和电话写在每页下方，可在基础数据里改。"
                )
    report.rejected.sort(key=lambda row: (list(TITLES.values()).index(row.file), row.row))


def _name_city(lists: Mapping[Kind, list[Entry]], report: Report, given: str) -> None:
    """Before halls get their places the city needs a name: as given, or as their addresses say."""
    city = the_city()
    if city and not given:
        return
    name = given or city_in(entry["address"] for entry in lists.get(Kind.HALLS, []))
    if name:
        name_city(name=name)
        report.remarks.append(f"城市名称：{name}{'' if given else '（按大厅地址推定，首次设置时可改）'}。")


def _load_row(entry: Entry, known: Names, report: Report, today: date) -> None:
    """Load one row; whatever is wrong with it, the others go on."""
    try:
        with transaction.atomic():
            if entry.kind is Kind.PEOPLE:
                _load_person(entry, known, report, today)
            else:
                saved = ADD[entry.kind](entry, known)
                _file(report, entry, is_new=saved.is_new, changed=saved.changed)
    except RowError as wrong:
        value = entry[wrong.field] if wrong.value is None else wrong.value
        column = entry.column(wrong.field)
        report.rejected.append(Rejected(_title(entry), entry.row, entry.line, column, value, wrong.reason))
    except DatabaseError:
        reason = "这一行没有写入数据库，请核对后再导入一次。"
        report.rejected.append(Rejected(_title(entry), entry.row, entry.line, "", entry["name"], reason))


def _load_person(entry: Entry, known: Names, report: Report, today: date) -> None:
    user, password, saved = add_person(entry, known, today=today, is_dry_run=report.is_dry_run)
    remarks = () if entry["username"] or not password else (f"登录名 {user.username}",)
    _file(report, entry, is_new=saved.is_new, changed=saved.changed, remarks=remarks)
    if password:
        report.passwords.append(FirstPassword(user.name, entry["unit"], user.username, password))


def _file(
    report: Report, entry: Entry, *, is_new: bool, changed: tuple[str, ...], remarks: tuple[str, ...] = ()
) -> None:
    """Put the row where it belongs in the report."""
    where = report.imported if is_new else report.changed if changed else report.already_there
    said = (*remarks, *((f"改了{'、'.join(dict.fromkeys(changed))}",) if changed and not is_new else ()))
    where.append(Row(_title(entry), entry.row, entry.line, entry["name"], said))


def _title(entry: Entry) -> str:
    return TITLES[entry.kind]
