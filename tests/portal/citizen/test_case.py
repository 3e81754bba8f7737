"""A followed case: the status layer says how it stands and no more; the whole layer tells everything in plain words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Case
from cases.rules.flow import State
from cases.services.content import Person
from cases.services.erasing import erase_case
from escalation.models import Clock
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY, SHANGHAI, STATEMENT
from tests.portal.citizen.conftest import heading_of, words_of
from tests.portal.citizen.test_files import a_picture

TAIL = "0039"
STATES = [
    State.FILED,
    State.ACCEPTED,
    State.HANDLING,
    State.ANSWERED,
    State.REPLIED,
    State.CLOSED,
    State.REDIRECTED,
]
REPLY = "您的营业执照已办好。"


pytestmark = pytest.mark.usefixtures("clock")


def whole_page(somebody, case, code: str) -> str:
    somebody.track(case.number, code)
    response = somebody.client.get(f"/track/{case.number}")
    assert response.status_code == 200
    return response.content.decode()


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("state", STATES)
def test_the_status_layer_holds_no_text_no_name_and_no_department(somebody, case_in, state):
    case = case_in(state)
    page = main_of(whole_page(somebody, case, TAIL))
    for secret in (
        STATEMENT[:8],
        "孟",
        "13000000039",
        "市场监督",
        "营业执照",
        REPLY,
        "12315",
        case.hall.name,
    ):
        assert secret not in page
    assert f"第 {5 if state in STATES[4:] else STATES.index(state) + 1} 步，共 5 步" in page


def test_the_status_layer_never_opens_files_and_a_code_opens_the_rest(
    somebody, settings, tmp_path, monkeypatch
):
    settings.PRIVATE_FILES = tmp_path
    monkeypatch.undo()
    somebody.fill("files")
    somebody.client.post("/report/files", {"files": [a_picture()]})
    somebody.send("contact")
    somebody.confirm()
    case = Case.objects.get()
    page = somebody.client.get(f"/track/{case.number}").content.decode()
    path = page.split(f'href="/track/{case.number}/files/')[1].split('"')[0]
    address = f"/track/{case.number}/files/{path}"
    response = somebody.client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    somebody.track(case.number, "0014")
    assert somebody.client.get(address).status_code == 404
    assert somebody.client.get(f"/track/{case.number}").content.decode().count("/files/") == 0


def test_a_file_of_a_case_that_was_not_opened_is_not_found(somebody_else, case_in):
    case = case_in(State.FILED)
    address = f"/track/{case.number}/files/00000000-0000-4000-8000-000000000000"
    assert somebody_else.client.get(address).status_code == 404
    somebody_else.track(case.number, case_in.code)
    assert somebody_else.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (State.FILED, "已收到，等待受理"),
        (State.ACCEPTED, "已受理"),
        (State.HANDLING, "部门正在办理"),
        (State.ANSWERED, "部门已有结果，窗口正在核对"),
        (State.REPLIED, "已答复您"),
        (State.CLOSED, "已办结"),
        (State.REDIRECTED, "不归本窗口办，已告诉您该找哪里"),
    ],
)
def test_the_heading_says_how_it_stands_in_plain_words(somebody, case_in, state, heading):
    case = case_in(state)
    somebody.track(case.number, case_in.code)
    assert heading_of(somebody.client.get(f"/track/{case.number}")) == heading


def test_a_redirected_case_says_where_to_go(somebody, case_in):
    page = main_of(whole_page(somebody, case_in(State.REDIRECTED), case_in.code))
    assert "请拨打 12315。" in page
    assert "请按答复里写的，到该办的地方办。" in page


def test_markup_in_what_was_written_stays_text(somebody, case_in):
    nasty = "<script>alert(1)</script> 营业执照办不成"
    case = case_in(State.FILED, statement=nasty, people=(Person(name="孟先生", phone="13000000039"),))
    page = whole_page(somebody, case, case_in.code)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- what may be done ---


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (State.FILED, ["supplement", "withdraw"]),
        (State.ACCEPTED, ["supplement", "withdraw"]),
        (State.HANDLING, ["supplement", "withdraw"]),
        (State.ANSWERED, ["supplement", "withdraw"]),
        (State.REPLIED, ["supplement", "withdraw"]),
        (State.CLOSED, ["reopen"]),
        (State.REDIRECTED, []),
    ],
)
def test_only_what_is_possible_is_offered(somebody, case_in, state, acts):
    page = main_of(whole_page(somebody, case := case_in(state), case_in.code))
    links = [act for act in ("supplement", "withdraw", "reopen") if f'"/track/{case.number}/{act}"' in page]
    assert links == acts
    assert ('name="resolution"' in page) is (state is State.CLOSED)


def test_what_to_do_comes_before_everything_else(somebody, case_in):
    page = main_of(whole_page(somebody, case_in(State.REPLIED), case_in.code))
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert heads[:2] == ["需要您做什么", "给您的答复"]
    assert "请看答复。" in page


# --- the due moment ---


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((2026, 11, 23, 11, 0), "还有 3 个工作日。"),
        ((2026, 11, 26, 10, 0), "今天到期。"),
        ((2026, 11, 26, 17, 31), "已超过承诺时间，督办专员会跟进。"),
        ((2026, 11, 28, 10, 0), "已超过承诺时间 1 个工作日，督办专员会跟进。"),
    ],
)
@pytest.mark.parametrize("secret", ["code", "tail"])
def test_the_due_moment_is_said_honestly_in_words(somebody, case_in, clock, moment, said, secret):
    case = case_in(State.HANDLING)
    clock.now = datetime(*moment, tzinfo=SHANGHAI)
    page = main_of(whole_page(somebody, case, case_in.code if secret == "code" else TAIL))
    assert "2026年11月26日（周四）17:30 前" in words_of(page)
    assert said in page
    assert "card" not in page


def test_before_acceptance_the_moment_of_acceptance_is_promised(somebody, case_in):
    page = main_of(whole_page(somebody, case_in(State.FILED), case_in.code))
    assert "最晚受理时间" in page
    assert "2026年11月24日（周二）" in words_of(page)


def test_after_the_reply_the_page_says_how_the_promise_was_kept(somebody, case_in):
    case = case_in(State.CLOSED)
    assert "已在承诺的时间前答复。" in whole_page(somebody, case, case_in.code)
    Case.objects.filter(pk=case.pk).update(replied_at=MONDAY + timedelta(days=9))
    page = somebody.client.get(f"/track/{case.number}").content.decode()
    assert "答复比承诺的时间晚了，对不起。" in page


def test_the_reckoning_is_one_press_away_for_both_layers(somebody, case_in):
    case = case_in(State.HANDLING)
    for secret in (case_in.code, TAIL):
        assert f'href="/track/{case.number}/why"' in whole_page(somebody, case, secret)
        page = somebody.client.get(f"/track/{case.number}/why").content.decode()
        assert '11月26日（周四）</th><td>第 3 个工作日，<span class="bc-u-phrase">最晚' in page
        assert "市场监督" not in page


def test_without_a_clock_the_page_still_stands(somebody, case_in):
    case = case_in(State.HANDLING)
    Clock.objects.filter(case=case).delete()
    assert "最晚" not in main_of(whole_page(somebody, case, case_in.code))
    assert somebody.client.get(f"/track/{case.number}/why").status_code == 200


# --- erased, expired, budget ---


def test_an_erased_case_says_so_plainly(somebody, case_in, supervisor):
    case = case_in(State.CLOSED)
    somebody.track(case.number, case_in.code)
    erase_case(number=case.number, basis="consent_withdrawn", actor=supervisor, now=MONDAY)
    response = somebody.client.get(f"/track/{case.number}")
    page = main_of(response.content.decode())
    assert "已依法删除" in page
    assert "2026年11月23日（周一）依法删除" in page
    for gone in (STATEMENT[:8], REPLY):
        assert gone not in page
    assert "个人信息已依法删除" in page


def test_a_case_stays_open_for_half_an_hour(somebody, case_in, clock):
    case = case_in(State.FILED)
    somebody.track(case.number, case_in.code)
    clock.now += timedelta(minutes=29)
    assert somebody.client.get(f"/track/{case.number}").status_code == 200
    clock.now += timedelta(minutes=2)
    assert somebody.client.get(f"/track/{case.number}").status_code == 302


def test_opening_by_tail_after_the_code_lowers_the_layer_again(somebody, case_in):
    case = case_in(State.FILED)
    assert STATEMENT in whole_page(somebody, case, case_in.code)
    assert STATEMENT not in whole_page(somebody, case, TAIL)


def test_a_receipt_of_ones_own_is_no_key_to_another_case(somebody, case_in):
    other = case_in(State.FILED)
    somebody.file()
    assert somebody.client.get(f"/track/{other.number}").status_code == 302


def test_nothing_can_be_done_on_an_erased_case(somebody, case_in, supervisor):
    case = case_in(State.CLOSED)
    somebody.track(case.number, case_in.code)
    keys = somebody.hidden(case.number, "rate")
    do(Act.ERASE, case.number, supervisor, MONDAY)
    assert "您可以" not in somebody.case_page(case.number)
    response = somebody.act(case.number, "rate", keys, resolution="solved", grade="5")
    assert response.status_code == 409
    assert "个人信息已依法删除" in response.content.decode()


def test_with_files_and_a_rating_it_costs_no_more_either(
    somebody, case_in, settings, tmp_path, clerk, shijian, django_assert_max_num_queries
):
    settings.PRIVATE_FILES = tmp_path
    case = case_in(State.HANDLING)
    somebody.track(case.number, case_in.code)
    somebody.act(case.number, "supplement", text="照片", files=[a_picture()])
    for act, actor in ((Act.ANSWER, shijian), (Act.PUBLISH, clerk), (Act.CLOSE, clerk)):
        do(act, case.number, actor, MONDAY)
    somebody.act(case.number, "rate", resolution="unsolved", grade="1", text="没解决")
    with django_assert_max_num_queries(8):
        page = somebody.client.get(f"/track/{case.number}")
    assert "/files/" in page.content.decode()
    assert len(page.content) < 40_000


@pytest.mark.parametrize("secret", ["code", "tail"])
def test_it_costs_no_more_than_eight_queries(somebody, case_in, secret, django_assert_max_num_queries):
    case = case_in(State.CLOSED)
    whole_page(somebody, case, case_in.code if secret == "code" else TAIL)
    with django_assert_max_num_queries(8):
        somebody.client.get(f"/track/{case.number}")


def test_an_upload_of_something_else_is_no_file_of_the_case(somebody):
    somebody.fill("files")
    somebody.client.post("/report/files", {"other": SimpleUploadedFile("x.png", b"x")})
    somebody.send("contact")
    somebody.confirm()
    assert Case.objects.get().attachments.count() == 0
