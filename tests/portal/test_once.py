"""A form has one result, however often it is sent."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from cases.models import Case
from cases.rules.grants import citizen
from cases.services.intake import submit_case
from cases.services.numbers import next_number
from portal.models import FormOnce
from portal.once import already_done, forget_old, once
from tests.conftest import an_intake, seed_city


def a_request(username: str = "clerk"):
    request = RequestFactory().post("/")
    request.user = get_user_model().objects.get(username=username)
    return request


def filing():
    now = timezone.now()
    number = next_number(day=timezone.localdate(now))
    submit_case(number=number, intake=an_intake(), actor=citizen(), now=now)
    return f"/done/{number}"


def test_a_second_send_leads_to_the_same_page_and_does_nothing(city):
    key = uuid.uuid4()
    first, second = (once(a_request(), "test", key, filing) for _ in range(2))
    assert first.url == second.url == already_done(a_request(), "test", key)
    assert Case.objects.count() == 1


def test_the_same_key_from_another_person_is_another_form(city):
    key = uuid.uuid4()
    assert once(a_request(), "test", key, filing).url != once(a_request("lead"), "test", key, filing).url


def test_an_act_that_fails_leaves_no_key_behind(city):
    key = uuid.uuid4()

    def failing():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, raised just above
        once(a_request(), "test", key, failing)
    assert already_done(a_request(), "test", key) is None
    assert once(a_request(), "test", key, filing).status_code == 302


def test_keys_older_than_a_week_are_forgotten(city):
    once(a_request(), "test", uuid.uuid4(), lambda: "/x")
    FormOnce.objects.update(done_at=timezone.now() - timedelta(days=8))
    assert forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_sends_make_one_case():
    seed_city()
    key = uuid.uuid4()

    def send(_):
        try:
            return once(a_request(), "test", key, filing).url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        targets = set(pool.map(send, range(20)))
    assert len(targets) == 1
    assert Case.objects.count() == 1
