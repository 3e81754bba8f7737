"""Importing a paper register (导入台账): choose a file, look at what would become of each row, import, take away what was not."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import CaseError
from cases.selectors.content import OpenFile
from portal.accounts.actors import REGISTER, actor_of, staff_only
from portal.downloads import download
from portal.models import RegisterRun
from portal.once import OnceForm, already_done, once
from portal.paging import row_id_of
from portal.register import runs
from portal.register.fates import fates_page
from portal.register.forms import BringForm
from portal.register.navigation import navigation
from portal.register.tasks import tell
from portal.register.workbook import write_xlsx
from portal.sheets import SheetError

UNHEARD = timedelta(seconds=15)  # after which nobody seems to have heard that a run is wanted
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPROCESSABLE, CONFLICT = 422, 409


@staff_only(REGISTER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done with the register; for those who may import also all runs, the newest first."""
    before, importer = row_id_of(request.GET.get("before", "")), _may_import(request)
    found = runs.runs_before(before) if importer else []
    shown = found[: runs.RUNS_AT_ONCE]
    context = {
        "runs": shown,
        "end": shown[-1].pk if len(found) > len(shown) else None,
        "first": before is None,
        "importer": importer,
        "me": request.user.pk,
        **navigation(request, "home"),
    }
    return render(request, "register/home.html", context)


@staff_only(runs.IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Choose a file: what cannot be read as a register is told here, and nothing of it is kept."""
    if request.method != "POST":
        return _bring(request, BringForm())
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return _bring(request, form, UNPROCESSABLE)
    key = form.cleaned_data["idem"]
    done = already_done(request, "register:bring", key)
    if done:
        return redirect(done)
    try:
        return once(request, "register:bring", key, lambda: _brought(request, form.cleaned_data["file"]))
    except SheetError as refused:
        form.add_error("file", str(refused))
    except CaseError as refused:
        form.add_error(None, refused.message)
    return _bring(request, form, UNPROCESSABLE)


def _brought(request: HttpRequest, file: Any) -> str:
    found = runs.bring(file.read(), file.name, user_id=request.user.pk, now=timezone.now())
    if found.total > runs.QUICK:
        tell("examine", found.pk)
    return reverse("register:run", args=[found.pk])


def _bring(request: HttpRequest, form: BringForm, status: int = 200) -> HttpResponse:
    return render(
        request, "register/bring.html", {"form": form, **navigation(request, "bring")}, status=status
    )


@staff_only(runs.IMPORTERS)
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: what would become of each row, how far the import is, or what became of it."""
    return _run(request, _own(request, pk))


def _run(request: HttpRequest, found: RegisterRun, problem: str = "", status: int = 200) -> HttpResponse:
    under_way = (
        found.asked_at and not found.ended_at
    )  # asked anew every two seconds: the rows are not shown then
    report, start = None if under_way else runs.fates_of(found), row_id_of(request.GET.get("from", "")) or 0
    context = {
        "run": found,
        "step": _step(found, report),
        "counts": (report or {}).get("counts", {}),
        "page": fates_page(report or {}, start),
        "start": start,
        "unheard": _is_unheard(found, timezone.now()),
        "form": OnceForm(),
        "problem": problem,
    }
    if request.htmx:
        response = render(request, "register/_run.html", context, status=status)
    else:
        around = navigation(request, "bring")
        response = render(request, "register/run.html", {**context, **around}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _step(found: RegisterRun, report: dict[str, Any] | None) -> str:
    """Where a run stands: failed, ended, working, preview, looking, gone."""
    if found.ended_at:
        return "failed" if found.problem else "ended"
    if found.asked_at:
        return "working"
    if report is None:
        return "gone"
    return "preview" if report else "looking"


def _is_unheard(found: RegisterRun, now: datetime) -> bool:
    """Nobody works on what was asked for: the worker or the broker is away, or was killed."""
    asked = found.asked_at or found.chosen_at
    return found.ended_at is None and now - (found.worked_at or asked) > UNHEARD


@staff_only(runs.IMPORTERS)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the preview showed; a worker does it, and goes on when this browser is closed."""
    found, form = _own(request, pk), OnceForm(request.POST)
    if not form.is_valid():
        return _run(request, found, "请再按一次“导入”。", UNPROCESSABLE)
    target = reverse("register:run", args=[pk])
    if found.asked_at is None:
        try:
            runs.ask(found, now=timezone.now())
        except CaseError as refused:
            return _run(request, found, refused.message, CONFLICT)
        tell("import", pk)
    return redirect(target)


@staff_only(runs.IMPORTERS)
@require_safe
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not come in, as a workbook with the reason beside each: to mend and to bring back."""
    found = _own(request, pk)
    report = runs.fates_of(found) or {}
    if not report.get("cells"):
        raise Http404
    reasons = {(row["tab"], row["line"]): _reason(row) for row in report["rejected"]}
    heads, rows = [*report["heads"], runs.REASON], []
    for place, cells in report["cells"]:
        rows.append([*cells, reasons.get(tuple(place), "")])
    buffer = io.BytesIO()
    write_xlsx(buffer, "未导入", heads, rows)
    stem = found.file.rpartition(".")[0] or found.file
    return download(OpenFile(f"{stem}-未导入.xlsx", XLSX, buffer.getvalue()))


def _reason(row: dict[str, Any]) -> str:
    return f"{row['column']}：{row['reason']}" if row["column"] else str(row["reason"])


def _own(request: HttpRequest, pk: int) -> RegisterRun:
    found = runs.run_for(actor_of(request), pk)
    if found is None:
        raise Http404
    return found


def _may_import(request: HttpRequest) -> bool:
    return bool(actor_of(request).roles & runs.IMPORTERS)
