"""Finding a case by whatever a person says: number, telephone, four digits, name, initials; by POST, within the own hall."""

from __future__ import annotations

import pytest

from cases.rules.flow import State
from cases.services.content import Person
from tests.portal.counter.conftest import page_of, words_of

PEOPLE = (
    Person(
        name="刘德明",
        phone="13000000039",
        organisation="岐安市鼎盛五金制品有限公司",
        credit_code="91110000600037341L",
    ),
)


@pytest.fixture
def case(case_now):
    return case_now(State.FILED, people=PEOPLE)


def find(window, text: str):
    return window.client.post("/w/find", {"q": text})


def shapes(number: str) -> list[str]:
    return [
        number,
        f"岐安-中心-{number[:6]}-{number[6:11]}-{number[11:]}",
        " ".join(number),
        "".join(chr(ord(digit) + 0xFEE0) for digit in number),
    ]


def test_a_number_in_any_grouping_leads_straight_to_the_case(window, case):
    for text in shapes(case.number):
        assert find(window, text).headers["Location"] == f"/w/{case.number}/"


@pytest.mark.parametrize(
    "text",
    [
        "13000000039",
        "130-0000-0039",
        "+86 130 0000 0039",
        "0039",
        "刘德明",
        " 刘 德明 ",
        "ldm",
        "LDM",
        "岐安市鼎盛五金制品有限公司",
        "91110000600037341l",
    ],
)
def test_telephone_name_initials_and_organisation_find_it(window, case, text):
    assert find(window, text).headers["Location"] == f"/w/{case.number}/"


@pytest.mark.parametrize("text", ["0038", "刘德", "德明", "ldx", "1300000003", "不存在"])
def test_only_the_whole_fits_and_an_empty_result_says_what_to_do(window, case, text):
    response = find(window, text)
    assert response.status_code == 200
    assert "没有找到" in words_of(response)
    assert "新登记" in words_of(response)


def test_several_are_listed_masked(window, case, case_now):
    other = case_now(State.HANDLING, people=PEOPLE)
    response = find(window, "13000000039")
    said = words_of(response)
    assert "找到 2 件" in said
    assert case.number[6:11] in said
    assert other.number[6:11] in said
    assert "刘德明" not in page_of(response).partition('id="h-found"')[2]


def test_a_mistyped_number_is_told_before_anything_is_looked_up(window, case):
    wrong = case.number[:-1] + str((int(case.number[-1]) + 1) % 10)
    assert "编号有一位不对" in words_of(find(window, wrong))


def test_another_hall_finds_nothing(elsewhere, case):
    for text in (case.number, "13000000039", "0039", "刘德明", "ldm"):
        assert "没有找到" in words_of(find(elsewhere, text))


def test_what_is_searched_never_stands_in_an_address(window, case):
    assert "13000000039" not in find(window, "13000000039").headers["Location"]
    response = window.get("find?q=13000000039")
    assert "刘" not in words_of(response)
