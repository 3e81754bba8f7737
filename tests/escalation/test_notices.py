"""Notices owed with the event, once, to posts; read per post; nothing personal in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Department, Post
from cases.rules.flow import State
from cases.services import additions, handling
from escalation.models import Notice
from escalation.selectors.notices import notices_page, unread_count
from escalation.services.notices import mark_read
from escalation.services.refold import refold_all
from escalation.services.sweep import refold_lagging, sweep
from tests.conftest import MONDAY

MINUTE = timedelta(minutes=1)


def kinds(actor) -> list[str]:
    return [row.title for row in notices_page(actor).rows]


def test_a_dispatch_is_told_to_the_department_at_once_and_to_nobody_else(
    case_in, shijian, budongchan, clerk, supervisor
):
    case = case_in(State.HANDLING)
    (row,) = notices_page(shijian).rows
    assert (row.case_number, row.title, row.colour, row.at, row.is_unread) == (
        case.number,
        "新的承办任务，请签收",
        "",
        MONDAY,
        True,
    )
    assert row.text == case.matter.name
    assert kinds(budongchan) == kinds(clerk) == kinds(supervisor) == []


def test_one_person_with_two_posts_sees_one_notice_and_reads_it_for_both(case_in, shijian):
    case_in(State.HANDLING)
    posts = {post.post_id for post in shijian.posts}
    assert Notice.objects.filter(post_id__in=posts).count() == len(posts) == 2
    assert unread_count(shijian) == len(notices_page(shijian).rows) == 1
    mark_read(actor=shijian, notice_ids=[notices_page(shijian).rows[0].id], now=MONDAY)
    assert unread_count(shijian) == 0
    assert not Notice.objects.filter(post_id__in=posts, read_at__isnull=True).exists()


def test_reading_all_reads_ones_own_and_a_strangers_id_reads_nothing(case_in, shijian, budongchan, clerk):
    case_in(State.ANSWERED)
    (theirs,) = notices_page(clerk).rows
    assert mark_read(actor=budongchan, notice_ids=[theirs.id], now=MONDAY) == 0
    assert mark_read(actor=shijian, now=MONDAY) == 2
    assert unread_count(clerk) == 1


def test_the_window_is_told_when_all_have_answered_and_the_post_that_acted_is_not(case_in, clerk, lead):
    case = case_in(State.ANSWERED)
    assert kinds(clerk) == ["部门已全部答复，请窗口核对"]
    assert kinds(clerk) == kinds(lead)
    additions.supplement_case(number=case.number, text="补一张照片。", actor=clerk, now=MONDAY + MINUTE)
    assert len(kinds(clerk)) == 1  # did it themselves
    assert len(kinds(lead)) == 2


def test_folding_again_owes_nothing_and_a_fold_that_failed_owes_later(case_in, shijian):
    case = case_in(State.ANSWERED)
    before = list(Notice.objects.order_by("pk").values_list())
    assert before
    list(refold_all())
    assert list(Notice.objects.order_by("pk").values_list()) == before
    Notice.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(folded_version=2)
    refold_lagging(now=MONDAY)
    assert Notice.objects.count() == len(before)
    Case.objects.filter(pk=case.pk).update(folded_version=0)
    refold_lagging(now=MONDAY)
    assert Notice.objects.count() == len(before)


def test_cards_reach_further_the_graver_they_are(case_in, shijian, head, supervisor, leader):
    case = case_in(State.HANDLING)
    sweep(now=MONDAY + timedelta(days=3))
    assert kinds(shijian)[0] == "蓝色提示：签收时限超期"
    assert kinds(head) == kinds(supervisor) == kinds(leader) == []
    sweep(now=MONDAY + timedelta(days=4))
    assert kinds(head) == kinds(supervisor) == ["黄牌：部门答复时限超期"]
    assert kinds(leader) == []
    sweep(now=MONDAY + timedelta(days=9))
    assert kinds(leader) == ["红牌：部门答复时限严重超期"]
    assert Post.objects.get(holdings__user_id=head.user_id).rank == 2
    row = notices_page(supervisor).rows[0]
    assert (row.colour, row.case_number) == ("red", case.number)
    assert Notice.objects.get(post_id=supervisor.posts[0].post_id, colour="red").card.colour == "red"


def test_an_inactive_post_is_told_nothing(case_in, shijian):
    Post.objects.filter(department__code="S02").update(is_active=False)
    case_in(State.HANDLING)
    assert Notice.objects.count() == 0


def test_notices_are_pages_of_one_query_and_counting_them_is_one(case_in, shijian):
    for n in range(3):
        case_in(State.HANDLING, now=MONDAY + n * MINUTE)
    page = notices_page(shijian, limit=2)
    rest = notices_page(shijian, before=page.next_before, limit=2)
    assert [len(page.rows), len(rest.rows), rest.next_before] == [2, 1, None]
    assert unread_count(shijian, limit=2) == 3
    for read in (lambda: notices_page(shijian), lambda: unread_count(shijian)):
        with CaptureQueriesContext(connection) as captured:
            read()
        assert len(captured) == 1


@pytest.mark.parametrize("departments", [1, 4])
def test_telling_costs_two_statements_however_many_are_told(case_in, clerk, departments):
    case = case_in(State.ACCEPTED)
    codes = ("S02", "S04", "S07", "S01")
    ids = [Department.objects.get(code=code).pk for code in codes]
    with CaptureQueriesContext(connection) as captured:
        handling.dispatch_case(
            number=case.number,
            department_id=ids[0],
            co_department_ids=ids[1:departments],
            actor=clerk,
            now=MONDAY,
        )
    about = [q["sql"] for q in captured if "cases_post" in q["sql"] or "escalation_notice" in q["sql"]]
    assert len(about) == 2
