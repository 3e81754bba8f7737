"""Who may read what of a timeline: every kind of event, walked through the services, as each reader sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import timeline
from cases.models import Case, Event
from cases.rules import words
from cases.rules.flow import Act, State
from cases.rules.grants import SYSTEM, citizen
from cases.rules.kinds import KINDS, Audience, Kind, may_read
from cases.selectors.timelines import lines_for
from cases.services import intake
from cases.services.numbers import next_number
from escalation.services.sweep import sweep
from tests.cases.every_act import do
from tests.conftest import MONDAY, an_intake

DAY = timedelta(days=1)
# What batches record, and what has no act of a person yet.
BY_NO_ACT = {
    Kind.RULES_APPLIED: {"rule_version": 1},
    Kind.CALENDAR_APPLIED: {"calendar_version": 1, "moved": []},
    Kind.APPEALED: {"of": 1},
}
COORDINATION = (
    *(Act.SUSPEND, Act.RENEW, Act.RESUME, Act.EXTEND, Act.RECLASSIFY),
    *(Act.CALL_MEETING, Act.HOLD_MEETING, Act.FILE_MINUTES, Act.REDISPATCH),
)


def reporter(case: Case):
    return citizen(opened=frozenset({case.pk}))


@pytest.fixture
def every_kind(case_in, clerk, shijian, supervisor) -> list[Case]:
    """Cases on whose timelines each kind of event stands at least once, all recorded by the services or the sweep."""
    long_one = case_in(State.ACCEPTED)
    who = reporter(long_one)
    story = [
        (Act.DISPATCH, clerk, 0, {}),
        (Act.SIGN, shijian, 0, {}),
        (Act.CONTACT, shijian, 0, {"reached": False}),
        (Act.CONTACT, shijian, 0, {}),
        (Act.SUPPLEMENT, who, 0, {}),
        (Act.SUPERVISE, supervisor, 0, {}),
        (Act.ANSWER, shijian, 9, {}),
        (Act.SEND_BACK, clerk, 9, {}),
        (Act.ANSWER, shijian, 9, {}),
        (Act.PUBLISH, clerk, 9, {}),
        (Act.CLOSE, clerk, 9, {}),
        (Act.CALL_BACK, clerk, 9, {"reached": False}),
        (Act.CALL_BACK, clerk, 9, {}),
        (Act.RATE, who, 9, {"grade": 1}),
        (Act.CONTACT_RATER, clerk, 9, {}),
        (Act.RECTIFY, clerk, 9, {}),
        (Act.REOPEN, who, 9, {}),
        (Act.WITHDRAW, who, 9, {}),
        (Act.ERASE, supervisor, 9, {}),
    ]
    for act, actor, days, changes in story:
        do(act, long_one.number, actor, MONDAY + days * DAY, **changes)
        if act is Act.SUPERVISE:
            sweep(
                now=MONDAY + 8 * DAY
            )  # it was due on Thursday: yellow on Friday, red on the Wednesday after
    spot, elsewhere = case_in(State.FILED), case_in(State.REDIRECTED)
    do(Act.RESOLVE, spot.number, clerk, MONDAY)
    registered = intake.register_case(
        number=next_number(day=MONDAY.date()), intake=an_intake(), actor=clerk, now=MONDAY
    ).case
    for kind, data in BY_NO_ACT.items():
        timeline.record(registered, kind, actor=SYSTEM, post=SYSTEM.posts[0], now=MONDAY, data=data)
    coordinated = case_in(State.HANDLING)
    for act in COORDINATION:
        do(act, coordinated.number, supervisor, MONDAY)
    return [long_one, spot, elsewhere, registered, coordinated]


def test_the_story_has_every_kind(every_kind):
    assert set(Event.objects.values_list("kind", flat=True)) == set(Kind)


def test_each_reader_sees_the_kinds_of_their_audience_and_no_others(every_kind, clerk, shijian, supervisor):
    for case in every_kind:
        recorded = set(Event.objects.filter(case=case).values_list("kind", flat=True))
        for actor, audience in (
            (reporter(case), Audience.EVERYONE),
            (clerk, Audience.STAFF),
            (shijian, Audience.STAFF),
            (supervisor, Audience.SUPERVISION),
        ):
            seen = {line.kind.value for line in lines_for(actor, case.pk)}
            assert seen == {kind for kind in recorded if may_read(Kind(kind), audience)}


def test_the_reporter_never_sees_who_acted_or_any_inner_line(every_kind):
    for case in every_kind:
        for line in lines_for(reporter(case), case.pk):
            assert line.actor_name == ""
            assert line.kind not in (Kind.ANSWERED, Kind.SENT_BACK, Kind.CARD_ISSUED, Kind.RULES_APPLIED)


def test_every_kind_has_a_word_for_staff_and_what_reporters_see_a_sentence_for_them():
    for kind, rule in KINDS.items():
        assert kind.value in words.KINDS
        sentence = words.citizen_event(kind.value, "市市场监督管理局")
        if rule.audience is Audience.EVERYONE:
            assert sentence, kind
            assert not any(word in sentence for word in ("签收", "派发", "退回", "牌", "不给办"))


def test_events_of_every_kind_hold_only_ids_codes_and_digests(every_kind):
    everything = str(list(Event.objects.values("data")))
    assert not any("\u4e00" <= char <= "\u9fff" for char in everything)
    assert "13000000039" not in everything
