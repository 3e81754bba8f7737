"""The answer: written, looked at as the reporter will see it, sent once."""

from __future__ import annotations

import pytest

from cases.models import Case, CaseText, Event
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.selectors.content import texts_for
from cases.services.handling import answer_share
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
