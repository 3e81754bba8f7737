"""Tables and constraints, no rules."""

from escalation.models.calendar import CalendarDay, CalendarVersion, OfficeHours, RuleVersion, YearNotice
from escalation.models.clock import Clock
from escalation.models.sweep import SweepRun

__all__ = ["CalendarDay", "CalendarVersion", "Clock", "OfficeHours", "RuleVersion", "SweepRun", "YearNotice"]
