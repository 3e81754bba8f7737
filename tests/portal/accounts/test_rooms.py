"""After log-in: each post has its room, and posts of two kinds in one unit lead from one room to the other."""

from __future__ import annotations

import pytest

from cases.models import Department, Holding, Post
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of
from tests.portal.standing_clock import clock

__all__ = ["clock"]


@pytest.mark.parametrize(
    ("person", "room"),
    [
        ("clerk", "/w/"),
        ("lead", "/w/"),
        ("shijian", "/d/"),
        ("head", "/d/"),
        ("supervisor", "/s/"),
        ("leader", "/s/"),
        ("viewer", "/s/"),
        ("admin", "/a/"),
        ("audit", "/a/"),
    ],
)
def test_a_person_lands_in_the_room_of_their_posts(signed_in, clock, person, room):
    client = signed_in(person)
    assert client.get("/rooms").headers["Location"] == room
    assert client.get(room).status_code == 200


@pytest.mark.parametrize("until", [MONDAY.date().replace(day=22), MONDAY.date().replace(day=1)])
def test_who_has_no_post_today_is_told_so(signed_in, clock, until):
    Holding.objects.filter(user__username="clerk").update(until_on=until)
    page = signed_in("clerk").get("/rooms")
    assert page.status_code == 403
    assert "今天没有岗位" in text_of(page)


def test_a_post_counts_on_its_last_day(signed_in, clock):
    Holding.objects.filter(user__username="clerk").update(until_on=MONDAY.date())
    assert signed_in("clerk").get("/rooms").headers["Location"] == "/w/"


def test_posts_of_two_rooms_in_one_unit_lead_from_one_to_the_other(signed_in, clock, django_user_model):
    user = django_user_model.objects.get(username="supervisor")
    office = Department.objects.get(code="S01")
    post = Post.objects.create(department=office, role="liaison", title="部门联络员")
    Holding.objects.create(post=post, user=user, from_on=MONDAY.date())
    client = signed_in("supervisor")
    assert ("督办", "/s/") in [(label, url) for label, url, *_ in client.get("/d/").context["nav"]]
    assert ("承办", "/d/") in [(label, url) for label, url, *_ in client.get("/s/").context["nav"]]
    assert "承办" not in [label for label, *_ in signed_in("viewer").get("/s/").context["nav"]]
