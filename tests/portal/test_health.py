"""/healthz says what works, and never more than that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

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
