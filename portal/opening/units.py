"""Rows of departments, halls and matters become reference data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cases.errors import BadInputError
from cases.rules.contacts import clean_spaces
from cases.rules.places import fold
from cases.selectors.city import Names
from cases.services.city import Saved, save_department, save_hall, save_matter
from portal.opening.lists import Entry, RowError, split

WITHOUT_ACCOUNT = re.compile("村|社区")  # their shares are entered by the window
FIELD_OF = {"parent_id": "parent", "department_id": "department"}


def in_order(entries: Iterable[Entry], names: Names) -> Iterator[Entry]:
    """Yield departments so that those above come before those below, whatever the order of the file."""
    waiting = list(entries)
    while waiting:
        own = {fold(entry["name"]) for entry in waiting} | {fold(entry["code"]) for entry in waiting}
        own |= {fold(alias) for entry in waiting for alias in split(entry["aliases"].replace("/", "|"))}
        ready = [entry for entry in waiting if not {fold(above) for above in _above(entry)} & own]
        yield from ready or waiting
        waiting = [entry for entry in waiting if entry not in ready] if ready else []


def _above(entry: Entry) -> list[str]:
    return [entry[name] for name in ("parent", "territory") if entry[name]]


def add_department(entry: Entry, names: Names) -> Saved:
    """Add or complete one department. Errors: RowError."""
    name = _name(entry)
    by_alias = names.aliases.get(fold(name)) if fold(name) not in names.departments else None
    known = by_alias or _known(entry, names, names.departments, names.department_codes)
    aliases = [clean_spaces(alias) for alias in split(entry["aliases"].replace("/", "|"))]
    saved = _save(
        entry,
        save_department,
        department_id=known,
        name=None if by_alias else name,  # a row under another name of a department is not a new name
        code=None if by_alias else entry.said("code"),
        level=entry.said("level"),
        parent_id=_unit(entry, "parent", names),
        territory_id=_unit(entry, "territory", names),
        has_account=_has_account(entry, is_new=known is None),
        phone=entry.said("phone"),
        aliases=aliases,
    )
    names.aliases |= {fold(word): saved.id for word in aliases}
    return _remember(entry, names, saved, names.departments, names.department_codes)


def add_hall(entry: Entry, names: Names) -> Saved:
    """Add or complete one hall. Errors: RowError."""
    name = _name(entry)
    said = {key: entry.said(key) for key in ("code", "place", "level", "address", "phone", "hours_text")}
    saved = _save(
        entry, save_hall, hall_id=_known(entry, names, names.halls, names.hall_codes), name=name, **said
    )
    return _remember(entry, names, saved, names.halls, names.hall_codes)


def add_matter(entry: Entry, names: Names) -> Saved:
    """Add or complete one matter. Errors: RowError."""
    name = _name(entry)
    department = _unit(entry, "department", names)
    if department is None:
        raise RowError("department", "请写主管部门。")
    saved = _save(
        entry,
        save_matter,
        matter_id=_known(entry, names, names.matters, names.matter_codes),
        name=name,
        department_id=department,
        code=entry.said("code"),
        keywords=split(entry["keywords"]),
        materials=split(entry["materials"]),
    )
    return _remember(entry, names, saved, names.matters, names.matter_codes)


def _name(entry: Entry) -> str:
    name = clean_spaces(entry["name"])
    if not name:
        raise RowError("name", "名称是空的，请填写。")
    return name


def _known(entry: Entry, names: Names, by_name: dict[str, int], by_code: dict[str, int]) -> int | None:
    """The row that is there already: the same name, else the same code (then it gets a new name)."""
    named = by_name.get(fold(entry["name"]))
    coded = by_code.get(fold(entry["code"])) if entry["code"] else None
    if named and coded and named != coded:
        raise RowError("code", "这个代码已经是另一行的，名称和代码对不上，请核对。")
    if coded and not named and (entry.kind, coded) in names.seen:
        raise RowError("code", "这个代码在文件里已经用过，请改成不同的代码。")
    return named or coded


def _remember(
    entry: Entry, names: Names, saved: Saved, by_name: dict[str, int], by_code: dict[str, int]
) -> Saved:
    """Let the rows after this one name it."""
    by_name[fold(entry["name"])] = saved.id
    if entry["code"]:
        by_code[fold(entry["code"])] = saved.id
    names.seen.add((entry.kind, saved.id))
    return saved


def _unit(entry: Entry, field: str, names: Names) -> int | None:
    text = entry.said(field)
    found = names.department(text) if text else None
    if text and found is None:
        raise RowError(
            field, f"没有“{text}”这个部门，部门名单里也没有。请写全称或别名，或先把它加进部门名单。"
        )
    return found


def _has_account(entry: Entry, *, is_new: bool) -> bool | None:
    said = fold(entry["has_account"])
    if said in {"有", "是", "y", "yes", "true", "1"}:
        return True
    if said in {"无", "否", "没有", "n", "no", "false", "0"}:
        return False
    if said:
        raise RowError("has_account", "请写 有 或 无。")
    return not WITHOUT_ACCOUNT.search(entry["level"]) if is_new else None


def _save(entry: Entry, service, **given) -> Saved:
    try:
        return service(**given)
    except BadInputError as wrong:
        field = FIELD_OF.get(wrong.field, wrong.field)
        raise RowError(field, wrong.message) from None
