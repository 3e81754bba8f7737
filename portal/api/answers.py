"""What every answer of the API has in common: JSON whatever is asked for, open to all, errors as one Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.errors import CaseNotFoundError
from escalation.rules.calendar import CalendarError

SENTENCES: Mapping[int, str] = {
    400: "这个请求看不懂。",
    403: "您的岗位没有此权限。",
    404: "没有这件事项，或者您不能查看它。",
    405: "这个地址只能读取（GET）。",
    429: "试得太频繁了，请过一会儿再试。",
}


class JsonOnly(BaseContentNegotiation):
    """Answers are JSON, whatever `Accept` says."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class TooManyError(Exception):
    """This address has asked too often."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class AnswerView(APIView):
    """A view of the API. Nobody is asked to log in: what may be seen is decided by the fetch, hidden is as missing."""

    permission_classes = (AllowAny,)
    content_negotiation_class = JsonOnly
    http_method_names = ("get", "head")

    def get_exception_handler(self) -> Any:
        """Say errors in our words."""
        return told


def told(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return an error as {"error": sentence}; None for what is not foreseen, which becomes the page of status 500."""
    if isinstance(error, CalendarError):
        return Response({"error": str(error)}, status=400)
    if isinstance(error, CaseNotFoundError | Http404):
        return Response({"error": SENTENCES[404]}, status=404)
    if isinstance(error, TooManyError):
        return Response({"error": SENTENCES[429]}, status=429, headers={"Retry-After": str(error.seconds)})
    if isinstance(error, exceptions.APIException):
        return Response({"error": SENTENCES.get(error.status_code, SENTENCES[400])}, status=error.status_code)
    return None
