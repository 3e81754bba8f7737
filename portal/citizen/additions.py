"""What comes in between: the reporter adds something (补充材料) or withdraws (撤回)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from cases.rules.flow import Act
from cases.services.additions import supplement_case, withdraw_case
from portal.citizen import drafts
from portal.citizen.act_forms import ActForm, SupplementForm, WithdrawForm
from portal.citizen.acts import ActPage


@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """补充材料: a note, photographs, or both, while the case is open."""
    page = ActPage(request, number, Act.SUPPLEMENT)

    def add(form: ActForm) -> None:
        supplement_case(
            text=form.cleaned_data["text"], files=drafts.contents(page.waiting), **page.asked(form)
        )

    return page.run(SupplementForm, add)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: what it means, then once more the question."""
    page = ActPage(request, number, Act.WITHDRAW)
    return page.run(
        WithdrawForm,
        lambda form: withdraw_case(reason=form.cleaned_data["reason"], **page.asked(form)),
    )
