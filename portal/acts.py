"""Acts from forms, for all staff rooms: once, with the version seen, and with every refusal told on the same page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.errors import BadInputError, CaseError, CaseNotFoundError, StaleScreenError
from cases.rules.flow import Act
from cases.rules.grants import Actor
from cases.services.perform import Asked
from portal.accounts.actors import actor_of
from portal.casepage import CasePage, case_page
from portal.conflicts import Conflict, conflict_of
from portal.once import OnceForm, already_done, once

CONFLICT, UNPROCESSABLE = 409, 422


def page_for(request: HttpRequest, number: str) -> CasePage:
    """The case page of this request's actor, or 404."""
    try:
        return case_page(actor_of(request), number, timezone.now())
    except CaseNotFoundError:
        raise Http404 from None


class ActPage:
    """One act on one case: shows its form, carries it out, tells what went wrong and keeps what was typed."""

    def __init__(self, request: HttpRequest, number: str, route: str, template: str, target: str) -> None:
        self.request = request
        self.route = route
        self.template = template
        self.target = target
        self.act = Act(route.partition(":")[2])  # view, address and act share their name
        self.page = page_for(request, number)
        self.actor: Actor = actor_of(request)

    @property
    def number(self) -> str:
        """The case's number."""
        return self.page.case.number

    def asked(self, form: OnceForm) -> Asked:
        """What every act is asked with: the case, the person, the moment, and the screen it was decided on."""
        return {
            "number": self.number,
            "actor": self.actor,
            "now": timezone.now(),
            "seen_version": form.cleaned_data["version"],
        }

    def run(
        self,
        form_class: Callable[..., OnceForm],
        act: Callable[[OnceForm], Any],
        *,
        initial: dict[str, Any] | None = None,
        **more: Any,
    ) -> HttpResponse:
        """The usual shape of an act: the form is shown, or filled in and carried out."""
        if self.request.method != "POST":
            return self.show(
                form_class(initial={"version": self.page.case.version, **(initial or {})}), **more
            )
        form = form_class(self.request.POST, self.request.FILES)
        return self.carry_out(form, lambda: act(form), **more)

    def show(
        self,
        form: OnceForm,
        *,
        problem: str = "",
        conflict: Conflict | None = None,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        """Render the form with what is known of the case."""
        closed = self.page.refusal_of(self.act)
        context = {
            "form": form,
            "page": self.page,
            "problem": problem,
            "conflict": conflict,
            "closed": closed if closed != problem else "",
            "possible": not closed,
            **more,
        }
        return render(self.request, self.template, context, status=status)

    def carry_out(self, form: OnceForm, act: Callable[[], Any], **more: Any) -> HttpResponse:
        """Do the act once and go to the case; any refusal comes back on the form with what was typed."""
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE, **more)
        key = form.cleaned_data["idem"]
        done = already_done(self.request, self.route, key)
        if done:
            return redirect(done)
        try:
            return once(self.request, self.route, key, lambda: self._done(act))
        except StaleScreenError as stale:
            return self._stale(form, stale, **more)
        except CaseNotFoundError:
            raise Http404 from None
        except BadInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.show(form, status=UNPROCESSABLE, **more)
        except CaseError as error:
            return self.show(form, problem=error.message, status=CONFLICT, **more)

    def _done(self, act: Callable[[], Any]) -> str:
        act()
        return self.target

    def _stale(self, form: OnceForm, stale: StaleScreenError, **more: Any) -> HttpResponse:
        """Show what others did and what was typed; the next press goes from the new version."""
        conflict = conflict_of(self.actor, self.number, stale.seen_version, timezone.now())
        form.data = form.data.copy()
        form.data["version"] = str(conflict.version)
        self.page = page_for(self.request, self.number)
        return self.show(form, conflict=conflict, status=CONFLICT, **more)
