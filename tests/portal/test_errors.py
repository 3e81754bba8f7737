"""Error pages: plain words, the telephone, the request's number; also without the database."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from portal import errors
from portal.shell import Shell
from portal.urls import *  # noqa: F403 - this module stands in for the root URLconf
from portal.urls import urlpatterns as portal_urls


def forbidden(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("内部细节 139 0000 0000")


def busy(request):
    raise OperationalError


def too_big(request):
    raise RequestDataTooBig


urlpatterns = [
    path("forbidden", forbidden),
    path("broken", broken),
    path("busy", busy),
    path("too-big", too_big),
    path("slow", errors.too_many),
    *portal_urls,
]
pytestmark = pytest.mark.urls(__name__)
CASES = {"/forbidden": 403, "/nothing": 404, "/too-big": 413, "/slow": 429, "/broken": 500, "/busy": 503}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), CASES.items())
def test_an_error_says_what_happened_what_to_do_and_its_number(visitor, city, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    heading, _, todo = errors.PAGES[status]
    assert f"<title>错误：{heading} – " in response.text
    assert response.text.count("<h1") == 1
    assert response.headers["X-Request-Id"] in response.text
    assert status == 429 or todo in response.text


@pytest.mark.parametrize("address", CASES)
def test_an_error_page_names_whom_to_call(visitor, city, address):
    visitor.get("/privacy")  # this process has read the hall
    assert "0700-88001037" in visitor.get(address).text


def test_nothing_of_the_fault_reaches_the_page(visitor, city):
    assert "139" not in visitor.get("/broken").text.replace("0700-88001037", "")


def test_too_many_tries_say_when_to_come_back(visitor, city):
    response = visitor.get("/slow")
    assert response.headers["Retry-After"] == "600"
    assert "请 10 分钟后再试" in response.text


def test_without_the_database_the_page_still_comes(monkeypatch):
    def gone():
        raise OperationalError

    monkeypatch.setattr("portal.shell.main_hall", gone)
    monkeypatch.setattr(Shell, "last_hall", None)
    request = RequestFactory().get("/")
    request.session, request.user = {}, None
    response = errors.error_page(request, 503)
    assert response.status_code == 503
    assert "系统正忙" in response.text


def test_a_form_from_a_page_too_old_says_so(city):
    response = Client(enforce_csrf_checks=True).post("/theme", {"theme": "elder"})
    assert response.status_code == 403
    assert "页面放得太久了" in response.text
    assert "岗位" not in response.text


def test_an_htmx_call_gets_a_notice_instead_of_a_page(city):
    response = Client(enforce_csrf_checks=True).post("/theme", headers={"hx-request": "true"})
    assert response.status_code == 403
    assert "<html" not in response.text
    assert 'role="alert"' in response.text


def test_handlers_answer_anything_with_a_response():
    assert isinstance(errors.server_error(RequestFactory().get("/")), HttpResponse)
