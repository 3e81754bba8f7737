"""What every page needs around it: city, theme, main hall, person and unit. Lazy: nobody pays for what is not shown."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cases.models import Hall
from cases.selectors.halls import main_hall
from escalation.selectors.notices import unread_count
from portal.accounts.actors import DEPARTMENT, SUPERVISION, WINDOW, actor_of, unit_for, units_for
from portal.opening.state import city_name, is_demo

THEMES = ("standard", "elder", "contrast")
YEAR = 365 * 24 * 3600  # seconds
STAFF = WINDOW | DEPARTMENT | SUPERVISION  # who has notices
MOST_UNREAD = 99  # counted no further


class Shell:
    """The frame of one page."""

    # The main hall as this process last read it: whom to call when the database is away (portal.errors).
    last_hall: ClassVar[Hall | None] = None

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def hall(self) -> Hall | None:
        """The city's main hall, whose address and telephone stand at the foot."""
        found = main_hall()
        Shell.last_hall = found or Shell.last_hall
        return found

    @cached_property
    def unit_name(self) -> str:
        """The hall or department acted in."""
        unit = unit_for(self._request)
        return unit.name if unit else ""

    @cached_property
    def person(self) -> str:
        """Name and posts of the person acting: 林晓芸（窗口专员）."""
        unit = unit_for(self._request)
        name = self._request.user.get_full_name() if self._request.user.is_authenticated else ""
        return f"{name}（{'、'.join(unit.titles)}）" if unit else name

    @cached_property
    def unread(self) -> int | None:
        """How many notices (通知) the person has not read, one above the limit for more; None for who gets none."""
        if not self._request.user.is_authenticated:
            return None
        actor = actor_of(self._request)
        return unread_count(actor, limit=MOST_UNREAD) if actor.roles & STAFF else None

    @property
    def unread_text(self) -> str:
        """The count as the navigation shows it."""
        return f"{MOST_UNREAD}+" if (self.unread or 0) > MOST_UNREAD else str(self.unread or 0)

    @cached_property
    def has_other_units(self) -> bool:
        """Whether the switcher has anything to offer."""
        return len(units_for(self._request)) > 1


def theme_of(request: HttpRequest) -> str:
    """The theme of this browser: `?elder=1`, else the cookie, else standard."""
    if request.GET.get("elder") == "1":
        return "elder"
    theme = request.COOKIES.get("theme", "standard")
    return theme if theme in THEMES else "standard"


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Keep the theme for a year."""
    response.set_cookie(
        "theme", theme, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request), "theme": theme_of(request), "city": city_name(), "is_demo": is_demo()}
