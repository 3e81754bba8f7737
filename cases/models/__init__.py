"""Tables and constraints, no rules."""

from cases.models.access import AccessEntry
from cases.models.case import Case, DaySerial, Share
from cases.models.causes import Cause, CauseCase, CauseReview
from cases.models.city import City
from cases.models.content import Attachment, CaseKey, CaseText, Party
from cases.models.posts import Absence, Holding, Post
from cases.models.ratings import Rating
from cases.models.reference import Alias, Department, Hall, Matter, Obstacle
from cases.models.register import RegisterEntry
from cases.models.suspensions import Suspension
from cases.models.timeline import Anchor, AnchorHead, Event

__all__ = [
    "Absence",
    "AccessEntry",
    "Alias",
    "Anchor",
    "AnchorHead",
    "Attachment",
    "Case",
    "CaseKey",
    "CaseText",
    "Cause",
    "CauseCase",
    "CauseReview",
    "City",
    "DaySerial",
    "Department",
    "Event",
    "Hall",
    "Holding",
    "Matter",
    "Obstacle",
    "Party",
    "Post",
    "Rating",
    "RegisterEntry",
    "Share",
    "Suspension",
]
