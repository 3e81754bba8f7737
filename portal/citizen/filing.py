"""Filing a case: seven short pages (three in the elder theme), the draft kept on every step, one result."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from cases.errors import CaseError
from cases.rules import scope
from cases.rules.grants import citizen
from cases.services.drafts import open_draft, seal_draft
from cases.services.intake import submit_case
from cases.services.numbers import next_number
from portal.accounts.actors import citizen_of, keep_open
from portal.citizen import drafts, views
from portal.citizen.answers import intake_of, rows_of, warnings_in
from portal.citizen.forms import (
    BeforeForm,
    CheckForm,
    ContactForm,
    FilesForm,
    MatterForm,
    ObstacleForm,
    ProblemForm,
)
from portal.once import already_done, once
from portal.shell import theme_of

ROUTE = "citizen:report"
MAX_FILES = 9


class Step(NamedTuple):
    """One page: its address, heading and form."""

    slug: str
    heading: str
    form: type[forms.Form]


STEPS = (
    Step("problem", "您遇到了什么问题？", ProblemForm),
    Step("matter", "是哪件事？", MatterForm),
    Step("obstacle", "卡在哪里？", ObstacleForm),
    Step("before", "在哪里、什么时候办的？", BeforeForm),
    Step("files", "材料照片（选填）", FilesForm),
    Step("contact", "怎么联系您？", ContactForm),
    Step("check", "核对并提交", CheckForm),
)
ELDER = ("problem", "contact", "check")


def steps_for(request: HttpRequest) -> list[Step]:
    """The pages of this browser's theme."""
    return [step for step in STEPS if theme_of(request) != "elder" or step.slug in ELDER]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the first page."""
    return redirect("citizen:report", "problem")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, step: str) -> HttpResponse:
    """One page of the filing: show it, or keep what was typed and go on."""
    steps = steps_for(request)
    place = next((n for n, one in enumerate(steps) if one.slug == step), None)
    if place is None:
        if step in {one.slug for one in STEPS}:
            return redirect("citizen:report", "check")
        raise Http404
    draft = drafts.read(request)
    missing = missing_before(steps[:place], draft)
    if missing:
        return redirect("citizen:report", missing)
    if step == "check":
        return _check(request, steps, draft)
    return _page(request, steps, place, draft)


def missing_before(steps: list[Step], draft: dict[str, Any]) -> str | None:
    """The first page before this one that was never answered."""
    return next((step.slug for step in steps if step.slug not in draft.get("seen", [])), None)


def form_for(step: Step, draft: dict[str, Any], data: Any = None) -> forms.Form:
    """The form of a page, filled from the draft."""
    extra: dict[str, Any] = {}
    if step.slug in ("matter", "obstacle", "before", "contact"):
        extra["draft"] = draft
    if step.slug == "before":
        extra["today"] = timezone.localdate()
    return step.form(data, initial=draft, **extra)


def _page(request: HttpRequest, steps: list[Step], place: int, draft: dict[str, Any]) -> HttpResponse:
    step = steps[place]
    form = form_for(step, draft, request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST":
        if "remove" in request.POST:
            drafts.remove_file(draft, request.POST["remove"])
            drafts.write(request, draft)
            return redirect("citizen:report", "files")
        problem = _take_files(request, draft, timezone.now()) if step.slug == "files" else ""
        if form.is_valid() and not problem:
            return _go_on(request, steps, place, draft, form)
        drafts.write(request, draft)
    context = {
        "form": form,
        "step": step,
        "problem": problem,
        "n": place + 1,
        "of": len(steps),
        "back": steps[place - 1].slug if place else "",
        "files": drafts.files_of(draft),
    }
    return render(request, "citizen/report.html", context, status=422 if form.errors or problem else 200)


def _take_files(request: HttpRequest, draft: dict[str, Any], now: datetime) -> str:
    """Keep the files that can be kept; returns the reasons for those that cannot."""
    refused = []
    for upload in request.FILES.getlist("files"):
        if len(drafts.files_of(draft)) >= MAX_FILES:
            refused.append(f"{upload.name}：最多 {MAX_FILES} 个文件，这个没有收下。")
            continue
        try:
            drafts.add_file(draft, upload.name or "", upload.read(), now=now)
        except CaseError as error:
            refused.append(error.message)
    return " ".join(refused)


def _go_on(
    request: HttpRequest, steps: list[Step], place: int, draft: dict[str, Any], form: forms.Form
) -> HttpResponse:
    step = steps[place]
    if step.slug != "files":
        draft.update({name: str(value or "") for name, value in form.cleaned_data.items()})
    draft["seen"] = sorted({*draft.get("seen", []), step.slug})
    drafts.write(request, draft)
    if step.slug == "problem" and "anyway" not in request.POST:
        warning = warnings_in(draft["statement"])
        if warning:
            context = {"warning": warning, "statement": draft["statement"], "reasons": scope.REASONS}
            return render(request, "citizen/warning.html", context)
    checked = missing_before(steps[:-1], draft) is None and request.POST.get("return") == "check"
    return redirect("citizen:report", "check" if checked else steps[place + 1].slug)


def _check(request: HttpRequest, steps: list[Step], draft: dict[str, Any]) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_bound and form.is_valid():
        key = form.cleaned_data["idem"]
        done = already_done(request, ROUTE, key)
        if done:
            return redirect(done)
        now = timezone.now()
        number = next_number(day=timezone.localdate(now))
        try:
            return once(request, ROUTE, key, lambda: _submit(request, draft, number, now))
        except CaseError as error:
            problem = error.message
    context = {
        "form": form,
        "rows": rows_of(draft, [s.slug for s in steps]),
        "problem": problem,
        "of": len(steps),
    }
    return render(request, "citizen/check.html", context, status=422 if form.errors or problem else 200)


def _submit(request: HttpRequest, draft: dict[str, Any], number: str, now: datetime) -> str:
    """File the case from the draft; the receipt is kept sealed in the session for half an hour."""
    filed = submit_case(number=number, intake=intake_of(draft), actor=citizen(), now=now)
    request.session["receipt"] = seal_draft(
        {"number": filed.case.number, "code": filed.query_code, "at": now.isoformat()}
    )
    keep_open(request, filed.case.pk)
    request.session["layers"] = {**request.session.get("layers", {}), filed.case.number: "whole"}
    drafts.forget(request)
    return reverse("citizen:receipt")


@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt, for half an hour in the same browser; after that the tracking form with the number filled in."""
    kept = open_draft(request.session.get("receipt", "")) if request.session.get("receipt") else {}
    now = timezone.now()
    if not kept:
        return redirect("citizen:track")
    page = views.case_page(citizen_of(request), kept["number"], now)
    if page is None:
        return redirect(f"{reverse('citizen:track')}?number={kept['number']}")
    return render(request, "citizen/receipt.html", {**page, "code": kept["code"]})
