"""初始密码: good for one log-in, then it must be changed."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

FIRST, NEW = "first-password-of-a-clerk", "jin-tian-qu-shang-ban"


@pytest.fixture
def newcomer(city) -> Client:
    """林晓芸 on her first day, logged in with what the administrator gave her."""
    user = get_user_model().objects.get(username="clerk")
    user.set_password(FIRST)
    user.must_change_password = True
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": "clerk", "password": FIRST})
    return client


def change(client: Client, password: str):
    return client.post(
        "/accounts/password/change/", {"oldpassword": FIRST, "password1": password, "password2": password}
    )


@pytest.mark.parametrize("address", ["/w/", "/", "/rooms", "/admin/", "/notices/"])
def test_everything_leads_to_the_change_of_password(newcomer: Client, address: str):
    answer = newcomer.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/change/")


def test_an_htmx_call_reloads_the_whole_page_there(newcomer: Client):
    answer = newcomer.get("/w/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/password/change/")


def test_the_page_says_why(newcomer: Client):
    assert "初始密码只用来登录这一次" in newcomer.get("/accounts/password/change/").text


def test_a_new_password_opens_the_room(newcomer: Client):
    answer = change(newcomer, NEW)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rooms")
    assert newcomer.get("/w/").status_code == 200
    assert not get_user_model().objects.get(username="clerk").must_change_password


@pytest.mark.parametrize(
    ("password", "sentence"),
    [(FIRST, "新密码不能和初始密码一样"), ("123456789012", "密码"), ("short", "密码")],
)
def test_the_first_or_a_weak_password_is_refused(newcomer: Client, password: str, sentence: str):
    page = change(newcomer, password)
    assert sentence in page.text
    assert get_user_model().objects.get(username="clerk").must_change_password


def test_one_can_log_out_without_changing(newcomer: Client):
    assert newcomer.post("/accounts/logout/").status_code == 302


def test_who_chose_their_password_goes_on_without_a_question(signed_in):
    assert signed_in("clerk").get("/w/").status_code == 200
