"""Outside causes (外部原因): what a province's or the nation's system, or a question put to it, holds up in many cases at once.

One record, one approval, one end; what is still to be done about each case is decided here. Source: users.md 68, policy.md F1.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class CauseKind(StrEnum):
    """What is waited for."""

    SYSTEM = "system"  # 国垂、省垂系统
    QUESTION = "question"  # 政策请示


class Step(StrEnum):
    """What is still to be done about one case that waits."""

    NOTHING = "nothing"
    SUSPEND = "suspend"  # 中止计时
    RENEW = "renew"  # 续中止
    RESUME = "resume"  # 恢复计时
    LATER = "later"  # its time has just run out, and the sweep has yet to say so


def step_for(
    *, owed_from: date, owed_until: date, is_over: bool, stands_until: date | None, today: date
) -> Step:
    """Return what brings a case to where its cause stands.

    The days after `owed_from` up to and including `owed_until` are to stand still, and since then it may be over (`is_over`);
    `stands_until` is the planned end of what stands still now.

    >>> from functools import partial
    >>> friday, tuesday = date(2026, 12, 18), date(2026, 12, 22)
    >>> of = partial(step_for, owed_from=date(2026, 11, 24), owed_until=friday, is_over=False, today=date(2026, 12, 1))
    >>> of(stands_until=None).value, of(stands_until=friday).value, of(stands_until=friday, owed_until=tuesday).value
    ('suspend', 'nothing', 'renew')

    What is over before anybody could carry it out is still owed; once it was carried out, nothing is:

    >>> over = partial(of, is_over=True, owed_until=date(2026, 11, 27))
    >>> over(stands_until=friday).value, over(stands_until=None).value
    ('resume', 'suspend')
    >>> over(stands_until=None, owed_from=date(2026, 11, 27)).value
    'nothing'
    >>> of(stands_until=friday, owed_until=tuesday, today=date(2026, 12, 19)).value
    'later'
    """
    if stands_until is not None and stands_until < today:
        return Step.LATER
    if stands_until is None:
        return Step.SUSPEND if owed_from < owed_until else Step.NOTHING
    if is_over:
        return Step.RESUME
    return Step.RENEW if owed_until > stands_until else Step.NOTHING
