"""The department's acts: signing, contacting the reporter, answering. No step needs script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.rules.classes import Conclusion
from cases.rules.flow import Act
from cases.services.handling import answer_share, contact_reporter, sign_share
from portal.accounts.actors import DEPARTMENT, staff_only
from portal.acts import UNPROCESSABLE, ActPage
from portal.desk.contacting import owed_people
from portal.desk.forms import AnswerForm, ContactAnswerForm, ContactForm, taken_apart
from portal.desk.navigation import navigation
from portal.desk.own import OwnPart, own_part, used_text
from portal.once import OnceForm


def _page(request: HttpRequest, number: str, act: Act) -> tuple[ActPage, OwnPart | None, dict[str, Any]]:
    """One act's page, the department's own part, and what the room shows around it."""
    name = act.value
    found = ActPage(request, number, f"desk:{name}", f"desk/{name}.html", reverse("desk:case", args=[number]))
    part = own_part(found.page, found.actor)
    return found, part, {"part": part, "file_url_name": "desk:file", **navigation(request)}


@staff_only(DEPARTMENT)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Sign for the department's share (签收): one press, no questions."""
    act, part, extra = _page(request, number, Act.SIGN)
    extra["used"] = used_text(part) if part else ""
    return act.run(OnceForm, lambda form: sign_share(**act.asked(form)), **extra)


@staff_only(DEPARTMENT)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Book a contact with the reporter (联系反映人); who owes the first one sees the number and dials it."""
    act, part, extra = _page(request, number, Act.CONTACT)
    extra["people"] = owed_people(act, part)
    return act.run(ContactForm, lambda form: contact_reporter(**form.contact(), **act.asked(form)), **extra)


@staff_only(DEPARTMENT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the department's share: 预览 shows the text, 返回修改 goes back to it, 确认提交 sends it."""
    act, part, extra = _page(request, number, Act.ANSWER)
    form_class = ContactAnswerForm if part and part.owes_record else AnswerForm
    if request.method != "POST":
        typed = {"version": act.page.case.version, **_earlier(part)}
        return act.show(form_class(initial=typed), people=owed_people(act, part), **extra)
    form = form_class(request.POST, request.FILES)
    if "edit" in request.POST:
        return act.show(form, people=owed_people(act, part), **extra)
    if set(form.errors) - {"files"}:  # files are chosen on the preview, and so are they told there
        return act.show(form, status=UNPROCESSABLE, people=owed_people(act, part), **extra)
    extra |= {"preview": form.composed(), "advice": form.advice(), "unsent": form.unsent()}
    if "send" not in request.POST:
        return act.show(form, **extra)
    return act.carry_out(form, lambda: _answered(act, form), **extra)


def _earlier(part: OwnPart | None) -> dict[str, Any]:
    """What an answer that was sent back had said: the new one starts from it."""
    if part is None or part.sent_back is None or part.answer is None:
        return {}
    said = taken_apart(part.share.conclusion, part.answer.body)
    return {**said, "internal": part.internal.body if part.internal else ""}


def _answered(act: ActPage, form: AnswerForm) -> None:
    """Book the contact, if the answer brings one, and the answer: both or neither, for the caller holds a transaction."""
    asked, data = act.asked(form), form.cleaned_data
    if isinstance(form, ContactAnswerForm):
        asked["seen_version"] = contact_reporter(**form.contact(), **asked).version
    answer_share(
        conclusion=Conclusion(data["conclusion"]),
        text=form.composed(),
        internal=data["internal"],
        files=data["files"],
        **asked,
    )
