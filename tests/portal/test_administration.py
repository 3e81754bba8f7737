"""Reference data in Django's admin: for administrators only, and no case in it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

from cases import models
from portal.opening import state


def test_only_reference_data_people_and_posts_are_registered():
    names = {model._meta.label for model in admin.site._registry}
    assert names == {
        "cases.City",
        "cases.Department",
        "cases.Hall",
        "cases.Matter",
        "cases.Obstacle",
        "cases.Post",
        "cases.Absence",
        "accounts.User",
    }


def test_no_case_content_can_be_reached(signed_in):
    client = signed_in("admin")
    for model in (models.Case, models.Event, models.Party, models.CaseText):
        assert client.get(f"/admin/cases/{model._meta.model_name}/").status_code == 404


@pytest.mark.parametrize("person", ["clerk", "shijian", "supervisor", "audit"])
def test_others_are_sent_away(signed_in, person):
    assert signed_in(person).get("/admin/").status_code in (302, 403)


def test_strangers_log_in_through_the_one_login_page(client, city):
    response = client.get("/admin/")
    assert response.status_code == 302
    response = client.get(response.headers["Location"])
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["department", "hall", "matter", "obstacle", "post", "absence"])
def test_each_list_and_form_opens(signed_in, page):
    client = signed_in("admin")
    assert client.get(f"/admin/cases/{page}/").status_code == 200
    assert client.get(f"/admin/cases/{page}/add/").status_code == 200


def test_a_new_department_is_saved(signed_in):
    data = {"code": "S99", "name": "市数字经济局", "level": "市级", "is_active": "on", "has_account": "on"}
    formset = {f"aliases-{key}_FORMS": "0" for key in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    response = signed_in("admin").post("/admin/cases/department/add/", data | formset)
    assert response.status_code == 302
    assert models.Department.objects.filter(code="S99").exists()


def test_the_city_can_be_renamed_but_neither_added_nor_deleted(signed_in, monkeypatch):
    monkeypatch.setattr(state._Memory, "city", state.city_facts())  # as it was, after the test
    client = signed_in("admin")
    (city,) = models.City.objects.all()
    assert client.get("/admin/cases/city/add/").status_code == 403
    assert client.post(f"/admin/cases/city/{city.pk}/delete/", {"post": "yes"}).status_code == 403
    data = {"name": "岐安新市", "short_name": "岐安"}
    assert client.post(f"/admin/cases/city/{city.pk}/change/", data).status_code == 302
    assert "岐安新市" in client.get("/sitemap").text


def test_a_password_set_by_an_administrator_is_a_first_password(signed_in):
    user = get_user_model().objects.get(username="clerk")
    words = {
        "password1": "xin-de-chu-shi-mi-ma",
        "password2": "xin-de-chu-shi-mi-ma",
        "usable_password": "true",
    }
    response = signed_in("admin").post(f"/admin/accounts/user/{user.pk}/password/", words)
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password("xin-de-chu-shi-mi-ma")


def test_a_new_account_begins_with_a_first_password(signed_in):
    words = {
        "password1": "xin-de-chu-shi-mi-ma",
        "password2": "xin-de-chu-shi-mi-ma",
        "usable_password": "true",
    }
    data = {"username": "newcomer", "name": "新人", **words}
    assert signed_in("admin").post("/admin/accounts/user/add/", data).status_code == 302
    assert get_user_model().objects.get(username="newcomer").must_change_password
