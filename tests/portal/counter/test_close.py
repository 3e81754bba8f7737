"""办结: outcome, evidence, and 别人也会遇到吗."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Attachment, Case
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import files_for, texts_for
from tests.portal.counter.conftest import page_of, words_of
from tests.portal.counter.test_case import a_png

GOOD = {"outcome": "done", "evidence": "电话核实已领到执照。", "recurrence": "yes"}


def test_a_case_is_closed_with_its_evidence_and_what_others_may_meet(window, clerk, case_now):
    case = case_now(State.REPLIED)
    window.send(case, "close", **GOOD, recurrence_note="系统里查不到场地证明。")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.recurrence) == (State.CLOSED, "done", "yes")
    bodies = {text.purpose: text.body for text in texts_for(clerk, case)}
    assert bodies["closing"] == "电话核实已领到执照。"
    assert bodies["recurrence"] == "系统里查不到场地证明。"


@pytest.mark.parametrize("missing", ["outcome", "evidence", "recurrence"])
def test_nothing_of_it_may_be_left_out(window, case_now, missing):
    response = window.send(case_now(State.REPLIED), "close", **{**GOOD, missing: ""})
    assert response.status_code == 422
    assert "提交有问题" in words_of(response)
    assert missing == "evidence" or "电话核实已领到执照。" in page_of(response)
    assert Case.objects.get().state == State.REPLIED


@pytest.mark.parametrize("outcome", ["withdrawn", "merged", "unreachable", "anything"])
def test_outcomes_of_other_acts_are_not_taken(window, case_now, outcome):
    assert window.send(case_now(State.REPLIED), "close", **{**GOOD, "outcome": outcome}).status_code == 422


def test_papers_that_prove_it_are_kept_for_the_office_alone(window, clerk, case_now):
    case = case_now(State.REPLIED)
    proof = SimpleUploadedFile("签收单.png", a_png()[1], "image/png")
    assert window.send(case, "close", **GOOD, files=[proof]).status_code == 302
    assert Attachment.objects.get().purpose == "evidence"
    assert len(files_for(clerk, case)) == 1
    assert files_for(citizen(opened=frozenset({case.pk})), case) == []


def test_papers_must_be_chosen_again_after_a_mistake_and_the_page_says_so(window, case_now):
    proof = SimpleUploadedFile("签收单.png", a_png()[1], "image/png")
    response = window.send(case_now(State.REPLIED), "close", **{**GOOD, "outcome": ""}, files=[proof])
    assert response.status_code == 422
    assert "浏览器不会保留文件，请重新选一次" in words_of(response)
    assert not Attachment.objects.exists()
