"""A stale screen (别人刚办过): who did what since the form was rendered, and what they wrote. Both texts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cases.rules import words
from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from cases.selectors.cases import case_for
from cases.selectors.content import Text, texts_for
from cases.selectors.timelines import Since, since_version

# Kinds whose word takes the case as its object: 已受理此件, but 已答复反映人.
TRANSITIVE = frozenset(
    {Kind.ACCEPTED, Kind.DISPATCHED, Kind.SIGNED, Kind.CLOSED, Kind.REOPENED, Kind.WITHDRAWN}
)
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Conflict:
    """What others did since the form was rendered, for the page that keeps both texts.

    `happened` has a sentence for each step, `written` what they wrote meanwhile, `version` the case as it is now.
    """

    happened: list[str]
    written: list[Text]
    version: int


def conflict_of(actor: Actor, number: str, seen_version: int, now: datetime) -> Conflict:
    """Say who did what after `seen_version`, and what they wrote."""
    case = case_for(actor, number)
    steps = [step for step in since_version(actor, case.pk, seen_version) if step.actor_name]
    written = [text for text in texts_for(actor, case) if text.version > seen_version]
    return Conflict([_told(step, now) for step in steps], written, case.version)


def _told(step: Since, now: datetime) -> str:
    """同事 贺文静 刚刚（14:02）已受理此件。"""
    at = timezone.localtime(step.recorded_at)
    if now - step.recorded_at <= JUST_NOW:
        when = f"刚刚（{at:%H:%M}）"
    elif at.date() == timezone.localdate(now):
        when = f"今天 {at:%H:%M} "
    else:
        when = f"{at.month}月{at.day}日 {at:%H:%M} "
    this = "此件" if step.kind in TRANSITIVE else ""
    return f"同事 {step.actor_name} {when}{words.KINDS[step.kind.value]}{this}。"
