"""Taking the register away (导出台账): a period as xlsx or csv, in the office's own layout or the full one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from cases.errors import CaseError
from cases.rules.register_columns import Column as Known
from cases.selectors.register_lines import count_in, paper_heads
from portal.accounts.actors import REGISTER, actor_of, staff_only
from portal.register.catalogue import LAYOUTS, Field, Row, further_heads, unknown_cell
from portal.register.forms import ExportForm, this_year
from portal.register.lines import MOST_ROWS, Wanted, rows_of
from portal.register.navigation import navigation
from portal.register.workbook import Cell, csv_lines, write_xlsx

UNPROCESSABLE = 422
IN_MEMORY = 4 * 1024 * 1024  # of a finished file; a longer one waits on disk, without a name
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_MANY = f"这段时间超过 {MOST_ROWS} 件，一个文件放不下，请缩短时间或只选一个大厅。"


@staff_only(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """The form, and by POST the file: what is taken away in clear is logged, so no link may fetch it."""
    actor, now = actor_of(request), timezone.now()
    if request.method != "POST":
        begin = {**this_year(timezone.localdate(now)), "layout": "own", "format": "xlsx"}
        return _show(request, ExportForm(actor=actor, initial=begin))
    form = ExportForm(request.POST, actor=actor)
    if not form.is_valid():
        return _show(request, form, UNPROCESSABLE)
    wanted = Wanted(actor, form.scope(), form.purpose_given(), now)
    if (problem := too_many(wanted)) is not None:
        form.add_error(None, problem)
        return _show(request, form, UNPROCESSABLE)
    try:
        heads, rows = _sheet(form.cleaned_data["layout"], wanted)
    except CaseError as refused:
        form.add_error(None, refused.message)
        return _show(request, form, UNPROCESSABLE)
    data = form.cleaned_data
    name = f"台账{data['since']:%Y%m%d}-{data['until']:%Y%m%d}"
    return _csv(name, heads, rows) if data["format"] == "csv" else _xlsx(name, heads, rows)


def too_many(wanted: Wanted) -> str | None:
    """The sentence for a period without a case, or with more than one file may hold."""
    number = count_in(wanted.actor, wanted.scope)
    if number > MOST_ROWS:
        return TOO_MANY
    return None if number else "这段时间没有登记的事项，请换一段时间。"


def _show(request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "most": MOST_ROWS, **navigation(request, "export")}
    return render(request, "register/export.html", context, status=status)


def _sheet(layout: str, wanted: Wanted) -> tuple[list[str], Iterator[Sequence[Cell]]]:
    """Heads and rows. The office's own layout keeps the paper's further columns and goes on with its running numbers."""
    _, columns = LAYOUTS[layout]
    if layout != "own":
        return [column.head for column in columns], (_cells(columns, row) for row in rows_of(wanted))
    paper = paper_heads(wanted.actor, wanted.scope)
    further = list(dict.fromkeys(head for heads in paper.heads for head in further_heads(heads)))
    heads = [*(column.head for column in columns), *further]
    return heads, _own_rows(columns, further, paper.last, rows_of(wanted))


def _own_rows(
    columns: Sequence[Field], further: Sequence[str], last: int, rows: Iterator[Row]
) -> Iterator[list[Cell]]:
    for row in rows:
        given = row.paper.get(Known.SERIAL.name, "")
        last += not given
        cells = [
            int(given) if given.isascii() and given.isdecimal() else given or last,
            *(column.text(row) for column in columns[1:]),
        ]
        mine = set(further_heads(tuple(row.line.cells)))
        yield [*cells, *(unknown_cell(row, head) if head in mine else "" for head in further)]


def _cells(columns: Sequence[Field], row: Row) -> list[str]:
    return [column.text(row) for column in columns]


def _xlsx(name: str, heads: Sequence[str], rows: Iterator[Sequence[Cell]]) -> FileResponse:
    """A workbook of a known length; the file on disk has no name and is gone when it has been sent."""
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
    write_xlsx(target, "台账", heads, rows)
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(name: str, heads: Sequence[str], rows: Iterator[Sequence[Cell]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
