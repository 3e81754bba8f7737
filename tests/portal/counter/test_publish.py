"""答复反映人: prefilled with the department's words, previewed as the reporter reads it, both texts kept on a stale screen."""

from __future__ import annotations

from django.utils import timezone

from cases.models import Case, CaseText, Department
from cases.rules.classes import Conclusion
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import texts_for
from cases.services import handling
from escalation.models import Clock
from portal.templatetags.bancheng import short_moment
from tests.portal.counter.conftest import held_by, page_of, words_of

ANSWER = "执照已经打印，请到 3 号窗领取。"


def preview_in(response) -> str:
    return page_of(response).partition('id="preview"')[2].partition("</section>")[0]


def test_the_department_s_words_are_there_to_start_from(window, case_now):
    case = case_now(State.ANSWERED)
    response = window.get(f"{case.number}/publish")
    assert held_by(response)["text"] == ANSWER
    assert ANSWER in preview_in(response)


def test_every_department_s_answer_stands_there_the_lead_s_first_and_prefilled(window, joint):
    case = joint()
    response = window.get(f"{case.number}/publish")
    said = words_of(response)
    assert held_by(response)["text"] == ANSWER
    lead, co = said.index("市市场监督管理局 主办 已办成"), said.index("协办 部分办成")
    assert lead < co
    assert "产权信息已查到。" in said
    assert "内部说明：系统里还缺一页。" in said


def test_of_an_answer_that_was_asked_for_again_only_the_last_counts(window, shijian, joint):
    case, market = joint(), str(Department.objects.get(code="S02").pk)
    window.send(case, "send_back", department=market, reason="请写清楚在哪里领。")
    handling.answer_share(
        number=case.number,
        conclusion=Conclusion.DONE,
        text="请到二楼 3 号窗领取。",
        actor=shijian,
        now=timezone.now(),
    )
    response = window.get(f"{case.number}/publish")
    assert held_by(response)["text"] == "请到二楼 3 号窗领取。"
    assert ANSWER not in page_of(response)


def test_until_when_the_window_must_have_checked_stands_beside(window, case_now):
    case = case_now(State.ANSWERED)
    said = words_of(window.get(f"{case.number}/publish"))
    due = Clock.objects.get(case=case, obligation="check").due_at
    assert f"窗口核对时限： {short_moment(due)} 前" in said


def test_what_is_published_is_what_the_reporter_reads(window, case_now):
    case = case_now(State.ANSWERED)
    window.send(case, "publish", text="请带身份证到三号窗领取执照。\n\n不用再排队。")
    case.refresh_from_db()
    assert case.state == State.REPLIED
    read = texts_for(citizen(opened=frozenset({case.pk})), case)
    assert [text.body for text in read if text.purpose == "reply"] == [
        "请带身份证到三号窗领取执照。\n\n不用再排队。"
    ]


def test_a_preview_publishes_nothing_and_keeps_the_text(window, case_now):
    case = case_now(State.ANSWERED)
    response = window.send(case, "publish", text="改过的话<b>。", preview="1")
    assert response.status_code == 200
    assert held_by(response)["text"] == "改过的话<b>。"
    assert "改过的话&lt;b&gt;。" in response.content.decode()
    assert Case.objects.get().state == State.ANSWERED
    live = window.client.post(
        f"/w/{case.number}/publish", {"text": "打到一半", "preview": "1"}, headers={"HX-Request": "true"}
    )
    assert "打到一半" in live.content.decode()
    assert "<html" not in live.content.decode()


def test_an_empty_reply_is_refused(window, case_now):
    response = window.send(case_now(State.ANSWERED), "publish", text="  ")
    assert response.status_code == 422
    assert "请写给反映人的答复" in words_of(response)


def test_a_stale_screen_shows_both_texts(window, colleague, case_now):
    case = case_now(State.ANSWERED)
    held = window.open(case, "publish")
    colleague.send(case, "publish", text="同事写的答复。")
    response = window.send(case, "publish", held, text="我写的答复。")
    assert response.status_code == 409
    said = words_of(response)
    assert "同事 贺文静 刚刚" in said
    assert "已答复反映人。" in said
    assert "同事写的答复。" in said
    assert held_by(response)["text"] == "我写的答复。"
    assert held_by(response)["version"] == str(Case.objects.get().version)
    assert CaseText.objects.filter(purpose="reply").count() == 1


def test_before_the_department_has_answered_there_is_nothing_to_publish(window, case_now):
    case = case_now(State.HANDLING)
    assert "不能答复反映人" in words_of(window.get(f"{case.number}/publish"))
    held = {"idem": "5f0c9d1e-6c0e-4a49-8d11-0a4f2ab6f001", "version": case.version, "text": "先答了。"}
    response = window.client.post(f"/w/{case.number}/publish", held)
    assert response.status_code == 409
    assert "先答了。" in page_of(response)
    assert Case.objects.get().state == State.HANDLING
