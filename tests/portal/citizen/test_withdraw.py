"""撤回: a page that says what it means, then nothing more is owed; one may file again."""

from __future__ import annotations

import pytest

from cases.models import Case, Event
from cases.rules.flow import State
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY
from tests.portal.citizen.conftest import heading_of, words_of

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def case(somebody, case_in):
    """A case in a department's hands, opened with its query code."""
    found = case_in(State.HANDLING)
    somebody.track(found.number, case_in.code)
    return found


def test_the_page_says_what_it_means_and_changes_nothing(somebody, case):
    page = words_of(somebody.client.get(f"/track/{case.number}/withdraw").content.decode())
    assert "撤回以后，这件事就不再办了，也不能恢复。" in page
    assert "以后还可以再反映。" in page
    assert Case.objects.get(pk=case.pk).state == State.HANDLING


@pytest.mark.parametrize("reason", ["", "已经自己办好了。"])
def test_it_is_withdrawn_with_or_without_a_reason(somebody, case, reason):
    response = somebody.act(case.number, "withdraw", reason=reason)
    assert response.headers["Location"] == f"/track/{case.number}?done=withdraw"
    response = somebody.client.get(response.headers["Location"])
    assert heading_of(response) == "已按您的要求撤回"
    page = somebody.case_page(case.number)
    assert reason in page
    assert "共 5 步" not in page
    assert "最晚" not in page
    assert "您可以" not in page


def test_pressing_twice_withdraws_once(somebody, case):
    keys = somebody.hidden(case.number, "withdraw")
    for _ in range(2):
        assert somebody.act(case.number, "withdraw", keys).status_code == 302
    assert Event.objects.filter(case=case, kind="withdrawn").count() == 1


def test_a_reply_that_came_meanwhile_is_read_first(somebody, case, clerk, shijian):
    keys = somebody.hidden(case.number, "withdraw")
    do(Act.ANSWER, case.number, shijian, MONDAY)
    do(Act.PUBLISH, case.number, clerk, MONDAY)
    response = somebody.act(case.number, "withdraw", keys, reason="等太久了")
    page = response.content.decode()
    assert response.status_code == 409
    assert "您的营业执照已办好。" in page
    assert "等太久了" in page
    assert Case.objects.get(pk=case.pk).state == State.REPLIED


def test_a_closed_case_cannot_be_withdrawn(somebody, case_in):
    case = case_in(State.CLOSED)
    somebody.track(case.number, case_in.code)
    assert f"/track/{case.number}/withdraw" not in somebody.case_page(case.number)
    page = somebody.client.get(f"/track/{case.number}/withdraw").content.decode()
    assert "这件事现在是“已办结”，不能撤回。" in page


def test_a_reason_that_is_too_long_is_said_and_kept(somebody, case):
    response = somebody.act(case.number, "withdraw", reason="长" * 1001)
    assert response.status_code == 422
    assert "最多写 1000 个字，现在是 1001 个。" in response.content.decode()
    assert "长" * 1001 in response.content.decode()


def test_an_address_that_claims_a_withdrawal_is_not_believed(somebody, case):
    page = somebody.client.get(f"/track/{case.number}?done=withdraw").content.decode()
    assert "已经撤回" not in page
