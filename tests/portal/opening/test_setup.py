"""首次设置: an empty portal has one page, for whoever can read the terminal; then that page is gone for ever."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.test import Client

from cases.models import City, Hall, Post
from escalation.models import RuleVersion
from escalation.selectors.versions import in_force
from portal.opening import state
from tests.conftest import MONDAY
from tests.portal.opening.conftest import first

pytestmark = pytest.mark.usefixtures("empty_portal")
PAGES = (
    "/",
    "/report/problem",
    "/track",
    "/accounts/login/",
    "/w/",
    "/s/",
    "/admin/",
    "/sitemap",
    "/setup/lists",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_an_empty_portal_leads_to_the_first_run_page(client: Client, address: str):
    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/setup/")


def test_health_and_theme_answer_before_the_portal_is_opened(client: Client):
    assert client.get("/healthz").status_code in (200, 503)
    assert client.post("/theme", {"theme": "elder", "next": "/setup/"}).headers["Location"] == "/setup/"
    assert 'data-theme="elder"' in client.get("/setup/").text


def test_the_first_administrator_opens_the_portal(client: Client):
    answer = client.post("/setup/", first())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/setup/lists")
    user = get_user_model().objects.get()
    assert (user.username, user.name, user.is_superuser) == ("admin", "卓一鸣", True)
    assert Post.objects.get().role == "system_admin"
    city = City.objects.get()
    assert (city.name, city.short_name, city.is_demo) == ("临江市", "临江", False)
    page = client.get("/setup/lists")
    assert "临江市“办不成事”窗口</title>" in page.text
    assert "演示" not in page.text


def test_hours_and_rules_begin_as_they_were_given(client: Client):
    client.post("/setup/", first())
    sessions = in_force().work_time().sessions_on(MONDAY.date())
    assert [tuple(map(str, session)) for session in sessions] == [
        ("08:30:00", "12:00:00"),
        ("14:00:00", "17:00:00"),
    ]
    rules = RuleVersion.objects.get()
    assert (str(rules.effective_from), rules.entered_by) == ("2026-01-01", "卓一鸣")


def test_the_page_is_gone_for_ever_once_it_has_done_its_work(client: Client):
    client.post("/setup/", first())
    stranger = Client()
    assert stranger.get("/setup/").status_code == 404
    again = stranger.post("/setup/", first(username="other"))
    assert again.status_code == 404
    assert get_user_model().objects.count() == 1
    assert stranger.get("/").status_code == 200


def test_a_second_click_finds_the_work_done(client: Client):
    client.post("/setup/", first())
    late = Client().post("/setup/", first())
    assert (late.status_code, "首次设置已经完成" in late.text) == (404, True)
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "ABCD-EFGH-JKMN"}, "一次性代码不对，请照终端里的再输一次。"),
        ({"code": ""}, "请输入启动时终端里显示的一次性代码。"),
        ({"password": "123456789012", "password_again": "123456789012"}, "密码"),
        ({"password_again": "something-else"}, "两次输入的密码不一样。"),
        ({"username": "系统!"}, "登录名只能用字母、数字"),
        ({"morning": "12:00-08:00"}, "办公时间要从早到晚"),
        ({"afternoon": "14:00-25:00"}, "下午办公时间看不懂，请写成 14:30-17:30 这样。"),
        ({"rules_from": "2999-01-01"}, "生效日期不能晚于今天"),
        ({"rules_from": "昨天"}, "生效日期看不懂"),
        ({"city": "临"}, "城市名称至少两个字"),
        ({"name": "123"}, "姓名里不能有数字"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(client: Client, changes, sentence):
    answer = client.post("/setup/", first(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="市政务服务和数据管理局"' in answer.text
    assert not City.objects.exists()
    assert not get_user_model().objects.exists()


def test_the_code_may_be_typed_in_any_grouping(client: Client):
    code = state.opening_code().replace("-", " ").lower()
    assert client.post("/setup/", first(code=code)).status_code == 302


def test_guessing_the_code_ends_soon(client: Client):
    answers = [client.post("/setup/", first(code="ABCD-EFGH-JKMN")).status_code for _ in range(12)]
    assert answers[-1] == 429
    assert answers[0] == 422


def test_an_opened_portal_is_never_opened_again_nor_made_a_demo(client: Client):
    client.post("/setup/", first())
    for change in ({"opened_at": None}, {"is_demo": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            City.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        City.objects.all().delete()


def test_halls_that_were_there_first_get_the_city_in_their_numbers(client: Client):
    Hall.objects.create(code="H01", name="城关镇便民服务中心", place="城关")
    client.post("/setup/", first())
    assert Hall.objects.get().place == "临江-城关"
