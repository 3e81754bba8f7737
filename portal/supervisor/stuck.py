"""卡在哪: one computed sentence for a case that is late or soon will be. Who owes what, how late, and what was last done."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from cases.rules import words
from escalation.selectors.cards import CardView
from escalation.selectors.owed import Debt, Owed
from portal.casepage import OWED

ACTS = {obligation: words.ACTS[act.value] for act, obligation in OWED.items()}


def stuck(case: Owed, now: datetime) -> str:
    """Return the sentence, from the open clocks and the last thing that a person did.

    市住建局 应在 9月28日 17:30 前答复窗口，已超 2 个工作日；9月25日 已签收，此后没有新的记录。
    """
    first, parts = case.debts[0], [owing(case.debts[0], now)]
    others = dict.fromkeys(debt.owes for debt in case.debts if debt.owes != first.owes)
    if others:
        parts.append(
            f"{'、'.join(others)} 也没有按时办" if _is_late(first) else f"{'、'.join(others)} 也快到期"
        )
    if case.latest:
        about = case.latest.department if case.latest.department != first.owes else ""
        what = " ".join(part for part in (about, words.KINDS[case.latest.kind.value]) if part)
        at = timezone.localtime(case.latest.at)
        is_today = at.date() == timezone.localdate(now)
        parts.append(f"今天 {at:%H:%M} {what}" if is_today else f"{_day(at, now)} {what}，此后没有新的记录")
    return "；".join(parts) + "。"


def owing(debt: Debt, now: datetime) -> str:
    """Who owes what by when, and how it stands: 市住建局 应在 9月28日 17:30 前答复窗口，已超 2 个工作日."""
    due = timezone.localtime(debt.clock.due_at)
    standing = debt.clock.standing
    over = f"已超 {standing.days} 个工作日" if _is_late(debt) and standing.days else standing.text
    return f"{debt.owes} 应在 {_day(due, now)} {due:%H:%M} 前{ACTS[debt.clock.obligation]}，{over}"


def red_next(case: Owed, now: datetime) -> datetime | None:
    """When the case earns its next red card (转红牌) if nothing is done; a unit that has one gets no other."""
    carded = {card.unit for card in case.cards if card.colour == "red"}
    coming = [d.red_at for d in case.debts if d.red_at and d.red_at > now and d.owes not in carded]
    return min(coming, default=None)


def gravest(cards: list[CardView]) -> list[CardView]:
    """The live cards that a list shows: red and yellow ones, or a reminder when there is nothing worse."""
    worse = [card for card in cards if card.colour != "blue"]
    return worse or cards[:1]


def _is_late(debt: Debt) -> bool:
    return debt.clock.standing.tone == "overdue"


def _day(at: datetime, now: datetime) -> str:
    year = f"{at.year}年" if at.year != timezone.localtime(now).year else ""
    return f"{year}{at.month}月{at.day}日"
