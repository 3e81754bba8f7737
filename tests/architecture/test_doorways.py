"""Only views, commands and tasks read the clock; every address is guarded; every room mirrors its tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
CLOCKLESS = sorted(
    path
    for package in ("cases", "escalation")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts and path.name != "tasks.py"
)
CLOCKS = {
    "timezone.now",
    "datetime.now",
    "date.today",
    "timezone.localdate",
    "datetime.utcnow",
    "time.time",
    "now",
}


@pytest.mark.parametrize("path", CLOCKLESS, ids=lambda path: str(path.relative_to(ROOT)))
def test_below_the_doorways_nobody_reads_the_clock(path):
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text("utf8")))
        if isinstance(node, ast.Call)
    }
    assert not calls & CLOCKS


def _routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


# What a stranger may open. Everything else must send them away.
PUBLIC_ROOMS = ("portal.citizen", "portal.views", "portal.health", "portal.api.deadline")
ALLAUTH_PUBLIC = {"account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
                  "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
                  "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
                  "account_request_login_code", "mfa_authenticate", "mfa_trust"}  # fmt: skip


def _guarded():
    for route, pattern in _routes(get_resolver().url_patterns):
        module = getattr(pattern.callback, "__module__", "")
        if module.startswith(PUBLIC_ROOMS) or pattern.name in ALLAUTH_PUBLIC or route.startswith("admin/"):
            continue
        yield route


@pytest.mark.parametrize("route", sorted(set(_guarded())))
def test_strangers_are_sent_away(route, db):
    url = "/" + route.replace("<str:number>", "261123000013").replace("<number>", "261123000013")
    url = (
        url.replace("<uuid:uid>", "00000000-0000-4000-8000-000000000000")
        .replace("<int:pk>", "1")
        .replace("<int:number>", "1")
    )
    for method in ("get", "post"):
        response = getattr(Client(), method)(url)
        assert response.status_code in (302, 401, 403, 404, 405), (method, url)
        if response.status_code == 302:
            assert "login" in response.headers["Location"]


def test_every_staff_view_names_the_roles_it_is_for():
    unguarded = [
        route
        for route, pattern in _routes(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith(
            ("portal.counter", "portal.desk", "portal.supervisor", "portal.register", "portal.administration")
        )
        and not getattr(pattern.callback, "guarded_by", None)
    ]
    assert unguarded == []


@pytest.mark.parametrize("room", ["citizen", "counter", "desk", "supervisor", "register", "administration"])
def test_view_url_name_and_template_share_their_name(room):
    names = [
        (pattern.name, pattern.callback.__name__)
        for _, pattern in _routes(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith(f"portal.{room}")
    ]
    assert names
    assert all(name == view for name, view in names)
