"""Quick registration: one page, one case, a code that is shown for half an hour."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases.models import Case, Department, Matter, Party
from cases.rules.flow import State
from cases.selectors.content import clear_people, texts_for
from cases.selectors.tracking import tracked_case
from cases.services.drafts import open_draft, seal_draft
from tests.conftest import actor_named
from tests.portal.counter.conftest import PHONE, held_by, page_of, words_of


def registered_code(response) -> str:
    return re.search(r"bc-slip__no--code\">([\d ]+)<", page_of(response))[1].replace(" ", "")


def test_a_case_is_registered_and_its_code_opens_it(window, clerk):
    response = window.register()
    assert response.headers["Location"] == "/w/registered"
    case = Case.objects.get()
    assert (case.state, case.channel, case.matter.code) == ("filed", "counter", "M001")
    assert case.hall.code == "H01"
    page = window.get("registered")
    assert case.number[:6] in words_of(page)
    assert "最晚受理" in words_of(page)
    assert tracked_case(case.number, registered_code(page)).whole is True
    assert clear_people(case.pk)[0].phone == PHONE


def test_everything_in_the_fold_is_kept(window, clerk):
    window.register(
        principal="陈奶奶",
        relation="child",
        organisation="岐安市鼎盛五金制品有限公司",
        credit_code="9111 0000 6000 3734 1l",
        first_unit="市市场监督管理局",
        first_person="3 号窗 黄工",
        channel="hotline",
    )
    case = Case.objects.get()
    reporter, principal = Party.objects.filter(case=case).order_by("id")
    assert (reporter.relation, reporter.is_organisation) == ("child", True)
    assert principal.part == "principal"
    assert case.first_unit == Department.objects.get(name="市市场监督管理局")
    assert case.channel == "hotline"
    assert "3 号窗 黄工" in [text.body for text in texts_for(clerk, case)]


@pytest.mark.parametrize("typed", [{"phone": "-"}, {"phone": "－"}, {"phone": "无"}])
def test_someone_without_a_telephone_is_registered_all_the_same(window, typed):
    assert window.register(**typed).status_code == 302
    assert clear_people(Case.objects.get().pk)[0].phone == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": ""}, "没有手机，在这一栏填一个 -"),
        ({"phone": "1300000001"}, "少了一位"),
        ({"name": ""}, "怎么称呼"),
        ({"name": "刘13800001234"}, "不能有数字"),
        ({"obstacle": ""}, "请选卡在哪里"),
        ({"statement": "发票"}, "再多写几个字"),
        ({"statement": ""}, "请写一句话"),
        ({"credit_code": "91110000600037341M"}, "有一位不对"),
        ({"first_unit": "没有这个局"}, "没有叫“没有这个局”的部门"),
        ({"matter": "没有这件事"}, "没有找到“没有这件事”"),
        ({"channel": "online"}, ""),
    ],
)
def test_what_cannot_be_right_is_said_beside_the_field_and_nothing_is_lost(window, typed, said):
    response = window.register(**typed)
    assert response.status_code == 422
    assert said in words_of(response)
    assert "提交有问题" in words_of(response)
    assert response.content.decode().partition("<title>")[2].startswith("错误：")
    if "statement" not in typed:
        assert "结算单打不出发票" in page_of(response)
    assert not Case.objects.exists()


def test_an_identity_number_is_masked_before_it_is_saved(window):
    response = window.register(statement="我的身份证11010519491231002X，窗口说查不到。")
    assert response.status_code == 422
    assert "已经替您遮住" in words_of(response)
    assert "11010519491231002X" not in page_of(response)
    masked = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page_of(response), re.DOTALL)[1]
    assert window.register(statement=masked).status_code == 302


@pytest.mark.parametrize("text", ["M001", "m001", "营业执照设立登记"])
def test_a_matter_is_found_by_code_name_or_initials(window, text):
    window.register(matter=text)
    assert Case.objects.get().matter.code == "M001"


def test_a_matter_is_found_by_its_pinyin_initials(window):
    matter = Matter.objects.get(code="M001")
    window.register(matter=matter.initials)
    assert Case.objects.get().matter == matter


def test_several_matters_that_fit_are_offered_with_numbers(window):
    response = window.register(matter="登记")
    assert response.status_code == 422
    found = re.findall(r'name="matter_pick"[^>]*value="(\d+)"', page_of(response))
    assert 1 < len(found) <= 8
    assert window.register(matter="登记", matter_pick=found[1]).status_code == 302
    assert str(Case.objects.get().matter_id) == found[1]


def test_a_pick_that_does_not_fit_what_is_typed_is_not_taken(window):
    other = Matter.objects.exclude(name__contains="登记").first()
    assert window.register(matter="登记", matter_pick=str(other.pk)).status_code == 422


def test_without_a_matter_the_case_is_registered_and_the_matter_left_open(window):
    window.register(matter="")
    assert Case.objects.get().matter is None


def test_a_double_click_makes_one_case(window):
    held = held_by(window.get("new"))
    first, second = window.register(held), window.register(held)
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_case(window):
    held = held_by(window.get("new"))
    answers = []

    def press() -> None:
        answers.append(window.register(held).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert Case.objects.count() == 1


def test_the_code_is_gone_after_half_an_hour_and_never_rests_in_clear(window):
    window.register()
    code = registered_code(window.get("registered"))
    session = window.client.session
    assert code not in str(dict(session.items()))
    kept = open_draft(session["registered"])
    session["registered"] = seal_draft({**kept, "at": (timezone.now() - timedelta(minutes=31)).isoformat()})
    session.save()
    assert window.get("registered").headers["Location"] == "/w/"
    assert "registered" not in window.client.session


def test_nobody_comes_to_the_result_page_without_a_registration(window):
    assert window.get("registered").headers["Location"] == "/w/"


def test_earlier_cases_of_the_same_telephone_are_shown_on_the_next_page(window):
    window.register()
    before = Case.objects.get()
    window.register(name="严女士", statement="同一件事，又来了一次。")
    page = page_of(window.get("registered"))
    assert f'href="/w/{before.number}/"' in page
    assert "同一个电话" in page


def test_earlier_cases_are_looked_up_while_typing_and_only_those_of_the_hall(window, elsewhere):
    window.register()
    number = Case.objects.get().number
    ask = {"phone": " 130 0000 0047 "}
    assert number in window.client.post("/w/new/earlier", ask).content.decode()
    assert number not in elsewhere.client.post("/w/new/earlier", ask).content.decode()
    for text in ("", "1300", "abc"):
        assert number not in window.client.post("/w/new/earlier", {"phone": text}).content.decode()
    assert window.client.get("/w/new/earlier?phone=13000000047").status_code == 405


def test_matters_are_proposed_while_typing(window):
    one = window.get("new/matters?matter=M001").content.decode()
    assert "营业执照设立登记" in one
    assert 'type="radio"' not in one
    many = window.get("new/matters", data={"matter": "登记"}).content.decode()
    assert many.count('tabindex="-1"') == many.count('type="radio"')
    assert many.count('type="radio"') > 1
    assert "没有找到" in window.get("new/matters", data={"matter": "没有这件事"}).content.decode()
    assert window.get("new/matters").content.decode().strip() == ""


def test_a_case_can_be_accepted_straight_from_the_result_page(window):
    window.register()
    case = Case.objects.get()
    assert f'href="/w/{case.number}/accept"' in page_of(window.get("registered"))
    assert window.send(case, "accept", difficulty="ordinary").status_code == 302
    assert Case.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("then", "leads_to"),
    [
        ("resolve", "/w/{}/resolve"),
        ("dispatch", "/w/{}/accept?then=dispatch"),
        ("redirect", "/w/{}/redirect"),
        ("register", "/w/registered"),
    ],
)
def test_what_is_done_next_is_chosen_while_registering(window, then, leads_to):
    response = window.register(then=then)
    assert response.headers["Location"] == leads_to.format(Case.objects.get().number)
    assert Case.objects.get().state == State.FILED


def test_only_registering_is_chosen_already_and_nonsense_is_refused(window):
    assert held_by(window.get("new"))["then"] == "register"
    assert window.register(then="erase").status_code == 422
    assert window.register(then="").status_code == 422


def test_the_act_that_follows_shows_number_and_code_and_asks_nothing_twice(window):
    page = window.get(window.register(then="resolve").headers["Location"].removeprefix("/w/"))
    said, number = words_of(page), Case.objects.get().number
    code = re.search(r"查询码 (\d{3} \d{3})", said)[1].replace(" ", "")
    assert tracked_case(number, code).whole is True
    assert "请念给反映人记下" in said
    assert "结算单打不出发票，窗口不收。" in said


def test_the_code_stands_on_no_other_case_and_for_no_colleague(window, colleague, case_now):
    other = case_now()
    window.register(then="resolve")
    number = Case.objects.exclude(pk=other.pk).get().number
    assert "查询码" not in words_of(window.get(f"{other.number}/resolve"))
    assert "查询码" not in words_of(colleague.get(f"{number}/resolve"))


def test_to_a_department_means_accepted_and_dispatched_one_after_the_other(window):
    leads_to = window.register(then="dispatch").headers["Location"]
    response = window.client.get(leads_to)
    assert "受理，接着转办" in words_of(response)
    response = window.client.post(leads_to, {**held_by(response), "difficulty": "ordinary"})
    number = Case.objects.get().number
    assert response.headers["Location"] == f"/w/{number}/dispatch"
    assert "查询码" in words_of(window.get(f"{number}/dispatch"))


def test_registration_happens_at_the_own_hall_and_is_recorded_with_the_post(elsewhere):
    elsewhere.register()
    event = Case.objects.get().events.get()
    assert Case.objects.get().hall.code == "H02"
    assert (event.kind, event.role) == ("registered", "clerk")
    assert event.actor_id == actor_named("dongqu").user_id
