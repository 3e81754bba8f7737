"""Headers on every answer, and what htmx gets when the session has ended."""

from __future__ import annotations

import pytest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory

from portal.middleware import HeadersMiddleware, PlainRefusalMiddleware

POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data: blob:; manifest-src 'self'; media-src 'self'; object-src 'none'; "
    "script-src 'self'; style-src 'self'; worker-src 'self'"
)


@pytest.mark.parametrize("address", ["/", "/privacy", "/accounts/login/", "/nothing"])
def test_every_answer_carries_the_headers(client: Client, city, address):
    headers = client.get(address).headers
    assert "; ".join(sorted(headers["Content-Security-Policy"].split("; "))) == POLICY
    assert headers["Permissions-Policy"].startswith("camera=(self), microphone=()")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 8


@pytest.mark.parametrize("address", ["/track", "/report/problem", "/accounts/login/"])
def test_what_may_be_personal_is_neither_stored_nor_indexed(client: Client, city, address):
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"


def test_public_pages_may_be_found(client: Client, city):
    assert "X-Robots-Tag" not in client.get("/privacy").headers


def test_everything_in_a_session_stays_out_of_caches(signed_in):
    assert signed_in("clerk").get("/privacy").headers["Cache-Control"] == "no-store"


def test_a_view_can_mark_its_answer_private():
    def view(request):
        response = HttpResponse()
        response.private = True
        return response

    assert HeadersMiddleware(view)(RequestFactory().get("/x")).headers["Cache-Control"] == "no-store"


def test_an_expired_session_sends_the_whole_page_to_the_login(client: Client, city):
    response = client.get(
        "/w/", headers={"hx-request": "true", "hx-current-url": "http://testserver/w/?tab=filed"}
    )
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/w/"


def test_a_wrong_method_gets_a_page_and_keeps_its_header(city):
    answer = PlainRefusalMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))
    request = RequestFactory().get("/theme", headers={"accept": "text/html"})
    request.session, request.user = {}, None
    response = answer(request)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "这个页面不能这样打开" in response.text


def test_a_program_gets_the_empty_refusal():
    answer = PlainRefusalMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))
    response = answer(RequestFactory().get("/x", headers={"accept": "application/json"}))
    assert response.content == b""


def test_logging_out_clears_what_the_browser_kept(signed_in):
    response = signed_in("clerk").post("/accounts/logout/")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
