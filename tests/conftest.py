"""The cast and the stage: a seeded sample city, people in posts, and cases brought to a state through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import hypothesis
import pgtrigger
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase, override_settings

from cases.models import Case, Department, Hall, Matter, Obstacle
from cases.rules.classes import Channel, Conclusion, Difficulty, Outcome, Recurrence
from cases.rules.flow import State
from cases.rules.grants import Actor, citizen
from cases.selectors.posts import actor_in, units_of
from cases.services import closing, handling, intake
from cases.services.content import Person
from cases.services.numbers import next_number
from cases.services.reference import load_obstacles
from escalation.selectors import versions
from escalation.services.calendars import seed_calendar
from escalation.services.packages import seed_rules
from portal.demo.city import load_city
from portal.demo.people import load_people
from tests import snapshot

# A busy machine is no failure of a rule: properties are judged by their result, never by the clock.
hypothesis.settings.register_profile("bancheng", deadline=None)
hypothesis.settings.load_profile("bancheng")

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)  # an ordinary working Monday


# The truncate triggers would refuse the flush after transaction=True tests; pgtrigger.ignore stands nowhere else.
_flush = TransactionTestCase._fixture_teardown


def _flush_without_triggers(self: TransactionTestCase) -> None:
    with pgtrigger.ignore():
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_without_triggers


def pytest_sessionstart() -> None:
    """WhiteNoise looks for the folder of collected files when a handler is made."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


FAST_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]


def seed_city() -> None:
    """Load calendars, rules, obstacles, the sample city and its people: put back as they were after a flush."""
    for kept in (versions.stored_content, versions._work_time, versions._rulebook, versions._source):
        kept.cache_clear()  # what is put back gives out numbers again; a city never does
    with pgtrigger.ignore():
        if snapshot.restore():
            return
    now = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    seed_calendar(now=now)
    seed_rules(now=now)
    load_obstacles()
    load_city()
    load_people()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Seed the sample city once: tests in a transaction all start from it; a flushed database is seeded anew."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=FAST_HASHERS):
        seed_city()
        snapshot.keep()


@pytest.fixture
def city(db: None) -> None:
    """The sample city 岐安市 with its demo people."""
    if not Hall.objects.exists():
        seed_city()


@pytest.fixture(autouse=True)
def _fast_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = FAST_HASHERS


def actor_named(username: str) -> Actor:
    """The actor that a demo person is, in their first unit."""
    user = get_user_model().objects.get(username=username)
    units = units_of(user.pk, MONDAY.date())
    return actor_in(user.pk, units[0] if units else None)


def _actor_fixture(username: str):
    @pytest.fixture(name=username)
    def fixture(city: None) -> Actor:
        return actor_named(username)

    return fixture


clerk = _actor_fixture("clerk")
lead = _actor_fixture("lead")
dongqu = _actor_fixture("dongqu")
shijian = _actor_fixture("shijian")
budongchan = _actor_fixture("budongchan")
head = _actor_fixture("head")
supervisor = _actor_fixture("supervisor")
leader = _actor_fixture("leader")
viewer = _actor_fixture("viewer")
admin = _actor_fixture("admin")

STATEMENT = "营业执照办了三趟都没收下，一会儿说缺场地证明，一会儿说系统里查不到，不知道到底要找谁。"


def an_intake(**changes) -> intake.Intake:
    """What a citizen might file: a matter of 市市场监督管理局 at the city hall."""
    values = {
        "statement": STATEMENT,
        "hall_id": Hall.objects.get(code="H01").pk,
        "people": (Person(name="孟先生", phone="13000000039", notify_by="sms"),),
        "channel": Channel.ONLINE,
        "matter_id": Matter.objects.get(code="M001").pk,
        "obstacle_id": Obstacle.objects.get(code="material").pk,
        "visits_before": 3,
    }
    return intake.Intake(**{**values, **changes})


class Filing:
    """Brings a case to a state through the services, act by act, so that no test stands on an impossible case."""

    def __init__(self) -> None:
        self.code = ""

    def __call__(self, state: State | str = State.FILED, *, now: datetime = MONDAY, **changes) -> Case:
        """File a case at `now` and carry it to `state`, all at the same moment."""
        state = State(state)
        filed = intake.submit_case(
            number=next_number(day=now.astimezone(SHANGHAI).date()),
            intake=an_intake(**changes),
            actor=citizen(),
            now=now,
        )
        self.code = filed.query_code
        number = filed.case.number
        window, department = actor_named("clerk"), actor_named("shijian")
        if state is State.REDIRECTED:
            return intake.redirect_case(
                number=number, reason="consumer", explanation="请拨打 12315。", actor=window, now=now
            )
        for reached, act in self._acts(number, window, department, now):
            if state is State.FILED:
                break
            act()
            if reached is state:
                break
        return Case.objects.get(number=number)

    @staticmethod
    def _acts(
        number: str, window: Actor, department: Actor, now: datetime
    ) -> list[tuple[State, Callable[[], Case]]]:
        common = {"number": number, "now": now}
        market = Department.objects.get(code="S02").pk
        return [
            (
                State.ACCEPTED,
                lambda: intake.accept_case(
                    **common, difficulty=Difficulty.ORDINARY, rule_version=1, actor=window
                ),
            ),
            (State.HANDLING, lambda: handling.dispatch_case(**common, department_id=market, actor=window)),
            (
                State.ANSWERED,
                lambda: handling.answer_share(
                    **common,
                    conclusion=Conclusion.DONE,
                    text="执照已经打印，请到 3 号窗领取。",
                    actor=department,
                ),
            ),
            (
                State.REPLIED,
                lambda: closing.publish_reply(**common, text="您的营业执照已办好。", actor=window),
            ),
            (
                State.CLOSED,
                lambda: closing.close_case(
                    **common,
                    outcome=Outcome.DONE,
                    evidence="电话核实已领到执照。",
                    recurrence=Recurrence.UNSURE,
                    actor=window,
                ),
            ),
        ]


@pytest.fixture
def case_in(city: None) -> Filing:
    """`case_in(State.HANDLING)` returns a case brought there through the services; `case_in.code` is its query code."""
    return Filing()


@pytest.fixture
def signed_in(city: None) -> Callable[[str], Client]:
    """`signed_in("clerk")` returns a test client logged in as that demo person."""

    def client_of(username: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        return client

    return client_of


@pytest.fixture
def paper(city):
    """A row of a paper register, see tests/cases/paper.py."""
    from tests.cases.paper import paper_case  # it needs this module

    return paper_case()
