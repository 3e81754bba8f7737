"""GET /api/cases/<number>/clocks and …/clocks/<clock>/why: the limits of a case, and one of them day by day.

Staff see the cases that their posts see, with everything; whoever opened a case by number and code hears what was promised.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from cases.errors import CaseNotFoundError
from cases.selectors.cases import case_for
from cases.selectors.queues import shares_of
from escalation.rules.explain import Voice
from escalation.selectors.clocks import ClockView, case_clocks, explain_due
from escalation.selectors.promised import ORDER
from portal.accounts.actors import actor_of, citizen_of
from portal.api.answers import AnswerView
from portal.deadlines import step_data


class Seen(NamedTuple):
    """A case as somebody sees it: its clocks as far as they may be told, and in which voice."""

    case_id: int
    voice: Voice
    clocks: list[ClockView]

    @property
    def told(self) -> list[ClockView]:
        """The clocks that are told: all to staff, the promises to the reporter."""
        if self.voice is Voice.STAFF:
            return self.clocks
        return [clock for clock in self.clocks if clock.obligation in ORDER]


class ClocksView(AnswerView):
    """The limits of one case."""

    def get(self, request: Request, number: str) -> Response:
        """Answer {number, clocks: […]}, the oldest first."""
        seen = seen_by(request._request, number)
        names = _departments(seen)
        return Response(
            {"number": number, "clocks": [clock_data(one, seen.voice, names) for one in seen.told]}
        )


class WhyView(AnswerView):
    """为什么是这一天: one limit of a case."""

    def get(self, request: Request, number: str, clock: str) -> Response:
        """Answer the clock with `steps`, day by day."""
        seen = seen_by(request._request, number)
        asked = next((one for one in seen.told if one.slug == clock), None)
        if asked is None:
            raise Http404
        steps = explain_due(seen.case_id, asked, seen.clocks, seen.voice)
        data = clock_data(asked, seen.voice, _departments(seen))
        return Response({**data, "steps": [step_data(step) for step in steps]})


def seen_by(request: HttpRequest, number: str) -> Seen:
    """Fetch a case for the person logged in, or else for who opened it. Errors: CaseNotFoundError, hidden as missing."""
    voice = Voice.CITIZEN
    try:
        if not request.user.is_authenticated:
            raise CaseNotFoundError
        case, voice = case_for(actor_of(request), number), Voice.STAFF
    except CaseNotFoundError:
        case = case_for(citizen_of(request), number)
    return Seen(case.pk, voice, case_clocks([case.pk], timezone.now())[case.pk])


def _departments(seen: Seen) -> dict[int, str]:
    """Who owes each share, by its id; for staff alone."""
    if seen.voice is Voice.CITIZEN:
        return {}
    return {share.id: share.department for share in shares_of(seen.case_id)}


def clock_data(clock: ClockView, voice: Voice, departments: dict[int, str]) -> dict[str, Any]:
    """Return one clock as JSON says it; moments in China Standard Time."""
    started_at, due_at, stopped_at = (
        moment and timezone.localtime(moment).isoformat()
        for moment in (clock.started_at, clock.due_at, clock.stopped_at)
    )
    found: dict[str, Any] = {
        "clock": clock.slug,
        "obligation": clock.obligation.value,
        "label": clock.label,
        "limit": clock.limit_text,
        "started_at": started_at,
        "due_at": due_at,
        "stopped_at": stopped_at,
        "provisional": clock.provisional,
    }
    if voice is Voice.CITIZEN:
        return found
    return found | {
        "department": departments.get(clock.share_id or 0),
        "standing": clock.standing.text,
        "calendar_version": clock.calendar_version,
        "rule_version": clock.rule_version,
    }
