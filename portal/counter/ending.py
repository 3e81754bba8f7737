"""The end of a case and what comes after it: closed, called back, taken up again."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse

from cases.services.aftercare import call_back as book_call
from cases.services.aftercare import reopen_case
from cases.services.closing import close_case
from escalation.selectors.reopening import reopen_until
from escalation.selectors.versions import rule_version_at
from portal.counter.acts import WindowAct, window_act
from portal.counter.answers import without
from portal.counter.calls import call_of, people_to_call
from portal.counter.closing_forms import CallBackForm, CloseForm
from portal.staff_forms import ReopenForm


@window_act
def close(act: WindowAct) -> HttpResponse:
    """办结: what came of it, how that is known, and whether others will meet the same."""
    return act.run(CloseForm, lambda form: close_case(**form.given(), **act.asked(form)))


@window_act
def call_back(act: WindowAct) -> HttpResponse:
    """回访. The number is shown while the call is owed (users.md 1); each showing is logged."""
    return act.run(
        CallBackForm,
        lambda form: book_call(**form.given(), **act.asked(form)),
        call=call_of(act.page, act.actor),
        people=people_to_call(act),
        rest=without(act.page, "reply"),
    )


@window_act
def reopen(act: WindowAct) -> HttpResponse:
    """重新办理: until the limit with a reason alone, later only with new facts."""
    until = reopen_until(act.page.case)
    return act.run(
        partial(ReopenForm, is_late=until is not None and act.page.now > until),
        lambda form: reopen_case(
            **form.given(), until=until, rule_version=rule_version_at(act.page.now), **act.asked(form)
        ),
        until=until,
    )
