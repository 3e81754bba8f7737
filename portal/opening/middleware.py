"""Until the portal is opened every page leads to the first-run page; until a first password is changed, to its change."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from portal.opening.state import is_open

Answer = Callable[[HttpRequest], HttpResponse]
ALWAYS = ("opening:setup", "theme", "healthz")
BEFORE_NEW_PASSWORD = ("account_change_password", "account_logout", "account_login", "theme", "healthz")


class FirstRunMiddleware:
    """Leads everything to the first-run page (首次设置) as long as nobody has an account."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the way to the first-run page; without the database the page itself says what is wrong."""
        if request.path in map(resolve_url, ALWAYS) or _opened():
            return self.get_response(request)
        return redirect("opening:setup")


def _opened() -> bool:
    try:
        return is_open()
    except Error:
        return True


class NewPasswordMiddleware:
    """Leads a person with a first password (初始密码) to its change, whatever they ask for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the way to the change. Only somebody in a session is asked about: citizens pay nothing."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path in map(
            resolve_url, BEFORE_NEW_PASSWORD
        ):
            return self.get_response(request)
        if not getattr(request.user, "must_change_password", False):
            return self.get_response(request)
        target = resolve_url("account_change_password")
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)
