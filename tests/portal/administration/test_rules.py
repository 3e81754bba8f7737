"""规则: the rules in force in Chinese sentences, what is coming, and every version with where it comes from."""

from __future__ import annotations

import pytest
from django.utils import timezone

from escalation.models import Change
from escalation.rules.edits import with_values
from escalation.rules.limits import parse_package
from escalation.rules.sentences import sentences
from escalation.services.national import default_rules
from escalation.services.packages import save_rules
from tests.conftest import MONDAY

READERS = ("admin", "supervisor", "leader", "viewer", "audit")
SHORTER = with_values(default_rules(), {("difficulty_limits", "ordinary", "days"): 2})


def save(version: int, day: str, basis: str = "岐政数〔2026〕12号") -> None:
    document = SHORTER | {"version": version, "effective_from": day, "source": basis}
    save_rules(document, entered_by="卓一鸣", now=MONDAY)


@pytest.mark.parametrize("username", READERS)
def test_those_who_answer_for_time_read_the_rules_as_sentences(signed_in, username):
    html = signed_in(username).get("/a/rules").content.decode()
    for group in sentences(parse_package(default_rules())):
        assert group.title in html
        assert all(line.text in html for line in group.lines)
    assert ("/a/rules/edit" in html) == (username == "admin")


@pytest.mark.parametrize("username", ["clerk", "shijian", "head"])
@pytest.mark.parametrize("page", ["", "/1", "/differences", "/edit"])
def test_others_do_not(signed_in, username, page):
    assert signed_in(username).get(f"/a/rules{page}").status_code == 403


def test_a_version_that_will_take_effect_is_announced_and_the_present_one_stays(signed_in):
    save(2, "2999-01-01")
    html = signed_in("viewer").get("/a/rules").content.decode()
    assert "今天受理的适用第 1 版" in html
    assert "2999年1月1日（周二）起生效" in html
    assert "一般事项：受理后 3 个工作日办结" in html
    assert "一般事项：受理后 2 个工作日办结" not in html


def test_the_list_says_where_each_version_stands_and_comes_from(signed_in):
    today = timezone.localdate().isoformat()
    save(2, today)
    save(3, today)
    html = signed_in("viewer").get("/a/rules").content.decode()
    for word in ("现行", "未曾适用", "以前受理的仍适用", "岐政数〔2026〕12号", "卓一鸣", "系统初始化"):
        assert word in html
    assert "今天受理的适用第 3 版" in html


def test_a_page_asks_as_much_for_many_versions_as_for_one(signed_in, django_assert_max_num_queries):
    for number in range(2, 12):
        save(number, f"29{number:02}-01-01")
    client = signed_in("viewer")
    for page in ("/a/rules", "/a/rules/7", "/a/rules/differences?from=1&to=9"):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200


def change_of_rules(**given) -> Change:
    """A change of the rules as it stands in its table."""
    usual = {
        "kind": "rules",
        "document": SHORTER,
        "title": "第 2 版规则",
        "basis": "岐政数〔2026〕12号",
        "proposed_name": "卓一鸣",
        "proposed_at": MONDAY,
    }
    return Change.objects.create(**{**usual, **given})


@pytest.mark.parametrize("page", ["/a/rules", "/a/rules/edit"])
def test_a_proposal_that_waits_is_shown_and_a_second_one_warned_of(signed_in, page):
    waiting = change_of_rules()
    change_of_rules(title="早先的一份", state="dropped")
    change_of_rules(title="日历的一份", kind="calendar")
    html = signed_in("admin").get(page).content.decode()
    assert f"/a/changes/{waiting.pk}" in html
    assert "第 2 版规则" in html
    assert "早先的一份" not in html
    assert "日历的一份" not in html
    assert ("另一份就要从新的一版重新提出" in html) == (page == "/a/rules/edit")


@pytest.mark.parametrize("page", ["/a/rules", "/a/rules/2"])
def test_a_version_says_who_approved_it(signed_in, page):
    save(2, "2999-01-01")
    change_of_rules(version=2, state="applied", approved_name="郁建平", approved_at=MONDAY)
    assert "郁建平，2026年11月23日（周一）09:30" in signed_in("viewer").get(page).content.decode()
