"""Pages that belong to no room: the theme switch, accessibility, privacy, site map."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from cases.rules.retention import kept_for_text
from portal.shell import THEMES, remember_theme


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switch 标准版, 长辈版 or 高对比 and come back to the same page."""
    chosen = request.POST.get("theme", "standard")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(_without_elder(target))
    remember_theme(response, chosen if chosen in THEMES else "standard")
    return response


def _without_elder(target: str) -> str:
    """Drop `elder=1` from the address to come back to: it would win over the theme just chosen.

    >>> _without_elder("/?elder=1"), _without_elder("/track?number=1&elder=1")
    ('/', '/track?number=1')
    """
    parts = urlsplit(target)
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "elder"])
    return urlunsplit(parts._replace(query=query))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍说明."""
    return render(request, "system/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """隐私政策."""
    return render(request, "system/privacy.html", {"kept_for": kept_for_text()})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """站点地图."""
    return render(request, "system/sitemap.html")
