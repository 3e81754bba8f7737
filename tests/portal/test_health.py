"""/healthz says what works, and never more than that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from escalation.models import Change
from escalation.services.sweep import sweep
from portal.celery import QUEUES, SIGN_OF_LIFE_SECONDS, app, doorbell, sign_of_life


@pytest.fixture
def working_queues() -> None:
    """Leave the signs of life of two workers."""
    for queue in ("clock", "work"):
        doorbell().set(sign_of_life(queue), "1", ex=SIGN_OF_LIFE_SECONDS)


def test_says_what_works(client: Client, city: None, working_queues: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json().keys() == {
        "status",
        "database",
        "broker",
        "workers",
        "beat",
        "lagging_folds",
        "owed_notices",
        "last_sweep",
        "calendar_years_missing",
        "changes_halted",
    }
    assert answer.json()["workers"] == {"clock": True, "work": True}


def test_a_silent_worker_is_missed_but_people_are_still_served(
    client: Client, city: None, working_queues: None
) -> None:
    doorbell().delete(sign_of_life("clock"))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["workers"] == {"clock": False, "work": True}
    assert answer.json()["status"] == "degraded"


def applying(minutes: int) -> Change:
    """A change whose last sign of life is so long ago."""
    then = timezone.now() - timedelta(minutes=minutes)
    given = {"proposed_name": "卓一鸣", "proposed_at": then - timedelta(days=1), "began_at": then}
    return Change.objects.create(
        kind="calendar", document={}, title="台风停工", basis="x", state="applying", done=3, total=9, **given
    )


@pytest.mark.parametrize(("minutes", "halted"), [(4, 0), (6, 1)])
def test_a_change_that_does_not_get_on_is_heard_of(
    client: Client, signed_in, city: None, working_queues: None, minutes: int, halted: int
) -> None:
    change = applying(minutes)
    sweep(now=timezone.now())
    answer = client.get("/healthz").json()
    assert answer["changes_halted"] == halted
    assert answer["status"] == "degraded" or not halted
    for person, page in (("supervisor", "/s/"), ("viewer", "/s/"), ("admin", "/a/"), ("audit", "/a/changes")):
        html = signed_in(person).get(page).content.decode()
        assert ("起停在 9 件中的第 3 件" in html) is bool(halted), page
        assert (f"/a/changes/{change.pk}" in html) is (bool(halted) or page == "/a/changes")
    Change.objects.update(worked_at=timezone.now())
    assert client.get("/healthz").json()["changes_halted"] == 0


@pytest.fixture
def _broker_gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    doorbell.cache_clear()
    yield
    doorbell.cache_clear()


@pytest.mark.usefixtures("_broker_gone")
def test_a_lost_broker_degrades(client: Client, city: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"], answer.json()["workers"]) == (200, False, None)


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    answer = client.get("/healthz")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert answer.json()["lagging_folds"] is None


def test_every_queue_in_the_beat_table_has_a_worker() -> None:
    assert {entry["options"]["queue"] for entry in app.conf.beat_schedule.values()} == set(QUEUES)
