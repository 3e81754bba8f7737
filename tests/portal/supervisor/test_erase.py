"""依法删除: with a legal basis, deliberately, and the chain still holds."""

from __future__ import annotations

import pytest

from cases.models import Attachment, Case, CaseKey, CaseText, Event, Party
from cases.rules.flow import State
from cases.selectors.chain import faults
from tests.conftest import STATEMENT
from tests.portal.desk.conftest import text_of

BASIS = {"basis": "consent_withdrawn", "sure": "on"}


def held(client, case: Case) -> dict[str, str]:
    form = client.get(f"/s/{case.number}/erase").context["form"]
    return {"idem": str(form["idem"].value()), "version": str(form["version"].value())}


def erase(client, case: Case, **typed: str):
    return client.post(f"/s/{case.number}/erase", {**held(client, case), **typed})


def test_erasing_removes_who_and_what_and_the_page_says_so(case_in, at_board):
    case, at = case_in(State.CLOSED), at_board()
    done = erase(at, case, **BASIS)
    assert done.headers["Location"] == f"/s/{case.number}/"
    for rows in (Party, CaseText, Attachment, CaseKey):
        assert not rows.objects.filter(case=case).exists()
    page = at.get(done.headers["Location"])
    words = text_of(page)
    assert "已依法删除" in words
    assert "流转记录 7 条，逐条校验通过" in words
    assert STATEMENT[:8] not in words
    assert "孟" not in words
    assert list(faults([case.number])) == []


def test_the_record_of_the_erasure_names_its_basis_and_nothing_personal(case_in, at_board):
    case = case_in(State.CLOSED)
    erase(at_board(), case, **BASIS)
    event = Event.objects.get(case=case, kind="erased")
    assert event.data == {"basis": "consent_withdrawn", "files": 0}
    assert event.actor.username == "supervisor"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sure": "on"}, "请选择删除的法律依据"),
        ({"basis": "consent_withdrawn"}, "请核对后勾选"),
        ({"basis": "because", "sure": "on"}, "不在可用的选项中"),
    ],
)
def test_without_basis_or_a_deliberate_yes_nothing_is_erased(case_in, at_board, typed, said):
    case = case_in(State.CLOSED)
    page = erase(at_board(), case, **typed)
    assert page.status_code == 422
    assert said in text_of(page)
    assert CaseKey.objects.filter(case=case).exists()


def test_an_open_case_is_not_erased(case_in, at_board):
    closed, case, at = case_in(State.CLOSED), case_in(State.HANDLING), at_board()
    page = at.get(f"/s/{case.number}/erase")
    assert 'type="radio"' not in page.content.decode()
    refused = at.post(f"/s/{case.number}/erase", {**held(at, closed), "version": str(case.version), **BASIS})
    assert refused.status_code == 409
    assert "不能依法删除" in text_of(refused)
    assert CaseKey.objects.filter(case=case).exists()


def test_a_double_press_erases_once(case_in, at_board):
    case, at = case_in(State.CLOSED), at_board()
    typed = {**held(at, case), **BASIS}
    first, second = (at.post(f"/s/{case.number}/erase", typed) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(case=case, kind="erased").count() == 1


def test_what_is_erased_is_neither_offered_nor_erased_again(case_in, at_board):
    case, other, at = case_in(State.CLOSED), case_in(State.CLOSED), at_board()
    erase(at, case, **BASIS)
    case.refresh_from_db()
    assert f"/s/{case.number}/erase" not in at.get(f"/s/{case.number}/").content.decode()
    fresh = {**held(at, other), "version": str(case.version), **BASIS}
    assert at.get(f"/s/{case.number}/erase").headers["Location"] == f"/s/{case.number}/"
    assert at.post(f"/s/{case.number}/erase", fresh).headers["Location"] == f"/s/{case.number}/"
    assert Event.objects.filter(case=case, kind="erased").count() == 1


@pytest.mark.parametrize("person", ["leader", "viewer"])
def test_leaders_and_viewers_may_not_erase(case_in, at_board, person):
    case = case_in(State.CLOSED)
    typed = {**held(at_board(), case), **BASIS}
    refused = at_board(person).post(f"/s/{case.number}/erase", typed)
    assert refused.status_code == 409
    assert CaseKey.objects.filter(case=case).exists()
