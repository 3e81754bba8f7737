"""What a city has, loaded once for an import: names of units and matters, and the office hours of halls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from cases.rules.register_units import Directory
from cases.selectors.city import the_city
from cases.selectors.halls import main_hall
from cases.selectors.naming import department_names, hall_names, matter_names, obstacle_names
from escalation.rules.calendar import CalendarError
from escalation.selectors.versions import InForce, in_force

_OPENS, _CLOSES = time(9), time(17)  # of a day without office hours (a rest day, a year that no calendar has)


@dataclass(frozen=True)
class Directories:
    """The names that rows are read by."""

    departments: Directory
    halls: Directory
    matters: Directory
    obstacles: Directory
    main_hall_id: int | None
    in_force: InForce

    def opens(self, hall_id: int, day: date) -> time:
        """Return when the hall's office hours begin on `day`."""
        return self._sessions(hall_id, day)[0]

    def closes(self, hall_id: int, day: date) -> time:
        """Return when the hall's office hours end on `day`."""
        return self._sessions(hall_id, day)[1]

    def _sessions(self, hall_id: int, day: date) -> tuple[time, time]:
        try:
            work_time = self.in_force.work_time(hall_id)
            if not work_time.calendar.is_working_day(day):
                return _OPENS, _CLOSES
            sessions = work_time.sessions_on(day)
        except CalendarError:
            return _OPENS, _CLOSES
        return sessions[0].opens, sessions[-1].closes


def load_directories() -> Directories:
    """Load everything that rows may name; eight queries."""
    city, main = the_city(), main_hall()
    name = city.name if city else ""
    halls = hall_names()
    only = main.pk if main else halls[0].id if len(halls) == 1 else None
    return Directories(
        Directory(department_names(), name),
        Directory(halls, name),
        Directory(matter_names(), name),
        Directory(obstacle_names()),
        only,
        in_force(),
    )
