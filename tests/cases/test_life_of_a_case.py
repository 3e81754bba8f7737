"""One case from filing to closing through the services, and what each act refuses."""

from __future__ import annotations

import pytest

from cases import errors
from cases.models import AccessEntry, Case, CaseText, Event, Party, Share
from cases.rules.classes import Conclusion, Difficulty
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.cases import case_for, cases_seen_by
from cases.selectors.content import masked_people, summaries_of, texts_for
from cases.selectors.tracking import tracked_case
from cases.services import closing, handling, intake
from cases.services.numbers import next_number
from cases.services.revealing import reveal_contact
from tests.conftest import MONDAY, STATEMENT, actor_named, an_intake


def test_a_case_goes_from_filing_to_closing_with_one_event_each(case_in):
    case = case_in(State.CLOSED)
    kinds = list(Event.objects.filter(case=case).order_by("version").values_list("kind", flat=True))
    assert kinds == ["submitted", "accepted", "dispatched", "answered", "published", "closed"]
    assert case.version == 6
    assert case.folded_version == 6


def test_events_hold_no_text_and_no_personal_data(case_in):
    case = case_in(State.CLOSED)
    everything = str(list(Event.objects.filter(case=case).values()))
    for secret in ("孟", "13000000039", "营业执照", "3 号窗"):
        assert secret not in everything


def test_names_phones_and_texts_are_sealed_in_the_database(case_in):
    case = case_in(State.CLOSED)
    stored = b"".join(
        bytes(value)
        for row in [*Party.objects.filter(case=case).values(), *CaseText.objects.filter(case=case).values()]
        for value in row.values()
        if isinstance(value, (bytes, memoryview))
    )
    for secret in ("孟先生", "13000000039", STATEMENT):
        assert secret.encode() not in stored
    assert masked_people([case.pk])[case.pk][0].phone == "130****0039"
    assert summaries_of([case.pk])[case.pk].startswith("营业执照办了三趟")


def test_the_citizen_reads_statement_and_reply_but_nothing_internal(case_in):
    case = case_in(State.CLOSED)
    purposes = [text.purpose for text in texts_for(citizen(opened=frozenset({case.pk})), case)]
    assert purposes == ["statement", "reply"]


def test_number_with_code_opens_all_and_with_last_four_digits_only_the_status(case_in):
    case = case_in(State.FILED)
    assert tracked_case(case.number, case_in.code).whole is True
    assert tracked_case(case.number, "0039").whole is False
    wrong = "000000" if case_in.code != "000000" else "000001"
    assert tracked_case(case.number, wrong) is None
    assert tracked_case(case.number, "0038") is None
    assert tracked_case("261123999995", case_in.code) is None


def test_another_hall_and_another_department_get_the_answer_of_a_missing_case(case_in):
    case = case_in(State.HANDLING)
    for username in ("dongqu", "budongchan", "admin"):
        with pytest.raises(errors.CaseNotFoundError):
            case_for(actor_named(username), case.number)
        with pytest.raises(errors.CaseNotFoundError):
            closing.publish_reply(number=case.number, text="x", actor=actor_named(username), now=MONDAY)


@pytest.mark.parametrize("state", [State.FILED, State.HANDLING, State.CLOSED])
def test_the_rule_and_the_query_agree_on_who_sees_a_case(case_in, state):
    from cases.rules.grants import sees
    from cases.selectors.facts import facts_of

    case = case_in(state)
    for username in (
        "clerk",
        "lead",
        "dongqu",
        "shijian",
        "budongchan",
        "head",
        "supervisor",
        "viewer",
        "admin",
    ):
        actor = actor_named(username)
        assert cases_seen_by(actor).filter(pk=case.pk).exists() is sees(actor, facts_of(case)), username


def test_an_act_in_the_wrong_state_is_refused_with_a_sentence(case_in, clerk):
    case = case_in(State.FILED)
    with pytest.raises(errors.IllegalMoveError, match="待受理"):
        closing.publish_reply(number=case.number, text="x", actor=clerk, now=MONDAY)
    assert Case.objects.get(pk=case.pk).version == 1


def test_a_role_without_the_grant_is_refused(case_in, supervisor):
    case = case_in(State.FILED)
    with pytest.raises(errors.NotAllowedError):
        intake.accept_case(
            number=case.number, difficulty=Difficulty.ORDINARY, rule_version=1, actor=supervisor, now=MONDAY
        )


def test_a_stale_screen_is_refused_and_nothing_is_written(case_in, clerk):
    case = case_in(State.ACCEPTED)
    with pytest.raises(errors.StaleScreenError) as caught:
        intake.redirect_case(
            number=case.number, reason="consumer", explanation="x", actor=clerk, now=MONDAY, seen_version=1
        )
    assert (caught.value.seen_version, caught.value.version) == (1, 2)
    assert Event.objects.filter(case=case).count() == 2


def test_a_department_answers_its_share_once(case_in, shijian):
    case = case_in(State.ANSWERED)
    with pytest.raises(errors.IllegalMoveError):
        handling.answer_share(
            number=case.number, conclusion=Conclusion.DONE, text="again", actor=shijian, now=MONDAY
        )
    assert Share.objects.get(case=case).conclusion == "done"


@pytest.mark.parametrize("difficulty", [Difficulty.SPECIAL, Difficulty.HARD])
def test_the_window_may_not_set_special_or_hard(case_in, clerk, difficulty):
    case = case_in(State.FILED)
    with pytest.raises(errors.BadInputError, match="督办专员"):
        intake.accept_case(number=case.number, difficulty=difficulty, rule_version=1, actor=clerk, now=MONDAY)


def test_a_clerk_registers_only_at_the_own_hall(city, dongqu):
    with pytest.raises(errors.NotAllowedError):
        intake.register_case(
            number=next_number(day=MONDAY.date()), intake=an_intake(), actor=dongqu, now=MONDAY
        )


def test_numbers_of_a_day_follow_one_another(city):
    first, second = next_number(day=MONDAY.date()), next_number(day=MONDAY.date())
    assert first[:6] == second[:6] == "261123"
    assert int(second[6:11]) == int(first[6:11]) + 1


def test_a_look_at_the_telephone_number_is_logged_with_its_purpose(case_in, shijian):
    case = case_in(State.HANDLING)
    people = reveal_contact(number=case.number, purpose="contact", actor=shijian, now=MONDAY)
    assert people[0].phone == "13000000039"
    entry = AccessEntry.objects.get()
    assert (entry.case_id, entry.user_id, entry.purpose) == (case.pk, shijian.user_id, "contact")
    with pytest.raises(errors.BadInputError):
        reveal_contact(number=case.number, purpose="curious", actor=shijian, now=MONDAY)


def test_a_viewer_sees_the_case_but_never_the_number(case_in, viewer):
    case = case_in(State.HANDLING)
    assert case_for(viewer, case.number).pk == case.pk
    with pytest.raises(errors.NotAllowedError):
        reveal_contact(number=case.number, purpose="supervise", actor=viewer, now=MONDAY)
