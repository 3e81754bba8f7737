"""Photos and PDFs of a filing: kept sealed between the pages, refused one by one with a reason, gone when given up."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cases.models import Attachment, Case
from cases.services import drafts as services
from portal.citizen import drafts
from portal.models import DraftFile
from tests.portal.citizen.conftest import Citizen, errors_in


def a_picture(name: str = "门头.png", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "#0B57B8").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def upload(somebody: Citizen, *files: SimpleUploadedFile, **buttons: str):
    return somebody.client.post("/report/files", {"files": list(files), **buttons})


def stored(settings) -> list:
    return [path for path in settings.PRIVATE_FILES.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path) -> None:
    settings.PRIVATE_FILES = tmp_path / "files"


@pytest.fixture
def at_files(somebody) -> Citizen:
    """A citizen who has come to the page of the files."""
    somebody.fill("files")
    return somebody


def test_no_file_is_fine(at_files):
    assert upload(at_files).headers["Location"] == "/report/contact"


def test_files_are_kept_between_the_pages_and_become_part_of_the_case(at_files, settings):
    assert (
        upload(at_files, a_picture("门头.png"), a_picture("收据.png")).headers["Location"]
        == "/report/contact"
    )
    page = at_files.get("files").content.decode()
    assert "门头.jpg" in page
    assert "收据.jpg" in page
    at_files.send("contact")
    assert "门头.jpg" in at_files.get("check").content.decode()
    at_files.confirm()
    assert Attachment.objects.filter(case=Case.objects.get()).count() == 2
    assert len(stored(settings)) == 2  # the case's own; those of the draft are gone
    assert DraftFile.objects.count() == 0


def test_what_rests_between_the_pages_is_sealed(at_files, settings):
    upload(at_files, a_picture())
    (kept,) = stored(settings)
    assert b"JFIF" not in kept.read_bytes()
    assert "门头" not in str(dict(at_files.client.session.items()))


def test_each_refused_file_has_its_own_reason_and_the_good_one_is_kept(at_files):
    response = upload(
        at_files,
        a_picture("好的.png"),
        SimpleUploadedFile("空的.jpg", b"", "image/jpeg"),
        SimpleUploadedFile("程序.exe", b"MZ", "application/x-msdownload"),
        SimpleUploadedFile("假的.jpg", b"<script>alert(1)</script>", "image/jpeg"),
    )
    assert response.status_code == 422
    assert [sentence.split("：")[0] for sentence in errors_in(response)] == [
        "空的.jpg",
        "程序.exe",
        "假的.jpg",
    ]
    assert "好的.jpg" in response.content.decode()
    assert "好的.jpg" in at_files.get("files").content.decode()


def test_the_tenth_file_is_not_taken(at_files):
    assert upload(at_files, *[a_picture(f"{n}.png") for n in range(9)]).status_code == 302
    response = upload(at_files, a_picture("10.png"))
    assert response.status_code == 422
    assert errors_in(response) == ["10.png：最多 9 个文件，这个没有收下。"]


def test_a_file_that_is_too_large_is_told_so(at_files, settings):
    big = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "image/jpeg")
    response = upload(at_files, big)
    assert response.status_code == 422
    assert "文件太大" in errors_in(response)[0]
    assert stored(settings) == []


def test_all_files_together_have_a_limit(at_files, settings, monkeypatch):
    monkeypatch.setattr(services, "MAX_ALL_BYTES", 1000)
    response = upload(at_files, a_picture(size=(400, 400)))
    assert response.status_code == 422
    assert "加起来不能超过" in errors_in(response)[0]
    assert stored(settings) == []


def test_more_can_be_added_and_one_taken_out_again(at_files, settings):
    assert upload(at_files, a_picture("一.png"), add="1").headers["Location"] == "/report/files"
    assert upload(at_files, a_picture("二.png"), add="1").headers["Location"] == "/report/files"
    page = at_files.get("files").content.decode()
    uid = page.split('name="remove" value="')[1].split('"')[0]
    at_files.client.post("/report/files", {"remove": uid})
    page = at_files.get("files").content.decode()
    assert "一.jpg" not in page
    assert "二.jpg" in page
    assert len(stored(settings)) == 1


def test_somebody_elses_file_cannot_be_taken_out(at_files, somebody_else, settings):
    upload(at_files, a_picture(), add="1")
    uid = at_files.get("files").content.decode().split('name="remove" value="')[1].split('"')[0]
    somebody_else.fill("files")
    somebody_else.client.post("/report/files", {"remove": uid})
    assert len(stored(settings)) == 1


def test_throwing_the_draft_away_deletes_its_files(at_files, settings):
    upload(at_files, a_picture())
    at_files.client.post("/report/discard")
    assert stored(settings) == []
    assert DraftFile.objects.count() == 0


def test_a_file_that_disappeared_is_named_and_the_draft_stays(at_files, settings):
    upload(at_files, a_picture())
    at_files.send("contact")
    for path in stored(settings):
        path.unlink()
    response = at_files.confirm()
    assert response.status_code == 422
    assert "“门头.jpg”已经过期" in errors_in(response)[0]
    assert Case.objects.count() == 0


def test_files_sealed_with_the_key_before_the_last_rotation_still_open(at_files, settings):
    upload(at_files, a_picture())
    settings.FIELD_KEYS = {"k2": "2" * 64, **settings.FIELD_KEYS}
    at_files.send("contact")
    assert at_files.confirm().headers["Location"] == "/receipt"


def test_files_of_drafts_that_were_given_up_go_after_two_days(at_files, settings):
    upload(at_files, a_picture())
    now = timezone.now()
    assert drafts.sweep_files(now + timedelta(days=1)) == 0
    assert drafts.sweep_files(now + timedelta(days=2, minutes=1)) == 1
    assert drafts.sweep_files(now + timedelta(days=2, minutes=1)) == 0
    assert stored(settings) == []


def test_an_uploaded_file_sweeps_up_after_those_who_gave_up(at_files, somebody_else, settings):
    upload(at_files, a_picture())
    DraftFile.objects.update(kept_at=timezone.now() - timedelta(days=3))
    somebody_else.fill("files")
    upload(somebody_else, a_picture())
    assert len(stored(settings)) == 1


def test_an_act_that_fails_deletes_no_file_of_the_draft(at_files, settings, monkeypatch):
    upload(at_files, a_picture())
    at_files.send("contact")
    at_files.client.raise_request_exception = False

    def breaks(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("portal.citizen.filing.opened.give_receipt", breaks)
    assert at_files.confirm().status_code == 500
    monkeypatch.undo()
    settings.PRIVATE_FILES = settings.PRIVATE_FILES
    assert at_files.confirm().headers["Location"] == "/receipt"
    assert Attachment.objects.count() == 1
