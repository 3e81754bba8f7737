"""A proposal whose effect is much work: a worker is told when it is stored, once, from every page that proposes."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.rules.flow import State
from escalation.models import Change
from tests.portal.administration.conftest import form_of
from tests.portal.administration.test_calendar_days import STORM
from tests.portal.administration.test_rules_edit import ORDINARY, filled


@pytest.fixture
def told(monkeypatch) -> list[int]:
    """Which changes workers were told of; everything is much work."""
    told: list[int] = []
    monkeypatch.setattr("escalation.tasks.tell", told.append)
    for name in ("QUICK", "QUICK_RULES"):
        monkeypatch.setattr(f"escalation.services.changes.{name}", -1)
    return told


@pytest.fixture
def case(case_in) -> Case:
    return case_in(State.HANDLING)


@pytest.mark.parametrize("address", ["/a/calendar/days", "/a/rules/edit"])
def test_a_worker_is_told_once_of_what_was_proposed(at_room, case, told, address):
    client = at_room()
    rules = filled() | {ORDINARY: "2"}
    sent = rules if address == "/a/rules/edit" else form_of(client.get(address)) | STORM
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    change = Change.objects.get()
    assert (change.state, change.previewed_at) == ("proposed", None)
    assert told == [change.pk]


def test_looking_again_tells_a_worker_too_and_folds_nothing_meanwhile(at_room, case, told):
    client = at_room()
    client.post("/a/rules/edit", filled() | {ORDINARY: "2"})
    change = Change.objects.get()
    Change.objects.update(previewed_at=change.proposed_at, preview={})
    page = client.get(f"/a/changes/{change.pk}")
    assert client.post(f"/a/changes/{change.pk}/again", form_of(page)).status_code == 302
    change.refresh_from_db()
    assert change.previewed_at is None
    assert told == [change.pk, change.pk]
