"""牌待定: cards in question after a storm that was declared afterwards; each is decided once, with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from cases.models import Case
from cases.rules.flow import State
from cases.rules.grants import Role
from cases.selectors.posts import actor_in, units_of
from escalation.models import Card, CardDoubt
from escalation.rules.contents import CalendarContent, with_days
from escalation.rules.holiday_notices import Layer, NoticeDay
from escalation.selectors.calendars import content_of
from escalation.services.applying import carry_out
from escalation.services.changes import confirm, propose_calendar
from escalation.services.sweep import sweep
from tests.conftest import MONDAY, SHANGHAI, actor_named
from tests.portal.desk.conftest import text_of

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)


@pytest.fixture
def doubt(case_in, clock) -> CardDoubt:
    """The yellow of a share that would have had two days more."""
    case: Case = case_in(State.HANDLING)
    clock.now = FRIDAY
    sweep(now=FRIDAY)
    days = [NoticeDay((MONDAY + timedelta(days=n)).date(), True, "台风停工") for n in (2, 3)]
    asked = {"actor": actor_named("admin"), "by_name": "卓一鸣", "now": FRIDAY}
    content = with_days(content_of(), Layer.CITY, None, days, "岐三防〔2026〕8号")
    change = propose_calendar(content, title="台风停工", basis="岐三防〔2026〕8号", note="", **asked)
    confirm(change.pk, **asked)
    carry_out(change.pk, clock=lambda: FRIDAY)
    return CardDoubt.objects.get(case=case, obligation="answer", signal="overdue")


def take_effect(content: CalendarContent, title: str) -> None:
    """Another calendar is proposed, confirmed and applied on Friday."""
    asked = {"actor": actor_named("admin"), "by_name": "卓一鸣", "now": FRIDAY}
    content = replace(content, number=content_of().number)
    change = propose_calendar(content, title=title, basis="岐三防〔2026〕9号", note="", **asked)
    confirm(change.pk, **asked)
    carry_out(change.pk, clock=lambda: FRIDAY)


def test_how_the_card_stands_now_is_said_and_follows_later_changes(at_board, doubt):
    client, page = at_board(), f"/s/doubts/{doubt.pk}"
    assert "按现在的日历和规则，这张牌 仍不成立" in text_of(client.get(page))
    assert "按现在的日历和规则仍不成立" in text_of(client.get("/s/doubts"))
    take_effect(content_of(1), "撤回停工")
    told = text_of(client.get(page))
    assert "按现在的日历和规则，这张牌 仍然成立" in told
    assert "亮牌时刻 2026年11月27日（周五）08:30" in told.partition("仍然成立")[2]
    assert "按现在的日历和规则仍然成立" in text_of(client.get("/s/doubts"))
    done = client.post(page, decision(client.get(page), decision="keep"))
    assert done.status_code == 302  # deciding stays possible
    assert "按现在" not in text_of(client.get(page))


def test_a_card_that_was_never_issued_stands_until_the_calendar_says_otherwise(at_board, case_in, clock):
    case = case_in(State.HANDLING)
    clock.now = FRIDAY
    days = [NoticeDay((MONDAY + timedelta(days=n)).date(), True, "台风停工") for n in (2, 3)]
    storm = with_days(content_of(), Layer.CITY, None, days, "岐三防〔2026〕8号")
    take_effect(storm, "台风停工")
    take_effect(content_of(1), "撤回停工")
    page = f"/s/doubts/{CardDoubt.objects.get(case=case, obligation='answer', signal='overdue').pk}"
    assert "这张牌 仍然该亮" in text_of(at_board().get(page))
    take_effect(storm, "还是台风停工")
    assert "这张牌 已经不该亮" in text_of(at_board().get(page))


def decision(page, **given) -> dict[str, str]:
    return {
        "idem": str(page.context["form"]["idem"].value()),
        "decision": "mend",
        "reason": "停工两天，不应计入。",
        **given,
    }


def test_both_reckonings_are_shown_and_a_decision_changes_no_card(at_board, doubt):
    client = at_board()
    words = text_of(client.get("/s/doubts"))
    assert "已亮，重算后不该亮" in words
    page = client.get(f"/s/doubts/{doubt.pk}")
    assert "改动后 到期" in text_of(page)
    cards = list(Card.objects.values())
    sent = decision(page)
    for _ in range(2):
        done = client.post(f"/s/doubts/{doubt.pk}", sent)
        assert (done.status_code, done.url) == (302, "/s/doubts")
    doubt.refresh_from_db()
    assert (doubt.decision, doubt.decided_name, doubt.decided_at) == ("mend", "郁建平", FRIDAY)
    assert list(Card.objects.values()) == cards
    assert "建议撤销" in text_of(client.get("/s/doubts?done=1"))


def test_a_reason_is_asked_for_and_what_was_typed_stays(at_board, doubt):
    client = at_board()
    page = client.get(f"/s/doubts/{doubt.pk}")
    for wrong in ({"reason": "  "}, {"decision": ""}, {"decision": "burn"}, {"reason": "长" * 201}):
        refused = client.post(f"/s/doubts/{doubt.pk}", decision(page, **wrong))
        assert refused.status_code == 422
    assert "理由最多 200 个字" in text_of(refused)
    assert refused.context["form"]["reason"].value() == "长" * 201


def test_two_at_once_the_second_sees_the_first_and_keeps_their_words(at_board, doubt):
    first, second = at_board("supervisor"), at_board("supervisor2")
    seen = second.get(f"/s/doubts/{doubt.pk}")
    first.post(f"/s/doubts/{doubt.pk}", decision(first.get(f"/s/doubts/{doubt.pk}"), decision="keep"))
    late = second.post(f"/s/doubts/{doubt.pk}", decision(seen, reason="我看要撤。"))
    assert late.status_code == 409
    assert "我看要撤。" in text_of(late)
    assert "维持" in text_of(late)


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_others_read_and_do_not_decide(at_board, doubt, person):
    client = at_board(person)
    page = client.get(f"/s/doubts/{doubt.pk}")
    assert not page.context["may_decide"]
    refused = client.post(f"/s/doubts/{doubt.pk}", decision(page))
    assert refused.status_code == 403
    assert "已经有决定" not in text_of(refused)
    doubt.refresh_from_db()
    assert doubt.decision == ""


@pytest.mark.parametrize(("role", "sees"), [(Role.FOLLOWER, False), (Role.SUPERVISOR, True)])
def test_a_change_is_linked_only_for_who_may_read_it(at_board, doubt, role, sees):
    client, user_id = at_board("supervisor2"), actor_named("supervisor2").user_id
    units = [unit for unit in units_of(user_id, FRIDAY.date()) if role in actor_in(user_id, unit).roles]
    client.post(reverse("unit"), {"unit": units[0].key})
    assert client.get(f"/a/changes/{doubt.change_id}").status_code == (200 if sees else 403)
    for page in ("/s/doubts", f"/s/doubts/{doubt.pk}"):
        html = client.get(page).content.decode()
        assert "台风停工" in html
        assert (f"/a/changes/{doubt.change_id}" in html) is sees


def test_the_list_of_one_change_and_what_is_not_there(at_board, doubt, django_assert_max_num_queries):
    client = at_board()
    assert len(client.get(f"/s/doubts?change={doubt.change_id}").context["rows"]) >= 1
    assert client.get("/s/doubts?change=99999").context["rows"] == []
    assert client.get("/s/doubts?after=x").status_code == 200
    assert client.get("/s/doubts/99999").status_code == 404
    with django_assert_max_num_queries(12):
        client.get("/s/doubts")


@pytest.mark.parametrize("person", ["clerk", "shijian", "admin"])
def test_others_have_no_business_here(at_board, person):
    assert at_board(person).get("/s/doubts").status_code == 403


def test_the_board_says_how_many_wait_and_stops_when_all_are_decided(at_board, doubt):
    client, address = at_board(), reverse("supervisor:overdue")
    waiting = CardDoubt.objects.filter(decided_at=None).count()
    assert f"有 {waiting} 张牌对不上" in text_of(client.get(address))
    CardDoubt.objects.update(decided_at=FRIDAY, decision="keep", reason="已说明")
    assert "张牌对不上" not in text_of(client.get(address))
