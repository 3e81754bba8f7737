"""《转办指引单》: what somebody takes along who was told where else to go; two copies, no telephone number."""

from __future__ import annotations

from django.utils import timezone

from cases.rules import scope
from cases.rules.flow import State
from cases.services.content import Person
from cases.services.erasing import erase_case
from tests.portal.counter.conftest import held_by, page_of, words_of


def redirected(window, case, reason: str = "consumer"):
    held = held_by(window.send(case, "redirect", reason=reason, fill="1"))
    return window.send(case, "redirect", held)


def test_a_redirect_leads_to_its_slip(window, case_now):
    case = case_now()
    assert redirected(window, case).headers["Location"] == f"/w/{case.number}/slip"


def test_both_copies_say_why_whom_where_and_what_to_say(window, case_now):
    case = case_now()
    redirected(window, case)
    copies = page_of(window.get(f"{case.number}/slip")).split('<section class="bc-guide"')[1:]
    reason = scope.REASONS["consumer"]
    assert len(copies) == 2
    for copy, name in zip(copies, ("存根联", "反映人联"), strict=True):
        for part in (
            name,
            "转办指引单",
            reason.label,
            reason.channel,
            "12315",
            reason.sentence,
            "我要说的是：营业执照办了三趟",
            "盖章处",
            f"{case.number[:6]}-{case.number[6:11]}-{case.number[11:]}",
        ):
            assert part in copy


def test_a_contact_that_only_the_clerk_knew_is_printed_large(window, case_now):
    case = case_now()
    held = held_by(window.send(case, "redirect", reason="other_area", fill="1"))
    text = held["explanation"].replace("（请写明单位、地址或电话）", "邻市政务服务中心 0701-12345")
    window.send(case, "redirect", held, explanation=text)
    page = page_of(window.get(f"{case.number}/slip"))
    assert '<strong class="bc-guide__contact">邻市政务服务中心 0701-12345</strong>' in page


def test_neither_name_nor_number_of_the_reporter_is_printed_in_full(window, case_now):
    case = case_now(
        people=(Person(name="刘德明", phone="13000000039"),),
        statement="健身房不退卡，我的电话是13000000039，找谁？",
    )
    redirected(window, case)
    page = page_of(window.get(f"{case.number}/slip"))
    assert "刘**" in page
    assert "刘德明" not in page
    assert "13000000039" not in page


def test_it_is_linked_from_the_case_as_long_as_there_is_something_to_print(window, supervisor, case_now):
    case = case_now(State.REDIRECTED)
    link = f'href="/w/{case.number}/slip" data-key="F9"'
    assert link in page_of(window.get(f"{case.number}/"))
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=timezone.now())
    assert link not in page_of(window.get(f"{case.number}/"))
    assert window.get(f"{case.number}/slip").headers["Location"] == f"/w/{case.number}/"


def test_only_what_was_redirected_has_one(window, elsewhere, case_now):
    case = case_now(State.CLOSED)
    assert window.get(f"{case.number}/slip").headers["Location"] == f"/w/{case.number}/"
    assert elsewhere.get(f"{case.number}/slip").status_code == 404
    assert window.client.post(f"/w/{case.number}/slip").status_code == 405


def test_how_to_print_is_said_in_words_for_who_has_no_script(window, case_now):
    case = case_now(State.REDIRECTED)
    assert "按 Ctrl+P 打印" in words_of(window.get(f"{case.number}/slip"))
