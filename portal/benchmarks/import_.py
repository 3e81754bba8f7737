"""Importing a paper register, rows a second, against a plain loop that saves one row of the case table for each row.

The register is invented: csv in the layout of the sample office, names, telephones and moments of its own in every row. The
peer only shows what the database and the ORM cost at least: a row of a register becomes about seven events, sealed and
chained. Everything is written to a copy of a small city that is thrown away.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from time import perf_counter

from cases.models import Case, Department, Hall, Matter
from cases.rules.classes import Channel
from cases.rules.flow import State
from portal.benchmarks import Row
from portal.benchmarks.large import AS_OF
from portal.benchmarks.large.database import scratch_city
from portal.benchmarks.large.lines import reporter_of
from portal.benchmarks.large.stage import HALLS, set_stage
from portal.register.importing import KNOWN, examine, import_sheet
from portal.sheets import read_sheet

CITY, ROWS = 1_000, 1_000
HEADERS = [
    "序号",
    "登记时间",
    "渠道",
    "大厅",
    "反映人",
    "电话",
    "事项",
    "问题描述",
    "阻碍类型",
    "难度",
    "承办部门",
    "协办部门",
    "处理经过",
    "结果",
    "办结时间",
    "满意度",
]
MINUTES = 7  # between one registration and the next, so that a day never runs out of serials


def run(rows: int = ROWS, city: int = CITY, halls: int = HALLS) -> list[Row]:
    """Read, examine, import and import again; the peer in between."""
    with scratch_city(city, halls=halls):
        actor = set_stage(halls).supervisor
        data = _register(rows)
        began = perf_counter()
        sheet = read_sheet(data, "bench.csv", known=KNOWN)
        moments = [began, perf_counter()]
        examine(sheet, now=AS_OF)
        moments.append(perf_counter())
        report = import_sheet(sheet, actor=actor, now=AS_OF)
        moments.append(perf_counter())
        again = import_sheet(sheet, actor=actor, now=AS_OF)
        moments.append(perf_counter())
        bare = _save_bare(rows)
    if len(report.imported) != rows or len(again.already_there) != rows:
        raise RuntimeError(
            f"{len(report.imported)} imported, {len(again.already_there)} there: {report.rejected[:1]}"
        )
    speeds = [rows / (after - before) for before, after in pairwise(moments)]
    names = ("import.read", "import.examine", "import.rows", "import.again")
    return [
        Row(name, speed, "rows/s", bare if name == "import.rows" else None)
        for name, speed in zip(names, speeds, strict=True)
    ]


def _register(rows: int) -> bytes:
    """A register as an office would save it: csv in UTF-8 with a byte order mark."""
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow(HEADERS)
    sheet.writerows(_rows(rows))
    return written.getvalue().encode("utf-8-sig")


def _rows(rows: int) -> Iterator[list[str]]:
    halls = list(Hall.objects.order_by("pk").values_list("name", flat=True))
    matters = list(Matter.objects.order_by("pk").values_list("name", "department__name"))
    units = list(Department.objects.filter(has_account=True).order_by("pk").values_list("name", flat=True))
    first = (AS_OF - timedelta(minutes=MINUTES * (rows + 2000))).replace(hour=9, minute=0)
    for nth in range(rows):
        at, (name, phone) = first + timedelta(minutes=MINUTES * nth), reporter_of(nth)
        matter, lead = matters[nth % len(matters)]
        co = units[nth % len(units)] if nth % 5 == 0 and units[nth % len(units)] != lead else ""
        told = f"第 {nth} 位来说：跑了两趟都没办成，一次说缺材料，一次说系统里没有，请帮忙看看。"
        yield [
            str(nth + 1),
            f"{at:%Y-%m-%d %H:%M}",
            "窗口",
            halls[nth % len(halls)],
            name,
            phone,
            matter,
            told,
            "材料",
            "一般",
            lead,
            co,
            "核对材料后容缺收件，当天办好。",
            "办成",
            f"{at + timedelta(minutes=90):%Y-%m-%d %H:%M}",
            "满意",
        ]


def _save_bare(rows: int) -> float:
    """Rows a second of a loop over `create`, each committed."""
    hall = Hall.objects.order_by("pk").first()
    began = perf_counter()
    for nth in range(rows):
        Case.objects.create(
            number=f"bare{nth}",
            place="",
            state=State.CLOSED.value,
            channel=Channel.COUNTER.value,
            hall=hall,
            submitted_at=AS_OF,
        )
    return rows / (perf_counter() - began)
