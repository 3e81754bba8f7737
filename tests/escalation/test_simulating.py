"""试算: the same numbers whatever the size of a batch, and no more in memory than one of them."""

from __future__ import annotations

import gc

import pytest

from escalation.rules.cards import Handling
from escalation.rules.limits import parse_package
from escalation.services import simulating
from escalation.services.simulating import cases_simulated, simulate
from tests.escalation.crowd import AS_OF, gather
from tests.escalation.test_rule_changes import package


@pytest.mark.parametrize("batch", [1, 3])
def test_the_size_of_a_batch_changes_no_number_and_only_one_is_kept(city, monkeypatch, batch):
    gather()
    harder = parse_package(package(days=1))
    whole = simulate(harder, now=AS_OF)
    assert whole["present"]["blue"] > 5
    assert whole["cases"] == cases_simulated(AS_OF).count() > 10
    kept: list[int] = []

    def progress(done: int, total: int) -> None:
        gc.collect()
        kept.append(sum(isinstance(one, Handling) for one in gc.get_objects()))

    monkeypatch.setattr(simulating, "BATCH", batch)
    assert simulate(harder, now=AS_OF, progress=progress) == whole
    assert max(kept) <= 1
