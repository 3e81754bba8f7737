"""The answer: written, looked at as the reporter will see it, sent once."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.models import AccessEntry, Attachment, Case, CaseText, Department, Event, Share
from cases.rules.classes import Conclusion, ContactWay
from cases.rules.flow import State
from cases.selectors.content import texts_for
from cases.services.handling import answer_share, contact_reporter, send_back
from tests.conftest import MONDAY, actor_named
from tests.portal.desk.conftest import REPLY, text_of

REFUSAL = {
    "conclusion": "cannot",
    "text": "住宅还不能登记。",
    "basis": "《民法典》第二百七十九条",
    "instead": "可以用集群注册地址登记。",
}


def answer_of(case: Case, actor) -> str:
    case.refresh_from_db()
    return next(text.body for text in texts_for(actor, case) if text.purpose == "answer")


def test_the_first_press_shows_the_text_as_the_reporter_will_see_it_and_sends_nothing(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, text="第一句。\n第二句。", internal="容缺收件")
    assert page.status_code == 200
    html = page.content.decode()
    assert "<p>第一句。<br>第二句。</p>" in html
    assert "给您的答复" in html
    assert "确认提交" in html
    assert Case.objects.get(pk=case.pk).version == case.version
    assert not CaseText.objects.filter(case=case, purpose="answer").exists()


def test_the_second_press_answers_and_leads_back_to_the_case(case_in, desk, clerk):
    case = case_in(State.HANDLING)
    sent = desk().answer(case, internal="容缺收件", send="1")
    assert sent.status_code == 302
    assert sent.headers["Location"] == f"/d/{case.number}/"
    assert answer_of(case, clerk) == REPLY
    assert case.state == State.ANSWERED
    assert Event.objects.filter(case=case, kind="answered").get().actor.username == "shijian"


def test_a_double_press_answers_once(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    held = at.held(case)
    first, second = (at.answer(case, held, send="1") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(case=case, kind="answered").count() == 1


def test_the_way_back_from_the_preview_keeps_every_word_and_blames_nobody(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, **REFUSAL, internal="旧档", send="1", edit="1")
    html = page.content.decode()
    for word in [*REFUSAL.values(), "旧档"]:
        assert word in html
    assert "提交有问题" not in html
    assert 'type="radio" name="conclusion" value="cannot"' in html


def test_a_refusal_in_law_needs_its_basis_and_another_way(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, conclusion="cannot", text="住宅还不能登记。", send="1")
    assert page.status_code == 422
    words = text_of(page)
    assert "依法不能办的，请写明依据。" in words
    assert "请告诉群众还可以怎么办" in words
    assert "住宅还不能登记。" in words
    assert page.content.decode().index("提交有问题") > 0
    assert Case.objects.get(pk=case.pk).state == State.HANDLING


def test_the_basis_and_the_other_way_stand_in_the_reply_under_their_names(case_in, desk, clerk):
    case = case_in(State.HANDLING)
    desk().answer(case, **REFUSAL, send="1")
    assert answer_of(case, clerk) == (
        "住宅还不能登记。\n\n依据：《民法典》第二百七十九条\n\n还可以怎么办：可以用集群注册地址登记。"
    )


def test_what_will_not_be_sent_is_said_before_it_is_lost(case_in, desk, clerk):
    case, at = case_in(State.HANDLING), desk()
    typed = {**REFUSAL, "conclusion": "done"}
    assert "您填的依据、还可以怎么办不会写进答复" in text_of(at.answer(case, **typed))
    at.answer(case, **typed, send="1")
    assert answer_of(case, clerk) == "住宅还不能登记。"


def test_long_sentences_and_bare_document_numbers_are_advice_and_no_refusal(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    text = "依据粤办函〔2020〕21号，" + "住宅用于经营需要先取得有利害关系的业主一致同意才可以登记" * 2 + "。"
    words = text_of(at.answer(case, text=text))
    assert "可以说得更明白" in words
    assert "可以拆成两句" in words
    assert "有文号“〔2020〕21号”" in words
    assert at.answer(case, text=text, send="1").status_code == 302


def test_plain_words_get_no_advice(case_in, desk):
    assert "可以说得更明白" not in text_of(desk().answer(case_in(State.HANDLING)))


def test_a_document_number_in_the_basis_is_where_it_belongs(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, **{**REFUSAL, "basis": "粤办函〔2020〕21号"})
    assert "可以说得更明白" not in text_of(page)


def test_an_empty_answer_is_told_at_its_fields(case_in, desk):
    page = desk().answer(case_in(State.HANDLING), conclusion="", text=" ")
    assert page.status_code == 422
    assert "<title>错误：" in page.content.decode()
    words = text_of(page)
    assert "请选结论。" in words
    assert "请写给群众的答复。" in words


def test_what_looks_like_html_stays_text(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, text='"><img src=x onerror=alert(1)>', internal="'\"<b>")
    html = page.content.decode()
    assert "<img src=x" not in html
    assert "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_colleague_who_answered_meanwhile_leaves_both_texts_on_the_page(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    held = at.held(case)
    answer_share(
        number=case.number,
        conclusion=Conclusion.PARTLY,
        text="同事写的：先领临时执照。",
        actor=actor_named("shijian2"),
        now=MONDAY,
    )
    page = at.answer(case, held, text="我写的：执照已办好。", send="1")
    assert page.status_code == 409
    words = text_of(page)
    assert "温立群" in words
    assert "同事写的：先领临时执照。" in words
    assert "我写的：执照已办好。" in words
    assert Event.objects.filter(case=case, kind="answered").count() == 1


def test_a_case_already_answered_offers_no_form(case_in, desk):
    case = case_in(State.ANSWERED)
    page = desk().get(f"{case.number}/answer")
    assert "<textarea" not in page.content.decode()
    assert "待窗口核对" in text_of(page)


def test_the_head_may_not_answer(case_in, desk):
    case, at = case_in(State.HANDLING), desk("head")
    assert "<textarea" not in at.get(f"{case.number}/answer").content.decode()
    held = desk().held(case)
    refused = at.answer(case, held, send="1")
    assert refused.status_code == 409
    assert Case.objects.get(pk=case.pk).state == State.HANDLING


@pytest.mark.parametrize("person", ["budongchan", "renshe"])
def test_another_department_can_neither_open_nor_send_the_answer(case_in, desk, person):
    case = case_in(State.HANDLING)
    held, other = desk().held(case), desk(person)
    assert other.get(f"{case.number}/answer").status_code == 404
    assert other.answer(case, held, send="1").status_code == 404
    assert Case.objects.get(pk=case.pk).state == State.HANDLING


# ---------- the record of the first contact ----------


def test_a_lead_that_has_not_contacted_the_reporter_books_contact_and_answer_by_one_press(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    words = text_of(at.get(f"{case.number}/answer"))
    assert "还没有联系过反映人，请先补一条首次联系记录" in words
    at.answer(case, send="1")
    kinds = list(Event.objects.filter(case=case).order_by("version").values_list("kind", flat=True))
    assert kinds[-2:] == ["contacted", "answered"]
    share = Share.objects.get(case=case)
    assert share.contacted_at == share.answered_at == MONDAY


def test_without_the_record_nothing_is_sent(case_in, desk):
    case = case_in(State.HANDLING)
    page = desk().answer(case, way="", reached="", send="1")
    assert page.status_code == 422
    assert "请选有没有联系上。" in text_of(page)
    assert Case.objects.get(pk=case.pk).version == case.version


def test_the_preview_shows_the_record_and_the_way_back_keeps_it(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    assert "电话，联系上了：已说明要带的材料。" in text_of(at.answer(case))
    back = at.answer(case, send="1", edit="1").content.decode()
    assert "已说明要带的材料。" in back
    assert 'name="reached" value="yes" id="id_reached_0" checked' in back


def test_who_has_tried_already_is_not_asked_again(case_in, desk, shijian):
    case = case_in(State.HANDLING)
    contact_reporter(number=case.number, way=ContactWay.PHONE, reached=False, actor=shijian, now=MONDAY)
    at = desk()
    assert "请先补一条首次联系记录" not in text_of(at.get(f"{case.number}/answer"))
    assert at.answer(case, send="1").status_code == 302
    assert Event.objects.filter(case=case, kind__startswith="contact").count() == 1


def test_when_the_answer_is_refused_the_contact_is_not_booked_either(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    sealed = SimpleUploadedFile("证明.exe", b"MZ", "application/octet-stream")
    page = at.answer(case, send="1", files=sealed)
    assert page.status_code == 422
    assert not Event.objects.filter(case=case, kind="contacted").exists()


def test_the_number_stands_beside_the_record_and_the_look_is_logged(case_in, desk):
    case = case_in(State.HANDLING)
    assert "tel:13000000039" in desk().get(f"{case.number}/answer").content.decode()
    assert AccessEntry.objects.get(case=case).purpose == "contact"


# ---------- evidence ----------


def photo(name: str = "执照.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "#0B57B8").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture
def vault(settings, tmp_path) -> None:
    settings.PRIVATE_FILES = tmp_path


def test_evidence_goes_with_the_answer_and_stands_on_the_case(case_in, desk, vault):
    case, at = case_in(State.HANDLING), desk()
    form = at.answer(case).content.decode()
    assert 'type="file" name="files"' in form
    at.answer(case, send="1", files=[photo(), photo("领取单.png")])
    found = Attachment.objects.filter(case=case)
    assert {(file.purpose, file.share.department.code) for file in found} == {("evidence", "S02")}
    assert "领取单" in text_of(at.get(f"{case.number}/"))


def test_a_file_that_cannot_be_taken_is_told_on_the_preview_and_the_words_are_kept(case_in, desk, vault):
    case, at = case_in(State.HANDLING), desk()
    page = at.answer(case, internal="容缺收件", send="1", files=SimpleUploadedFile("证明.exe", b"MZ"))
    assert page.status_code == 422
    words = text_of(page)
    assert "这种文件不能上传" in words
    assert "附件请重新选一次" in words
    assert "给您的答复" in words
    assert "容缺收件" in words
    assert Case.objects.get(pk=case.pk).state == State.HANDLING


def test_too_many_files_are_refused_before_they_are_read(case_in, desk, vault):
    case = case_in(State.HANDLING)
    page = desk().answer(case, send="1", files=[photo() for _ in range(10)])
    assert page.status_code == 422
    assert "最多 9 个文件，请少选几个。" in text_of(page)
    assert "给您的答复" in text_of(page)


# ---------- several departments ----------


def answered_by(username: str, case: Case, text: str) -> None:
    answer_share(
        number=case.number, conclusion=Conclusion.PARTLY, text=text, actor=actor_named(username), now=MONDAY
    )


def test_the_lead_reads_the_co_handlers_answer_before_writing_its_own(joint, desk):
    case, at = joint(), desk()
    assert "市不动产登记中心 协办 还没有签收" in text_of(at.get(f"{case.number}/answer"))
    answered_by("budongchan", case, "产权信息已经核实。")
    words = text_of(at.get(f"{case.number}/answer"))
    assert "市不动产登记中心 协办 部分办成 产权信息已经核实。" in words


def test_a_co_handler_sees_what_is_asked_and_by_when_the_lead_owes_its_answer(joint, desk):
    case = joint(instruction="请核实产权后告诉主办部门。")
    page = desk("budongchan").get(f"{case.number}/answer")
    words = text_of(page)
    assert "交办要求 请核实产权后告诉主办部门。" in words
    assert "市市场监督管理局 主办 还没有签收" in words
    assert "部门答复时限到 11月26日（周四）17:30" in words or "签收时限到" in words
    assert "首次联系记录" not in words


def test_who_answers_first_is_told_whom_the_case_waits_for(joint, desk):
    case, at = joint(), desk()
    at.answer(case, send="1")
    assert "等 市不动产登记中心 协办答复后一起到窗口。" in text_of(at.get(f"{case.number}/"))
    assert Case.objects.get(pk=case.pk).state == State.HANDLING
    answered_by("budongchan", case, "产权信息已经核实。")
    words = text_of(at.get(f"{case.number}/"))
    assert "答复已到窗口，由市政务服务中心核对后答复反映人。" in words


# ---------- sent back ----------


def returned(case: Case, reason: str = "请写明领取的地点。") -> None:
    send_back(
        number=case.number,
        department_id=Department.objects.get(code="S02").pk,
        reason=reason,
        actor=actor_named("clerk"),
        now=MONDAY,
    )


def test_an_answer_that_was_sent_back_starts_from_the_reason_and_the_earlier_words(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    at.answer(case, **REFUSAL, internal="旧档", send="1")
    returned(case)
    assert "窗口请本单位重新答复 请写明领取的地点。" in text_of(at.get(f"{case.number}/"))
    page = at.get(f"{case.number}/answer")
    words = text_of(page)
    assert words.index("请写明领取的地点。") < words.index("住宅还不能登记。")
    form = page.context["form"]
    assert {name: form[name].value() for name in REFUSAL} == REFUSAL
    assert form["internal"].value() == "旧档"


def test_after_the_new_answer_the_reason_no_longer_stands_above(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    at.answer(case, send="1")
    returned(case)
    at.answer(case, text="请到市政务服务中心三号窗领取。", send="1")
    assert "窗口请本单位重新答复" not in text_of(at.get(f"{case.number}/"))
