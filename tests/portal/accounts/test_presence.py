"""A and B holders and the leave calendar: obligations follow whoever is present."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.models import Absence, Holding, Post
from cases.rules.flow import State
from cases.selectors.posts import present_holders, units_of
from cases.selectors.shares import unattended
from tests.conftest import MONDAY

TODAY = MONDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def post(city) -> Post:
    """The liaison post of 市市场监督管理局, held by 岑志远 as A and 温立群 as B."""
    return Post.objects.get(department__code="S02", role="liaison")


def names(post: Post, day: date, users) -> list[str]:
    found = dict(users.objects.values_list("pk", "username"))
    return [found[pk] for pk in present_holders(post.pk, day)]


def away(users, username: str, from_on: date, until_on: date) -> None:
    Absence.objects.create(user=users.objects.get(username=username), from_on=from_on, until_on=until_on)


def test_a_stands_before_b_when_both_are_there(post, django_user_model):
    assert names(post, TODAY, django_user_model) == ["shijian", "shijian2"]


def test_b_stands_in_from_the_first_to_the_last_day_of_a_s_leave(post, django_user_model):
    away(django_user_model, "shijian", TODAY, TODAY + DAY)
    present = [names(post, TODAY + n * DAY, django_user_model) for n in (-1, 0, 1, 2)]
    assert present == [["shijian", "shijian2"], ["shijian2"], ["shijian2"], ["shijian", "shijian2"]]


def test_nobody_is_present_when_both_are_away(post, django_user_model):
    away(django_user_model, "shijian", TODAY, TODAY)
    away(django_user_model, "shijian2", TODAY - DAY, TODAY)
    assert names(post, TODAY, django_user_model) == []
    assert names(post, TODAY + DAY, django_user_model) == ["shijian", "shijian2"]


def test_a_holder_counts_from_the_first_day_to_the_last(post, django_user_model):
    Holding.objects.filter(post=post, seat="B").update(from_on=TODAY, until_on=TODAY)
    present = [names(post, TODAY + n * DAY, django_user_model) for n in (-1, 0, 1)]
    assert present == [["shijian"], ["shijian", "shijian2"], ["shijian"]]


def test_a_closed_account_and_a_closed_post_hold_nothing(post, django_user_model):
    django_user_model.objects.filter(username="shijian").update(is_active=False)
    assert names(post, TODAY, django_user_model) == ["shijian2"]
    Post.objects.filter(pk=post.pk).update(is_active=False)
    assert names(post, TODAY, django_user_model) == []


def test_who_is_away_keeps_their_posts_and_may_still_act(post, django_user_model):
    away(django_user_model, "shijian", TODAY, TODAY)
    user = django_user_model.objects.get(username="shijian")
    assert [unit.name for unit in units_of(user.pk, TODAY)] == ["市市场监督管理局"]


def test_a_department_is_unattended_only_while_it_has_work_and_nobody_who_may_answer(
    post, case_in, supervisor, django_user_model
):
    away(django_user_model, "shijian", TODAY, TODAY)
    away(django_user_model, "shijian2", TODAY, TODAY)
    assert unattended(supervisor, TODAY) == []
    case_in(State.HANDLING)
    # the heads are there, but heads do not answer
    assert [one.name for one in unattended(supervisor, TODAY)] == ["市市场监督管理局"]
    assert unattended(supervisor, TODAY + DAY) == []
    case_in(State.ANSWERED)
    assert [one.name for one in unattended(supervisor, TODAY)] == ["市市场监督管理局"]


def test_answered_work_needs_nobody(post, case_in, supervisor, django_user_model):
    away(django_user_model, "shijian", TODAY, TODAY)
    away(django_user_model, "shijian2", TODAY, TODAY)
    case_in(State.ANSWERED)
    assert unattended(supervisor, TODAY) == []
