"""The timeline is append-only and hash-chained: what is tampered with is named, what is erased by law still verifies."""

from __future__ import annotations

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction

from cases.errors import IllegalMoveError
from cases.models import Case, CaseKey, CaseText, Event, Party
from cases.rules.flow import State
from cases.selectors.chain import faults
from cases.selectors.content import texts_for
from cases.selectors.tracking import tracked_case
from cases.services.anchoring import take_anchor
from cases.services.erasing import erase_case
from portal.roles import APPEND_ONLY
from tests.conftest import MONDAY


def found(case: Case) -> list[tuple[str, int]]:
    return [(fault.number, fault.version) for fault in faults([case.number])]


def test_an_untouched_timeline_verifies(case_in):
    case = case_in(State.CLOSED)
    assert list(faults()) == []
    call_command("verify_timeline")
    assert found(case) == []


@pytest.mark.parametrize("operation", ["UPDATE cases_event SET role = 'x'", "DELETE FROM cases_event"])
def test_the_owner_of_the_table_is_refused_by_the_trigger(case_in, operation):
    case_in(State.FILED)
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(operation)


@pytest.mark.parametrize("label", APPEND_ONLY)
def test_truncate_is_refused_on_every_append_only_table(city, label):
    from django.apps import apps

    table = apps.get_model(label)._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "operation", ["UPDATE cases_event SET role = 'x'", "DELETE FROM cases_event", "TRUNCATE cases_event"]
)
def test_the_role_of_the_app_may_not_even_try(case_in, settings, operation):
    case_in(State.FILED)
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.APP_ROLE}")
        cursor.execute(operation)


def test_a_changed_event_is_named(case_in):
    case = case_in(State.CLOSED)
    with pgtrigger.ignore("cases.Event:event_no_change"):
        Event.objects.filter(case=case, version=3).update(data={"department_id": 1})
    assert found(case) == [(case.number, 3)]
    with pytest.raises(CommandError, match="第 3 条"):
        call_command("verify_timeline")


def test_a_removed_event_is_named(case_in):
    case = case_in(State.CLOSED)
    with pgtrigger.ignore("cases.Event:event_no_change"):
        Event.objects.filter(case=case, version=4)._raw_delete("default")
    assert found(case) == [(case.number, 4)]


def test_a_removed_last_event_is_named(case_in):
    case = case_in(State.CLOSED)
    with pgtrigger.ignore("cases.Event:event_no_change"):
        Event.objects.filter(case=case, version=6)._raw_delete("default")
    assert found(case) == [(case.number, 6)]


def test_an_inserted_event_is_named(case_in):
    case = case_in(State.HANDLING)
    last = Event.objects.get(case=case, version=3)
    last.pk, last.version, last.kind = None, 4, "closed"
    last.save(force_insert=True)
    assert found(case) == [(case.number, 4)]


def test_a_removed_end_is_named_by_the_anchor_even_when_the_case_row_was_adjusted(case_in):
    case = case_in(State.CLOSED)
    assert take_anchor(now=MONDAY).heads == 1
    assert take_anchor(now=MONDAY) is None
    with pgtrigger.ignore("cases.Event:event_no_change"):
        Event.objects.filter(case=case, version=6)._raw_delete("default")
    Case.objects.filter(pk=case.pk).update(
        version=5, folded_version=5, head_hash=Event.objects.get(case=case, version=5).hash
    )
    assert found(case) == []
    assert [(fault.number, fault.version) for fault in faults()] == [(case.number, 6)]


def test_after_an_erasure_nothing_personal_is_left_and_the_chain_holds(case_in, supervisor):
    case = case_in(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
    for table in (CaseKey, CaseText, Party):
        assert not table.objects.filter(case=case).exists()
    case.refresh_from_db()
    assert case.erased_at == MONDAY
    assert texts_for(supervisor, case) == []
    assert found(case) == []
    assert list(faults()) == []


def test_after_an_erasure_the_reporter_can_still_read_that_it_was_done(case_in, supervisor):
    case = case_in(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
    found = tracked_case(case.number, case_in.code)
    assert found is not None
    assert found.whole is True
    assert found.case.erased_at == MONDAY
    assert tracked_case(case.number, "0039") is None


def test_erasing_happens_once(case_in, supervisor):
    case = case_in(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
    with pytest.raises(IllegalMoveError, match="已依法删除"):
        erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
