"""Runs (台账导入): a file is kept sealed, looked through, and imported by a worker; what came of each row is kept for some days.

Pressing 导入 writes down that it is wanted; the worker is only told. Whoever is killed on the way, or was not there to hear,
loses nothing: each minute a task takes up runs that nobody works on, and importing a row twice changes nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cases.errors import BadInputError, BusyError
from cases.rules.grants import Actor, Role
from cases.selectors.posts import actor_in, units_of
from cases.selectors.register_lines import numbers_from
from cases.services.safekeeping import put_away, take_out
from portal.models import RegisterPaper, RegisterRun
from portal.register.columns import match_columns
from portal.register.importing import KNOWN, examine, import_sheet
from portal.register.report import Imported, Report
from portal.sheets import Line, Sheet, SheetError, read_sheet

log = logging.getLogger("bancheng.register")

IMPORTERS = frozenset({Role.SUPERVISOR})
FILE_KEPT_FOR = timedelta(days=1)
FATES_KEPT_FOR = timedelta(days=7)
QUICK = 1000  # rows that are looked through while the person waits; longer files by the worker
SILENT = timedelta(seconds=20)  # after which a run is taken up again, if nobody holds its lock
REASON = "未导入原因"  # the column that we add to the rows that people take away to mend
STEP = timedelta(seconds=1)  # between two signs of progress
LOCKS = 0x7461697A  # advisory locks of runs
RUNS_AT_ONCE = 20
GONE = "文件已经按规定删除，请重新选择文件。"
GIVEN_UP = "一天之内没有导入完，已停止。请重新选择同一个文件，已导入的不会重复。"


def read(data: bytes, name: str) -> Sheet:
    """Read a register; a column of reasons that we added is left out again. Errors: SheetError."""
    sheet = read_sheet(data, name, known=KNOWN)
    match_columns(sheet.headers)
    if REASON not in sheet.headers:
        return sheet
    lines = tuple(
        line._replace(cells={head: cell for head, cell in line.cells.items() if head != REASON})
        for line in sheet.lines
    )
    return replace(sheet, headers=tuple(head for head in sheet.headers if head != REASON), lines=lines)


def bring(data: bytes, name: str, *, user_id: int, now: datetime) -> RegisterRun:
    """Keep a file that can be read as a register, and look it through at once when it is short. Errors: SheetError."""
    sheet = read(data, name)
    with transaction.atomic():
        run = RegisterRun.objects.create(
            user_id=user_id, file=name[-120:], sha256=sheet.sha256, total=len(sheet.lines), chosen_at=now
        )
        RegisterPaper.objects.create(run=run, file_sealed=put_away(data, f"file:{run.pk}"), kept_at=now)
    if run.total <= QUICK:
        _keep_fates(run.pk, examine(sheet, now=now), sheet)
    return run


def run_for(actor: Actor, run_id: int) -> RegisterRun | None:
    """The actor's own run: nobody opens the file of somebody else. One query."""
    return RegisterRun.objects.filter(user_id=actor.user_id or 0, pk=run_id).first()


def runs_before(run_id: int | None) -> list[RegisterRun]:
    """All runs, the newest first, one page and one more: who brought what and how it ended. One query."""
    found = RegisterRun.objects.select_related("user").order_by("-pk")
    return list((found.filter(pk__lt=run_id) if run_id else found)[: RUNS_AT_ONCE + 1])


def fates_of(run: RegisterRun) -> dict[str, Any] | None:
    """What is kept of a run's rows: the report, the rejected rows' cells, and the heads; None when nothing is kept any more.

    Empty while a file is still to be looked through. One query.
    """
    kept = RegisterPaper.objects.filter(run_id=run.pk).values_list("fates_sealed", flat=True)
    for sealed in kept:
        found: dict[str, Any] = json.loads(take_out(sealed, f"fates:{run.pk}")) if sealed else {}
        return found
    return None


def ask(run: RegisterRun, *, now: datetime) -> None:
    """Write down that the run is to be imported; twice is once. Errors: BadInputError when its file is no longer kept."""
    if not RegisterPaper.objects.filter(run_id=run.pk, file_sealed__isnull=False).exists():
        raise BadInputError("file", GONE)
    RegisterRun.objects.filter(pk=run.pk, asked_at__isnull=True, ended_at__isnull=True).update(asked_at=now)


def look_through(run_id: int) -> None:
    """Find out what would become of each row, for files too long to wait for. Safe twice."""
    with _alone(run_id) as alone:
        run = RegisterRun.objects.select_related("paper").filter(pk=run_id, asked_at__isnull=True).first()
        if alone and run and run.paper.fates_sealed is None:
            sheet = _kept_sheet(run)
            _keep_fates(run_id, examine(sheet, now=timezone.now()), sheet)


def carry_out(run_id: int) -> None:
    """Import a run that was asked for, if nobody else does. Safe twice, safe late, safe to be killed in."""
    with _alone(run_id) as alone:
        waiting = RegisterRun.objects.filter(pk=run_id, asked_at__isnull=False, ended_at__isnull=True)
        run = waiting.select_related("paper").first() if alone else None
        if run is not None:
            try:
                _import(run)
            except BusyError:
                waiting.update(worked_at=None)  # its turn comes when the other import has ended
            except (BadInputError, SheetError, RegisterPaper.DoesNotExist) as error:
                sentence = getattr(error, "message", None) or str(error)
                waiting.update(ended_at=timezone.now(), problem=sentence[:200])


def _import(run: RegisterRun) -> None:
    now = timezone.now()
    actor = _importer(run.user_id, now)
    RegisterRun.objects.filter(pk=run.pk).update(worked_at=now)
    sheet = _kept_sheet(run)
    report = import_sheet(sheet, actor=actor, now=now, progress=_Progress(run.pk, now))
    report = _with_earlier(report, numbers_from(run.sha256, run.asked_at or now))
    counts, ended = report.counts(), timezone.now()
    with transaction.atomic():
        _keep_fates(run.pk, report, sheet)
        RegisterPaper.objects.filter(run_id=run.pk).update(file_sealed=None, kept_at=ended)
        RegisterRun.objects.filter(pk=run.pk).update(
            ended_at=ended,
            worked_at=ended,
            done=run.total,
            imported=counts["imported"],
            already_there=counts["already_there"],
            rejected=counts["rejected"],
        )
    log.info("register run %s ended: %s", run.pk, counts)


def _with_earlier(report: Report, ours: Collection[str]) -> Report:
    """What this run entered before its worker was killed was imported by this run, and is not said to have been there."""
    earlier = [row for row in report.already_there if row.number in ours and row.same_as is None]
    done = [*report.imported, *(Imported(row.row, row.line, row.number, (), row.tab) for row in earlier)]
    return replace(
        report,
        imported=tuple(sorted(done, key=lambda row: row.row)),
        already_there=tuple(row for row in report.already_there if row not in earlier),
    )


class _Progress:
    """Writes down how far an import is, once a second: also the sign of life of who works on it."""

    def __init__(self, run_id: int, now: datetime) -> None:
        self.run_id, self.told_at = run_id, now

    def __call__(self, done: int, total: int) -> None:
        now = timezone.now()
        if now - self.told_at >= STEP:
            self.told_at = now
            RegisterRun.objects.filter(pk=self.run_id).update(done=done, worked_at=now)


def _importer(user_id: int, now: datetime) -> Actor:
    """The person as they stand today: a post that ended in between imports nothing any more."""
    for unit in units_of(user_id, timezone.localdate(now)):
        actor = actor_in(user_id, unit)
        if actor.roles & IMPORTERS:
            return actor
    raise BadInputError("user", "导入人现在没有督办专员岗位，没有导入。")


def _kept_sheet(run: RegisterRun) -> Sheet:
    if run.paper.file_sealed is None:
        raise BadInputError("file", GONE)
    return read(take_out(run.paper.file_sealed, f"file:{run.pk}"), run.file)


def _keep_fates(run_id: int, report: Report, sheet: Sheet) -> None:
    rejected = {(row.tab, row.line) for row in report.rejected}
    fates = {
        **report.as_json(),
        "heads": list(sheet.headers),
        "cells": [
            [[line.tab, line.number], _row_of(line, sheet)]
            for line in sheet.lines
            if (line.tab, line.number) in rejected
        ],
    }
    sealed = put_away(json.dumps(fates, ensure_ascii=False).encode(), f"fates:{run_id}")
    RegisterPaper.objects.filter(run_id=run_id).update(fates_sealed=sealed)


def _row_of(line: Line, sheet: Sheet) -> list[str]:
    return [line.cells.get(head, "") for head in sheet.headers]


@contextmanager
def _alone(run_id: int) -> Iterator[bool]:
    """Hold the run's lock for as long as this connection lives; a worker that is killed lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, run_id % 2**31])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, run_id % 2**31])


def waiting_runs(now: datetime) -> list[int]:
    """Runs that were asked for and that nobody works on: not heard, or killed on the way."""
    rows = RegisterRun.objects.filter(asked_at__isnull=False, ended_at__isnull=True).exclude(
        worked_at__gt=now - SILENT
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:5])


def unseen_runs(now: datetime) -> list[int]:
    """Long files that were not yet looked through."""
    rows = RegisterRun.objects.filter(
        asked_at__isnull=True,
        total__gt=QUICK,
        paper__fates_sealed__isnull=True,
        paper__file_sealed__isnull=False,
        chosen_at__gt=now - FILE_KEPT_FOR,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:5])


def forget_old(now: datetime) -> None:
    """Delete files that nobody imported within a day, and what is kept of rows after a week. Safe twice, safe late."""
    unasked = RegisterPaper.objects.filter(run__asked_at__isnull=True, kept_at__lt=now - FILE_KEPT_FOR)
    unasked.delete()
    stuck = RegisterRun.objects.filter(asked_at__lt=now - FILE_KEPT_FOR, ended_at__isnull=True)
    stuck.update(ended_at=now, problem=GIVEN_UP)
    ended = RegisterPaper.objects.filter(run__ended_at__isnull=False, kept_at__lt=now - FATES_KEPT_FOR)
    ended.delete()
