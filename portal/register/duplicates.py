"""Is a row the same matter as another? By identity, by its case number, and by words that are all but the same."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from cases.errors import CaseError
from cases.rules.numbering import NumberError, parse
from cases.selectors.register import alike
from cases.services.register import PaperCase

WITHIN = timedelta(days=3)
_SAME, _LIKE = 0.9, 0.6
_ENOUGH = 12  # characters; shorter problems are alike by chance


class Near(NamedTuple):
    """A row or case that the row is like: sure enough to be the same, or only worth a remark."""

    row: int | None
    number: str
    is_same: bool


@dataclass
class Before:
    """What was there before a row: cases of these telephones, and the rows of the file so far that are cases or will be."""

    phones: Set[str]
    _by_person: dict[tuple[str, int | None], list[tuple[int, PaperCase]]] = field(default_factory=dict)

    def add(self, row: int, paper: PaperCase) -> None:
        """Remember a row."""
        if paper.phone:
            self._by_person.setdefault((paper.phone, paper.matter_id), []).append((row, paper))

    def near(self, paper: PaperCase) -> Near | None:
        """Return the earlier row, or else the case, that is most like this one, of the same telephone and matter within days."""
        rows = [
            (likeness_of(paper.statement, other.statement), row, "")
            for row, other in self._by_person.get((paper.phone, paper.matter_id), ())
            if abs(other.registered_at - paper.registered_at) <= WITHIN
        ]
        return _best(rows) or (_best(_cases_like(paper)) if paper.phone in self.phones else None)


def _cases_like(paper: PaperCase) -> list[tuple[float, int, str]]:
    """Two queries."""
    cases = alike(paper.phone, paper.matter_id, paper.registered_at, WITHIN)
    return [(likeness_of(paper.statement, case.statement), 0, case.number) for case in cases]


def _best(found: Iterable[tuple[float, int, str]]) -> Near | None:
    likeness, row, number = max(found, key=lambda one: one[0], default=(0.0, 0, ""))
    return Near(row or None, number, likeness >= _SAME) if likeness >= _LIKE else None


def likeness_of(one: str, other: str) -> float:
    """Return how alike two problems are told, 0 to 1.

    >>> likeness_of("户政的号我怎么约都约不上，请帮忙看看。", "户政的号，我怎么约都约不上 请帮忙看看")
    1.0
    >>> likeness_of("约不上号", "约不上号")
    0.0
    """
    first, second = _told(one), _told(other)
    if min(len(first), len(second)) < _ENOUGH:
        return 0.0
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _LIKE else 0.0


def _told(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def case_number(text: str) -> str | None:
    """Return the digits of a case number of ours, None for what other offices number their rows with.

    >>> case_number("岐安-东区-261022-00009-9"), case_number("2026-017"), case_number("261022-00008-9")
    ('261022000099', None, None)
    """
    try:
        return parse(text)
    except (NumberError, CaseError):
        return None


def numbers_in(texts: Iterable[str]) -> dict[str, str]:
    """Return the case numbers of cells, by the cell's text."""
    found = {text: case_number(text) for text in texts if text}
    return {text: number for text, number in found.items() if number}
