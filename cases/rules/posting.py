"""What a list of people says about a post (岗位), in the words of an office: role, rank of a head, seat A or B."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType as Frozen

from cases.rules import words
from cases.rules.grants import Role
from cases.rules.places import fold

UNHELD = frozenset({Role.CITIZEN, Role.REGISTRAR, Role.SYSTEM})
IN_HALL = frozenset({Role.CLERK, Role.CLERK_LEAD})
ANYWHERE = frozenset({Role.FOLLOWER})  # 跟办专员 goes along with cases, from a hall or from a department
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})  # 三员: never in one person

# What offices write besides the term of words.ROLES.
_ALSO: Mapping[str, Role] = Frozen(
    {
        "窗口专员": Role.CLERK,
        "窗口工作人员": Role.CLERK,
        "窗口": Role.CLERK,
        "值班领导": Role.CLERK_LEAD,
        "联络员": Role.LIAISON,
        "经办人": Role.HANDLER,
        "经办": Role.HANDLER,
        "科室负责人": Role.HEAD,
        "分管负责人": Role.HEAD,
        "分管领导": Role.HEAD,
        "主要负责人": Role.HEAD,
        "主要领导": Role.HEAD,
        "政务督办专员": Role.SUPERVISOR,
        "督办员": Role.SUPERVISOR,
        "分管局领导": Role.BUREAU_LEADER,
        "纪检监察": Role.VIEWER,
        "纪检": Role.VIEWER,
        "管理员": Role.SYSTEM_ADMIN,
    }
)
_ROLES: Mapping[str, Role] = Frozen(
    {
        **_ALSO,
        **{fold(words.ROLES[role.value]): role for role in Role if role not in UNHELD},
        **{role.value: role for role in Role if role not in UNHELD},
    }
)
_RANKS = (
    (3, re.compile(r"主要|一把手|^3$|^三$")),
    (2, re.compile(r"分管|副(?:局长|主任|书记|行长|镇长|处长)|^2$|^二$")),
    (1, re.compile(r"科|股|所长|室|^1$|^一$")),
    (3, re.compile(r"局长|主任|书记|行长|镇长|处长|关长|支队长")),
)


class PostingError(ValueError):
    """A cell that cannot be read; `message` says what may stand there."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def role_of(text: str) -> Role:
    """Return the role that a word or a code names.

    >>> role_of("部门 联络员"), role_of("联络员"), role_of("Supervisor")
    (<Role.LIAISON: 'liaison'>, <Role.LIAISON: 'liaison'>, <Role.SUPERVISOR: 'supervisor'>)
    >>> role_of("系统自动")
    Traceback (most recent call last):
    cases.rules.posting.PostingError: 没有“系统自动”这种岗位，可以写：窗口人员、窗口负责人、部门联络员、承办人、部门负责人、跟办专员、督办专员、局领导、纪检查看、系统管理员、安全管理员、审计管理员。
    """
    role = _ROLES.get(fold(text).replace("-", "_"))
    if role is None:
        known = "、".join(words.ROLES[role.value] for role in Role if role not in UNHELD)
        raise PostingError(f"没有“{text}”这种岗位，可以写：{known}。")
    return role


def rank_of(role: Role, *said: str) -> int | None:
    """Return the rank of a head, from whichever of these texts tells it; None for every other role.

    >>> rank_of(Role.HEAD, "", "分管副局长"), rank_of(Role.HEAD, "3"), rank_of(Role.HEAD, "", "登记科科长"), rank_of(Role.CLERK)
    (2, 3, 1, None)
    >>> rank_of(Role.HEAD, "局长"), rank_of(Role.HEAD, "主要负责人"), rank_of(Role.HEAD, "科室主任")
    (3, 3, 1)
    >>> rank_of(Role.HEAD, "", "领导")
    Traceback (most recent call last):
    cases.rules.posting.PostingError: 部门负责人要写层级：科室负责人、分管负责人或主要负责人。
    """
    if role is not Role.HEAD:
        return None
    for text in filter(None, map(fold, said)):
        for rank, written in _RANKS:
            if written.search(text):
                return rank
    raise PostingError(
        f"部门负责人要写层级：{'、'.join(words.HEAD_RANKS[n] for n in (1, 2))}或{words.HEAD_RANKS[3]}。"
    )


def seat_of(text: str) -> str:
    """Return the seat of a holder: A (also when nothing is said) or B.

    >>> seat_of(""), seat_of("ｂ 岗"), seat_of("A岗"), seat_of("备岗")
    ('A', 'B', 'A', 'B')
    >>> seat_of("C")
    Traceback (most recent call last):
    cases.rules.posting.PostingError: A/B 岗只能写 A 或 B，这里是“C”。
    """
    seat = {"": "A", "a": "A", "主": "A", "b": "B", "备": "B", "副": "B"}.get(
        fold(text).removesuffix("岗").removesuffix("角")
    )
    if seat is None:
        raise PostingError(f"A/B 岗只能写 A 或 B，这里是“{text}”。")
    return seat


def refuse_unit(role: Role, *, in_hall: bool) -> None:
    """Say when a role does not belong into such a unit: windows are in halls, everybody else works in a department.

    >>> refuse_unit(Role.CLERK, in_hall=True), refuse_unit(Role.FOLLOWER, in_hall=True)
    (None, None)
    >>> refuse_unit(Role.LIAISON, in_hall=True)
    Traceback (most recent call last):
    cases.rules.posting.PostingError: 部门联络员的单位要写部门，这里是大厅。
    """
    if role in ANYWHERE or (role in IN_HALL) == in_hall:
        return
    there, meant = ("大厅", "部门") if in_hall else ("部门", "大厅")
    raise PostingError(f"{words.ROLES[role.value]}的单位要写{meant}，这里是{there}。")
