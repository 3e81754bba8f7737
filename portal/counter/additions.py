"""What the reporter brings to the window in between: something to add, or the wish to stop."""

from __future__ import annotations

from django.http import HttpResponse

from cases.services.additions import supplement_case, withdraw_case
from portal.counter.acts import WindowAct, window_act
from portal.counter.addition_forms import SupplementForm, WithdrawForm


@window_act
def supplement(act: WindowAct) -> HttpResponse:
    """补充材料: a note, photographs or papers brought to the window."""
    return act.run(SupplementForm, lambda form: supplement_case(**form.given(), **act.asked(form)))


@window_act
def withdraw(act: WindowAct) -> HttpResponse:
    """撤回, at the reporter's wish."""
    return act.run(WithdrawForm, lambda form: withdraw_case(**form.given(), **act.asked(form)))
