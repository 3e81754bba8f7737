"""Obligations (各环节时限): who owes what from which event to which. A new obligation is one more row.

Source: policy.md F1 (case and step clocks) and F3 (steps). A row names the kinds that start and stop its clock, whether it
runs on the case or on each share, and the step of the rule package that says how long it may take.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from cases.rules.classes import ShareRole
from cases.rules.kinds import Kind


class Obligation(StrEnum):
    """What is owed, named as in words.OBLIGATIONS; in the order of computing, so that shares may look at their case."""

    ACCEPTANCE = "acceptance"  # 受理
    DISPATCH = "dispatch"  # 转办
    CASE = "case"  # 整件办结
    ANSWER = "answer"  # 部门答复


class Row(NamedTuple):
    """How one obligation's clock runs; `steps` maps the role of a share to its step ("" for the case)."""

    starts: frozenset[Kind]
    stops: frozenset[Kind]
    on_share: bool = False
    steps: Mapping[str, str] = MappingProxyType({})


# After these nothing is owed any more, whatever the row says.
ENDINGS = frozenset({Kind.CLOSED, Kind.REDIRECTED, Kind.ERASED})

OBLIGATIONS: Mapping[Obligation, Row] = MappingProxyType(
    {
        Obligation.ACCEPTANCE: Row(
            starts=frozenset({Kind.SUBMITTED, Kind.REGISTERED}),
            stops=frozenset({Kind.ACCEPTED}),
            steps=MappingProxyType({"": "acceptance"}),
        ),
        Obligation.DISPATCH: Row(
            starts=frozenset({Kind.ACCEPTED}),
            stops=frozenset({Kind.DISPATCHED}),
            steps=MappingProxyType({"": "dispatch"}),
        ),
        Obligation.CASE: Row(  # its limit comes from difficulty and nature, not from a step
            starts=frozenset({Kind.ACCEPTED}),
            stops=frozenset(),
        ),
        Obligation.ANSWER: Row(
            starts=frozenset({Kind.DISPATCHED}),
            stops=frozenset({Kind.ANSWERED}),
            on_share=True,
            steps=MappingProxyType({ShareRole.LEAD.value: "answer", ShareRole.CO.value: "co_answer"}),
        ),
    }
)
