"""Notices: the newest first, unread by word, each leading to its case in the reader's own room."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.services.additions import supervise_case
from escalation.models import Notice
from escalation.services.sweep import sweep
from tests.conftest import MONDAY
from tests.portal.standing_clock import clock

__all__ = ["clock"]

DAY = timedelta(days=1)


def text_of(response) -> str:
    """The words of a page, as a person reads them."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def rows_of(response) -> list[str]:
    """The rows of the list, top to bottom."""
    body = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def unread(username: str) -> int:
    posts = Notice.objects.filter(post__holdings__user__username=username, read_at__isnull=True)
    return posts.values("case_id", "event_version").distinct().count()


def test_a_dispatched_case_is_told_to_the_department_and_to_nobody_twice(case_in, signed_in, clock):
    case_in(State.HANDLING)
    (row,) = rows_of(signed_in("shijian").get("/notices/"))
    assert (
        row == "未读 新的承办任务，请签收 营业执照设立登记 261123-00001-8 11月23日（周一）09:30"
        or re.fullmatch(
            r"未读 新的承办任务，请签收 营业执照设立登记 261123-\d{5}-\d 11月23日（周一）09:30", row
        )
    )
    assert rows_of(signed_in("budongchan").get("/notices/")) == [
        "没有通知。有要您知道或者要您办的，会出现在这里，不用每天来看。"
    ]


def test_the_newest_stands_on_top(case_in, signed_in, supervisor, clock):
    case = case_in(State.HANDLING)
    supervise_case(number=case.number, text="请尽快联系。", actor=supervisor, now=MONDAY)
    first, second = rows_of(signed_in("shijian").get("/notices/"))
    assert "已督办，请看督办意见" in first
    assert "新的承办任务" in second


def test_nothing_that_anybody_wrote_is_in_a_notice(case_in, signed_in, supervisor, clock):
    case = case_in(State.HANDLING)
    supervise_case(number=case.number, text="请尽快联系孟先生。", actor=supervisor, now=MONDAY)
    words = text_of(signed_in("shijian").get("/notices/"))
    assert "孟" not in words
    assert "请尽快联系" not in words


@pytest.mark.parametrize(
    ("person", "state", "room"),
    [("shijian", State.HANDLING, "d"), ("clerk", State.ANSWERED, "w"), ("supervisor", None, "s")],
)
def test_each_leads_to_its_case_in_the_readers_room(case_in, signed_in, clock, person, state, room):
    case = case_in(state or State.HANDLING, now=MONDAY - 7 * DAY)  # yellow on Friday
    sweep(now=MONDAY)
    html = signed_in(person).get("/notices/").content.decode()
    assert f'href="/{room}/{case.number}/"' in html
    assert signed_in(person).get(f"/{room}/{case.number}/").status_code == 200


def test_a_card_is_told_with_its_shape_and_word(case_in, signed_in, clock):
    case_in(State.HANDLING, now=MONDAY - 7 * DAY)  # yellow on Friday
    sweep(now=MONDAY)
    page = signed_in("head").get("/notices/")
    assert any(re.match(r"未读 (黄牌|红牌)：", row) for row in rows_of(page))
    assert page.content.decode().count("<svg") > 1


def test_what_was_found_long_after_is_shown_and_not_unread(case_in, signed_in, clock):
    case_in(State.HANDLING, now=MONDAY - 20 * DAY)
    sweep(now=MONDAY)
    assert not any("牌：" in row for row in rows_of(signed_in("head").get("/notices/")))
    page = signed_in("head").get("/notices/?historical=1")
    assert any(re.match(r"历史补录 (黄牌|红牌)：", row) for row in rows_of(page))
    assert page.context["shell"].unread == 0


@pytest.mark.parametrize("person", ["clerk", "shijian", "head", "supervisor", "leader", "viewer"])
def test_every_post_has_the_page_and_the_way_to_it(signed_in, person, clock):
    client = signed_in(person)
    home = client.get(client.get("/rooms").headers["Location"])
    assert 'href="/notices/"' in home.content.decode()
    page = client.get("/notices/")
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("person", ["admin", "audit"])
def test_administrators_have_none(signed_in, person):
    assert signed_in(person).get("/notices/").status_code == 403


def test_strangers_are_sent_to_log_in(client, db):
    assert "login" in client.get("/notices/").headers["Location"]


def test_the_navigation_of_a_room_says_how_many_are_unread(case_in, signed_in, clock):
    for _ in range(2):
        case_in(State.HANDLING)
    assert "2 条未读" in text_of(signed_in("shijian").get("/d/"))
    assert "条未读" not in text_of(signed_in("budongchan").get("/d/"))


def test_the_count_costs_every_page_one_query(case_in, signed_in, clock):
    case_in(State.HANDLING)
    client = signed_in("shijian")
    client.get("/d/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/d/")
    assert len([query for query in captured if "escalation_notice" in query["sql"]]) == 1


def test_pages_follow_one_another(case_in, signed_in, clock, monkeypatch):
    for _ in range(5):
        case_in(State.HANDLING)
    from escalation.selectors import notices
    from portal.notices import views

    monkeypatch.setattr(
        views, "notices_page", lambda actor, before, **more: notices.notices_page(actor, before, 2, **more)
    )
    client, seen, address = signed_in("shijian"), [], "/notices/"
    while address:
        page = client.get(address)
        seen += rows_of(page)
        more = re.search(r'href="(\?before=\d+)"', page.content.decode())
        address = "/notices/" + more.group(1) if more else ""
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_an_address_that_nobody_wrote_shows_the_first_page(case_in, signed_in, clock, before):
    case_in(State.HANDLING)
    assert len(rows_of(signed_in("shijian").get("/notices/", {"before": before}))) == 1


def test_the_list_costs_the_same_for_one_row_as_for_many(case_in, signed_in, clock):
    client, costs = signed_in("shijian"), []
    for many in (1, 5):
        for _ in range(many):
            case_in(State.HANDLING)
        client.get("/notices/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/notices/")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12
