"""Tables and constraints, no rules."""

from escalation.models.calendar import CalendarDay, CalendarVersion, OfficeHours, RuleVersion, YearNotice
from escalation.models.card import Card, CardSerial
from escalation.models.changes import CardDoubt, Change
from escalation.models.clock import Clock
from escalation.models.notice import Notice
from escalation.models.sweep import SweepRun

__all__ = [
    "CalendarDay",
    "CalendarVersion",
    "Card",
    "CardDoubt",
    "CardSerial",
    "Change",
    "Clock",
    "Notice",
    "OfficeHours",
    "RuleVersion",
    "SweepRun",
    "YearNotice",
]
