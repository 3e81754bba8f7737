"""The case page: what stands on it, who sees it, looking at a telephone number, files, an erased case."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from cases.models import AccessEntry, Attachment
from cases.rules.flow import State
from cases.services.content import Person
from cases.services.erasing import erase_case
from escalation.services.sweep import sweep
from tests.portal.counter.conftest import page_of, words_of


def test_it_says_what_when_by_whom_and_what_can_be_done_now(window, case_now):
    case = case_now(State.ANSWERED)
    said = words_of(window.get(f"{case.number}/"))
    for part in (
        "营业执照设立登记",
        "待窗口核对",
        "办结时限",
        "怎么算的",
        "营业执照办了三趟",
        "市市场监督管理局",
        "主办",
    ):
        assert part in said
    for kind in ("网上提交", "已受理", "已转办", "已答复窗口"):
        assert kind in said
    page = page_of(window.get(f"{case.number}/"))
    assert f'href="/w/{case.number}/publish"' in page
    assert "现在不能：要等到“已答复”" in said


def test_an_act_stands_beside_the_moment_it_is_due(window, case_now):
    case = case_now(State.ACCEPTED)
    acts = page_of(window.get(f"{case.number}/")).partition("现在可以做")[2].partition("</aside>")[0]
    assert " 前，" in acts.partition("转办")[2]


def test_every_department_has_its_ticket_and_the_lead_stands_first(window, joint):
    said = words_of(window.get(f"{joint(answered=False).number}/"))
    assert "2 个部门分头办" in said
    assert said.index("市市场监督管理局 主办") < said.index("市不动产登记中心 协办")
    assert "请一起把产权证明办完。" in said


def test_cards_of_the_case_stand_above_it_in_words(window, case_now):
    case = case_now(State.HANDLING, ago=timedelta(days=30))
    sweep(now=timezone.now())
    said = words_of(window.get(f"{case.number}/"))
    assert "红牌：" in said
    assert "试行，不计分。" in said


OPEN_ACTS = {
    State.FILED: "ARXSW",
    State.ACCEPTED: "XZSW",
    State.HANDLING: "SW",
    State.ANSWERED: "TPSW",
    State.REPLIED: "BSW",
    State.CLOSED: "HC",
    State.REDIRECTED: "",
}


@pytest.mark.parametrize("state", OPEN_ACTS)
def test_every_open_act_has_a_letter_of_its_own(window, case_now, state):
    acts = (
        page_of(window.get(f"{case_now(state).number}/")).partition("现在可以做")[2].partition("</aside>")[0]
    )
    assert "".join(re.findall(r'data-key="(\w)"', acts)) == OPEN_ACTS[state]


SAVEPOINTS = 2  # opened and released around the entry that a look is logged with
COSTS = {
    "": State.HANDLING,
    "accept": State.FILED,
    "redirect": State.FILED,
    "slip": State.REDIRECTED,
    "resolve": State.FILED,
    "dispatch": State.ACCEPTED,
    "send_back": State.ANSWERED,
    "publish": State.ANSWERED,
    "close": State.REPLIED,
    "call_back": State.CLOSED,
    "reopen": State.CLOSED,
    "supplement": State.HANDLING,
    "withdraw": State.HANDLING,
}


@pytest.mark.parametrize("address", COSTS)
def test_a_page_of_a_case_costs_twenty_queries_at_most(
    window, case_now, address, django_assert_max_num_queries
):
    url = f"{case_now(COSTS[address]).number}/{address}"
    window.get(url)  # versions of calendar and rules are read once a process
    with django_assert_max_num_queries(20 + SAVEPOINTS * (address == "call_back")):
        assert window.get(url).status_code == 200


def test_people_are_masked_until_somebody_says_why(window, case_now):
    case = case_now(people=(Person(name="刘德明", phone="13000000039", notify_by="sms"),))
    said = words_of(window.get(f"{case.number}/"))
    assert "刘**" in said
    assert "130****0039" in said
    assert "刘德明" not in said
    assert not AccessEntry.objects.exists()


def test_a_look_is_logged_shown_once_and_masked_again_after_a_minute(window, clerk, case_now):
    case = case_now(people=(Person(name="刘德明", phone="13000000039"),))
    response = window.client.post(f"/w/{case.number}/reveal", {"purpose": "contact"})
    assert response.status_code == 200
    assert "刘德明" in words_of(response)
    assert "13000000039" in words_of(response)
    assert response.headers["Refresh"] == f"60; url=/w/{case.number}/"
    assert response.headers["Cache-Control"] == "no-store"
    entry = AccessEntry.objects.get()
    assert (entry.case_id, entry.user_id, entry.purpose) == (case.pk, clerk.user_id, "contact")
    assert "刘德明" not in words_of(window.get(f"{case.number}/"))


@pytest.mark.parametrize("purpose", ["", "curious"])
def test_without_a_reason_nothing_is_shown_and_nothing_logged(window, case_now, purpose):
    case = case_now()
    response = window.client.post(f"/w/{case.number}/reveal", {"purpose": purpose})
    assert response.status_code == 422
    assert "13000000039" not in page_of(response)
    assert "Refresh" not in response.headers
    assert not AccessEntry.objects.exists()


ACTS = (
    "accept",
    "redirect",
    "resolve",
    "dispatch",
    "send_back",
    "publish",
    "close",
    "call_back",
    "reopen",
    "supplement",
    "withdraw",
)


@pytest.mark.parametrize("address", ["", *ACTS])
def test_the_case_of_another_hall_is_not_there(elsewhere, case_now, address):
    case = case_now()
    assert elsewhere.get(f"{case.number}/{address}").status_code == 404
    if address:
        assert elsewhere.client.post(f"/w/{case.number}/{address}", {}).status_code == 404


def test_nobody_at_another_hall_sees_a_telephone_number(elsewhere, case_now):
    case = case_now()
    assert elsewhere.client.post(f"/w/{case.number}/reveal", {"purpose": "contact"}).status_code == 404
    assert not AccessEntry.objects.exists()


def test_the_preview_of_a_reply_is_no_way_to_ask_whether_a_case_exists(elsewhere, case_now):
    case = case_now(State.ANSWERED)
    headers = {"HX-Request": "true"}
    sent = {"preview": "1", "text": "x"}
    for number in (case.number, "261123999995"):
        assert elsewhere.client.post(f"/w/{number}/publish", sent, headers=headers).status_code == 404


def test_an_erased_case_keeps_its_history_and_says_so(window, case_now, supervisor):
    case = case_now(State.CLOSED)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=timezone.now())
    said = words_of(window.get(f"{case.number}/"))
    assert "已依法删除" in said
    assert "营业执照办了三趟" not in said
    assert "130****" not in said
    assert "显示完整姓名" not in said
    assert "已答复反映人" in said


def a_png() -> tuple[str, bytes]:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0B57B8").save(out, "PNG")
    return "门头照片.png", out.getvalue()


def test_a_file_comes_as_a_download_that_no_browser_runs(window, elsewhere, case_now):
    case = case_now(files=(a_png(),))
    uid = Attachment.objects.get().uid
    assert f"/w/{case.number}/files/{uid}" in page_of(window.get(f"{case.number}/"))
    response = window.get(f"{case.number}/files/{uid}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox"
    assert response.headers["Cache-Control"] == "no-store"
    assert elsewhere.get(f"{case.number}/files/{uid}").status_code == 404
    other = case_now()
    assert window.get(f"{other.number}/files/{uid}").status_code == 404
