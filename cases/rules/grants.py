"""Who may what, all of it: SEES (how far a role sees) and DOES (which roles may do an act).

Buttons (`open_acts`) and enforcement (`post_for`, inside `perform`) read the same two tables, so they cannot drift. The
matrix printed by tests/cases/rules/test_grants.py is the specification. Source: design.md, policy.md F8, trust.md 7.7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from cases.rules.classes import REOPENINGS
from cases.rules.facts import CaseFacts
from cases.rules.flow import CREATION, MOVES, Act
from cases.rules.kinds import Audience


class Role(StrEnum):
    """A role that a post carries (岗位角色)."""

    CITIZEN = "citizen"
    CLERK = "clerk"
    CLERK_LEAD = "clerk_lead"
    LIAISON = "liaison"
    HANDLER = "handler"
    HEAD = "head"
    FOLLOWER = "follower"
    SUPERVISOR = "supervisor"
    BUREAU_LEADER = "bureau_leader"
    VIEWER = "viewer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    REGISTRAR = "registrar"  # enters what a paper register says; nobody holds such a post
    SYSTEM = "system"


class Reach(StrEnum):
    """How far a role sees."""

    OWN = "own"
    HALL = "hall"
    DEPARTMENT = "department"
    ALL = "all"
    NOTHING = "nothing"


SEES: Mapping[Role, Reach] = MappingProxyType(
    {
        Role.CITIZEN: Reach.OWN,
        Role.CLERK: Reach.HALL,
        Role.CLERK_LEAD: Reach.HALL,
        Role.LIAISON: Reach.DEPARTMENT,
        Role.HANDLER: Reach.DEPARTMENT,
        Role.HEAD: Reach.DEPARTMENT,
        Role.FOLLOWER: Reach.ALL,
        Role.SUPERVISOR: Reach.ALL,
        Role.BUREAU_LEADER: Reach.ALL,
        Role.VIEWER: Reach.ALL,
        Role.SYSTEM_ADMIN: Reach.NOTHING,
        Role.SECURITY_ADMIN: Reach.NOTHING,
        Role.AUDIT_ADMIN: Reach.NOTHING,
        Role.REGISTRAR: Reach.ALL,
        Role.SYSTEM: Reach.ALL,
    }
)

_WINDOW = frozenset({Role.CLERK, Role.CLERK_LEAD})
_DEPARTMENT = frozenset({Role.LIAISON, Role.HANDLER})
_REGISTER = frozenset({Role.REGISTRAR})  # 台账补录: what stands on paper

DOES: Mapping[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.SUBMIT: frozenset({Role.CITIZEN}),
        Act.REGISTER: _WINDOW | _REGISTER,
        Act.ACCEPT: _WINDOW | _REGISTER,
        Act.REDIRECT: _WINDOW,
        Act.RESOLVE: _WINDOW | _REGISTER,
        Act.DISPATCH: _WINDOW | _REGISTER | {Role.SUPERVISOR},
        Act.SIGN: _DEPARTMENT,
        Act.CONTACT: _DEPARTMENT,
        Act.ANSWER: _DEPARTMENT | _REGISTER,
        Act.CARRY: _WINDOW,
        Act.SEND_BACK: _WINDOW,
        Act.PUBLISH: _WINDOW | _REGISTER,
        Act.CLOSE: _WINDOW | _REGISTER,
        Act.CALL_BACK: _WINDOW,
        Act.RATE: frozenset({Role.CITIZEN}) | _REGISTER,
        Act.REOPEN: _WINDOW | {Role.CITIZEN, Role.SUPERVISOR},
        Act.SUPPLEMENT: _WINDOW | {Role.CITIZEN},
        Act.WITHDRAW: _WINDOW | {Role.CITIZEN},
        Act.SUPERVISE: frozenset({Role.SUPERVISOR}),
        **{
            act: frozenset({Role.SUPERVISOR})
            for act in (
                Act.SUSPEND,
                Act.RENEW,
                Act.RESUME,
                Act.EXTEND,
                Act.RECLASSIFY,
                Act.REDISPATCH,
                Act.CALL_MEETING,
                Act.HOLD_MEETING,
                Act.FILE_MINUTES,
            )
        },
        Act.CONTACT_RATER: _WINDOW,
        Act.RECTIFY: _WINDOW,
        Act.ERASE: frozenset({Role.SUPERVISOR}),
    }
)

# What each role reads of a timeline.
READS: Mapping[Role, Audience] = MappingProxyType(
    {
        role: {
            Role.CITIZEN: Audience.EVERYONE,
            Role.SUPERVISOR: Audience.SUPERVISION,
            Role.BUREAU_LEADER: Audience.SUPERVISION,
            Role.VIEWER: Audience.SUPERVISION,
            Role.SYSTEM: Audience.SUPERVISION,
        }.get(role, Audience.STAFF)
        for role in Role
    }
)


@dataclass(frozen=True)
class HeldPost:
    """One post (岗位) that a person holds today, in one hall or one department."""

    post_id: int | None
    role: Role
    hall_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts (经办): a person with all posts held in one unit at once, or a citizen with the cases opened by code."""

    user_id: int | None
    posts: tuple[HeldPost, ...]
    opened_case_ids: frozenset[int] = field(default_factory=frozenset)
    unit_name: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """All roles of the unit the person acts in."""
        return frozenset(post.role for post in self.posts)


def citizen(*, user_id: int | None = None, opened: frozenset[int] = frozenset()) -> Actor:
    """Return a citizen who may read the cases they opened with number and code."""
    return Actor(user_id, (HeldPost(None, Role.CITIZEN),), opened)


SYSTEM = Actor(None, (HeldPost(None, Role.SYSTEM),))


def registrar(importer: Actor, *, hall_id: int, department_id: int | None = None) -> Actor:
    """Return who enters a paper register: the person who imports it, for a hall, and for the department that the paper names."""
    return Actor(importer.user_id, (HeldPost(None, Role.REGISTRAR, hall_id, department_id),))


def post_sees(post: HeldPost, actor: Actor, facts: CaseFacts) -> bool:
    """Say whether one post reaches the case. A new Reach must be thought about: it cannot fall through to "all"."""
    match SEES[post.role]:
        case Reach.OWN:
            return facts.case_id in actor.opened_case_ids
        case Reach.HALL:
            return post.hall_id == facts.hall_id
        case Reach.DEPARTMENT:
            return post.department_id in facts.department_ids
        case Reach.ALL:
            return True
        case Reach.NOTHING:
            return False
    raise NotImplementedError(post.role)


def sees(actor: Actor, facts: CaseFacts) -> bool:
    """Say whether any post of the actor reaches the case.

    >>> from cases.rules.flow import State
    >>> facts = CaseFacts(1, State.FILED, hall_id=7)
    >>> here, there = (Actor(1, (HeldPost(1, Role.CLERK, hall_id=h),)) for h in (7, 8))
    >>> sees(here, facts), sees(there, facts), sees(citizen(opened=frozenset({1})), facts)
    (True, False, True)
    """
    return any(post_sees(post, actor, facts) for post in actor.posts)


class Condition(NamedTuple):
    """What must hold of the case and the post besides state and grant, and the sentence when it does not."""

    holds: Callable[[HeldPost, CaseFacts], bool]
    otherwise: str


CONDITIONS: Mapping[Act, Condition] = MappingProxyType(
    {
        Act.SIGN: Condition(
            lambda post, facts: post.department_id in facts.unsigned_department_ids,
            "这件承办任务已经签收过了。",
        ),
        Act.CONTACT: Condition(
            lambda post, facts: post.department_id in facts.waiting_department_ids, "本部门已经答复窗口了。"
        ),
        Act.ANSWER: Condition(
            lambda post, facts: post.department_id in facts.waiting_department_ids, "本部门已经答复窗口了。"
        ),
        Act.CARRY: Condition(
            lambda post, facts: bool(facts.carried_department_ids), "这件事没有等窗口代录答复的单位。"
        ),
        Act.CALL_BACK: Condition(lambda post, facts: not facts.is_called_back, "这件事已经回访过了。"),
        Act.RATE: Condition(lambda post, facts: not facts.is_rated, "您已经评价过了，谢谢。"),
        Act.CONTACT_RATER: Condition(
            lambda post, facts: facts.is_badly_rated and not (facts.is_rater_contacted or facts.is_rectified),
            "这件事没有要联系的差评。",
        ),
        Act.RECTIFY: Condition(
            lambda post, facts: facts.is_badly_rated and not facts.is_rectified, "这件事没有要整改的差评。"
        ),
        Act.REOPEN: Condition(
            lambda post, facts: facts.reopenings < REOPENINGS or post.role is Role.SUPERVISOR,
            "这件事已经重新办理过两次，再次办理要由督办专员决定，请到窗口或打电话说明。",
        ),
    }
)


def post_for(actor: Actor, act: Act, facts: CaseFacts) -> HeldPost | None:
    """Return the post under which the actor may do the act (it is recorded on the event), or None.

    A department answers its own share only, and only while that share waits for an answer. After an erasure nothing is
    done any more, so erasing happens once.

    >>> from cases.rules.flow import State
    >>> facts = CaseFacts(1, State.HANDLING, 7, frozenset({3, 4}), frozenset({3}))
    >>> done, waiting = (Actor(1, (HeldPost(9, Role.HANDLER, department_id=d),)) for d in (4, 3))
    >>> post_for(done, Act.ANSWER, facts) is None, post_for(waiting, Act.ANSWER, facts).post_id
    (True, 9)
    """
    if facts.is_erased:
        return None
    condition = CONDITIONS.get(act)
    for post in actor.posts:
        if post.role not in DOES[act] or not post_sees(post, actor, facts):
            continue
        if condition is None or condition.holds(post, facts):
            return post
    return None


def granted(actor: Actor, act: Act, facts: CaseFacts) -> bool:
    """Say whether some post of the actor carries the act and reaches the case, whatever the case's state is."""
    return any(post.role in DOES[act] and post_sees(post, actor, facts) for post in actor.posts)


def may_create(actor: Actor, act: Act) -> HeldPost | None:
    """Return the post under which the actor may open a new case by `act`, or None."""
    return next((post for post in actor.posts if act in CREATION and post.role in DOES[act]), None)


def open_acts(actor: Actor, facts: CaseFacts) -> list[Act]:
    """Return the acts to offer as buttons: granted, and possible right now.

    >>> from cases.rules.flow import State
    >>> clerk = Actor(1, (HeldPost(1, Role.CLERK, hall_id=7),))
    >>> open_acts(clerk, CaseFacts(1, State.FILED, hall_id=7))
    [<Act.ACCEPT: 'accept'>, <Act.REDIRECT: 'redirect'>, <Act.RESOLVE: 'resolve'>, <Act.SUPPLEMENT: 'supplement'>, <Act.WITHDRAW: 'withdraw'>]
    """
    return [act for act in Act if facts.state in MOVES[act].sources and post_for(actor, act, facts)]


def audience_of(actor: Actor) -> Audience:
    """Return how much of a timeline the actor may read: the widest of their roles."""
    order = (Audience.EVERYONE, Audience.STAFF, Audience.SUPERVISION)
    return max((READS[role] for role in actor.roles), key=order.index, default=Audience.EVERYONE)
