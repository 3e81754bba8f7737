"""Demo accounts: one person per role, in posts of the sample city."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from cases.models import Department, Hall, Holding, Post

PASSWORD = "bancheng-demo-2026"  # noqa: S105 - printed by `up`, exists only in the sample city
SINCE = date(2026, 1, 1)


class Seat(NamedTuple):
    """One post of a demo person: unit code (H… hall, else department), role, title, rank; A or B holder of it."""

    unit: str
    role: str
    title: str
    rank: int | None = None
    seat: str = "A"


PEOPLE: tuple[tuple[str, str, tuple[Seat, ...]], ...] = (
    ("clerk", "林晓芸", (Seat("H01", "clerk", "窗口专员"),)),
    ("lead", "贺文静", (Seat("H01", "clerk_lead", "窗口负责人"), Seat("H01", "clerk", "窗口专员（兼）"))),
    ("dongqu", "梁可欣", (Seat("H02", "clerk", "窗口专员"),)),
    ("shijian", "岑志远", (Seat("S02", "liaison", "部门联络员"), Seat("S02", "handler", "登记科经办"))),
    ("shijian2", "温立群", (Seat("S02", "liaison", "部门联络员", seat="B"),)),
    (
        "budongchan",
        "邝美仪",
        (Seat("S04", "liaison", "部门联络员"), Seat("S04", "handler", "登记受理科经办")),
    ),
    ("renshe", "简家豪", (Seat("S07", "liaison", "部门联络员"), Seat("S07", "handler", "养老保险科经办"))),
    ("head", "关振邦", (Seat("S02", "head", "分管副局长", 2),)),
    ("head3", "冯国栋", (Seat("S02", "head", "局长", 3),)),
    ("supervisor", "郁建平", (Seat("S01", "supervisor", "政务督办专员"),)),
    (
        "supervisor2",
        "游思敏",
        (Seat("S01", "supervisor", "政务督办专员（二）"), Seat("H01", "follower", "跟办专员")),
    ),
    ("leader", "阮国强", (Seat("S01", "bureau_leader", "分管局领导"),)),
    ("viewer", "区慧贤", (Seat("S01", "viewer", "派驻纪检监察组"),)),
    ("admin", "卓一鸣", (Seat("S01", "system_admin", "系统管理员"),)),
    ("security", "麦嘉敏", (Seat("S01", "security_admin", "安全管理员"),)),
    ("audit", "霍启明", (Seat("S01", "audit_admin", "审计管理员"),)),
)


def _post(seat: Seat) -> Post:
    unit = (
        {"hall": Hall.objects.get(code=seat.unit)}
        if seat.unit.startswith("H")
        else {"department": Department.objects.get(code=seat.unit)}
    )
    post, _ = Post.objects.get_or_create(
        **unit, role=seat.role, title=seat.title, defaults={"rank": seat.rank}
    )
    return post


def load_people() -> list[str]:
    """Make the demo accounts; returns one line for each, to be printed. Safe to repeat; passwords are not reset."""
    lines, password = [], ""
    for username, name, seats in PEOPLE:
        is_admin = any(seat.role == "system_admin" for seat in seats)
        user, is_new = get_user_model().objects.get_or_create(
            username=username, defaults={"name": name, "is_staff": is_admin, "is_superuser": is_admin}
        )
        if is_new:
            user.password = password = password or make_password(PASSWORD)  # once: hashing is slow on purpose
            user.save(update_fields=["password"])
        for seat in seats:
            Holding.objects.get_or_create(
                post=_post(seat), user=user, defaults={"from_on": SINCE, "seat": seat.seat}
            )
        units = "、".join(dict.fromkeys(str(_post(seat)) for seat in seats))
        lines.append(f"{username:<12} {name}（{units}）")
    return lines
