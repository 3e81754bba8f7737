"""A run: imported by a worker, resumed when it was killed, its facts kept for ever and its paper not."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases.models import Case
from portal.models import RegisterPaper, RegisterRun
from portal.register import importing, runs, tasks
from tests.portal.register.conftest import GOOD, OPEN, WRONG, bring, cells_of, choose, csv_of


def test_an_import_ends_with_links_to_the_cases_and_the_rejected_rows_to_mend(supervisor_here):
    run = bring(supervisor_here, csv_of(GOOD, WRONG, OPEN))
    assert (run.imported, run.already_there, run.rejected, run.total) == (2, 0, 1, 3)
    page = supervisor_here.get(f"/register/import/{run.pk}").content.decode()
    for case in Case.objects.all():
        assert f"/s/{case.number}/" in page
    assert "hx-trigger" not in page
    response = supervisor_here.get(f"/register/import/{run.pk}/rejected")
    (row,) = cells_of(response.content)
    assert row["反映人"] == "邱女士"
    assert row["登记时间"] == "2026-02-30 10:20"
    assert "登记时间：" in row[runs.REASON]


def test_mended_rows_come_back_alone_and_nothing_is_doubled(supervisor_here):
    run = bring(supervisor_here, csv_of(GOOD, WRONG, OPEN))
    assert bring(supervisor_here, csv_of(GOOD, WRONG, OPEN)).already_there == 2
    (row,) = cells_of(supervisor_here.get(f"/register/import/{run.pk}/rejected").content)
    row["登记时间"] = "2026-03-01 10:20"
    mended = csv_of(",".join(row.values()), heads=",".join(row))
    again = bring(supervisor_here, mended, "改好的.csv")
    assert (again.imported, again.already_there, again.rejected) == (1, 0, 0)
    assert Case.objects.count() == 3


def test_the_file_is_gone_when_the_run_has_ended_and_the_rest_after_a_week(supervisor_here):
    run = bring(supervisor_here, csv_of(GOOD, WRONG))
    paper = RegisterPaper.objects.get(run=run)
    assert paper.file_sealed is None
    runs.forget_old(timezone.now() + timedelta(days=6))
    assert RegisterPaper.objects.count() == 1
    runs.forget_old(timezone.now() + timedelta(days=8))
    assert RegisterPaper.objects.count() == 0
    page = supervisor_here.get(f"/register/import/{run.pk}").content.decode()
    assert "明细留 7 天" in page
    assert supervisor_here.get(f"/register/import/{run.pk}/rejected").status_code == 404


def test_a_file_that_nobody_imports_is_gone_after_a_day(supervisor_here):
    place = choose(supervisor_here, csv_of(GOOD)).headers["Location"]
    runs.forget_old(timezone.now() + timedelta(days=1, minutes=1))
    assert "文件已经删除" in supervisor_here.get(place).content.decode()
    response = supervisor_here.post(f"{place}/start", {"idem": str(uuid.uuid4())})
    assert response.status_code == 409
    assert "重新选择文件" in response.content.decode()
    assert Case.objects.count() == 0


def test_an_ended_run_can_be_neither_changed_nor_deleted(supervisor_here):
    run = bring(supervisor_here, csv_of(GOOD))
    for change in (lambda rows: rows.update(imported=99), lambda rows: rows._raw_delete("default")):
        with pytest.raises(InternalError), transaction.atomic():
            change(RegisterRun.objects.filter(pk=run.pk))


def test_without_a_broker_the_run_waits_and_is_taken_up_later(supervisor_here, monkeypatch):
    monkeypatch.setattr("portal.register.bringing.tell", tasks.tell)

    def away(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.import_register, "apply_async", away)
    run = bring(supervisor_here, csv_of(GOOD, OPEN))
    assert run.asked_at
    assert run.ended_at is None
    RegisterRun.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    page = supervisor_here.get(f"/register/import/{run.pk}").content.decode()
    assert "后台这会儿没有回应" in page
    assert 'hx-trigger="every 2s"' in page
    assert "刷新" in page
    tasks.take_up()
    run.refresh_from_db()
    assert run.imported == 2


def test_a_worker_that_is_killed_half_way_is_followed_by_one_that_doubles_nothing(
    supervisor_here, monkeypatch, told
):
    monkeypatch.setattr("portal.register.bringing.tell", lambda *_: True)
    run = bring(supervisor_here, csv_of(GOOD, WRONG, OPEN))

    class KilledError(BaseException):
        pass

    real = importing.enter_from_register

    def dies_at_the_second(paper, *args, **more):
        if Case.objects.exists():
            raise KilledError
        return real(paper, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "enter_from_register", dies_at_the_second)
        with pytest.raises(KilledError):
            runs.carry_out(run.pk)
    assert Case.objects.count() == 1
    later = timezone.now() + timedelta(minutes=5)
    assert runs.waiting_runs(later) == [run.pk]
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert Case.objects.count() == 2
    assert (run.imported, run.already_there, run.rejected) == (2, 0, 1)
    runs.carry_out(run.pk)
    assert Case.objects.count() == 2


def test_nobody_opens_the_run_of_somebody_else(supervisor_here, signed_in):
    run = bring(supervisor_here, csv_of(GOOD, WRONG))
    other = signed_in("supervisor2")
    for address in (f"/register/import/{run.pk}", f"/register/import/{run.pk}/rejected"):
        assert other.get(address).status_code == 404
    page = other.get("/register/").content.decode()
    assert "导入 1 行，原来已有 0 行，未导入 1 行" in page
    assert f"/register/import/{run.pk}" not in page


def test_whoever_is_no_supervisor_any_more_imports_nothing(supervisor_here, monkeypatch, city):
    monkeypatch.setattr("portal.register.bringing.tell", lambda *_: True)
    run = bring(supervisor_here, csv_of(GOOD))
    monkeypatch.setattr(runs, "units_of", lambda *_: [])
    runs.carry_out(run.pk)
    run.refresh_from_db()
    assert "督办专员" in run.problem
    assert Case.objects.count() == 0
    page = supervisor_here.get(f"/register/import/{run.pk}").content.decode()
    assert "没有导入完" in page


def test_a_long_file_is_looked_through_by_the_worker(supervisor_here, monkeypatch, told):
    monkeypatch.setattr(runs, "QUICK", 1)
    place = choose(supervisor_here, csv_of(GOOD, WRONG, OPEN)).headers["Location"]
    assert [task for task, _ in told] == ["examine"]
    assert "导入 2 行" in supervisor_here.get(place).content.decode()
    monkeypatch.setattr("portal.register.bringing.tell", lambda *_: False)
    place = choose(supervisor_here, csv_of(GOOD, WRONG)).headers["Location"]
    assert "正在核对" in supervisor_here.get(place).content.decode()
    tasks.take_up()
    assert "导入 1 行" in supervisor_here.get(place).content.decode()


def test_htmx_gets_the_part_that_changes(supervisor_here):
    run = bring(supervisor_here, csv_of(GOOD))
    part = supervisor_here.get(f"/register/import/{run.pk}", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="run"')
