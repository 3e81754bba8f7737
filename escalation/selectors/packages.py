"""Reading rule packages (规则包): the versions with where they come from, and which one is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from escalation.models import Change, RuleVersion
from escalation.rules.changes import ChangeKind, ChangeState
from escalation.rules.limits import RulePackage, parse_package


class Version(NamedTuple):
    """One saved version. `until` is the last day on which cases were accepted under it, None for the newest.

    `change` is the id of the change that made it, with who approved that; None for what was loaded or set up.
    """

    number: int
    package: RulePackage
    document: Mapping[str, Any]
    basis: str
    entered_by: str
    created_at: datetime
    until: date | None = None
    change: int | None = None
    approved_by: str = ""
    approved_at: datetime | None = None

    @property
    def effective_from(self) -> date:
        """From when it governs."""
        return self.package.effective_from

    @property
    def is_void(self) -> bool:
        """Whether a later version with the same date took its place before anything was accepted under it."""
        return self.until is not None and self.until < self.effective_from

    def is_in_force(self, today: date) -> bool:
        """Whether what is accepted today falls under it."""
        return self.effective_from <= today and (self.until is None or today <= self.until)

    def is_coming(self, today: date) -> bool:
        """Whether it will take effect."""
        return self.effective_from > today and not self.is_void


class Proposal(NamedTuple):
    """A change of the rules that nobody has decided on yet."""

    pk: int
    title: str
    by_name: str
    proposed_at: datetime


def package_versions() -> Sequence[Version]:
    """Return all versions, the newest first. Two queries."""
    made = Change.objects.filter(kind=ChangeKind.RULES.value, version__isnull=False)
    changes = {row[0]: row[1:] for row in made.values_list("version", "pk", "approved_name", "approved_at")}
    found: list[Version] = []
    for row in RuleVersion.objects.order_by("-version"):
        following = [version.effective_from for version in found]
        until = min(following) - timedelta(days=1) if following else None
        own = row.version, parse_package(row.document), row.document
        origin = row.source, row.entered_by, row.created_at
        found.append(Version(*own, *origin, until, *changes.get(row.version, ())))
    return found


def waiting_rules() -> Sequence[Proposal]:
    """Return the changes of the rules that wait for a decision, the oldest first."""
    rows = Change.objects.filter(kind=ChangeKind.RULES.value, state=ChangeState.PROPOSED.value)
    columns = ("pk", "title", "proposed_name", "proposed_at")
    return [Proposal(*row) for row in rows.order_by("pk").values_list(*columns)]


def in_force_on(versions: Sequence[Version], today: date) -> Version | None:
    """Return the version under which cases are accepted on a day, as `Rulebook.in_force_at` chooses it."""
    return next((v for v in versions if v.is_in_force(today)), versions[-1] if versions else None)
