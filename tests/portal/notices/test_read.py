"""Reading: looking changes nothing, the button does; 全部标为已读 marks the reader's own and nobody else's."""

from __future__ import annotations

import pytest

from cases.models import Holding
from cases.rules.flow import State
from escalation.models import Notice
from tests.conftest import MONDAY
from tests.portal.notices.test_inbox import clock, rows_of

__all__ = ["clock"]


def owed(case, code: str = "S02"):
    return Notice.objects.filter(case=case, post__department__code=code)


def test_looking_at_the_list_or_at_the_case_changes_nothing(case_in, signed_in, clock):
    case, client = case_in(State.HANDLING), signed_in("shijian")
    client.get("/notices/")
    client.get(f"/d/{case.number}/")
    assert not owed(case).filter(read_at__isnull=False).exists()


def test_the_button_leads_to_the_case_and_marks_the_notice_read(case_in, signed_in, clock):
    case, other, client = case_in(State.HANDLING), case_in(State.HANDLING), signed_in("shijian")
    notice = owed(case).first()
    opened = client.post(f"/notices/{notice.pk}/open", {"number": case.number})
    assert opened.headers["Location"] == f"/d/{case.number}/"
    assert [row[:2] for row in rows_of(client.get("/notices/"))] == ["未读", "已读"]
    assert owed(other).filter(read_at__isnull=True).exists()


def test_opening_twice_is_opening_once(case_in, signed_in, clock):
    case, client = case_in(State.HANDLING), signed_in("shijian")
    notice = owed(case).first()
    for _ in range(2):
        assert client.post(f"/notices/{notice.pk}/open", {"number": case.number}).status_code == 302


def test_who_shares_the_post_finds_it_read(case_in, signed_in, clock, django_user_model):
    case = case_in(State.HANDLING)
    shared = owed(case).filter(post__holdings__user__username="shijian2").get()
    deputy = django_user_model.objects.get(username="renshe")
    Holding.objects.filter(user=deputy).delete()
    Holding.objects.create(post=shared.post, user=deputy, from_on=MONDAY.date())
    signed_in("shijian2").post(f"/notices/{shared.pk}/open", {"number": case.number})
    (row,) = rows_of(signed_in("renshe").get("/notices/"))
    assert row.startswith("已读")


def test_all_are_marked_read_by_one_press_but_only_ones_own(case_in, signed_in, clock):
    ours, client = [case_in(State.HANDLING) for _ in range(2)], signed_in("shijian")
    answered = case_in(State.ANSWERED)
    assert client.post("/notices/read").headers["Location"] == "/notices/"
    assert not Notice.objects.filter(
        case__in=ours, post__holdings__user__username="shijian", read_at__isnull=True
    ).exists()
    assert Notice.objects.filter(case=answered, post__hall__isnull=False, read_at__isnull=True).exists()
    assert "全部标为已读" not in client.get("/notices/").content.decode()


def test_a_notice_of_somebody_else_stays_unread_and_leads_to_nothing_one_does_not_see(
    case_in, signed_in, clock
):
    case, stranger = case_in(State.HANDLING), signed_in("budongchan")
    opened = stranger.post(f"/notices/{owed(case).first().pk}/open", {"number": case.number})
    assert stranger.get(opened.headers["Location"]).status_code == 404
    assert not owed(case).filter(read_at__isnull=False).exists()


@pytest.mark.parametrize("number", ["", "../admin", "https://example.org/"])
def test_a_number_that_nobody_wrote_leads_nowhere(case_in, signed_in, clock, number):
    case = case_in(State.HANDLING)
    opened = signed_in("shijian").post(f"/notices/{owed(case).first().pk}/open", {"number": number})
    assert opened.status_code == 404
    assert not owed(case).filter(read_at__isnull=False).exists()


@pytest.mark.parametrize("address", ["/notices/read", "/notices/1/open"])
def test_an_address_alone_marks_nothing(case_in, signed_in, clock, address):
    assert signed_in("shijian").get(address).status_code == 405
