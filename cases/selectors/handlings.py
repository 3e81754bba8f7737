"""The present handling of a case (这次办理): what happened since its acceptance, or since it was last taken up again."""

from __future__ import annotations

from cases.models import Case, Event
from cases.rules.kinds import Kind


def events_of_handling(case: Case, *kinds: Kind) -> list[Event]:
    """Return the events of these kinds in the present handling of a locked case, in the order of recording; one query."""
    names = [kind.value for kind in (*kinds, Kind.REOPENED)]
    found = list(Event.objects.filter(case=case, kind__in=names).order_by("version"))
    began = max((event.version for event in found if event.kind == Kind.REOPENED), default=0)
    return [event for event in found if event.version > began]
