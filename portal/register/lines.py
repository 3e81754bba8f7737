"""The lines of a register for an export or a form: fetched for the actor, masked unless a purpose was given and logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.rules.grants import Actor
from cases.selectors.register_lines import Line, Scope, masked_lines
from cases.services.revealing import reveal_lines
from escalation.selectors.cards import cards_of_cases
from escalation.selectors.clocks import dues_of
from portal.register.catalogue import Row

MOST_ROWS = 20_000  # in one file; whoever needs more takes a shorter period


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: a scope, and a purpose when names and numbers are to stand in clear."""

    actor: Actor
    scope: Scope
    purpose: str
    now: datetime

    @property
    def clear(self) -> bool:
        """Whether people are shown in clear."""
        return bool(self.purpose)


def rows_of(wanted: Wanted) -> Iterator[Row]:
    """Yield the rows, oldest first, in batches of steady cost. Errors: NotAllowedError, BadInputError, before the first row."""
    batches = (
        reveal_lines(scope=wanted.scope, purpose=wanted.purpose, actor=wanted.actor, now=wanted.now)
        if wanted.clear
        else masked_lines(wanted.actor, wanted.scope)
    )
    return _rows(batches, wanted)


def _rows(batches: Iterator[list[Line]], wanted: Wanted) -> Iterator[Row]:
    order = 0
    for batch in batches:
        ids = [line.case_id for line in batch]
        dues, cards = dues_of(ids, wanted.now), cards_of_cases(ids)
        for line in batch:
            order += 1
            yield Row(order, line, wanted.clear, dues.get(line.case_id), cards.get(line.case_id, []))
