"""撤回 at the window: at the reporter's wish, with or without a reason; nothing more is owed."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from escalation.models import Clock
from tests.portal.counter.conftest import words_of


def test_the_page_says_what_it_means(window, case_now):
    said = words_of(window.get(f"{case_now().number}/withdraw"))
    assert "这件事就不再办了，也不能恢复" in said


@pytest.mark.parametrize("reason", ["", "已经自己办好了。"])
def test_a_reporter_needs_no_reason(window, case_now, reason):
    case = case_now(State.HANDLING)
    assert window.send(case, "withdraw", reason=reason).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == (State.WITHDRAWN, "withdrawn")
    read = [text.body for text in texts_for(citizen(opened=frozenset({case.pk})), case)]
    assert (reason in read) is bool(reason)
    assert not Clock.objects.filter(case=case, stopped_at__isnull=True).exists()


def test_an_ended_case_is_not_withdrawn(window, case_now):
    assert "不能撤回" in words_of(window.get(f"{case_now(State.CLOSED).number}/withdraw"))
    assert Case.objects.get().state == State.CLOSED
