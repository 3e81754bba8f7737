"""The department's act: the answer, written, looked at as the reporter will see it, then sent. No step needs script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.rules.classes import Conclusion
from cases.services.handling import answer_share
from portal.accounts.actors import DEPARTMENT, staff_only
from portal.acts import ActPage
from portal.desk.forms import AnswerForm
from portal.desk.navigation import navigation


@staff_only(DEPARTMENT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the department's share: 预览 shows the text, 返回修改 goes back to it, 确认提交 sends it."""
    act = ActPage(request, number, "desk:answer", "desk/answer.html", reverse("desk:case", args=[number]))
    extra: dict[str, Any] = {**navigation(request), "file_url_name": "desk:file"}
    if request.method == "GET":
        return act.show(AnswerForm(initial={"version": act.page.case.version}), **extra)
    form = AnswerForm(request.POST)
    if "edit" in request.POST:
        return act.show(form, **extra)
    if form.is_valid() and "send" not in request.POST:
        return act.show(form, preview=form.composed(), advice=form.advice(), unsent=form.unsent(), **extra)
    return act.carry_out(
        form,
        lambda: answer_share(
            number=number,
            conclusion=Conclusion(form.cleaned_data["conclusion"]),
            text=form.composed(),
            internal=form.cleaned_data["internal"],
            actor=act.actor,
            now=timezone.now(),
            seen_version=form.cleaned_data["version"],
        ),
        **extra,
    )
