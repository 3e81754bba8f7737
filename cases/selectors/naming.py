"""Every name that is written for what a city has: departments, halls, matters, obstacle reasons; inactive ones left out."""

from __future__ import annotations

from collections.abc import Iterable

from cases.models import Alias, Department, Hall, Matter, Obstacle
from cases.rules.register_units import Named


def department_names() -> list[Named]:
    """Departments with aliases and codes; two queries."""
    aliases: dict[int, list[str]] = {}
    for pk, name in Alias.objects.values_list("department_id", "name"):
        aliases.setdefault(pk, []).append(name)
    rows = Department.objects.filter(is_active=True).order_by("code").values_list("pk", "name", "code")
    return [Named(pk, name, (*aliases.get(pk, ()), code)) for pk, name, code in rows]


def hall_names() -> list[Named]:
    """Halls, the main one first, with codes and the short forms that their names have in use."""
    rows = Hall.objects.filter(is_active=True).order_by("-is_main", "code")
    return [
        Named(pk, name, (code, place, place.rpartition("-")[2], *_short(name)))
        for pk, name, code, place in rows.values_list("pk", "name", "code", "place")
    ]


def _short(hall: str) -> Iterable[str]:
    """东区街道政务服务大厅 is also written 东区街道大厅, 东区街道政务大厅, 东区街道, 东区街道政务服务中心."""
    if not hall.endswith("政务服务大厅"):
        return ()
    where = hall.removesuffix("政务服务大厅")
    return tuple(
        where + kind for kind in ("", "大厅", "政务大厅", "服务大厅", "政务服务中心", "便民服务中心")
    )


def matter_names() -> list[Named]:
    """Matters with their codes."""
    rows = Matter.objects.filter(is_active=True).order_by("code").values_list("pk", "name", "code")
    return [Named(pk, name, (code,)) for pk, name, code in rows]


def obstacle_names() -> list[Named]:
    """Obstacle reasons by the name at the counter."""
    rows = Obstacle.objects.filter(is_active=True).order_by("order").values_list("pk", "name", "code")
    return [Named(pk, name, (code,)) for pk, name, code in rows]
