"""Everybody else who works in the sample city: windows of all halls, liaisons and heads of the departments.

The people of `people.py` are those one logs in as; these make the city whole. Invented names, the same every time, and
the same password. Tests do without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from cases.models import Department, Hall, Holding, Post
from cases.rules.grants import Role
from portal.demo.people import PASSWORD, PEOPLE, SINCE, Seat

SURNAMES = "安柏曹常邓杜方费葛郝洪胡蒋康柯蓝黎廖柳卢马毛穆聂潘庞裴齐钱秦邵沈盛舒宋苏谭唐田童万韦文吴夏萧谢"
GIVEN = (  # two characters each
    "安琪柏霖碧云昌明辰宇传芳春晓德胜丹青恩泽方舟凤仪国梁海燕瀚文浩然红梅慧敏嘉禾建业洁莹锦程静怡骏杰凯旋乐瑶立新丽华林峰美玲明远乃文培英启航清扬荣升瑞雪若兰少华思源"
    "婷玉维民文博晓彤欣悦兴邦雅琴一帆永康玉洁泽楷振宇志强卓然子墨"
)
UNATTENDED = frozenset(
    {"S31", "T13"}
)  # nobody works here yet: dispatching to them must be possible all the same


class Worker(NamedTuple):
    """One person of the staff: user name, name, posts."""

    username: str
    name: str
    seats: tuple[Seat, ...]


def load_staff() -> int:
    """Make posts and accounts of the whole city; returns how many accounts are new. Safe to repeat."""
    halls = {hall.code: hall for hall in Hall.objects.all()}
    departments = {department.code: department for department in Department.objects.all()}
    workers = list(_workers(sorted(halls), sorted(departments.values(), key=lambda unit: unit.code)))
    posts = _posts([seat for worker in workers for seat in worker.seats], halls, departments)
    users, is_new = _users(workers)
    Holding.objects.bulk_create(
        (
            Holding(post=posts[seat[:3]], user_id=users[worker.username], seat=seat.seat, from_on=SINCE)
            for worker in workers
            for seat in worker.seats
        ),
        ignore_conflicts=True,
    )
    return is_new


def _users(workers: list[Worker]) -> tuple[dict[str, int], int]:
    """User ids by user name; the password is hashed once, because hashing is slow on purpose."""
    user = get_user_model()
    known = set(user.objects.values_list("username", flat=True))
    missing = [worker for worker in workers if worker.username not in known]
    password = make_password(PASSWORD) if missing else ""
    user.objects.bulk_create(user(username=w.username, name=w.name, password=password) for w in missing)
    return dict(user.objects.values_list("username", "pk")), len(missing)


def _posts(
    seats: list[Seat], halls: dict[str, Hall], departments: dict[str, Department]
) -> dict[tuple[str, str, str], Post]:
    """All posts by unit code, role and title, those made that were missing."""

    def stored() -> dict[tuple[str, str, str], Post]:
        rows = Post.objects.select_related("hall", "department").order_by("-pk")
        return {((post.hall or post.department).code, post.role, post.title): post for post in rows}

    known = stored()
    missing = {seat[:3]: seat for seat in seats if seat[:3] not in known}
    Post.objects.bulk_create(
        Post(
            hall=halls.get(seat.unit),
            department=departments.get(seat.unit),
            role=seat.role,
            title=seat.title,
            rank=seat.rank,
        )
        for seat in missing.values()
    )
    return stored()


def _workers(halls: list[str], departments: list[Department]) -> Iterator[Worker]:
    """Everybody, by user name: `h05a` and `h05b` at a window, `h05l` its lead; `s16a`, `s16b` liaisons, `s16h` heads."""
    taken = {(seat.unit, seat.role, seat.rank, seat.seat) for _, _, seats in PEOPLE for seat in seats}
    names = _names()
    for username, seats in _wanted(halls, departments):
        name = next(
            names
        )  # also of those who are not needed, so that nobody is renamed when somebody moves in
        left = tuple(s for s in seats if (s.unit, s.role, s.rank, s.seat) not in taken)
        if left:
            yield Worker(username, name, left)


def _wanted(halls: list[str], departments: list[Department]) -> Iterator[tuple[str, tuple[Seat, ...]]]:
    for code in halls:
        clerk, lead = (Role.CLERK.value, Role.CLERK_LEAD.value)
        yield f"{code}l".lower(), (Seat(code, lead, "窗口负责人"),)
        yield f"{code}a".lower(), (Seat(code, clerk, "窗口专员"),)
        yield f"{code}b".lower(), (Seat(code, clerk, "窗口专员", seat="B"),)
    for unit in departments:
        if not unit.has_account or unit.code in UNATTENDED:
            continue
        code, liaison = unit.code, Role.LIAISON.value
        yield (
            f"{code}a".lower(),
            (Seat(code, liaison, "部门联络员"), Seat(code, Role.HANDLER.value, "经办人")),
        )
        yield f"{code}b".lower(), (Seat(code, liaison, "部门联络员", seat="B"),)
        for rank, title in _heads(unit):
            yield f"{code}h{rank}".lower(), (Seat(code, Role.HEAD.value, title, rank),)


def _heads(unit: Department) -> list[tuple[int, str]]:
    """Titles of the heads: big departments have two, small units one."""
    if unit.code.startswith("S"):
        return [(2, "分管负责人"), (3, "主要负责人")]
    return [(3, "主要负责人")]


def _names() -> Iterator[str]:
    """Invented names without end; the steps have no factor in common with the lists, so that namesakes are rare."""
    step, given = 0, [GIVEN[at : at + 2] for at in range(0, len(GIVEN), 2)]
    while True:
        turn = step // len(SURNAMES)
        yield SURNAMES[(step * 17) % len(SURNAMES)] + given[(step * 13 + turn * 7) % len(given)]
        step += 1
