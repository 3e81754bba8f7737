"""Every due moment that a change moves, as a table for spreadsheets."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain, islice

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalation.models import Change
from escalation.rules.changes import ChangeKind, ChangeState
from escalation.rules.hours import CHINA
from escalation.selectors.changes import Line, change_of, lines_kept, lines_of, lines_recorded
from escalation.services.showing import effect_of
from portal.accounts.actors import staff_only
from portal.administration.guard import READERS

HEADS = ("编号", "环节", "部门", "原到期", "新到期")
ROWS = 500  # sent at a time


@staff_only(READERS)
@require_safe
def change_lines(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What a calendar would move or has moved; of rules what the job found, for folding all cases is no work for a request."""
    found = change_of(pk)
    if found is None or not has_file(found):
        raise Http404
    response = StreamingHttpResponse(_as_csv(_lines(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="change-{pk}.csv"'
    return response


def has_file(change: Change) -> bool:
    """Whether there is something to take away."""
    if change.kind == ChangeKind.RULES.value:
        return bool((change.preview or {}).get("lines"))
    return change.state == ChangeState.PROPOSED.value or change.version is not None


def _lines(change: Change) -> Iterator[Line]:
    if change.kind == ChangeKind.RULES.value:
        return lines_kept(change)
    if change.state == ChangeState.PROPOSED.value or change.version is None:
        return lines_of(effect_of(change, now=timezone.now()).moved)
    return lines_recorded(change.version)


def _as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """Some hundred rows at a time."""
    rows = chain([HEADS], map(_row, lines))
    yield BOM_UTF8
    while chunk := list(islice(rows, ROWS)):
        text = StringIO()
        csv.writer(text).writerows(chunk)
        yield text.getvalue().encode()


def _row(line: Line) -> tuple[str, ...]:
    dues = (f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" for at in (line.old_due_at, line.new_due_at))
    return (line.number, line.obligation, line.department, *dues)
