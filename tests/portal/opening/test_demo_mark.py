"""The sample city says so on every page, and never mixes with a real one."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from cases.models import City, Department
from escalation.services.packages import seed_rules
from portal.opening import state
from tests.conftest import MONDAY
from tests.portal.opening.conftest import first

MARK = '<span class="bc-tag bc-tag--plain">演示</span>'


@pytest.mark.parametrize("address", ["/", "/report/problem", "/track", "/accounts/login/"])
def test_citizens_see_that_it_is_a_sample(client: Client, city, address: str):
    assert MARK in client.get(address).text


@pytest.mark.parametrize(
    ("username", "address"), [("clerk", "/w/"), ("shijian", "/d/"), ("supervisor", "/s/")]
)
def test_staff_see_that_it_is_a_sample(signed_in, username: str, address: str):
    assert MARK in signed_in(username).get(address).text


def test_administrators_see_that_it_is_a_sample(signed_in):
    assert "演示" in signed_in("admin").get("/admin/").text


def test_the_first_run_page_is_not_there_in_the_sample_city(client: Client, city):
    assert client.get("/setup/").status_code == 404


def test_the_mark_cannot_be_taken_away(city):
    with pytest.raises(DatabaseError), transaction.atomic():
        City.objects.update(is_demo=False)


def test_lists_are_checked_but_not_loaded_in_the_sample_city(city, folder):
    with pytest.raises(CommandError, match="这里是演示城市，不能导入真实的单位和人员"):
        call_command("init_city", str(folder))
    before = Department.objects.count()
    call_command("init_city", str(folder), "--dry-run", stdout=StringIO())
    assert Department.objects.count() == before


def test_a_real_city_takes_no_sample_data(empty_portal):
    Client().post("/setup/", first())
    with pytest.raises(CommandError, match="已有临江市，不能加入演示数据"):
        call_command("seed", demo=True, stdout=StringIO())
    assert not City.objects.filter(is_demo=True).exists()


def test_a_city_begun_by_command_takes_no_sample_data_either(empty_portal, folder):
    call_command("init_city", str(folder), stdout=StringIO())
    with pytest.raises(CommandError, match="不能加入演示数据"):
        call_command("seed", demo=True, stdout=StringIO())
    assert not state.is_open()


def test_a_renamed_database_of_before_is_open_when_it_has_people(empty_portal, django_user_model):
    seed_rules(now=MONDAY)
    django_user_model.objects.create_user("someone", name="某人")
    assert Client().get("/").status_code == 200
