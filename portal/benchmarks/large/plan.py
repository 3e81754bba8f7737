"""Which clone has which model, id and serial number: in arrays, so that a million of them take 20 MB."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from portal.benchmarks.large.casting import Model


class Clone(NamedTuple):
    """One clone: the position of its model, its case id, its serial of the day, the id of its first share."""

    model: int
    case_id: int
    serial: int
    first_share: int


class Plan:
    """All clones in the order of their ids, which is month by month the order of filing."""

    def __init__(
        self,
        models: Sequence[Model],
        shares: Sequence[int],
        clones: int,
        *,
        after_case: int,
        after_share: int,
    ) -> None:
        """`shares` says how many shares each model has; ids follow `after_case` and `after_share`."""
        self.models, self.after_case = models, after_case
        self._order = array("H", _interleaved(models, _counts(models, clones)))
        self._serials = array("I", bytes(4 * len(self._order)))
        self._firsts = array("Q", accumulate((shares[m] for m in self._order), initial=after_share + 1))

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, at: int) -> Clone:
        return Clone(self._order[at], self.after_case + 1 + at, self._serials[at], self._firsts[at])

    @property
    def last_share(self) -> int:
        """The last share id given out."""
        return self._firsts[-1] - 1

    def number(self, last: Mapping[date, int]) -> dict[date, int]:
        """Give every clone the next serial of its day after those in `last`; return the last serial of each day."""
        days = [model.filed_at.date() for model in self.models]
        serials = {day: last.get(day, 0) for day in days}
        for at, model in enumerate(self._order):
            serials[days[model]] += 1
            self._serials[at] = serials[days[model]]
        return serials


def _counts(models: Sequence[Model], clones: int) -> list[int]:
    """How many clones each model has: by weight, and exactly `clones` in all."""
    bounds = list(accumulate(model.weight for model in models))
    ends = [round(bound * clones / bounds[-1]) for bound in bounds]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _interleaved(models: Sequence[Model], counts: Sequence[int]) -> list[int]:
    """Month by month, and within a month the clones of all its models mixed evenly."""
    turns = [
        ((model.filed_at.year, model.filed_at.month), (turn + 0.5) / counts[at], at)
        for at, model in enumerate(models)
        for turn in range(counts[at])
    ]
    turns.sort()
    return [at for _, _, at in turns]
