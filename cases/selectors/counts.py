"""How many cases wait in each tab of a room: one query for all tabs, counted no further than a page can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import CharField, Value

from cases.rules.grants import Actor
from cases.selectors.cases import cases_seen_by
from cases.selectors.queues import Waiting, owing


def counts_up_to(actor: Actor, groups: Mapping[str, Waiting], *, limit: int = 99) -> dict[str, int]:
    """How many cases wait in each group, of those closed only what has yet to be called back.

    A count above `limit` comes out as `limit` + 1.
    """
    parts = [
        cases_seen_by(actor)
        .filter(owing(waiting))
        .annotate(group=Value(name, CharField()))
        .order_by()
        .values("group")[: limit + 1]
        for name, waiting in groups.items()
    ]
    counted = Counter(row["group"] for row in parts[0].union(*parts[1:], all=True)) if parts else Counter()
    return {name: counted[name] for name in groups}
