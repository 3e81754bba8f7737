"""照表填报: somebody else's blank sheet, its heads matched with what the register knows, filled for a period."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import CaseError
from cases.rules.grants import Role
from cases.selectors.content import OpenFile
from cases.selectors.register_lines import count_in
from cases.services.safekeeping import put_away, take_out
from portal.accounts.actors import REGISTER, actor_of, staff_only
from portal.downloads import download
from portal.models import HeaderWord, SheetTemplate
from portal.once import OnceForm, already_done, once
from portal.paging import row_id_of
from portal.register.blanks import fill_blank, read_blank
from portal.register.catalogue import BY_KEY, Field, field_like
from portal.register.forms import BlankForm, FillForm, this_year
from portal.register.lines import Wanted, rows_of
from portal.register.navigation import navigation
from portal.sheets import SheetError, fold_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPROCESSABLE = 422
AT_ONCE = 20
MOST_LINES = 5000  # in a blank: it is filled in memory
TOO_MANY = f"这段时间超过 {MOST_LINES} 件，一张表放不下，请缩短时间或只选一个大厅。"
NONE = "这段时间没有登记的事项，请换一段时间。"


@staff_only(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest) -> HttpResponse:
    """Bring a blank, or take one that was brought before."""
    if request.method != "POST":
        return _show(request, BlankForm())
    form = BlankForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, UNPROCESSABLE)
    key = form.cleaned_data["idem"]
    done = already_done(request, "register:fill", key)
    if done:
        return redirect(done)
    file = form.cleaned_data["file"]
    try:
        return once(request, "register:fill", key, lambda: _keep(request, file.name, file.read()))
    except SheetError as refused:
        form.add_error("file", str(refused))
        return _show(request, form, UNPROCESSABLE)


def _keep(request: HttpRequest, name: str, data: bytes) -> str:
    """Keep a blank; the same one again is the same."""
    blank, digest = read_blank(data), hashlib.sha256(data).hexdigest()
    kept, _ = SheetTemplate.objects.get_or_create(
        sha256=digest,
        defaults={
            "user_id": request.user.pk,
            "name": name[-120:],
            "headers": [head for _, head in blank.heads],
            "file_sealed": put_away(data, f"blank:{digest}"),
            "kept_at": timezone.now(),
        },
    )
    return reverse("register:template", args=[kept.pk])


def _show(request: HttpRequest, form: BlankForm, status: int = 200) -> HttpResponse:
    before = row_id_of(request.GET.get("before", ""))
    kept = SheetTemplate.objects.select_related("user").defer("file_sealed").order_by("-pk")
    rows = list((kept.filter(pk__lt=before) if before else kept)[: AT_ONCE + 1])
    context = {
        "form": form,
        "templates": rows[:AT_ONCE],
        "end": rows[AT_ONCE - 1].pk if len(rows) > AT_ONCE else None,
        "once": OnceForm(),
        "me": request.user.pk,
        "supervisor": Role.SUPERVISOR in actor_of(request).roles,
        **navigation(request, "fill"),
    }
    return render(request, "register/fill.html", context, status=status)


@staff_only(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """One blank: what goes below each head, to be corrected, and the period; by POST the filled sheet."""
    kept, actor, now = _kept(pk), actor_of(request), timezone.now()
    matched = matches_of(kept.headers)
    if request.method != "POST":
        begin = this_year(timezone.localdate(now))
        return _template(request, kept, FillForm(actor=actor, matched=matched, initial=begin))
    form = FillForm(request.POST, actor=actor, matched=matched)
    if not form.is_valid():
        return _template(request, kept, form, UNPROCESSABLE)
    wanted = Wanted(actor, form.scope(), form.purpose_given(), now)
    number = count_in(actor, wanted.scope)
    if not 0 < number <= MOST_LINES:
        form.add_error(None, TOO_MANY if number else NONE)
        return _template(request, kept, form, UNPROCESSABLE)
    try:
        content = fill_blank(_content(kept), form.chosen(), list(rows_of(wanted)))
    except CaseError as refused:
        form.add_error(None, refused.message)
        return _template(request, kept, form, UNPROCESSABLE)
    remember(form.chosen(), user_id=request.user.pk, now=now)
    return download(OpenFile(kept.name, XLSX, content))


def _template(request: HttpRequest, kept: SheetTemplate, form: FillForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "template": kept, **navigation(request, "fill")}
    return render(request, "register/template.html", context, status=status)


@staff_only(REGISTER)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a blank off the list: whoever brought it, or a supervisor. Twice is once."""
    kept = _kept(pk)
    if kept.user_id != request.user.pk and Role.SUPERVISOR not in actor_of(request).roles:
        raise Http404
    kept.delete()
    return redirect("register:fill")


def matches_of(heads: Sequence[str]) -> dict[str, Field | None]:
    """What goes below each head: what somebody chose for the same word before, else what it most likely means. One query."""
    words = {head: fold_header(head)[:60] for head in heads}
    chosen = dict(HeaderWord.objects.filter(word__in=set(words.values())).values_list("word", "column"))
    return {
        head: BY_KEY.get(chosen[word]) if word in chosen else field_like(head) for head, word in words.items()
    }


def remember(chosen: Mapping[str, Field | None], *, user_id: int, now: datetime) -> None:
    """Keep for next time what was chosen for each head. One query."""
    rows = {
        word: HeaderWord(word=word, column=field.key if field else "", user_id=user_id, chosen_at=now)
        for head, field in chosen.items()
        if (word := fold_header(head)[:60])
    }
    HeaderWord.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["column", "user", "chosen_at"],
    )


def _kept(pk: int) -> SheetTemplate:
    kept = SheetTemplate.objects.filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


def _content(kept: SheetTemplate) -> bytes:
    return take_out(kept.file_sealed, f"blank:{kept.sha256}")
