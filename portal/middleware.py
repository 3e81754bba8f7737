"""Middleware: request numbers, headers, and what htmx gets when the session has ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from portal.errors import error_page

Answer = Callable[[HttpRequest], HttpResponse]
PRIVATE_PATHS = ("/track", "/report", "/receipt", "/accounts/")
# The admin theme needs Alpine: it has its own policy, listed by path; everything else keeps the strict one.
ADMIN_CSP = {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}


class RequestNumberMiddleware:
    """Gives each request a short number (请求编号) that error pages show and the log carries."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and its answer."""
        request.number = secrets.token_hex(4)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.number
        return response


class HeadersMiddleware:
    """Permissions-Policy everywhere; no-store and noindex on everything that may hold something personal."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers to the answer."""
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = (
            "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
        )
        if _is_private(request, response):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        if request.path == resolve_url("account_logout") and response.status_code == 302:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if request.path.startswith("/admin/"):
            response._csp_update = ADMIN_CSP
        return response


def _is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Say so for anything in a session (judged by the cookie: no query), on a private path, or marked by its view."""
    cookie = settings.SESSION_COOKIE_NAME
    in_session = cookie in request.COOKIES or cookie in response.cookies
    return in_session or request.path.startswith(PRIVATE_PATHS) or getattr(response, "private", False)


class PlainRefusalMiddleware:
    """Gives the empty 405 of Django's method guards a page that says what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace an empty 405 by its page, for browsers only."""
        response = self.get_response(request)
        if response.status_code != 405 or response.content or not request.accepts("text/html"):
            return response
        page = error_page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class ExpiredSessionMiddleware:
    """An htmx call that would be sent to the log-in page reloads the whole page there instead (pages.md, htmx rules)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer an htmx call that lost its session with a whole-page redirect."""
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or response.status_code != 302:
            return response
        login = resolve_url(settings.LOGIN_URL)
        if urlsplit(response.headers["Location"]).path != login:
            return response
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/rooms"
        return HttpResponse(status=204, headers={"HX-Redirect": f"{login}?next={quote(here)}"})
