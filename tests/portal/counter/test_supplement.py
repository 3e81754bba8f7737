"""补充材料 at the window: a note, files, or both, while the case is open."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Attachment, Case, Event
from cases.rules.flow import State
from cases.rules.grants import citizen
from cases.selectors.content import files_for, texts_for
from tests.portal.counter.conftest import page_of, words_of
from tests.portal.counter.test_case import a_png

NOTE = "带来了房产证复印件。"


def photo(name: str = "房产证.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_png()[1], "image/png")


@pytest.mark.parametrize("state", [State.FILED, State.HANDLING, State.REPLIED])
def test_what_is_brought_joins_the_case_and_changes_no_state(window, case_now, state):
    case = case_now(state)
    response = window.send(case, "supplement", text=NOTE, files=[photo(), photo("背面.png")])
    assert response.headers["Location"] == f"/w/{case.number}/"
    assert Case.objects.get().state == state
    reporter = citizen(opened=frozenset({case.pk}))
    assert NOTE in [text.body for text in texts_for(reporter, case)]
    names = [file.name.partition(".")[0] for file in files_for(reporter, case)]
    assert names == ["房产证", "背面"]


def test_files_alone_are_enough_and_so_is_a_note(window, case_now):
    case = case_now()
    assert window.send(case, "supplement", files=[photo()]).status_code == 302
    assert window.send(case, "supplement", text=NOTE).status_code == 302
    assert Event.objects.filter(kind="supplemented").count() == 2


def test_nothing_at_all_is_refused(window, case_now):
    response = window.send(case_now(), "supplement", text=" ")
    assert response.status_code == 422
    assert "请写要补充的内容" in words_of(response)


def test_a_file_that_cannot_be_taken_is_named_and_the_note_stays(window, case_now):
    bad = SimpleUploadedFile("程序.exe", b"MZ" + bytes(200), "application/octet-stream")
    response = window.send(case_now(), "supplement", text=NOTE, files=[bad])
    assert response.status_code == 422
    assert "程序.exe" in words_of(response)
    assert NOTE in page_of(response)
    assert "请重新选一次" in words_of(response)
    assert not Attachment.objects.exists()


def test_an_ended_case_takes_nothing_more(window, case_now):
    assert "不能补充材料" in words_of(window.get(f"{case_now(State.CLOSED).number}/supplement"))
