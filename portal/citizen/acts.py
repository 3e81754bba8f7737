"""What a reporter does on a case opened with the query code: once, from the screen seen, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import BadInputError, CaseError, CaseNotFoundError, StaleScreenError
from cases.rules.flow import Act
from cases.rules.grants import open_acts
from cases.rules.refusals import refusal
from cases.selectors.facts import own_facts
from cases.services.perform import Asked
from portal.accounts.actors import citizen_of
from portal.citizen import drafts, opened, progress, story, unsent
from portal.citizen.act_forms import ActForm
from portal.once import already_done, once

CONFLICT, UNPROCESSABLE = 409, 422


class Meanwhile(NamedTuple):
    """What happened while the form was being filled in: told as on the case page, and the replies that came."""

    events: list[story.Event]
    replies: list[Any]


class ActPage:
    """One act on one case: shows its form, carries it out, tells what went wrong and keeps what was typed."""

    def __init__(self, request: HttpRequest, number: str, act: Act) -> None:
        self.request, self.number, self.act = request, number, act
        self.route = f"citizen:{act.value}"  # view, address, template and act share their name
        self.actor = citizen_of(request)
        self.waiting = unsent.read(request, number, act.value)
        self.case = self._fetched()

    def _fetched(self) -> Any | None:
        """The case, when the query code opened it in this browser; the last four digits let nobody act."""
        return (
            progress.opened_case(self.actor, self.number)
            if opened.is_whole(self.request, self.number)
            else None
        )

    def asked(self, form: ActForm) -> Asked:
        """What every act is asked with: the case, the person, the moment, and the screen it was decided on."""
        return {
            "number": self.number,
            "actor": self.actor,
            "now": timezone.now(),
            "seen_version": form.cleaned_data["version"],
        }

    def run(
        self,
        form_class: type[ActForm],
        act: Callable[[ActForm], Any],
        *,
        initial: dict[str, Any] | None = None,
        **more: Any,
    ) -> HttpResponse:
        """The usual shape: the form is shown, or carried out. A case that is not open here is opened first."""
        if self.request.method == "POST":
            return self._sent(form_class(self.request.POST, self.request.FILES), act, **more)
        if self.case is None:
            return self.away()
        first = {**(initial or {}), **self.waiting.typed, "version": self.case.version}
        return self.show(form_class(initial=first), **more)

    def _sent(self, form: ActForm, act: Callable[[ActForm], Any], **more: Any) -> HttpResponse:
        form.is_valid()
        key = form.cleaned_data.get("idem")
        done = already_done(self.request, self.route, key) if key else None
        if done:
            return redirect(done)
        if "files" in form.fields and opened.is_number(self.number):
            drafts.remove_file(self.waiting, self.request.POST.get("remove", ""))
            drafts.take_files(form, self.request.FILES.getlist("files"), self.waiting, now=timezone.now())
        if self.case is None:
            return self.away(form)
        if not form.errors and self.request.POST.keys() & {"add", "remove"}:
            self.keep(form)
            return redirect(self.route, self.number)
        return self._carry_out(form, act, **more)

    def away(self, form: ActForm | None = None) -> HttpResponse:
        """To the tracking form, with the number filled in; it leads back here, with what was typed."""
        if form is not None and opened.is_number(self.number):
            self.keep(form)
        return opened.to_form(self.number, self.act)

    def keep(self, form: ActForm) -> None:
        """Keep what was typed and the files taken so far, for the next time this page is opened."""
        self.waiting.typed = form.typed()
        unsent.write(self.request, self.waiting)

    def refused(self) -> str:
        """Why the act cannot be done now, empty when it can."""
        facts = own_facts(self.case)
        return "" if self.act in open_acts(self.actor, facts) else refusal(facts, self.act)

    def show(
        self,
        form: ActForm,
        *,
        problem: str = "",
        closed: str = "",
        meanwhile: Meanwhile | None = None,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        """Render the form; when it is too late, the sentence that says so and what was typed."""
        closed = self.refused() or closed
        context = {
            "form": form,
            "case": self.case,
            "act": self.act,
            "closed": closed,
            "problem": "" if closed else problem,
            "meanwhile": meanwhile,
            "files": self.waiting.files,
            **more,
        }
        return render(self.request, f"citizen/{self.act.value}.html", context, status=status)

    def _carry_out(self, form: ActForm, act: Callable[[ActForm], Any], **more: Any) -> HttpResponse:
        """Do the act once and go to the case; any refusal comes back on the form with what was typed."""
        if self.waiting.files:
            self.keep(form)
        if form.errors:
            return self.show(form, status=UNPROCESSABLE, **more)
        try:
            response = once(
                self.request, self.route, form.cleaned_data["idem"], lambda: self._done(act, form)
            )
        except StaleScreenError as stale:
            return self._stale(form, stale, **more)
        except CaseNotFoundError:
            return self.away(form)
        except BadInputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.show(form, status=UNPROCESSABLE, **more)
        except CaseError as error:
            return self.show(form, problem=error.message, status=CONFLICT, **more)
        drafts.drop(self.waiting.files)
        return response

    def _done(self, act: Callable[[ActForm], Any], form: ActForm) -> str:
        act(form)
        unsent.leave(self.request)
        self.request.session.save()
        return f"{reverse('citizen:case', args=[self.number])}?done={self.act.value}"

    def _stale(self, form: ActForm, stale: StaleScreenError, **more: Any) -> HttpResponse:
        """Tell what happened meanwhile and keep what was typed; the next press goes from the new version."""
        self.case = self._fetched()
        events, replies = story.since(self.actor, self.case, stale.seen_version)
        form.data = form.data.copy()
        form.data["version"] = str(self.case.version)
        return self.show(form, meanwhile=Meanwhile(events, replies), status=CONFLICT, **more)
