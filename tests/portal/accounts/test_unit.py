"""换岗: posts in one unit act together, posts in different units need the switcher."""

from __future__ import annotations

from cases.models import Department, Event, Hall, Holding, Post
from cases.rules.flow import State
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of
from tests.portal.standing_clock import clock

__all__ = ["clock"]


def key_of(code: str) -> str:
    hall = Hall.objects.filter(code=code).first()
    return f"hall-{hall.pk}" if hall else f"department-{Department.objects.get(code=code).pk}"


def test_the_page_names_each_unit_with_its_posts_and_where_one_is(signed_in, clock):
    words = text_of(signed_in("supervisor2").get("/unit"))
    for word in ("市政务服务和数据管理局", "政务督办专员（二），现在在这里", "市政务服务中心", "跟办专员"):
        assert word in words


def test_switching_leads_to_the_room_of_that_unit_and_holds_for_the_session(
    signed_in, clock, django_user_model
):
    user = django_user_model.objects.get(username="shijian")
    post = Post.objects.create(hall=Hall.objects.get(code="H02"), role="clerk", title="轮岗窗口专员")
    Holding.objects.create(post=post, user=user, from_on=MONDAY.date())
    client = signed_in("shijian")
    assert client.get("/d/").status_code == 200
    assert client.get("/w/").status_code == 403
    switched = client.post("/unit", {"unit": key_of("H02")}, follow=True)
    assert switched.redirect_chain[-1][0] == "/w/"
    assert client.get("/d/").status_code == 403
    assert "东区街道政务服务大厅" in text_of(client.get("/w/"))


def test_all_posts_of_one_unit_act_at_once_and_the_event_names_the_one_used(signed_in, clock, case_in):
    case = case_in(State.ANSWERED)
    used = Event.objects.get(case=case, kind="answered").post
    assert used.department.code == "S02"
    assert used.role in ("liaison", "handler")


def test_a_unit_where_one_holds_no_post_is_refused_and_nothing_changes(signed_in, clock):
    client = signed_in("supervisor2")
    for wrong in (key_of("H02"), "hall-0", ""):
        page = client.post("/unit", {"unit": wrong})
        assert page.status_code == 422
        assert "请选一个单位" in text_of(page)
    assert client.get("/rooms").headers["Location"] == "/s/"


def test_the_switch_is_offered_only_to_who_has_somewhere_to_go(signed_in, clock):
    assert 'href="/unit"' in signed_in("supervisor2").get("/s/").content.decode()
    assert 'href="/unit"' not in signed_in("supervisor").get("/s/").content.decode()


def test_a_unit_that_was_left_meanwhile_falls_back_to_the_one_that_remains(
    signed_in, clock, django_user_model
):
    client = signed_in("supervisor2")
    client.post("/unit", {"unit": key_of("H01")})
    Holding.objects.filter(user__username="supervisor2", post__hall__code="H01").delete()
    assert client.get("/s/").status_code == 200
    assert "市政务服务和数据管理局" in text_of(client.get("/s/"))


def test_strangers_are_sent_to_the_log_in_page(client, city):
    for address in ("/unit", "/rooms"):
        assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"
