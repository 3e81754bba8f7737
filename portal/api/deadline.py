"""GET /api/deadline: when a limit ends, and why on that day. Open to everybody, sixty questions a minute from one address."""

from __future__ import annotations

import re

from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.answers import AnswerView, TooManyError
from portal.deadlines import answer, asking
from portal.throttle import spend

NAMES = ("received", "days", "hours", "rest_day", "hall")
A_MINUTE = 60
OFFSET = re.compile(r" (?=[0-9]{2}:?[0-9]{2}$)")  # a "+" that was not escaped in the address


class DeadlineView(AnswerView):
    """received=2026-09-30T10:00, days=3 or hours=1.5; rest_day=deemed|natural and hall=CODE are optional."""

    def get(self, request: Request) -> Response:
        """Answer {due_at, provisional, calendar_version, steps}, as `manage.py deadline --json` does."""
        if not spend(request._request, "deadline"):
            raise TooManyError(A_MINUTE)
        asked = {name: request.query_params.get(name, "") for name in NAMES}
        if "T" in asked["received"]:
            asked["received"] = OFFSET.sub("+", asked["received"])
        return Response(answer(asked, asking()))
