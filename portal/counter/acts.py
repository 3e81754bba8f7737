"""What the window's acts have in common: one guarded page each, with the room around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.rules import words
from portal.accounts.actors import WINDOW, staff_only
from portal.acts import ActPage
from portal.counter.fresh import fresh_of
from portal.counter.navigation import navigation
from portal.once import OnceForm


class WindowAct(ActPage):
    """One act on one case at the window; what was registered just now still shows its query code."""

    def show(self, form: OnceForm, **more: Any) -> HttpResponse:
        """Render the form with the room's frame around it."""
        around = {"name": words.ACTS[self.act.value], "fresh": fresh_of(self.request, self.page.case.pk)}
        return super().show(form, **{**around, **navigation(self.request), **more})


def act_on(request: HttpRequest, number: str, name: str) -> WindowAct:
    """The page of the act called `name`; it leads back to the case."""
    target = reverse("counter:case", args=[number])
    return WindowAct(request, number, f"counter:{name}", f"counter/{name}.html", target)


def window_act(view: Callable[[WindowAct], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make an act's page of a function that is named after its act: guarded, shown by GET, carried out by POST."""

    @staff_only(WINDOW)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, number: str) -> HttpResponse:
        return view(act_on(request, number, view.__name__))

    return page
