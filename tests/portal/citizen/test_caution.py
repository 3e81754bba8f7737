"""Interruptions on the way: a quicker channel, or numbers that nobody needs. The person decides."""

from __future__ import annotations

import pytest

from cases.models import Case
from tests.portal.citizen.conftest import heading_of

ID_NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("statement", "numbers"),
    [
        ("隔壁着火了，消防通道堵住，救命", ["110", "119", "120", "122"]),
        ("网购的营业执照相框是假货，商家不给退", ["12315"]),
    ],
)
def test_emergencies_and_consumer_matters_are_told_the_right_number_first(somebody, statement, numbers):
    assert somebody.send("problem", statement=statement).headers["Location"] == "/report/caution"
    page = somebody.client.get("/report/caution").content.decode()
    for number in numbers:
        assert f'href="tel:{number}"' in page
    response = somebody.client.post("/report/caution", {"go": "1"}, follow=True)
    assert heading_of(response) == "是哪件事？"


def test_an_identity_number_can_be_hidden(somebody):
    somebody.pages["problem"]["statement"] = f"我的身份证{ID_NUMBER}系统里查不到，窗口不收件"
    assert somebody.send("problem").headers["Location"] == "/report/caution"
    assert ID_NUMBER not in somebody.client.get("/report/caution").content.decode()
    somebody.client.post("/report/caution", {"hide": "1"})
    assert ID_NUMBER not in somebody.get("problem").content.decode()
    assert "1****************X" in somebody.get("problem").content.decode()


def test_or_left_as_it_is_and_is_not_asked_again(somebody):
    somebody.pages["problem"]["statement"] = f"我的身份证{ID_NUMBER}系统里查不到，窗口不收件"
    somebody.send("problem")
    somebody.client.post("/report/caution", {"go": "1"})
    assert ID_NUMBER in somebody.get("problem").content.decode()
    assert somebody.send("problem").headers["Location"] == "/report/matter"
    changed = somebody.pages["problem"]["statement"] + "，跑了三次"
    assert somebody.send("problem", statement=changed).headers["Location"] == "/report/caution"


def test_both_cautions_come_one_after_the_other(somebody):
    somebody.send("problem", statement=f"网购纠纷，对方要我的卡号6222021234567890128和身份证{ID_NUMBER}")
    first = heading_of(somebody.client.get("/report/caution"))
    response = somebody.client.post("/report/caution", {"go": "1"}, follow=True)
    assert first == "这件事可能有更快的办法"
    assert heading_of(response) == "您写的内容里可能有身份证号或银行卡号"
    response = somebody.client.post("/report/caution", {"hide": "1"}, follow=True)
    assert heading_of(response) == "是哪件事？"
    page = somebody.get("problem").content.decode()
    assert "6222021234567890128" not in page
    assert "6222***********0128" in page


def test_a_telephone_number_in_the_text_is_no_caution(somebody):
    response = somebody.send("problem", statement="窗口让我打13800001234，打了三天没人接，执照办不了")
    assert response.headers["Location"] == "/report/matter"


def test_nothing_to_caution_about_leads_on(somebody):
    assert somebody.client.get("/report/caution").headers["Location"] == "/report/problem"
    somebody.send("problem")
    assert somebody.client.get("/report/caution").headers["Location"] == "/report/matter"


def test_after_the_caution_a_change_from_the_check_page_returns_to_it(somebody):
    somebody.fill()
    changed = f"身份证{ID_NUMBER}查不到，窗口不收件办不成"
    assert (
        somebody.send("problem", "?return=check", statement=changed).headers["Location"] == "/report/caution"
    )
    response = somebody.client.post("/report/caution", {"hide": "1"}, follow=True)
    assert heading_of(response) == "核对并提交"
    somebody.confirm()
    assert Case.objects.count() == 1
