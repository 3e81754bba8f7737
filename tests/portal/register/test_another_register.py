"""A register not shown before: other heads, other order, other typing, another file form; the same cases come of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.models import Case, Event, Share
from cases.rules.register_columns import HEADS, Column
from portal.register.columns import match_columns
from portal.register.directories import load_directories
from portal.register.importing import examine, import_sheet
from portal.register.rows import read_row
from tests.conftest import MONDAY
from tests.portal.register.registers import REGISTER, as_csv, as_xlsx, read, table
from tests.portal.sheets.files import xls

WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789-:/."}
MESS = {"反映事项"}  # heads that mean one thing or another, by what stands beside them


def _moment(dice: random.Random, text: str) -> str:
    day, _, at = text.partition(" ")
    if not day.startswith("2026-") or day == "2026-02-30":
        return text
    year, month, number = (int(part) for part in day.split("-"))
    days = [
        day,
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year}/{month:02d}/{number:02d}",
    ]
    hour, _, minute = at.partition(":")
    times = (
        [at, f"{int(hour)}点{minute}分", f"{hour}：{minute}", f"{at}:00", _afternoon(int(hour), minute)]
        if at
        else [""]
    )
    told = f"{dice.choice(days)}{dice.choice([' ', '  ', '　'])}{dice.choice(times)}".strip()
    return told.translate(WIDE) if dice.random() < 0.3 else told


def _afternoon(hour: int, minute: str) -> str:
    return f"下午{hour - 12}点{minute}分" if hour > 12 else f"上午{hour}点{minute}分"


def _phone(dice: random.Random, text: str) -> str:
    number = text.replace(" ", "")
    forms = [
        number,
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"+86 {number}",
        f"{number}.0",
        number.translate(WIDE),
    ]
    return (
        dice.choice([*forms, f"{number[:3]}-{number[3:7]}-{number[7:]}"])
        if number
        else dice.choice(["", "无", "/"])
    )


def _units(dice: random.Random, text: str) -> str:
    parts = text.replace("、", "；").replace("/", "；").split("；") if text else []
    messed = [
        dice.choice([part, f" {part}", f"岐安市{part[1:]}" if part.startswith("市") else part])
        for part in parts
    ]
    return dice.choice(["；", "、", "/", "\n", ", ", ";"]).join(messed) + dice.choice(["", "。", " "])


def _word(dice: random.Random, text: str) -> str:
    return dice.choice([text, f" {text} ", f"{text}。"]) if text else dice.choice(["", "-"])


MESSES: dict[Column, Callable[[random.Random, str], str]] = {
    Column.REGISTERED: _moment,
    Column.CLOSED: _moment,
    Column.PHONE: _phone,
    Column.LEAD: _units,
    Column.CO: _units,
    Column.CHANNEL: _word,
    Column.DIFFICULTY: _word,
    Column.OUTCOME: _word,
    Column.OBSTACLE: _word,
    Column.HALL: _word,
    Column.MATTER: _word,
}


def another(seed: int) -> list[list[str]]:
    """The sample office's register as another office might keep it; the rows stay in their order."""
    dice = random.Random(seed)
    head, *rows = table()
    names = [dice.choice([name for name in HEADS[Column(column)] if name not in MESS]) for column in head]
    told = [
        [
            MESSES.get(Column(column), lambda _, text: text)(dice, cell)
            for column, cell in zip(head, row, strict=True)
        ]
        for row in rows
    ]
    order = dice.sample(range(len(head)), len(head))
    titled = (
        [["岐安市“办不成事”反映窗口登记表"], ["填报单位：市政务服务中心", "", "2026年"]]
        if dice.random() < 0.5
        else []
    )
    wide = [[*row, dice.choice(["晴", "雨"])] for row in ([line[at] for at in order] for line in told)]
    return [*titled, [*(names[at] for at in order), "天气"], *wide, ["合计", str(len(rows))]]


def papers(sheet) -> list[tuple]:
    """What each row means, leaving out what a clean and a messy register may differ in: the spacing of texts."""
    city, columns = load_directories(), match_columns(sheet.headers)
    found = []
    for line in sheet.lines[:35]:
        paper, reading = read_row(line, columns, city, MONDAY)
        found.append(paper and replace(paper, co_ids=tuple(sorted(paper.co_ids))))
        assert bool(paper) is not bool(reading.problems)
    return found


def fates(report) -> dict[str, list[int]]:
    return {
        "imported": [row.row for row in report.imported],
        "already_there": [row.row for row in report.already_there],
        "rejected": [row.row for row in report.rejected],
    }


FORMS = [as_csv, as_xlsx, xls, lambda rows: as_csv(rows, "gb18030")]


@pytest.mark.parametrize("seed", range(16))
def test_another_register_means_the_same(seed, city):
    ours, theirs = read(REGISTER.read_bytes()), read(FORMS[seed % len(FORMS)](another(seed)))
    assert papers(theirs) == papers(ours)
    report = examine(theirs, now=MONDAY)
    assert fates(report) == fates(examine(ours, now=MONDAY))
    assert len(report.skipped) == 1


def told() -> list[tuple]:
    return sorted(
        (
            case.hall_id,
            case.submitted_at,
            case.closed_at,
            case.outcome,
            case.difficulty,
            case.matter_id,
            tuple(Event.objects.filter(case=case).order_by("version").values_list("kind", "happened_at")),
            tuple(sorted(Share.objects.filter(case=case).values_list("role", "department__code"))),
        )
        for case in Case.objects.all()
    )


def test_after_ours_theirs_is_there_already_and_alone_it_makes_the_same_cases(supervisor):
    theirs = read(as_xlsx(another(5)))
    report = import_sheet(theirs, actor=supervisor, now=MONDAY)
    assert (len(report.imported), len(report.rejected), len(report.already_there)) == (32, 2, 1)
    before = told()
    again = import_sheet(read(REGISTER.read_bytes()), actor=supervisor, now=MONDAY)
    assert (len(again.imported), len(again.already_there)) == (0, 33)
    assert told() == before
