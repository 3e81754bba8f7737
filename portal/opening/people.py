"""Rows of people become accounts with posts and a first password."""

from __future__ import annotations

import secrets
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.exceptions import ValidationError

from cases.rules import posting, words
from cases.rules.contacts import ContactError, clean_name, clean_phone, clean_spaces
from cases.rules.grants import Role
from cases.rules.places import fold
from cases.selectors.city import Names, holders_named, roles_held
from cases.services.city import Saved, save_holding
from cases.vault.pinyin import spelled
from portal.accounts.models import User
from portal.opening.lists import Entry, RowError, split

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when it is copied by hand
CHARACTERS = 16  # 79 bits


def add_person(entry: Entry, names: Names, *, today: date, is_dry_run: bool) -> tuple[User, str, Saved]:
    """Give one person their posts, with a new account when they have none; return it with its first password.

    The password is empty when the account was there. Errors: RowError.
    """
    name = _name(entry)
    unit = _unit(entry, names)
    roles = [_role(entry, text) for text in split(entry["role"].replace("/", "、").replace("+", "、"))]
    if not roles:
        raise RowError("role", "请写岗位，如 窗口人员、部门联络员。")
    posts = [_post(entry, role, unit, alone=len(roles) == 1) for role in roles]
    user, password = _account(entry, name, unit, is_dry_run=is_dry_run)
    _refuse_double_admin(user, roles)
    saved = [save_holding(user_id=user.pk, from_on=today, **unit, **post) for post in posts]
    if Role.SYSTEM_ADMIN in roles and not user.is_superuser:
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    is_new = bool(password) or any(row.is_new for row in saved)
    return user, password, Saved(user.pk, is_new, tuple(name for row in saved for name in row.changed))


def _name(entry: Entry) -> str:
    try:
        return clean_name(entry["name"])
    except ContactError as wrong:
        raise RowError("name", wrong.message) from None


def _unit(entry: Entry, names: Names) -> dict[str, int | None]:
    text = entry["unit"]
    hall, department = names.hall(text), names.department(text)
    if not text:
        raise RowError("unit", "请写单位：大厅或部门的名称。")
    if not hall and not department:
        raise RowError("unit", f"没有“{text}”这个大厅或部门。请写全称或别名，或先把它加进大厅、部门名单。")
    return {"hall_id": hall, "department_id": None if hall else department}


def _role(entry: Entry, text: str) -> Role:
    try:
        return posting.role_of(text)
    except posting.PostingError as wrong:
        raise RowError("role", wrong.message) from None


def _post(entry: Entry, role: Role, unit: dict[str, int | None], *, alone: bool) -> dict[str, object]:
    """What the row says about one post; a title belongs to the post only when the row has one post."""
    title = clean_spaces(entry["title"]) if alone else ""
    for column, check in (
        ("unit", lambda: posting.refuse_unit(role, in_hall=bool(unit["hall_id"]))),
        ("rank", lambda: posting.rank_of(role, entry["rank"], entry["title"], entry["role"])),
        ("seat", lambda: posting.seat_of(entry["seat"])),
    ):
        try:
            check()
        except posting.PostingError as wrong:
            raise RowError(column, wrong.message) from None
    return {
        "role": role,
        "title": (title or words.ROLES[role.value])[:40],
        "rank": posting.rank_of(role, entry["rank"], entry["title"], entry["role"]),
        "seat": posting.seat_of(entry["seat"]),
        "office_phone": _phone(entry),
    }


def _phone(entry: Entry) -> str | None:
    text = entry.said("office_phone")
    try:
        return clean_phone(text) if text else None
    except ContactError:
        return text[:30]  # an extension or a short number of the house: as it is written


def _account(entry: Entry, name: str, unit: dict[str, int | None], *, is_dry_run: bool) -> tuple[User, str]:
    """The person's account: by user name, else by name and unit; else a new one with a first password."""
    people = get_user_model().objects
    username = fold(entry["username"])
    if username:
        found = people.filter(username__iexact=username).first()
        if found and found.name != name:
            raise RowError("username", f"登录名 {username} 已经是{found.name}的，请换一个。")
    else:
        found = _namesake(name, unit)
    return (found, "") if found else _new_account(username or _free_username(name), name, is_dry_run)


def _namesake(name: str, unit: dict[str, int | None]) -> User | None:
    """Who has this name and a post in this unit. The same name elsewhere may be somebody else: that is asked, not guessed."""
    holders = holders_named(name)
    here = {user for user, hall, department in holders if (hall, department) == tuple(unit.values())}
    if len(here) == 1:
        return get_user_model().objects.get(pk=here.pop())
    if holders or get_user_model().objects.filter(name=name).exists():
        raise RowError(
            "username",
            f"已有一位{name}，看不出是不是同一个人。同一个人请填他的登录名，不是同一个人请另起登录名。",
        )
    return None


def _new_account(username: str, name: str, is_dry_run: bool) -> tuple[User, str]:
    password = "".join(secrets.choice(LETTERS) for _ in range(CHARACTERS))
    user = User(username=username, name=name, must_change_password=True)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError:
        raise RowError("username", "登录名只能用字母、数字和 @ . + - _ 这些符号，最多 150 个。") from None
    user.password = make_password(None) if is_dry_run else _digest(password)
    user.save()
    return user, password


def _digest(password: str) -> str:
    """Argon2 at its lightest: 79 random bits need no slow digest, and hundreds of people must not take minutes.

    The first log-in replaces it by the usual one, and the person by a password of their own.
    """
    hasher = Argon2PasswordHasher()
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 1024, 1
    return hasher.encode(password, hasher.salt())


def _free_username(name: str) -> str:
    """The name in pinyin, with a number when somebody has it: chenxiaoming, chenxiaoming2."""
    stem = spelled(name) or "user"
    taken = set(get_user_model().objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (made := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return made


def _refuse_double_admin(user: User, roles: list[Role]) -> None:
    held = posting.ADMINS & {*roles, *(Role(role) for role in roles_held(user.pk))}
    if len(held) > 1:
        raise RowError("role", "系统、安全、审计管理员不能由同一个人担任，请分给不同的人。")
