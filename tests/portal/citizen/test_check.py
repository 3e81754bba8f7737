"""The last page of the filing: nothing without consent, one case however often it is pressed, nothing lost."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from cases.errors import BusyError
from cases.models import Case, Party
from portal.citizen import filing
from tests.portal.citizen.conftest import Citizen, errors_in


def test_consent_is_asked_and_not_given_beforehand(somebody):
    somebody.fill()
    page = somebody.get("check").content.decode()
    box = page[page.index('name="consent"') - 200 : page.index('name="consent"') + 200]
    assert "checked" not in box
    for said in ("只用来办这件事", "接待窗口、承办部门和督办人员", "办结后保存 10 年"):
        assert said in page
    response = somebody.client.post("/report/check", {"idem": somebody.idem()})
    assert response.status_code == 422
    assert errors_in(response) == ["请勾选同意，否则我们不能保存您的信息。"]
    assert Case.objects.count() == 0


def test_consent_is_noted_with_its_moment(somebody):
    somebody.file()
    assert Party.objects.get().consented_at is not None


def test_what_was_left_out_says_so(somebody):
    somebody.pages["before"] = {"visits": "0"}
    somebody.fill()
    page = somebody.get("check").content.decode()
    assert page.count("未填写") == 2  # day, files
    assert "记不清，或者在网上办的" in page


def test_pressing_twice_gives_one_case_and_the_same_receipt(somebody):
    somebody.fill()
    idem = somebody.idem()
    first, second = somebody.confirm(idem), somebody.confirm(idem)
    assert first.headers["Location"] == second.headers["Location"] == "/receipt"
    assert Case.objects.count() == 1
    assert "已收到" in somebody.client.get("/receipt").content.decode()


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_give_one_case(city):
    somebody = Citizen()
    somebody.fill()
    idem = somebody.idem()

    def press(_: int) -> str:
        browser = Client()
        browser.cookies.update(somebody.client.cookies)
        try:
            answer = browser.post("/report/check", {"idem": idem, "consent": "on"})
            return answer.headers.get("Location", str(answer.status_code))
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(press, range(10)))
    assert Case.objects.count() == 1
    assert set(answers) == {"/receipt"}
    assert "已收到" in somebody.client.get("/receipt").content.decode()


def test_a_worker_that_dies_after_the_commit_loses_neither_number_nor_code(somebody, monkeypatch):
    """The answer never arrives and the session middleware never runs: receipt and emptied draft are in the commit."""
    somebody.fill()
    idem = somebody.idem()
    real = filing.once

    def dies(*args):
        real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(filing, "once", dies)
    with pytest.raises(KeyboardInterrupt):
        somebody.confirm(idem)
    monkeypatch.setattr(filing, "once", real)
    assert somebody.confirm(idem).headers["Location"] == "/receipt"
    assert Case.objects.count() == 1
    assert Case.objects.get().number[:6] in somebody.client.get("/receipt").content.decode()


def test_a_busy_database_keeps_everything(somebody, monkeypatch):
    somebody.fill()
    idem = somebody.idem()

    def busy(*args):
        raise BusyError

    real = filing.once
    monkeypatch.setattr(filing, "once", busy)
    response = somebody.confirm(idem)
    assert response.status_code == 422
    assert errors_in(response) == [BusyError.message]
    monkeypatch.setattr(filing, "once", real)
    assert somebody.confirm(idem).headers["Location"] == "/receipt"


def test_an_act_that_fails_leaves_the_draft_and_no_half_case(somebody, monkeypatch):
    somebody.fill()

    def breaks(*args, **kwargs):
        raise RuntimeError("disk")

    somebody.client.raise_request_exception = False
    monkeypatch.setattr(filing.opened, "give_receipt", breaks)
    assert somebody.confirm().status_code == 500
    monkeypatch.undo()
    assert Case.objects.count() == 0
    assert somebody.get("check").status_code == 200
    assert somebody.confirm().headers["Location"] == "/receipt"


def test_going_back_after_sending_leads_to_the_receipt_and_a_new_filing_is_empty(somebody):
    somebody.file()
    assert somebody.get("check").headers["Location"] == "/receipt"
    assert somebody.get("problem").status_code == 200
    somebody.file()
    assert Case.objects.count() == 2


@pytest.mark.parametrize("idem", ["", "nonsense"])
def test_a_form_without_its_key_is_shown_again_with_a_new_one(somebody, idem):
    somebody.fill()
    assert (
        somebody.client.post("/report/check", {"idem": idem, "consent": "on"}).headers["Location"]
        == "/report/check"
    )
    assert uuid.UUID(somebody.idem())
    assert Case.objects.count() == 0


def test_sending_an_empty_draft_files_nothing(somebody):
    response = somebody.client.post("/report/check", {"idem": str(uuid.uuid4()), "consent": "on"})
    assert response.headers["Location"] == "/report/problem"
    assert Case.objects.count() == 0


def test_the_draft_decides_and_not_what_is_posted_along(somebody):
    somebody.fill()
    somebody.confirm(state="closed", hall="1", statement="something else", number="1", difficulty="hard")
    case = Case.objects.get()
    assert (case.state, case.hall.code, case.difficulty) == ("filed", "H02", "")
