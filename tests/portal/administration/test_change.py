"""改动: its effect before it is confirmed, who may confirm what, how it goes on, and the lines as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from cases.models import Case, Event
from cases.rules.flow import State
from escalation.models import Change, Clock
from escalation.rules.contents import with_days
from escalation.rules.edits import with_values
from escalation.rules.holiday_notices import Layer, NoticeDay, parse_csv
from escalation.selectors.calendars import content_of
from escalation.services import working
from escalation.services.changes import adopt_calendar, confirm, propose_calendar, propose_rules
from escalation.services.national import default_rules
from escalation.services.packages import next_rules, save_rules
from escalation.services.working import take_up
from tests.conftest import MONDAY, actor_named
from tests.noticed import load_notice
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)


@pytest.fixture
def case(case_in) -> Case:
    return case_in(State.HANDLING)


def storm(note: str = "台风山竹") -> Change:
    days = [NoticeDay((MONDAY + n * DAY).date(), True, "台风停工") for n in (1, 2)]
    content = with_days(content_of(), Layer.CITY, None, days, "岐三防〔2026〕8号")
    return propose_calendar(
        content,
        title="台风停工 2026-11-24至2026-11-25 全市",
        basis="岐三防〔2026〕8号",
        note=note,
        actor=actor_named("admin"),
        by_name="卓一鸣",
        now=MONDAY,
    )


def rules(document: dict | None = None) -> Change:
    document = document or default_rules() | {"case_breach": "yellow"}
    day = (MONDAY + DAY).date()
    return propose_rules(
        next_rules(document, effective_from=day, basis="岐政数〔2026〕9号", today=MONDAY.date()),
        apply_to_open=True,
        title="第 2 版规则",
        basis="岐政数〔2026〕9号",
        note="",
        actor=actor_named("admin"),
        by_name="卓一鸣",
        now=MONDAY,
    )


def post(client, change: Change, what: str):
    page = client.get(f"/a/changes/{change.pk}")
    return client.post(f"/a/changes/{change.pk}/{what}", form_of(page))


def test_the_effect_is_shown_line_by_line_before_it_is_confirmed(at_room, case):
    page = at_room().get(f"/a/changes/{storm().pk}")
    words = text_of(page)
    assert "2026-11-24至2026-11-25 休 台风停工（岐三防〔2026〕8号）" in words
    assert "台风山竹" in words
    assert dict(page.context["by_obligation"]) == {"办结时限": 1, "退回期限": 1, "部门答复时限": 1}
    lines = {(line.obligation, line.is_later) for line in page.context["lines"]}
    assert ("办结时限", True) in lines
    assert Clock.objects.get(case=case, obligation="case").calendar_version == 1


def test_confirming_applies_it_and_a_double_click_does_so_once(at_room, case):
    change, client = storm(), at_room()
    sent = form_of(client.get(f"/a/changes/{change.pk}"))
    for _ in range(2):
        done = client.post(f"/a/changes/{change.pk}/confirm", sent)
        assert done.status_code == 302
        assert done.url == f"/a/changes/{change.pk}"
    change.refresh_from_db()
    assert (change.state, change.version, change.approved_name) == ("applied", 2, "卓一鸣")
    words = text_of(client.get(f"/a/changes/{change.pk}"))
    assert "成为工作日历第 2 版" in words
    assert f"{Clock.objects.get(case=case, obligation='case').due_at:%d}" == "30"


@pytest.mark.parametrize(
    ("person", "may"), [("supervisor", True), ("leader", False), ("viewer", False), ("audit", False)]
)
def test_others_than_who_proposed_it(at_room, case, person, may):
    change, client = storm(), at_room(person)
    assert client.get(f"/a/changes/{change.pk}").context["may_confirm"] is may
    done = post(client, change, "confirm")
    assert done.status_code == (302 if may else 403)
    assert may or "您的岗位没有此权限" in text_of(done)


@pytest.mark.parametrize(
    ("person", "may"), [("admin", False), ("supervisor", True), ("leader", True), ("viewer", False)]
)
def test_rules_are_approved_by_a_second_person(at_room, case, person, may):
    change, client = rules(), at_room(person)
    page = client.get(f"/a/changes/{change.pk}")
    assert page.context["may_confirm"] is may
    assert "试算：最近 90 天受理的 1 件" in text_of(page)
    assert post(client, change, "confirm").status_code == (302 if may else 403)
    if may:
        words = text_of(client.get(f"/a/changes/{change.pk}"))
        assert "到生效日期再适用于在办事项" in words


def test_a_calendar_that_was_overtaken_says_so_and_can_be_given_up(at_room, case):
    first, second, client = storm(), storm("另一份"), at_room()
    post(client, first, "confirm")
    page = client.get(f"/a/changes/{second.pk}")
    assert "工作日历已经更新" in text_of(page)
    assert f"/a/changes/{second.pk}/confirm" not in page.content.decode()
    refused = post(client, second, "confirm")
    assert refused.status_code == 409
    assert "工作日历已经更新到第 2 版" in text_of(refused)
    assert post(client, second, "drop").status_code == 302
    assert "放弃了这份改动" in text_of(client.get(f"/a/changes/{second.pk}"))


def test_much_is_left_to_a_worker_and_the_page_follows_it(at_room, case, monkeypatch, clock):
    told = []
    monkeypatch.setattr(working, "QUICK", 0)
    monkeypatch.setattr("escalation.tasks.tell", told.append)
    change, client = storm(), at_room()
    assert post(client, change, "confirm").status_code == 302
    page = client.get(f"/a/changes/{change.pk}")
    assert "正在适用于在办事项" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert told == [change.pk]
    clock.now = MONDAY + timedelta(minutes=3)
    assert "后台这会儿没有回应" in text_of(client.get(f"/a/changes/{change.pk}"))
    take_up(clock=lambda: clock.now)
    part = client.get(f"/a/changes/{change.pk}", headers={"HX-Request": "true"})
    assert "every 2s" not in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("提出以后已经有了第 2 版规则", lambda clock: post_other()),
        ("规则不溯及以往", lambda clock: setattr(clock, "now", MONDAY + 2 * DAY)),
    ],
)
def test_rules_that_were_overtaken_say_so_and_offer_no_approval(at_room, case, clock, says, why):
    change, client = rules(), at_room("supervisor")
    assert f"/a/changes/{change.pk}/confirm" in client.get(f"/a/changes/{change.pk}").content.decode()
    why(clock)
    client = at_room("supervisor")
    page = client.get(f"/a/changes/{change.pk}")
    assert says in text_of(page)
    assert f"/a/changes/{change.pk}/confirm" not in page.content.decode()
    assert "等待批准" not in text_of(page)
    assert post(client, change, "drop").status_code == 302


def post_other() -> None:
    """Another package takes the number meanwhile."""
    document = default_rules() | {"version": 2, "effective_from": "2026-11-24"}
    save_rules(document, entered_by="测试", now=MONDAY)


def test_a_calendar_that_was_only_adopted_shows_what_it_changed(at_room, case):
    notice = parse_csv("day,kind,name\n2026-11-25,休,台风停工\n", scope="city", document="岐三防〔2026〕8号")
    load_notice(notice, now=MONDAY)
    change = adopt_calendar(by_name="卓一鸣", now=MONDAY)
    words = text_of(at_room().get(f"/a/changes/{change.pk}"))
    assert "2026-11-25 休 台风停工" in words
    assert "和现在的日历相同" not in words


def lines(client, change: Change) -> list[str]:
    page = client.get(f"/a/changes/{change.pk}/lines")
    return b"".join(page.streaming_content).decode("utf-8-sig").splitlines()


def test_every_line_can_be_taken_away_before_and_after(at_room, case):
    change, client = storm(), at_room()
    before = lines(client, change)
    assert before[0] == "编号,环节,部门,原到期,新到期"
    assert f"{case.number},办结时限,,2026-11-26 17:30,2026-11-30 17:30" in before
    post(client, change, "confirm")
    assert sorted(lines(client, change)) == sorted(before)


def test_what_was_applied_is_read_some_events_at_a_time(at_room, case_in, monkeypatch):
    for _ in range(5):
        case_in(State.HANDLING)
    change, client = storm(), at_room()
    before = lines(client, change)
    post(client, change, "confirm")
    monkeypatch.setattr("escalation.selectors.changes.EVENTS", 2)
    assert sorted(lines(client, change)) == sorted(before)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = Event.objects.filter(kind="calendar_applied", pk__gt=0).order_by("pk")
    assert "event_calendar_applied" in found.explain()


def test_the_lines_of_rules_are_those_that_the_job_found_and_none_before(at_room, case, monkeypatch):
    monkeypatch.setattr("escalation.services.changes.QUICK_RULES", -1)
    change, client = faster(), at_room()
    assert client.get(f"/a/changes/{change.pk}/lines").status_code == 404
    take_up(clock=lambda: MONDAY)
    monkeypatch.setattr("escalation.services.weighing.weigh", None)  # nothing is folded for the file
    page = client.get(f"/a/changes/{change.pk}")
    assert "下载全部（csv）" in text_of(page)
    assert f"{case.number},办结时限,,2026-11-26 17:30,2026-11-25 17:30" in lines(client, change)
    assert len(lines(client, change)) == 1 + page.context["counts"]["clocks"]


def test_a_change_without_lines_offers_no_file(at_room, case):
    change, client = storm(), at_room()
    post(client, change, "drop")
    assert "csv" not in text_of(client.get(f"/a/changes/{change.pk}"))
    assert client.get(f"/a/changes/{change.pk}/lines").status_code == 404


def faster() -> Change:
    """A package with a shorter limit."""
    document = with_values(default_rules(), {("difficulty_limits", "ordinary", "days"): 2})
    return rules(document)


def test_the_effect_is_worked_out_anew_when_asked(at_room, case, clock):
    change, client = storm(), at_room()
    clock.now = MONDAY + timedelta(hours=1)
    assert post(client, change, "again").status_code == 302
    change.refresh_from_db()
    assert change.previewed_at == clock.now


@pytest.mark.parametrize("page", ["", "/1", "/999"])
@pytest.mark.parametrize("person", ["clerk", "shijian", "security"])
def test_others_have_no_business_here(at_room, page, person):
    assert at_room(person).get(f"/a/changes{page}").status_code == 403


def test_what_is_not_there(at_room):
    assert at_room().get("/a/changes/999").status_code == 404
    assert at_room().post(
        "/a/changes/999/confirm", {"idem": "8b4b9b9e-6c5e-4d54-9d5b-3f2a6f9b8c11"}
    ).status_code in (404, 409)


def test_a_form_without_its_key_is_asked_for_again(at_room, case):
    assert at_room().post(f"/a/changes/{storm().pk}/confirm", {}).status_code == 409


def test_costs(at_room, case_in, django_assert_max_num_queries):
    for _ in range(5):
        case_in(State.HANDLING)
    change, client = storm(), at_room()
    for page in ("/a/changes", f"/a/changes/{change.pk}"):
        client.get(page)
        with django_assert_max_num_queries(14):
            client.get(page)


def test_cases_that_could_not_be_done_are_told_with_what_to_do(at_room, case):
    change, client = storm(), at_room()
    post(client, change, "confirm")
    Change.objects.filter(pk=change.pk).update(counts={"clocks": 0, "errors": 2})
    assert "没有办成2 件重算时出错" in text_of(client.get(f"/a/changes/{change.pk}")).replace(" 2 件", "2 件")


def test_a_package_replaced_before_its_day_says_so_and_not_that_somebody_dropped_it(at_room, case):
    change = rules()
    confirm(change.pk, actor=actor_named("supervisor"), by_name="郁建平", now=MONDAY)
    follower = next_rules(
        default_rules(), effective_from=(MONDAY + DAY).date(), basis="岐", today=MONDAY.date()
    )
    save_rules(follower, entered_by="测试", now=MONDAY)
    take_up(clock=lambda: MONDAY + DAY)
    words = text_of(at_room().get(f"/a/changes/{change.pk}"))
    assert "生效以前又有了新的一版，这一版不适用于在办事项" in words
    assert "放弃了这份改动" not in words
