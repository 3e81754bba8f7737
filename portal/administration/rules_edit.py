"""修改规则: a form of all numbers becomes a proposal, whose effect is shown and which a second person approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from escalation.models import Change
from escalation.rules.calendar import CalendarError
from escalation.rules.sentences import differences
from escalation.selectors.packages import Version, package_versions, waiting_rules
from escalation.services.changes import propose_rules
from escalation.services.packages import check_effective, next_rules
from portal.accounts.actors import actor_of, staff_only
from portal.administration.going import set_going
from portal.administration.guard import EDITORS
from portal.administration.navigation import navigation
from portal.administration.rules_form import OPEN_TOO, RulesForm, proposed_day, rebased
from portal.once import already_done, once

UNPROCESSABLE, CONFLICT = 422, 409
ROUTE = "administration:rules_edit"


@staff_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def rules_edit(request: HttpRequest) -> HttpResponse:
    """The form starts from the newest version; a version that came meanwhile is shown, and nothing typed is lost."""
    versions, today = package_versions(), timezone.localdate()
    if not versions:
        return redirect("administration:rules")  # which says what to do
    newest = versions[0]
    if request.method != "POST":
        initial = {
            "version": newest.number,
            "effective_from": proposed_day(today, newest.effective_from),
        }
        return _show(request, RulesForm(document=newest.document, initial=initial), newest)
    seen = _seen(request, versions)
    form = RulesForm(request.POST, document=seen.document)
    if not form.is_valid():
        return _show(request, form, newest, UNPROCESSABLE)
    key = form.cleaned_data["idem"]
    if done := already_done(request, ROUTE, key):
        return redirect(done)
    if seen is not newest:
        data = rebased(request.POST, seen.document, newest.document, newest.number)
        return _show(request, RulesForm(data, document=newest.document), newest, CONFLICT, seen)
    if not _is_timely(form, today):
        return _show(request, form, newest, UNPROCESSABLE)
    try:
        return _proposed(request, form)
    except CalendarError as refused:
        form.add_error(None, str(refused))
        return _show(request, form, newest, UNPROCESSABLE)


def _seen(request: HttpRequest, versions: Sequence[Version]) -> Version:
    """The version that the form was rendered from."""
    number = request.POST.get("version", "")
    return next((version for version in versions if str(version.number) == number), versions[0])


def _is_timely(form: RulesForm, today: date) -> bool:
    """Say at its field what is wrong with the effective date."""
    try:
        check_effective(form.cleaned_data["effective_from"], today=today)
    except CalendarError as refused:
        form.add_error("effective_from", str(refused))
        return False
    return True


def _proposed(request: HttpRequest, form: RulesForm) -> HttpResponse:
    """Propose it, once for each form; its effect is set going when the proposal is stored."""
    made: list[int] = []

    def do() -> str:
        made.append(_propose(request, form).pk)
        return reverse("administration:change", args=made[-1:])

    answer = once(request, ROUTE, form.cleaned_data["idem"], do)
    for pk in made[-1:]:
        set_going(pk)
    return answer


def _propose(request: HttpRequest, form: RulesForm) -> Change:
    data, now = form.cleaned_data, timezone.now()
    document = next_rules(
        data["document"],
        effective_from=data["effective_from"],
        basis=data["basis"],
        today=timezone.localdate(now),
    )
    return propose_rules(
        document,
        apply_to_open=data["apply_to"] == OPEN_TOO,
        title=f"第 {document['version']} 版规则",
        basis=data["basis"],
        note=data["note"],
        actor=actor_of(request),
        by_name=request.user.get_full_name(),
        now=now,
    )


def _show(
    request: HttpRequest, form: RulesForm, newest: Version, status: int = 200, seen: Version | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "newest": newest,
        "waiting": waiting_rules(),
        "seen": seen,
        "differences": differences(seen.package, newest.package) if seen else [],
        **navigation(request, "rules"),
    }
    return render(request, "administration/rules_edit.html", context, status=status)
