"""`manage.py deadline`: when a limit ends, and why on that day; by hand or for a whole file."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escalation.rules.calendar import CalendarError
from portal.deadlines import answer, asking

BATCH = 1000  # lines written at once


class Command(BaseCommand):
    """Compute and explain due moments under the current calendar version."""

    help = (
        "计算到期时刻并逐日说明：--received 2026-09-30T10:00 --days 3；--batch FILE 逐行计算 CSV。"
        "0 个工作日到当日下班为止，休息日顺延到下一个工作日。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One moment with options, or a file of them."""
        parser.add_argument(
            "--received", help="收到的时刻，如 2026-09-30T10:00（北京时间，可带时区；只写日期为当日零点）"
        )
        parser.add_argument("--days", help="工作日数，0 至 2000")
        parser.add_argument("--hours", help="工作小时数，可有小数，如 1.5")
        parser.add_argument(
            "--rest-day", default="deemed", help="休息日收到：deemed 视为下一个工作日，natural 按当日"
        )
        parser.add_argument("--hall", default="", help="大厅代码")
        parser.add_argument(
            "--json", action="store_true", help="输出 due_at、provisional、calendar_version、steps"
        )
        parser.add_argument(
            "--batch",
            type=Path,
            help="CSV：received,days,rest_day（可加 hours,hall），逐行答一行 JSON；加 --json 或 --steps 时含 steps，空行不答",
        )
        parser.add_argument("--steps", action="store_true", help="--batch 时也逐日说明，与 --json 相同")
        if getattr(parser, "called_from_command_line", False):
            parser.error = self._refuse  # type: ignore[method-assign]

    def _refuse(self, message: str) -> NoReturn:
        """Say in one sentence what argparse could not read."""
        self.stderr.write(f"参数写法无效：{message}。写法见 manage.py deadline --help。")
        sys.exit(1)

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from a shell; a reader who has seen enough (`| head`) ends it quietly."""
        try:
            super().run_from_argv(argv)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer one question, or one JSON line for each row of a file."""
        try:
            self._asking = asking()
            if options["batch"]:
                self._batch(options["batch"], options["steps"] or options["json"])
                return
            found = answer(options, self._asking)
        except CalendarError as wrong:
            raise CommandError(str(wrong)) from None
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write("\n".join(step["text"] for step in found["steps"]))

    def _batch(self, file: Path, with_steps: bool) -> None:
        """Answer row by row, in the order of the file; what cannot be read becomes a row's error."""
        lines = _lines(file)
        names = _names(next(lines, ""))
        answers = (self._line(names, line, with_steps) for line in lines)
        while block := list(islice(answers, BATCH)):
            self.stdout.write("\n".join(block))
        self.stdout.flush()

    def _line(self, names: Sequence[str], line: str, with_steps: bool) -> str:
        try:
            asked: Mapping[str, Any] = dict(zip(names, _cells(line, "这一行"), strict=False))
            found = answer(asked, self._asking, with_steps=with_steps)
        except CalendarError as wrong:
            found = {"error": str(wrong)}
        return json.dumps(found, ensure_ascii=False)


def _lines(file: Path) -> Iterator[str]:
    """The lines of a file as any system ends them, one row each; empty ones are none."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as opened:
            yield from (line for line in opened if line.strip())
    except OSError as wrong:
        raise CalendarError(f"读不了文件 {file}：{wrong.strerror or wrong}") from None


def _names(header: str) -> list[str]:
    """The columns that the first line names."""
    names = [name.strip().lower() for name in _cells(header, "第一行")]
    missing = [name for name in ("received",) if name not in names]
    missing += [] if {"days", "hours"} & set(names) else ["days（或 hours）"]
    if missing:
        raise CalendarError(f"文件缺少列：{'、'.join(missing)}。第一行应为 received,days,rest_day。")
    return names


def _cells(line: str, where: str) -> list[str]:
    """Read one line by itself, so that a quote without its pair reaches no other."""
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise CalendarError(f"{where}读不了：引号没有成对，或有一格太长。") from None
