"""What was written for an act but not sent yet: the half hour was over, or more files are to come. Sealed in the session."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

from cases.services.drafts import DraftFile, open_draft, seal_draft
from portal.citizen import drafts

KEY = "unsent"


@dataclass
class Unsent:
    """One form: of which case and act, what was typed, and the files that were already taken."""

    number: str
    act: str
    typed: dict[str, Any] = field(default_factory=dict)
    files: list[DraftFile] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was typed and nothing was chosen."""
        return not (self.files or any(self.typed.values()))


def read(request: HttpRequest, number: str, act: str) -> Unsent:
    """What waits for this act on this case; empty when there is nothing, or it belongs to another."""
    kept = _kept(request)
    return kept if kept and (kept.number, kept.act) == (number, act) else Unsent(number, act)


def write(request: HttpRequest, unsent: Unsent) -> None:
    """Keep it, in place of what was kept before: one form at a time."""
    kept = _kept(request)
    if kept and (kept.number, kept.act) != (unsent.number, unsent.act):
        drafts.drop(kept.files)
    request.session[KEY] = seal_draft(asdict(unsent))


def leave(request: HttpRequest) -> None:
    """Take it out of the session; its files are dropped separately, once the act has been committed."""
    request.session.pop(KEY, None)


def _kept(request: HttpRequest) -> Unsent | None:
    sealed = request.session.get(KEY)
    values = open_draft(sealed) if sealed else {}
    if not values:
        return None
    return Unsent(**{**values, "files": [DraftFile(*row) for row in values["files"]]})
