"""Notices (通知) of the actor's posts, the newest first. One event that reached several posts of one person is shown once."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.rules.grants import Actor
from cases.rules.kinds import Kind
from escalation.models import Notice
from escalation.rules.notices import title_of


class NoticeRow(NamedTuple):
    """One notice as a page shows it: `title` says what there is to know or do, `text` which matter it is about.

    What was written down long after (历史补录) is never unread: there is nothing to do at once.
    """

    id: int
    case_number: str
    place: str
    title: str
    text: str
    colour: str
    at: datetime
    is_unread: bool
    is_historical: bool


class NoticeSlice(NamedTuple):
    """A page of notices, and the id after which the next page starts (None at the end)."""

    rows: list[NoticeRow]
    next_before: int | None


def notices_page(
    actor: Actor, before: int | None = None, limit: int = 50, *, historical: bool = False
) -> NoticeSlice:
    """Notices of the actor's posts, those owed last first, by keyset on the id; one query.

    What was written down long after (历史补录) is a list of its own: an import must not bury what is to be done today.
    """
    found = (
        _shown_to(actor)
        .filter(historical=historical)
        .select_related("case__matter", "card")
        .defer("card__evidence")
    )
    found = found.filter(pk__lt=before) if before is not None else found
    notices = list(found.order_by("-pk")[: limit + 1])
    rows = [_row(notice) for notice in notices[:limit]]
    return NoticeSlice(rows, rows[-1].id if len(notices) > limit else None)


def unread_count(actor: Actor, limit: int = 99) -> int:
    """How many notices the actor has not read, counted no further than `limit` + 1; one query on a partial index."""
    return _shown_to(actor).filter(read_at__isnull=True, historical=False).order_by()[: limit + 1].count()


class Told(NamedTuple):
    """A post that was told of a card, and when. Whether anybody has read it is never shown (users.md 3)."""

    unit: str
    role: str
    rank: int | None
    at: datetime


def told_of(card_id: int) -> list[Told]:
    """The posts that a card was told to, the carded unit's own first, alike ones once; one query."""
    posts = Notice.objects.filter(card_id=card_id).order_by("recorded_at", "post__role", "post__rank", "pk")
    rows = posts.annotate(
        is_own=Q(post__department=F("card__department")) | Q(post__hall=F("card__hall"))
    ).values_list(
        "is_own", "post__department__name", "post__hall__name", "post__role", "post__rank", "recorded_at"
    )
    own_first = sorted(rows, key=lambda row: not row[0])
    told = (
        Told(department or hall or "", role, rank, at) for _, department, hall, role, rank, at in own_first
    )
    return list(dict.fromkeys(told))


def _shown_to(actor: Actor) -> QuerySet[Notice]:
    posts = [post.post_id for post in actor.posts if post.post_id]
    found = Notice.objects.filter(post_id__in=posts)
    if len(posts) < 2:
        return found
    twin = Notice.objects.filter(
        post_id__in=posts,
        post_id__lt=OuterRef("post_id"),
        case_id=OuterRef("case_id"),
        event_version=OuterRef("event_version"),
    )
    return found.filter(~Exists(twin))


def _row(notice: Notice) -> NoticeRow:
    card = notice.card
    about = (notice.colour, card.obligation, card.signal) if card else ()
    return NoticeRow(
        notice.pk,
        notice.case.number,
        notice.case.place,
        title_of(Kind(notice.kind), *about),
        notice.case.matter.name if notice.case.matter_id else "",
        notice.colour,
        notice.owed_at,
        notice.read_at is None and not notice.historical,
        notice.historical,
    )
