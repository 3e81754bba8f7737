"""The first-run page, which is gone once it has done its work, and lists of units and people for the administrator."""

from __future__ import annotations

from django.contrib.auth import login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.rules.grants import Role
from cases.selectors.city import stock
from portal.accounts.actors import actor_of, staff_only
from portal.accounts.rooms import NavRow, other_rooms
from portal.errors import error_page
from portal.opening.first_run import open_portal
from portal.opening.forms import ListsForm, SetupForm
from portal.opening.lists import read_lists
from portal.opening.loading import DemoCityError, load_lists
from portal.opening.passwords import keep_passwords
from portal.opening.report import Report
from portal.opening.state import DEMO_REFUSAL, is_demo, is_open
from portal.sheets import SheetError
from portal.throttle import spend

UNPROCESSABLE = 422
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GONE = (
    "没有这个页面",
    "首次设置已经完成，这个页面不再开放。",
    "工作人员请从登录页进入；忘了密码请找系统管理员。",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """首次设置: with the code of the terminal the first administrator opens the portal; then it is 404 for ever."""
    if is_open():
        return error_page(request, 404, words=GONE)
    form = SetupForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        return _open(request, form)
    if form.has_error("code", "wrong_code") and not spend(request, "opening"):
        return error_page(request, 429, retry_after=600)
    return render(
        request, "opening/setup.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200
    )


def _open(request: HttpRequest, form: SetupForm) -> HttpResponse:
    """Open the portal and go on as its administrator; of two clicks at once the second finds it open."""
    try:
        user = open_portal(form, now=timezone.now(), today=timezone.localdate())
    except IntegrityError:
        return error_page(request, 404, words=GONE)
    login(request, user, backend=BACKEND)
    return redirect("opening:lists")


@staff_only(frozenset({Role.SYSTEM_ADMIN}))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """导入单位和人员: departments, halls, matters, people from spreadsheets; loading them again changes nothing."""
    form = ListsForm(request.POST, request.FILES) if request.method == "POST" else ListsForm()
    context = {"form": form, "nav": _nav(request), "demo_refusal": DEMO_REFUSAL if is_demo() else ""}
    if form.is_bound and form.is_valid():
        try:
            context["report"] = _load(form, is_dry_run="check" in request.POST)
        except (SheetError, DemoCityError) as wrong:
            form.add_error("files", str(wrong))
    context["stock"] = stock()
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "opening/lists.html", context, status=status)


def _load(form: ListsForm, *, is_dry_run: bool) -> Report:
    """Load what was chosen; first passwords are on this one page and in a private file."""
    now = timezone.localtime()
    report = load_lists(read_lists(form.contents()), today=now.date(), is_dry_run=is_dry_run)
    if report.passwords and not is_dry_run:
        keep_passwords(report.passwords, now=now)
    return report


def _nav(request: HttpRequest) -> list[NavRow]:
    here = ("导入单位和人员", reverse("opening:lists"), None, True, "")
    return [here, *other_rooms(actor_of(request).roles, "opening:lists")]
