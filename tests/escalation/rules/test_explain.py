"""为什么是这一天: what is told adds up to the due moment, in both voices, whatever moved the limit."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.rules.kinds import Happening, Kind
from cases.rules.wrong_words import NOT_FOR_CITIZENS
from escalation.rules.calendar import CalendarError, RestDay
from escalation.rules.clocks import Clock, fold
from escalation.rules.deadlines import Limit, Unit, deadline
from escalation.rules.explain import ExplainStep, StepKind, Tongue, Voice, Whole, explain, explain_clock
from escalation.rules.explain_steps import Source, in_weeks
from escalation.rules.hours import CHINA
from escalation.rules.obligations import Obligation
from escalation.rules.pause_stories import pause_stories
from tests.escalation.rules.test_amendments import Story
from tests.escalation.rules.test_clocks import RULES, WORK_TIME, moment

DAY = timedelta(days=1)
CITIZEN = Tongue(Voice.CITIZEN)
CALENDAR = WORK_TIME.calendar


def texts(steps: list[ExplainStep]) -> list[str]:
    return [step.text for step in steps]


def told(
    story: Story, obligation: Obligation = Obligation.CASE, share: int | None = None, **how
) -> list[ExplainStep]:
    clock = story.clock(obligation, share)
    tongue = Tongue(how.get("voice", Voice.STAFF), pause_stories(story.timeline))
    return explain_clock(clock, WORK_TIME, tongue, how.get("case"))


def adds_up(steps: list[ExplainStep], clock: Clock) -> None:
    """The numbered days are one, two, three …; each is a working day; the last counted or left one is the due day."""
    due_on = clock.due.due_at.astimezone(CHINA).date()
    numbered = [step for step in steps if step.number]
    assert [step.number for step in numbered] == list(range(1, len(numbered) + 1))
    days = [step.on for step in steps if step.kind in {StepKind.COUNTED, StepKind.LEFT}]
    assert days == sorted(days)
    assert all(CALENDAR.is_working_day(day) for day in days)
    assert days[-1:] in ([due_on], [])
    assert all(f"第 {step.number} 个工作日" in step.text for step in numbered)
    single = [step.on for step in steps if step.kind in {StepKind.COUNTED, StepKind.LEFT, StepKind.SKIPPED}]
    assert len(single) == len(set(single))
    assert [step.on for step in steps if step.kind is StepKind.DUE][-1] == due_on


STARTS = st.integers(0, 5050 * 24 * 60).map(
    lambda minutes: datetime(2013, 1, 1, tzinfo=CHINA) + timedelta(minutes=minutes)
)


@given(STARTS, st.integers(0, 60), st.sampled_from(RestDay))
@example(datetime(2026, 11, 21, 10, tzinfo=CHINA), 0, RestDay.NATURAL)
@example(datetime(2026, 11, 21, 10, tzinfo=CHINA), 0, RestDay.DEEMED)
def test_every_day_between_is_told_once_and_the_last_counted_one_is_the_due_day(start, days, policy):
    limit = Limit(Unit.DAYS, days)
    due = deadline(start, limit, WORK_TIME, policy)
    for tongue in (Tongue(Voice.STAFF), CITIZEN):
        steps = explain(start, limit, due, WORK_TIME, tongue=tongue)
        counted = [step for step in steps if step.kind is StepKind.COUNTED]
        assert [step.number for step in counted] == list(range(1, days + 1))
        assert not days or counted[-1].on == due.due_at.date()
        between = [s.on for s in steps if s.kind in {StepKind.DAY_ZERO, StepKind.COUNTED, StepKind.SKIPPED}]
        first = due.counted_from if days else due.counted_from + DAY
        length = (due.due_at.date() - first).days + bool(days)
        assert between == [first + n * DAY for n in range(length)]


@given(STARTS, st.integers(1, 60 * 60))
def test_the_stretches_of_a_limit_in_hours_add_up_to_it(start, minutes):
    limit = Limit(Unit.HOURS, minutes // 60, minutes=minutes % 60)
    due = deadline(start, limit, WORK_TIME)
    steps = explain(start, limit, due, WORK_TIME)
    total, last = timedelta(0), None
    for step in (step for step in steps if step.kind is StepKind.COUNTED):
        begins, ends = re.search(r"(\d+:\d\d)–(\d+:\d\d) 计", step.text).groups()
        hours, rest = re.search(r"计 (?:(\d+) 小时)? ?(?:(\d+) 分)?", step.text).groups()
        said = timedelta(hours=int(hours or 0), minutes=int(rest or 0))
        clock = [timedelta(hours=int(t.split(":")[0]), minutes=int(t.split(":")[1])) for t in (begins, ends)]
        assert abs(clock[1] - clock[0] - said) <= timedelta(minutes=1)
        total, last = total + said, (step.on, ends)
    assert abs(total - timedelta(minutes=minutes)) <= timedelta(minutes=len(steps))
    assert last == (due.due_at.date(), f"{due.due_at.hour}:{due.due_at:%M}")


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(["suspend", "resume", "renew", "extend", "reclassify"]),
        st.integers(1, 15),
        st.sampled_from([None, None, 7, 8]),
    ),
    max_size=6,
)


def amended_story(start: datetime, changes, difficulty: str) -> list[Happening]:
    """A case in which time is stopped and moved as services would allow, in any order."""
    events = [
        Happening(1, Kind.SUBMITTED, start, start, None, {"hall_id": 1}),
        Happening(
            2,
            Kind.ACCEPTED,
            start,
            start,
            None,
            {"difficulty": difficulty, "nature": None, "rule_version": 1},
        ),
        Happening(3, Kind.DISPATCHED, start, start, 7, {"role": "lead", "department_id": 107}),
        Happening(4, Kind.DISPATCHED, start, start, 8, {"role": "co", "department_id": 108}),
    ]
    at, still = start, {}
    for gap, what, days, share in changes:
        at += gap * DAY
        today, of, scope = at.astimezone(CHINA).date(), still.get(share), share
        if what == "suspend" and of is None:
            ends = f"{today + days * DAY}"
            data = {"reason": "reporter", "from_on": f"{today}", "planned_end": ends, "cause": None}
            still[share], kind = len(events) + 1, Kind.SUSPENDED
        elif what == "renew" and of:
            kind, data = Kind.RENEWED, {"of": of, "planned_end": f"{today + 20 * DAY}"}
        elif what == "resume" and of:
            kind, data = Kind.RESUMED, {"of": of, "ended_on": f"{today}", "by_itself": False}
            del still[share]
        elif what == "extend":
            kind, data = Kind.EXTENDED, {"days": days}
        elif what == "reclassify":
            data = {"difficulty": "special", "nature": None, "previous": difficulty}
            kind, scope = Kind.RECLASSIFIED, None
        else:
            continue
        events.append(Happening(len(events) + 1, kind, at, at, scope, data))
    return events


@given(STARTS, CHANGES, st.sampled_from(["instant", "ordinary", "complex", "hard"]))
def test_whatever_moved_a_limit_what_is_told_adds_up_to_its_end(start, changes, difficulty):
    timeline = amended_story(start, changes, difficulty)
    clocks = fold(timeline, RULES, lambda _: WORK_TIME)
    case = next(clock for clock in clocks if clock.key.obligation is Obligation.CASE)
    origin = next(
        c for c in fold(timeline[:4], RULES, lambda _: WORK_TIME) if c.key.obligation is Obligation.CASE
    )
    for clock in clocks:
        if clock.limit.unit is Unit.HOURS:
            continue
        derived = Whole(case if clock.limit.unit is Unit.AS_CASE else origin, WORK_TIME)
        for voice in Voice:
            tongue = Tongue(voice, pause_stories(timeline))
            adds_up(explain_clock(clock, WORK_TIME, tongue, derived), clock)


@given(STARTS, CHANGES)
def test_the_days_of_a_case_are_its_limit_and_its_extensions(start, changes):
    clocks = fold(amended_story(start, changes, "complex"), RULES, lambda _: WORK_TIME)
    clock = next(clock for clock in clocks if clock.key.obligation is Obligation.CASE)
    steps = explain_clock(clock, WORK_TIME)
    expected = clock.limit.amount + sum(extension.days for extension in clock.extensions)
    assert max(step.number or 0 for step in steps) == expected


def test_the_example_of_the_policy_is_told():
    story = Story()
    story.suspend("11-25 10:00", "12-04")
    steps = told(story)
    assert texts(steps)[1:6] == [
        "2026年11月23日（周一）当日不计入（民法典第二百零一条）。",
        "2026年11月24日（周二）第 1 个工作日。",
        "2026年11月25日（周三）第 2 个工作日，当日已用。",
        "11月25日至12月4日中止计时：法定公示。计划至2026年12月4日（周五）。起日已用，结束当日不计，其间 7 个工作日不计。",
        "2026年11月26日（周四）中止计时，不计。",
    ]
    assert texts(steps)[-5:-2] == [
        "2026年12月7日（周一）第 3 个工作日。",
        "2026年12月8日（周二）第 4 个工作日。",
        "2026年12月9日（周三）第 5 个工作日。",
    ]


def test_the_reporter_hears_it_in_plain_words():
    story = Story()
    story.suspend("11-25 10:00", "12-04")
    story.timeline[-1].data["reason"] = "reporter"
    text = "".join(texts(told(story, voice=Voice.CITIZEN)))
    assert "等您补充材料，11月25日至12月4日暂停计算，其中 7 个工作日不算。" in text
    assert "所以最晚是2026年12月9日（周三）17:30。" in text
    assert "放假和调休按国务院办公厅公布的2026年安排。" in text
    assert not [
        word for word in (*NOT_FOR_CITIZENS, "中止计时", "第 1 版", "民法典", "改定难度") if word in text
    ]


def test_a_long_suspension_is_one_line_and_says_how_it_ended():
    story = Story()
    of = story.suspend("11-25 10:00", "12-31")
    story.tell("12-18 09:00", "resumed", of=of, ended_on="2026-12-18", by_itself=False)
    lines = [text for text in texts(told(story)) if "中止计时" in text]
    assert lines == [
        "11月25日至12月18日中止计时：法定公示。计划至2026年12月31日（周四），实际2026年12月18日（周五）结束。"
        "起日已用，结束当日不计，其间 17 个工作日不计。"
    ]


def test_a_suspension_on_the_last_day_leaves_the_first_working_day_after_it():
    story = Story()
    story.suspend("11-30 10:00", "12-04")
    left = [step for step in told(story) if step.kind is StepKind.LEFT]
    assert texts(left) == ["2026年12月7日（周一）中止从最后一日开始，恢复后留一个工作日。"]


def test_an_extension_is_named_with_its_day_and_counted_on():
    story = Story()
    story.tell("11-26 10:00", "extended", days=5)
    lines = texts(told(story))
    assert lines[1] == "2026年11月26日（周四）延期 5 个工作日，一共 10 个工作日。"
    assert "2026年12月1日（周二）第 6 个工作日，延期第 1 日。" in lines


def test_another_difficulty_counts_from_the_original_start():
    story = Story("ordinary")
    story.tell("11-24 10:00", "reclassified", difficulty="complex", nature=None, previous="ordinary")
    lines = texts(told(story))
    assert lines[:2] == [
        "2026年11月23日（周一）10:00 开始，时限 5 个工作日。",
        "2026年11月24日（周二）改定难度，时限由 3 个工作日改为 5 个工作日，从原起点计算。",
    ]
    assert lines[3] == "2026年11月24日（周二）第 1 个工作日。"


def test_the_half_of_a_case_says_of_what():
    story = Story("special")
    story.dispatch("11-24 11:00", 8, "co")
    lines = texts(told(story, Obligation.ANSWER, 8, case=Whole(story.clock(), WORK_TIME)))
    assert lines[1] == (
        "转办时整件到2026年12月7日（周一）到期，还有 9 个工作日；协办取一半，至少 1 个，为 4 个工作日。"
    )
    assert lines[-3] == "2026年11月30日（周一）第 4 个工作日。"


def test_an_answer_due_with_the_case_tells_the_case():
    story = Story()
    story.dispatch("11-24 11:00", 7)
    story.tell("11-25 11:00", "extended", 7, days=2)
    lines = texts(told(story, Obligation.ANSWER, 7, case=Whole(story.clock(), WORK_TIME)))
    assert lines[:5] == [
        "2026年11月24日（周二）11:00 开始，时限与整件时限相同。",
        "2026年11月25日（周三）延期 2 个工作日。",
        "部门答复与整件同时到期，整件是这样算的：",
        "2026年11月23日（周一）10:00 开始，时限 5 个工作日。",
        "2026年11月23日（周一）当日不计入（民法典第二百零一条）。",
    ]
    assert "整件2026年11月30日（周一）17:30 到期；本任务另有中止或延期，再顺延 2 个工作日。" in lines
    assert "2026年11月30日（周一）第 5 个工作日。" in lines
    assert lines[-3] == "2026年12月2日（周三）第 7 个工作日，顺延第 2 日。"


def test_the_document_of_a_year_and_of_a_local_day_are_named_for_staff():
    source = Source({2026: "国办发明电〔2025〕7号"}, {date(2026, 11, 28): "岐府令〔2026〕3号"})
    start, limit = moment("11-27 10:00"), Limit(Unit.DAYS, 1)
    steps = explain(
        start, limit, deadline(start, limit, WORK_TIME), WORK_TIME, 1, tongue=Tongue(Voice.STAFF, {}, source)
    )
    assert steps[-1].text == "按工作日历第 1 版（2026年：国办发明电〔2025〕7号）、规则第 1 版计算。"


def test_a_long_run_is_put_away_in_weeks_and_nothing_is_lost():
    start, limit = moment("11-23 10:00"), Limit(Unit.DAYS, 20)
    steps = explain(start, limit, deadline(start, limit, WORK_TIME), WORK_TIME)
    weeks = in_weeks(steps)
    assert [step for week in weeks for step in week.steps] == steps
    assert [week.heading for week in weeks if week.heading][:2] == [
        "11月23日至29日：第 1 至 4 个工作日",
        "11月30日至12月6日：第 5 至 9 个工作日",
    ]
    assert [week.is_last for week in weeks if week.heading] == [False, False, False, False, True]


@pytest.mark.parametrize("minutes", [0, 90])
def test_hours_are_spelled(minutes):
    assert Limit(Unit.HOURS, minutes // 60, minutes=minutes % 60).text == f"{minutes / 60:g} 个工作小时"


def test_far_days_are_refused():
    with pytest.raises(CalendarError):
        deadline(moment("11-23 10:00").replace(year=2061), Limit(Unit.DAYS, 1), WORK_TIME)
