"""补充材料: a note or photographs while the case is open; whatever goes wrong, nothing typed or chosen is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Attachment, CaseText, Event
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.services.handling import answer_share
from portal.models import DraftFile
from tests.cases.every_act import Act, do
from tests.conftest import MONDAY
from tests.portal.citizen.conftest import errors_in, words_of
from tests.portal.citizen.test_files import a_picture

NOTE = "房东的合同找到了，照片在下面。"


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path, clock) -> None:
    settings.PRIVATE_FILES = tmp_path / "files"


@pytest.fixture
def case(somebody, case_in):
    """A case in a department's hands, opened with its query code."""
    found = case_in(State.HANDLING)
    somebody.track(found.number, case_in.code)
    return found


def kinds_of(case) -> list[str]:
    return list(Event.objects.filter(case=case).order_by("version").values_list("kind", flat=True))


def test_a_note_is_added_and_the_case_page_says_so(somebody, case):
    response = somebody.act(case.number, "supplement", text=NOTE)
    assert response.headers["Location"] == f"/track/{case.number}?done=supplement"
    page = somebody.client.get(response.headers["Location"]).content.decode()
    assert "已收到您补充的内容。" in page
    assert "已收到补充材料" in page
    assert NOTE in page
    assert kinds_of(case)[-1] == "supplemented"


def test_photographs_alone_are_enough_and_are_counted_in_the_story(somebody, case):
    somebody.act(case.number, "supplement", files=[a_picture("一.png"), a_picture("二.png")])
    page = somebody.case_page(case.number)
    assert "2 个文件" in page
    assert page.count("/files/") == 2
    assert DraftFile.objects.count() == 0


def test_nothing_at_all_is_refused_with_a_sentence(somebody, case):
    response = somebody.act(case.number, "supplement")
    assert response.status_code == 422
    assert errors_in(response) == ["请写要补充的内容，或者选一张照片。"]
    assert kinds_of(case)[-1] == "dispatched"


def test_each_refused_file_has_its_reason_and_text_and_good_files_are_kept(somebody, case):
    files = [
        a_picture("好的.png"),
        SimpleUploadedFile("空的.jpg", b""),
        SimpleUploadedFile("程序.exe", b"MZ"),
    ]
    response = somebody.act(case.number, "supplement", text=NOTE, files=files)
    assert response.status_code == 422
    assert [line.split("：")[0] for line in errors_in(response)] == ["空的.jpg", "程序.exe"]
    page = response.content.decode()
    assert NOTE in page
    assert "好的.jpg" in page
    assert somebody.act(case.number, "supplement", text=NOTE).status_code == 302
    assert Attachment.objects.get(case=case).purpose == "material"


def test_files_can_be_added_and_taken_out_again_without_losing_the_text(somebody, case):
    address = f"/track/{case.number}/supplement"
    first = somebody.act(case.number, "supplement", text=NOTE, files=[a_picture("一.png")], add="1")
    assert first.headers["Location"] == address
    page = somebody.client.get(address).content.decode()
    assert NOTE in page
    uid = re.search(r'name="remove" value="([^"]+)"', page)[1]
    somebody.act(case.number, "supplement", text=f"{NOTE}另外", remove=uid)
    page = somebody.client.get(address).content.decode()
    assert f"{NOTE}另外" in page
    assert "一.jpg" not in page
    assert kinds_of(case)[-1] == "dispatched"


def test_pressing_twice_adds_it_once(somebody, case):
    keys = somebody.hidden(case.number, "supplement")
    for _ in range(2):
        response = somebody.act(case.number, "supplement", keys, text=NOTE, files=[a_picture()])
        assert response.headers["Location"] == f"/track/{case.number}?done=supplement"
    assert kinds_of(case).count("supplemented") == 1
    assert Attachment.objects.filter(case=case).count() == 1
    assert DraftFile.objects.count() == 0


def test_on_a_stale_page_text_and_files_are_kept_and_the_news_told_in_plain_words(somebody, case, shijian):
    keys = somebody.hidden(case.number, "supplement")
    do(Act.SIGN, case.number, shijian, MONDAY)
    response = somebody.act(case.number, "supplement", keys, text=NOTE, files=[a_picture("合同.png")])
    page = response.content.decode()
    assert response.status_code == 409
    assert "市市场监督管理局已开始办理" in page
    assert "签收" not in page
    assert NOTE in page
    assert "合同.jpg" in page
    again = dict(re.findall(r'name="(idem|version)" value="([^"]+)"', page))
    assert somebody.act(case.number, "supplement", again, text=NOTE).status_code == 302
    assert Attachment.objects.filter(case=case).count() == 1


def test_news_that_citizens_are_not_told_is_shown_as_how_it_stands_now(somebody, case, shijian):
    keys = somebody.hidden(case.number, "supplement")
    answer_share(number=case.number, conclusion=Conclusion.DONE, text="内部草稿", actor=shijian, now=MONDAY)
    response = somebody.act(case.number, "supplement", keys, text=NOTE)
    assert response.status_code == 409
    assert "现在：部门已有结果，窗口正在核对" in words_of(response.content.decode())
    assert "内部草稿" not in response.content.decode()


def test_too_late_is_said_with_the_telephone_and_what_was_typed(somebody, case_in, case, clerk, shijian):
    keys = somebody.hidden(case.number, "supplement")
    for act, actor in ((Act.ANSWER, shijian), (Act.PUBLISH, clerk), (Act.CLOSE, clerk)):
        do(act, case.number, actor, MONDAY)
    keys["version"] = "6"
    response = somebody.act(case.number, "supplement", keys, text=NOTE)
    page = response.content.decode()
    assert response.status_code == 409
    assert "这件事现在是“已办结”，不能补充材料。" in page
    assert NOTE in page
    assert 'href="tel:070088001037"' in page
    assert 'type="file"' not in page
    assert "补充材料" not in words_of(somebody.case_page(case.number))


def test_a_reply_that_came_meanwhile_is_shown_and_an_act_that_closed_is_not_offered_again(
    somebody, case, clerk, shijian
):
    keys = somebody.hidden(case.number, "supplement")
    for act, actor in ((Act.ANSWER, shijian), (Act.PUBLISH, clerk), (Act.CLOSE, clerk)):
        do(act, case.number, actor, MONDAY)
    response = somebody.act(case.number, "supplement", keys, text=NOTE)
    page = response.content.decode()
    assert response.status_code == 409
    assert "您的营业执照已办好。" in page
    assert NOTE in page
    assert "再提交一次" not in page


# --- who may, and what waits when the half hour is over ---


@pytest.mark.parametrize("act", ["supplement", "withdraw", "rate", "reopen"])
def test_the_last_four_digits_lead_to_the_form_for_the_query_code(somebody, case_in, act):
    case = case_in(State.HANDLING if act in ("supplement", "withdraw") else State.CLOSED)
    somebody.track(case.number, "0039")
    to = f"/track?number={case.number}&act={act}"
    typed = {"idem": "0d3c5a2e-8d57-4c3e-9f43-0f5f3a0b6f11", "version": "1", "text": "x", "reason": "x"}
    assert somebody.client.get(f"/track/{case.number}/{act}").headers["Location"] == to
    assert somebody.client.post(f"/track/{case.number}/{act}", typed).headers["Location"] == to
    assert f'href="/track/{case.number}/' not in somebody.case_page(case.number).replace("/why", "")
    assert Event.objects.filter(case=case).count() == case.version
    assert (
        somebody.track(case.number, case_in.code, act=act).headers["Location"]
        == f"/track/{case.number}/{act}"
    )


def test_the_last_four_digits_say_how_to_get_further(somebody, case_in):
    case = case_in(State.HANDLING)
    somebody.track(case.number, "0039")
    page = words_of(somebody.case_page(case.number))
    assert "填查询码，可以看答复和办理经过，还可以补充材料、撤回。" in page


def test_what_was_typed_and_chosen_waits_when_the_half_hour_is_over(somebody, case_in, case, clock):
    keys = somebody.hidden(case.number, "supplement")
    clock.now += timedelta(minutes=31)
    response = somebody.act(case.number, "supplement", keys, text=NOTE, files=[a_picture("合同.png")])
    assert response.headers["Location"] == f"/track?number={case.number}&act=supplement"
    page = somebody.client.get(response.headers["Location"]).content.decode()
    assert "您刚才填的还在" in page
    assert case.number in page
    back = somebody.track(case.number, case_in.code, act="supplement").headers["Location"]
    page = somebody.client.get(back).content.decode()
    assert NOTE in page
    assert "合同.jpg" in page
    assert somebody.act(case.number, "supplement", text=NOTE).status_code == 302
    assert Attachment.objects.filter(case=case).count() == 1


def test_what_waits_belongs_to_one_case_and_is_sealed_and_goes_with_closing(somebody, case_in, case, clock):
    other = case_in(State.HANDLING)
    keys = somebody.hidden(case.number, "supplement")
    clock.now += timedelta(minutes=31)
    somebody.act(case.number, "supplement", keys, text=NOTE)
    assert NOTE not in str(dict(somebody.client.session.items()))
    somebody.track(other.number, case_in.code)
    assert NOTE not in somebody.client.get(f"/track/{other.number}/supplement").content.decode()
    somebody.client.post("/track/leave")
    assert "unsent" not in somebody.client.session


def test_a_number_that_is_none_keeps_nothing_and_leads_to_the_form(somebody):
    typed = {"idem": "0d3c5a2e-8d57-4c3e-9f43-0f5f3a0b6f11", "text": NOTE, "files": [a_picture()]}
    assert somebody.client.post("/track/abc/supplement", typed).headers["Location"] == "/track?act=supplement"
    assert "unsent" not in somebody.client.session
    assert DraftFile.objects.count() == 0


def test_an_unknown_act_in_the_address_leads_to_the_case(somebody, case_in):
    case = case_in(State.HANDLING)
    response = somebody.track(case.number, case_in.code, act="//evil.example")
    assert response.headers["Location"] == f"/track/{case.number}"


def test_evidence_of_the_office_is_no_file_for_the_reporter(somebody, case_in, shijian):
    case = case_in(State.HANDLING)
    do(Act.ANSWER, case.number, shijian, MONDAY, files=(("内部.png", a_picture().read()),))
    somebody.track(case.number, case_in.code)
    somebody.act(case.number, "supplement", files=[a_picture("我的.png")])
    page = somebody.case_page(case.number)
    assert "我的.jpg" in page
    assert "内部.jpg" not in page
    uid = Attachment.objects.get(case=case, purpose="evidence").uid
    assert somebody.client.get(f"/track/{case.number}/files/{uid}").status_code == 404


def test_the_note_is_sealed_in_the_database(somebody, case):
    somebody.act(case.number, "supplement", text=NOTE)
    row = CaseText.objects.get(case=case, purpose="supplement")
    assert NOTE.encode() not in bytes(row.body_sealed)


@pytest.mark.parametrize("act", ["supplement", "withdraw", "rate", "reopen"])
def test_a_page_costs_no_more_than_eight_queries(somebody, case_in, act, django_assert_max_num_queries):
    case = case_in(State.HANDLING if act in ("supplement", "withdraw") else State.CLOSED)
    somebody.track(case.number, case_in.code)
    with django_assert_max_num_queries(8):
        page = somebody.client.get(f"/track/{case.number}/{act}")
    assert page.status_code == 200
    assert len(page.content) < 40_000
