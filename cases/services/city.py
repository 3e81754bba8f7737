"""Making a city: its name, departments, halls, matters, and who holds which post. Every function is safe to repeat.

What is not said (None) stays as it is, so that a file with fewer columns takes nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models, transaction

from cases.errors import BadInputError
from cases.models import Alias, City, Department, Hall, Holding, Matter, Post
from cases.rules.grants import Role
from cases.rules.places import fold, place_of, short_city
from cases.vault.pinyin import initials


class Saved(NamedTuple):
    """What became of one row: `changed` names the fields that an existing row got anew."""

    id: int
    is_new: bool
    changed: tuple[str, ...] = ()


@transaction.atomic
def name_city(*, name: str, short_name: str | None = None, opened_at: datetime | None = None) -> City:
    """Name the city, make its row when there is none; with `opened_at` the portal counts as opened from then on.

    Halls that have no case yet get their place for case numbers anew.
    """
    city = City.objects.select_for_update().first() or City()
    city.name = name
    city.short_name = short_city(name) if short_name is None else short_name
    city.opened_at = city.opened_at or opened_at
    city.save()
    for hall in Hall.objects.filter(cases__isnull=True):
        Hall.objects.filter(pk=hall.pk).update(place=_free_place(hall, city))
    return city


@transaction.atomic
def save_department(
    *,
    department_id: int | None,
    name: str | None,
    code: str | None = None,
    level: str | None = None,
    parent_id: int | None = None,
    territory_id: int | None = None,
    has_account: bool | None = None,
    phone: str | None = None,
    aliases: Iterable[str] = (),
) -> Saved:
    """Add or complete a department (部门); aliases are added, never taken away.

    Errors: BadInputError for what is too long, an alias that another department has, a department above itself.
    """
    department = Department.objects.get(pk=department_id) if department_id else Department()
    values = {
        "name": name,
        "code": code or (None if department.pk else _free_code(Department, "D")),
        "level": level,
        "parent_id": parent_id,
        "territory_id": territory_id,
        "has_account": has_account,
        "phone": phone,
    }
    _refuse_circle(department, parent_id)
    saved = _apply(department, values)
    added = [alias for alias in aliases if _add_alias(department, alias)]
    return saved._replace(changed=(*saved.changed, *(["别名"] if added and not saved.is_new else [])))


@transaction.atomic
def save_hall(*, hall_id: int | None, name: str, place: str | None = None, **said: Any) -> Saved:
    """Add or complete a hall (大厅): code, level, address, phone, hours_text; its place for numbers is made from its name."""
    hall = Hall.objects.get(pk=hall_id) if hall_id else Hall()
    if not hall.pk:
        hall.name = name
        place = place or _free_place(hall, City.objects.first())
        said = {**said, "code": said.get("code") or _free_code(Hall, "H")}
    return _apply(hall, {"name": name, "place": place, **said})


@transaction.atomic
def choose_main_hall() -> Hall | None:
    """Make one hall the city's main one (电话和地址写在每页下方) when none is; return it when it was chosen now."""
    if Hall.objects.filter(is_main=True).exists():
        return None
    halls = list(Hall.objects.filter(is_active=True).order_by("code"))
    chosen = next((hall for hall in halls if not re.search("镇|乡|街道", hall.level + hall.name)), None)
    chosen = chosen or next(iter(halls), None)
    if chosen:
        chosen.is_main = True
        chosen.save(update_fields=["is_main"])
    return chosen


@transaction.atomic
def save_matter(
    *,
    matter_id: int | None,
    name: str,
    department_id: int,
    code: str | None = None,
    keywords: list[str] | None = None,
    materials: list[str] | None = None,
) -> Saved:
    """Add or complete a matter (事项)."""
    matter = Matter.objects.get(pk=matter_id) if matter_id else Matter()
    return _apply(
        matter,
        {
            "name": name,
            "code": code or (None if matter.pk else _free_code(Matter, "M")),
            "department_id": department_id,
            "keywords": keywords or None,
            "materials": materials or None,
            "initials": initials(name)[:80],
        },
    )


@transaction.atomic
def save_holding(
    *,
    user_id: int,
    role: Role,
    title: str,
    seat: str,
    from_on: date,
    hall_id: int | None = None,
    department_id: int | None = None,
    rank: int | None = None,
    office_phone: str | None = None,
) -> Saved:
    """Give a person a post (任岗), making the post when the unit has none of this role and title."""
    unit = models.Q(hall_id=hall_id) if hall_id else models.Q(department_id=department_id)
    post = Post.objects.filter(unit, role=role.value, title=title).first() or Post()
    values = {
        "role": role.value,
        "title": title,
        "hall_id": hall_id,
        "department_id": department_id,
        "rank": rank,
        "office_phone": office_phone,
    }
    saved = _apply(post, values)
    holding, is_new = Holding.objects.get_or_create(
        post=post, user_id=user_id, defaults={"seat": seat, "from_on": from_on}
    )
    if is_new:
        return Saved(holding.pk, True)
    seated = _apply(holding, {"seat": seat})
    return Saved(holding.pk, False, saved.changed + seated.changed)


def _apply(row: models.Model, values: dict[str, Any]) -> Saved:
    """Set what is said and different, save, and name in Chinese what an existing row got anew."""
    said = {name: value for name, value in values.items() if value is not None}
    _refuse_long(row, said)
    if row.pk is None:
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
        return Saved(row.pk or 0, True)
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
    return Saved(row.pk, False, tuple(_title(row, name) for name in changed))


def _title(row: models.Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def _refuse_long(row: models.Model, said: dict[str, Any]) -> None:
    for name, value in said.items():
        most = getattr(row._meta.get_field(name.removesuffix("_id")), "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            raise BadInputError(name, f"{_title(row, name)}太长，最多 {most} 个字。")


def _refuse_circle(department: Department, parent_id: int | None) -> None:
    above = Department.objects.filter(pk=parent_id).first() if parent_id and department.pk else None
    while above:
        if above.pk == department.pk:
            raise BadInputError("parent_id", "上级又是它自己的下级，请核对。")
        above = above.parent


def _add_alias(department: Department, alias: str) -> bool:
    """Add an alias unless it says nothing new; refuse one that would name two departments."""
    if len(alias) > 60:
        raise BadInputError("aliases", "别名太长，最多 60 个字。")
    other = Department.objects.filter(name=alias).exclude(pk=department.pk).first()
    found = Alias.objects.select_related("department").filter(name=alias).first()
    if found and found.department_id != department.pk:
        other = found.department
    if other:
        raise BadInputError("aliases", f"别名“{alias}”已经指 {other.name}，不能再指别的部门。")
    if found or fold(alias) == fold(department.name):
        return False
    Alias.objects.create(department=department, name=alias)
    return True


def _free_code(model: type[models.Model], prefix: str) -> str:
    """The next code of our own making: D001, D002 …"""
    codes = model._default_manager.filter(code__regex=rf"^{prefix}[0-9]+$").values_list("code", flat=True)
    return f"{prefix}{max((int(code[len(prefix) :]) for code in codes), default=0) + 1:03d}"


def _free_place(hall: Hall, city: City | None) -> str:
    """The place of a hall in case numbers; two halls never share one."""
    name, short = (city.name, city.short_name) if city else ("", "")
    place = place_of(hall.name, name)
    if short and name and short != short_city(name):
        place = f"{short}{place.removeprefix(short_city(name))}"
    taken = Hall.objects.exclude(pk=hall.pk).filter(place=place).exists()
    return "-".join(filter(None, (short, fold(hall.name))))[:20] if taken else place
