"""Looking a case up from outside: any way of writing the number, and answers that tell nothing to those who guess."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.rules.flow import State
from cases.rules.numbering import compose_digits
from tests.conftest import MONDAY
from tests.portal.citizen.conftest import Citizen, errors_in, heading_of

UNKNOWN = compose_digits(MONDAY.date(), 99999)
NOT_FOUND = "编号或查询码不对，请核对回执或跟踪卡后再试。"


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def shapes_of(case) -> list[str]:
    number = case.number
    wide = number.translate({ord("0") + n: ord("０") + n for n in range(10)})
    return [
        number,
        f"{case.place}-{number[:6]}-{number[6:11]}-{number[11:]}",
        f"{number[:6]} {number[6:11]} {number[11:]}",
        f" 编号：{number[:4]}-{number[4:8]}-{number[8:]} ",
        wide,
        f"{number[:6]}－{number[6:11]}—{number[11:]}",
    ]


@pytest.mark.parametrize("shape", range(6))
def test_the_number_may_be_written_in_any_way(somebody, case_in, shape):
    case = case_in(State.FILED)
    response = somebody.track(shapes_of(case)[shape], case_in.code)
    assert response.headers["Location"] == f"/track/{case.number}"


@pytest.mark.parametrize("write", ["{0}{1}", "{0} {1}", "{0}-{1}", "（{0} {1}）"])
def test_the_code_may_be_written_in_any_way(somebody, case_in, write):
    case = case_in(State.FILED)
    code = write.format(case_in.code[:3], case_in.code[3:])
    assert somebody.track(case.number, code).status_code == 302
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert somebody.track(case.number, wide).status_code == 302


def same_for_both(first, second, *typed: str) -> bool:
    """Whether two answers differ in nothing but what was typed and the token."""

    def bare(response) -> str:
        page = response.content.decode()
        for text in typed:
            page = page.replace(text, "…")
        token = page.split('name="csrfmiddlewaretoken" value="')
        return "".join(part if not n else part[64:] for n, part in enumerate(token))

    def headers(response) -> dict[str, str]:
        return {name: value for name, value in response.headers.items() if name != "X-Request-Id"}

    return bare(first) == bare(second) and headers(first) == headers(second)


@pytest.mark.parametrize("length", [4, 6])
def test_a_wrong_code_and_an_unknown_number_answer_alike(somebody, case_in, length):
    case = case_in(State.FILED)
    wrong = other_than(case_in.code)[:length] if length == 6 else "0001"
    known, unknown = somebody.track(case.number, wrong), somebody.track(UNKNOWN, wrong)
    assert known.status_code == unknown.status_code == 422
    assert errors_in(known) == errors_in(unknown) == [NOT_FOUND]
    assert len(known.content) == len(unknown.content)
    assert same_for_both(known, unknown, case.number, UNKNOWN)


@pytest.mark.parametrize("wrong", ["000000", "0001"])
def test_and_do_the_same_work(somebody, case_in, wrong):
    case = case_in(State.FILED)
    somebody.track(UNKNOWN, wrong)
    spent = []
    for number in (case.number, UNKNOWN):
        with CaptureQueriesContext(connection) as queries:
            somebody.track(number, other_than(case_in.code) if len(wrong) == 6 else wrong)
        statements = [query["sql"].split(" WHERE ")[0] for query in queries]
        spent.append([sql for sql in statements if "cases_" in sql])  # the cache keeps house as it likes
    assert spent[0] == spent[1]
    assert len(spent[0]) == 3  # the case, its people, the hall at the foot


def test_an_unopened_case_and_an_unknown_one_answer_alike(somebody, case_in):
    case = case_in(State.FILED)
    for path in ("/track/{}", "/track/{}/why"):
        known, unknown = (
            somebody.client.get(path.format(case.number)),
            somebody.client.get(path.format(UNKNOWN)),
        )
        assert (known.status_code, unknown.status_code) == (302, 302)
        assert known.headers["Location"] == f"/track?number={case.number}"
        assert unknown.headers["Location"] == f"/track?number={UNKNOWN}"


@pytest.mark.parametrize("number", ["%3Cscript%3E", "..", "１２３", "9" * 300])
def test_rubbish_in_the_address_leads_to_the_empty_form(somebody, number):
    assert somebody.client.get(f"/track/{number}").headers["Location"] == "/track"
    page = somebody.client.get("/track", {"number": number}).content.decode()
    assert "<script>" not in page[page.index("<main") : page.index("</main>")]


BAD = [
    ({"number": ""}, "请填写编号。"),
    ({"secret": ""}, "请填写查询码，或者电话后四位。"),
    ({"number": "13000000014"}, "这不像编号，请对照回执或跟踪卡再填一次。"),
    ({"number": UNKNOWN[:-1] + str((int(UNKNOWN[-1]) + 1) % 10)}, "编号有一位不对，请对照跟踪卡再输一次。"),
    ({"secret": "13000000014"}, "查询码是 6 位数字；填电话的，只要后四位。"),
    ({"secret": "12345"}, "查询码是 6 位数字；填电话的，只要后四位。"),
    ({"secret": "²³¹²³¹"}, None),
    ({"secret": "①②③④"}, None),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_bad_input_is_answered_in_a_sentence(somebody, changes, sentence):
    response = somebody.client.post("/track", {"number": UNKNOWN, "secret": "482915", **changes})
    assert response.status_code == 422
    assert errors_in(response) == [sentence or NOT_FOUND]
    assert "<title>错误：" in response.content.decode()


def test_what_was_typed_is_never_in_an_address(somebody, case_in):
    case = case_in(State.FILED)
    response = somebody.track(case.number, case_in.code)
    assert case_in.code not in response.headers["Location"]
    assert somebody.client.get("/track", {"number": case.number, "secret": case_in.code}).status_code == 200


def test_the_eleventh_try_in_ten_minutes_is_told_to_wait(somebody, case_in):
    case = case_in(State.FILED)
    for _ in range(10):
        assert somebody.track(UNKNOWN, "482915").status_code == 422
    response = somebody.track(case.number, case_in.code)
    assert response.status_code == 429
    assert heading_of(response) == "试得太频繁了"
    assert int(response.headers["Retry-After"]) > 0
    assert "10 分钟后再试" in response.content.decode()


def test_typing_errors_do_not_count_as_tries(somebody, case_in):
    case = case_in(State.FILED)
    for _ in range(12):
        assert somebody.track(case.number, "12").status_code == 422
    assert somebody.track(case.number, case_in.code).status_code == 302


def test_sweeping_numbers_opens_nothing_and_is_stopped(somebody, case_in):
    case = case_in(State.FILED)
    guesses = [f"{n:06d}" for n in range(40) if f"{n:06d}" != case_in.code]
    answers = [somebody.track(case.number, guess).status_code for guess in guesses]
    assert answers.count(422) == 10
    assert set(answers[10:]) == {429}


def test_the_form_costs_no_more_than_eight_queries(somebody, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        somebody.client.get("/track")


def test_the_form_is_refused_without_its_token(city):
    from django.test import Client

    strict = Citizen()
    strict.client = Client(enforce_csrf_checks=True)
    assert strict.track(UNKNOWN, "482915").status_code == 403
