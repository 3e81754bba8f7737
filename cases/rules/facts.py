"""What the tables of grants need to know of a case; `cases.selectors.facts` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.rules.flow import State


@dataclass(frozen=True)
class CaseFacts:
    """What the tables need to know of a case."""

    case_id: int
    state: State
    hall_id: int
    department_ids: frozenset[int] = field(default_factory=frozenset)
    waiting_department_ids: frozenset[int] = field(default_factory=frozenset)  # shares not yet answered
    unsigned_department_ids: frozenset[int] = field(default_factory=frozenset)  # … nor signed
    carried_department_ids: frozenset[int] = field(
        default_factory=frozenset
    )  # waiting, of units without account
    is_called_back: bool = False  # both since the last closing
    is_rated: bool = False
    is_badly_rated: bool = False  # and the three of 差评整改
    is_rater_contacted: bool = False
    is_rectified: bool = False
    reopenings: int = 0
    is_erased: bool = False
