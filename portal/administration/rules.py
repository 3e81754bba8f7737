"""规则: the rules in force as sentences, all versions with where they come from, and what two of them say differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalation.rules.sentences import differences, sentences
from escalation.selectors.packages import Version, in_force_on, package_versions, waiting_rules
from portal.accounts.actors import staff_only
from portal.administration.guard import READERS
from portal.administration.navigation import navigation


@staff_only(READERS)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, what is coming or waits for approval, and every version."""
    versions, today = package_versions(), timezone.localdate()
    current = in_force_on(versions, today)
    context = {
        "current": current,
        "groups": sentences(current.package) if current else [],
        "waiting": waiting_rules(),
        "coming": [version for version in versions if version.is_coming(today)],
        "versions": told(versions),
        **navigation(request, "rules"),
    }
    return render(request, "administration/rules.html", context)


@staff_only(READERS)
@require_safe
def rules_version(request: HttpRequest, number: int) -> HttpResponse:
    """One version in sentences, with its provenance and how it differs from the one before."""
    versions = package_versions()
    version = _version(versions, number)
    before = next((v for v in versions if v.number < number), None)
    context = {
        "row": next(row for row in told(versions) if row["version"] is version),
        "groups": sentences(version.package),
        "before": before,
        "differences": differences(before.package, version.package) if before else [],
        **navigation(request, "rules"),
    }
    return render(request, "administration/rules_version.html", context)


@staff_only(READERS)
@require_safe
def rules_differences(request: HttpRequest) -> HttpResponse:
    """Any two versions side by side; which two stands in the address."""
    versions = package_versions()
    if len(versions) < 2:
        return render(
            request,
            "administration/rules_differences.html",
            {"versions": versions, **navigation(request, "rules")},
        )
    old, new = (
        _version(versions, _number(request.GET.get(name), usual.number))
        for name, usual in (("from", versions[1]), ("to", versions[0]))
    )
    context = {
        "versions": versions,
        "old": old,
        "new": new,
        "differences": differences(old.package, new.package),
        **navigation(request, "rules"),
    }
    return render(request, "administration/rules_differences.html", context)


def told(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Each version with its standing today, in words."""
    today = timezone.localdate()
    current = in_force_on(versions, today)
    return [{"version": version, "standing": _standing(version, current)} for version in versions]


def _standing(version: Version, current: Version | None) -> str:
    if version is current:
        return "现行"
    if version.is_void:
        return "未曾适用"
    return "将生效" if current is None or version.number > current.number else "以前受理的仍适用"


def _version(versions: Sequence[Version], number: int) -> Version:
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404
    return found


def _number(text: str | None, usual: int) -> int:
    """A version number from an address; whatever we did not write is the usual one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else usual
