"""Reference data as pages need it: halls, departments, matters, obstacle reasons."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from cases.models import Alias, Department, Hall, Matter, Obstacle


def main_hall() -> Hall | None:
    """The city's hall, whose address and telephone stand at the foot of every page."""
    return Hall.objects.filter(is_main=True).first()


def active_halls() -> QuerySet[Hall]:
    """All halls, the city's first."""
    return Hall.objects.filter(is_active=True).order_by("-is_main", "code")


def active_departments() -> QuerySet[Department]:
    """All departments by code."""
    return Department.objects.filter(is_active=True).order_by("code")


def active_obstacles() -> QuerySet[Obstacle]:
    """Obstacle reasons in the order of their number keys."""
    return Obstacle.objects.filter(is_active=True).order_by("order")


def active_matters() -> QuerySet[Matter]:
    """All matters with their departments, by code."""
    return Matter.objects.filter(is_active=True).select_related("department").order_by("code")


def matters_like(text: str, *, limit: int = 8) -> Sequence[Matter]:
    """Matters that fit what was typed: code, part of the name, pinyin initials; best first."""
    text = text.strip()
    if not text:
        return []
    found = active_matters().filter(
        Q(code__iexact=text) | Q(name__contains=text) | Q(initials__startswith=text.lower())
    )
    return list(found[:limit])


def matters_in_text(text: str, *, limit: int = 3) -> Sequence[Matter]:
    """Matters proposed from a free description: those whose keywords or name parts occur most."""
    scored = []
    for matter in active_matters():
        words = [*matter.keywords, matter.name]
        score = sum(len(word) for word in words if word and word in text)
        if score:
            scored.append((-score, matter.code, matter))
    return [matter for _, _, matter in sorted(scored, key=lambda row: row[:2])[:limit]]


def department_named(text: str) -> Department | None:
    """The department of a name or alias as people write it."""
    text = text.strip()
    found = Department.objects.filter(name=text).first()
    if found:
        return found
    alias = Alias.objects.select_related("department").filter(name=text).first()
    return alias.department if alias else None
