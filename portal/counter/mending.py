"""A bad rating (差评) at the window: whoever gave it is contacted, what was wrong is mended."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse

from cases.rules.classes import BAD_GRADES
from cases.selectors.content import Text
from cases.selectors.ratings import RatingLine
from cases.services.rectifying import contact_rater as book_contact
from cases.services.rectifying import rectify_case
from escalation.selectors.clocks import ClockView
from portal.casepage import OWED, CasePage
from portal.counter.acts import WindowAct, window_act
from portal.counter.answers import without
from portal.counter.calls import people_to_call
from portal.counter.mending_forms import ContactRaterForm, RectifyForm

OPINIONS = ("rating", "call_back")  # what the reporter wrote, and what the window wrote down of a call


class Badly(NamedTuple):
    """The bad rating that an act answers, the words that came with it, and until when the act is owed."""

    rating: RatingLine | None
    opinions: list[Text]
    due: ClockView | None


def badly_of(act: WindowAct) -> Badly:
    """Read it from the case page; costs no query."""
    page = act.page
    bad = (rating for rating in page.ratings if rating.grade in BAD_GRADES)
    return Badly(next(bad, None), _opinions(page), page.running(OWED[act.act]))


def _opinions(page: CasePage) -> list[Text]:
    """What was written with ratings and call-backs since the closing, the newest first."""
    since = page.case.closed_at
    texts = (text for text in reversed(page.texts) if text.purpose in OPINIONS)
    return [text for text in texts if since is not None and text.written_at >= since]


@window_act
def contact_rater(act: WindowAct) -> HttpResponse:
    """联系评价人. The number is shown while the contact is owed; each showing is logged."""
    return act.run(
        ContactRaterForm,
        lambda form: book_contact(**form.given(), **act.asked(form)),
        badly=badly_of(act),
        people=people_to_call(act),
        rest=without(act.page, *OPINIONS),
    )


@window_act
def rectify(act: WindowAct) -> HttpResponse:
    """整改: what was done about it; the reporter reads it and may rate again."""
    return act.run(
        RectifyForm,
        lambda form: rectify_case(**form.given(), **act.asked(form)),
        badly=badly_of(act),
        rest=without(act.page, *OPINIONS),
    )
