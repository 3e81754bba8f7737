"""Downloading a file of a case."""

from __future__ import annotations

import uuid
from io import BytesIO

import pytest
from PIL import Image

from cases.models import Attachment, Case, Department
from cases.rules.classes import Difficulty
from cases.rules.flow import State
from cases.services import handling, intake
from tests.conftest import MONDAY, Filing


@pytest.fixture
def with_photo(case_in: Filing, settings, tmp_path, clerk) -> Case:
    """A case with one photograph, dispatched to 市市场监督管理局."""
    settings.PRIVATE_FILES = tmp_path
    out = BytesIO()
    Image.new("RGB", (8, 8), "#0B57B8").save(out, "PNG")

    filed = case_in(State.FILED, files=(("门头照片.png", out.getvalue()),))
    common = {"number": filed.number, "actor": clerk, "now": MONDAY}
    intake.accept_case(**common, difficulty=Difficulty.ORDINARY, rule_version=1)
    return handling.dispatch_case(**common, department_id=Department.objects.get(code="S02").pk)


def test_the_department_downloads_what_the_reporter_sent_and_the_browser_does_not_run_it(with_photo, desk):
    uid = Attachment.objects.get(case=with_photo).uid
    page = desk().get(f"{with_photo.number}/")
    assert "门头照片" in page.content.decode()
    found = desk().get(f"{with_photo.number}/files/{uid}")
    assert found.status_code == 200
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["Cache-Control"] == "no-store"
    assert Image.open(BytesIO(found.content)).size == (8, 8)


def test_another_department_and_an_unknown_file_answer_alike(with_photo, desk):
    uid = Attachment.objects.get(case=with_photo).uid
    hidden = desk("budongchan").get(f"{with_photo.number}/files/{uid}")
    missing = desk().get(f"{with_photo.number}/files/{uuid.UUID(int=0)}")
    assert hidden.status_code == missing.status_code == 404


def test_a_file_of_another_case_is_not_reached_through_an_own_one(with_photo, sent_to, desk):
    other = sent_to("S04")
    uid = Attachment.objects.get(case=with_photo).uid
    assert desk("budongchan").get(f"{other.number}/files/{uid}").status_code == 404
