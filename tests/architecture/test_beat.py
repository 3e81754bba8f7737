"""Every periodic entry names a task that exists, a queue that a worker listens to, and when it expires."""

from __future__ import annotations

import pytest

from portal.celery import QUEUES, app


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_a_beat_entry_is_complete(name):
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule[name]
    assert entry["task"] in app.tasks
    assert entry["options"]["queue"] in QUEUES
    assert entry["options"]["expires"] > 0


def test_the_sweep_runs_each_minute_and_its_ticks_do_not_pile_up():
    entry = app.conf.beat_schedule["sweep"]
    assert entry["schedule"] == 60.0
    assert entry["options"]["expires"] == 55
