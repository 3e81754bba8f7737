"""Home and halls."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.rules import scope
from cases.selectors.figures import Figures, figures
from cases.selectors.halls import active_halls, main_hall
from escalation.selectors.opening import opening
from portal.citizen import drafts
from portal.citizen.cautions import numbers_in
from portal.shell import remember_theme, theme_of

ELSEWHERE = ("consumer", "emergency", "citizen_request", "legal_route")
FIGURES_FOR = 600  # seconds: everybody's first page must not count a million cases each time


class Elsewhere(NamedTuple):
    """A matter that belongs elsewhere, and the numbers to call."""

    label: str
    numbers: list[str]


class Counted(NamedTuple):
    """Figures with the moment they were counted."""

    figures: Figures
    at: datetime


def counted(now: datetime) -> Counted:
    """The public figures, counted anew every ten minutes at most."""
    found = cache.get("citizen:figures")
    if not isinstance(found, Counted) or found.at > now:
        found = Counted(figures(now), now)
        cache.set("citizen:figures", found, FIGURES_FOR)
    return found


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: file, follow, call; what we take and what belongs elsewhere."""
    now, hall = timezone.now(), main_hall()
    reasons = [scope.REASONS[code] for code in ELSEWHERE]
    context = {
        "hall": hall,
        "opening": opening(hall.pk if hall else None, now),
        "counted": counted(now),
        "elsewhere": [Elsewhere(reason.label, numbers_in(reason.contact)) for reason in reasons],
        "unfinished": not drafts.read(request).is_empty,
    }
    response = render(request, "citizen/home.html", context)
    if request.GET.get("elder") == "1":
        remember_theme(response, theme_of(request))
    return response


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """All halls with address, telephone and hours."""
    return render(request, "citizen/halls.html", {"halls": active_halls()})
