"""Does the timeline still say what was written? Names the first bad case and event."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from cases.models import Anchor, AnchorHead, Case, Event
from cases.timeline import event_body
from cases.vault.digests import chain_matches

BATCH = 500  # cases read at a time


class Fault(NamedTuple):
    """Something in a chain that does not hold. `version` is the event, 0 when the case as a whole is meant."""

    number: str
    version: int
    what: str


def faults(numbers: list[str] | None = None) -> Iterator[Fault]:
    """Yield what does not hold, case by case in ascending id; memory stays flat."""
    cases = Case.objects.order_by("pk")
    if numbers:
        cases = cases.filter(number__in=numbers)
    last, is_full = 0, True
    while is_full:
        batch = list(cases.filter(pk__gt=last).values_list("pk", "number", "version", "head_hash")[:BATCH])
        last, is_full = (batch[-1][0] if batch else last), len(batch) == BATCH
        events = Event.objects.filter(case_id__in=[row[0] for row in batch]).order_by("case_id", "version")
        by_case = {key: list(group) for key, group in groupby(events, key=lambda event: event.case_id)}
        for pk, number, version, head in batch:
            yield from _case_faults(number, version, head, by_case.get(pk, []))
    if not numbers:
        yield from _anchor_faults()


def _case_faults(number: str, version: int, head: str, events: list[Event]) -> Iterator[Fault]:
    prev = ""
    for expected, event in enumerate(events, 1):
        if event.version != expected:
            yield Fault(number, expected, f"第 {expected} 条流转记录缺失")
            return
        if event.prev_hash != prev or not chain_matches(event.hash, prev, event_body(event)):
            yield Fault(number, event.version, f"第 {event.version} 条流转记录与写入时不一致")
            return
        prev = event.hash
    if len(events) != version:
        yield Fault(
            number, min(len(events), version) + 1, f"应有 {version} 条流转记录，现有 {len(events)} 条"
        )
    elif prev != head:
        yield Fault(number, version, "最后一条流转记录与案卷记下的不一致")


def _anchor_faults() -> Iterator[Fault]:
    prev = ""
    for anchor in Anchor.objects.order_by("pk").iterator():
        heads = list(
            AnchorHead.objects.filter(anchor=anchor)
            .order_by("case_id")
            .values_list("case_id", "version", "hash")
        )
        body = {"taken_at": anchor.taken_at, "heads": [list(head) for head in heads]}
        if anchor.prev_hash != prev or not chain_matches(anchor.hash, prev, body):
            yield Fault("", anchor.pk, f"第 {anchor.pk} 个锚点与写入时不一致")
            return
        prev = anchor.hash
        yield from _moved_heads(anchor, heads)


def _moved_heads(anchor: Anchor, heads: list[tuple[int, int, str]]) -> Iterator[Fault]:
    """Yield the cases whose event at the anchored version is no longer the one that was anchored."""
    found = {
        (case_id, version): digest
        for case_id, version, digest in Event.objects.filter(case_id__in=[h[0] for h in heads]).values_list(
            "case_id", "version", "hash"
        )
    }
    for case_id, version, digest in heads:
        if found.get((case_id, version)) != digest:
            number = Case.objects.filter(pk=case_id).values_list("number", flat=True).first() or str(case_id)
            yield Fault(
                number, version, f"第 {version} 条流转记录与 {anchor.taken_at:%Y-%m-%d %H:%M} 的锚点不一致"
            )
