"""After the closing: the reporter rates (评价) and, when it is not solved, has it handled again (重新办理)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.rules.classes import RatingReason, Resolution
from cases.rules.flow import Act
from cases.services.aftercare import rate_case, reopen_case
from escalation.selectors.reopening import reopen_until
from escalation.selectors.versions import in_force
from portal.citizen import offers, story
from portal.citizen.act_forms import ActForm, RateForm, ReopenForm
from portal.citizen.acts import ActPage


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """评价: whether it is solved (perhaps already pressed on the case page), then the five grades."""
    page = ActPage(request, number, Act.RATE)

    def give(form: ActForm) -> None:
        given = form.cleaned_data
        rate_case(
            resolution=Resolution(given["resolution"]),
            grade=int(given["grade"]),
            reasons=[RatingReason(reason) for reason in given["reasons"]],
            text=given["text"],
            **page.asked(form),
        )

    return page.run(RateForm, give, initial={"resolution": request.GET.get("resolution")})


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """重新办理: what is not solved. What was said in the rating stands there already."""
    page = ActPage(request, number, Act.REOPEN)
    now, versions = timezone.now(), in_force()
    again = offers.again_for(page.actor, page.case, now, versions) if page.case else None

    def begin(form: ActForm) -> None:
        reopen_case(
            reason=form.cleaned_data["reason"],
            new_facts=False,
            until=reopen_until(page.case, versions),
            rule_version=versions.rulebook.in_force_at(now).version,
            **page.asked(form),
        )

    initial = (
        {"reason": story.rating_text(page.actor, page.case)} if again and request.method == "GET" else {}
    )
    return page.run(ReopenForm, begin, initial=initial, again=again, closed=again.refusal if again else "")
