"""The sample office's register comes in as it should: row by row, once, with genuine timelines, clocks and cards."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from cases import errors
from cases.models import Case, Event, Party, RegisterEntry, Share
from cases.selectors.chain import faults
from escalation.models import Card, Clock, Notice
from escalation.services.refold import refold_all
from escalation.services.sweep import sweep
from portal.register import importing
from portal.register.importing import examine, import_sheet
from portal.sheets import SheetError
from tests.conftest import MONDAY, SHANGHAI
from tests.portal.register.registers import REGISTER, as_csv, as_xlsx, one_row, read, table

CLEAN = [n for n in range(1, 36) if n not in (2, 21, 25)]


def case_of(row: int) -> Case:
    return Case.objects.get(register_entry__row=row)


@pytest.fixture
def register():
    return read(REGISTER.read_bytes())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_given_register_comes_in_as_expected(kind, register, supervisor):
    seen = []
    register = register if kind == "csv" else read(as_xlsx(table()), "台账.xlsx")
    report = import_sheet(register, actor=supervisor, now=MONDAY, progress=lambda *at: seen.append(at))
    assert [row.row for row in report.imported] == CLEAN
    impossible, unknown = report.rejected
    assert (impossible.row, impossible.column, impossible.value) == (2, "登记时间", "2026-02-30 10:20")
    assert "这一天不存在" in impossible.reason
    assert "请核对后重新导入" in impossible.reason
    assert (unknown.row, unknown.line, unknown.column, unknown.value) == (21, 22, "承办部门", "国土")
    assert "市自然资源局" in unknown.reason
    (again,) = report.already_there
    assert (again.row, again.same_as, again.number) == (25, 24, case_of(24).number)
    assert "没有电话" in {row.row: row.remarks for row in report.imported}[7]
    assert Party.objects.get(case=case_of(7)).phone_index is None
    assert seen[-1] == (35, 35)
    assert Case.objects.count() == 32
    assert list(faults()) == []


def test_the_messes_mean_what_they_mean(register, supervisor):
    import_sheet(register, actor=supervisor, now=MONDAY)
    moments = {row: (case_of(row).submitted_at, case_of(row).closed_at) for row in (4, 5, 6)}
    assert moments == {
        4: (datetime(2026, 3, 12, 9, 35, tzinfo=SHANGHAI), datetime(2026, 6, 18, 17, 30, tzinfo=SHANGHAI)),
        5: (datetime(2026, 3, 18, 14, 50, tzinfo=SHANGHAI), datetime(2026, 3, 18, 15, 40, tzinfo=SHANGHAI)),
        6: (datetime(2026, 3, 24, 8, 30, tzinfo=SHANGHAI), datetime(2026, 7, 23, 17, 30, tzinfo=SHANGHAI)),
    }
    assert [Share.objects.filter(case=case_of(row)).count() for row in (4, 6, 8, 19)] == [4, 3, 2, 3]
    assert case_of(8).shares.filter(department__code="S14").exists()  # 市税务局 is an alias
    told = list(Event.objects.filter(case=case_of(12)).order_by("version").values_list("kind", "happened_at"))
    opened, ended = (datetime(2026, 5, 9, 9, minute, tzinfo=SHANGHAI) for minute in (5, 50))
    assert told == [
        *[(kind, opened) for kind in ("registered", "accepted", "dispatched", "dispatched")],
        *[(kind, ended) for kind in ("answered", "answered", "published", "closed", "rated")],
    ]
    assert RegisterEntry.objects.get(case=case_of(12)).source.startswith("台账")


def test_clocks_and_cards_are_those_of_the_past(register, supervisor):
    import_sheet(register, actor=supervisor, now=MONDAY)
    sweep(now=MONDAY + timedelta(hours=1))
    for row, due in (
        (3, datetime(2026, 4, 2, 17, 30, tzinfo=SHANGHAI)),
        (22, datetime(2026, 9, 2, 17, 30, tzinfo=SHANGHAI)),
    ):
        (clock,) = Clock.objects.filter(case=case_of(row), obligation="case")
        assert (clock.obligation, clock.due_at, clock.stopped_at) == ("case", due, case_of(row).closed_at)
    late = Card.objects.filter(case=case_of(3)).order_by("at")
    assert [card.colour for card in late] == ["blue", "blue", "yellow", "red"]
    assert late[2].at == datetime(2026, 4, 3, 8, 30, tzinfo=SHANGHAI)
    assert {card.colour for card in Card.objects.filter(case=case_of(22))} <= {"blue"}  # the 19th day of 20
    assert not Notice.objects.filter(historical=False, case__closed_at__isnull=False).exists()
    before = list(Clock.objects.order_by("pk").values_list())
    list(refold_all())
    assert list(Clock.objects.order_by("pk").values_list()) == before


def test_a_second_import_changes_nothing_however_it_is_typed_now(register, supervisor):
    import_sheet(register, actor=supervisor, now=MONDAY)
    before = Event.objects.count()
    head, *rows = table()
    retyped = [[cell.replace("，", " , ").replace("1300000", "130 0000 ") for cell in row] for row in rows]
    for again in (register, read(as_csv([head, *retyped]))):
        report = import_sheet(again, actor=supervisor, now=MONDAY + timedelta(days=1))
        assert [row.row for row in report.already_there] == [*range(1, 2), *range(3, 21), *range(22, 36)]
        assert all(row.number for row in report.already_there)
        assert [row.row for row in report.rejected] == [2, 21]
    assert (Case.objects.count(), Event.objects.count()) == (32, before)


def test_mended_rows_come_in_alone(register, supervisor):
    import_sheet(register, actor=supervisor, now=MONDAY)
    head, *rows = table()
    rows[1][1], rows[20][10] = "2026-03-02 10:20", "市自然资源局"
    report = import_sheet(read(as_csv([head, *rows])), actor=supervisor, now=MONDAY)
    assert [row.row for row in report.imported] == [2, 21]


def test_a_dry_run_says_the_same_and_writes_nothing(register, supervisor):
    report = examine(register, now=MONDAY)
    assert report.dry_run
    assert not Case.objects.exists()
    done = import_sheet(register, actor=supervisor, now=MONDAY)
    assert [row._replace(number="") for row in done.imported] == list(report.imported)
    assert done.rejected == report.rejected
    assert [row._replace(number="") for row in done.already_there] == list(report.already_there)


def test_the_exported_number_is_known_again_even_where_personal_data_are_masked(supervisor):
    import_sheet(one_row(), actor=supervisor, now=MONDAY)
    number = Case.objects.get().number
    masked = one_row(编号=f"岐安-南区-{number}", 反映人="白*生", 电话="130****0011", 问题描述="……")
    (row,) = import_sheet(masked, actor=supervisor, now=MONDAY).already_there
    assert (row.number, row.same_as) == (number, None)


def test_a_nearly_equal_entry_of_the_same_days_is_there_already_and_a_later_one_is_not(supervisor):
    import_sheet(one_row(), actor=supervisor, now=MONDAY)
    told = table()[1][7]
    nearly = one_row(登记时间="2026-03-03 10:00", 办结时间="2026-03-03 11:00", 问题描述=f"您好，{told}谢谢！")
    assert [row.number for row in import_sheet(nearly, actor=supervisor, now=MONDAY).already_there] == [
        Case.objects.get().number
    ]
    later = one_row(登记时间="2026-05-03 10:00", 办结时间="2026-05-03 11:00", 问题描述=f"您好，{told}谢谢！")
    assert len(import_sheet(later, actor=supervisor, now=MONDAY).imported) == 1


def test_one_entry_over_several_lines_keeps_all_its_departments(supervisor):
    head, first, *_ = table()
    second = list(first)
    second[head.index("承办部门")] = "市公安局"
    report = import_sheet(read(as_csv([head, first, second])), actor=supervisor, now=MONDAY)
    assert (len(report.imported), [row.same_as for row in report.already_there]) == (1, [1])
    assert set(Share.objects.values_list("department__code", flat=True)) == {"S02", "S10"}


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"登记时间": ""}, "登记时间", "没有写"),
        ({"登记时间": "3月5日"}, "登记时间", "年份"),
        ({"登记时间": "2027-03-05 10:00", "办结时间": "2027-03-06"}, "登记时间", "还没有到"),
        ({"办结时间": "2026-03-01 10:00"}, "办结时间", "早于"),
        ({"办结时间": ""}, "办结时间", "没有写"),
        ({"结果": "办理中"}, "结果", "办结时间"),
        ({"结果": "不知道"}, "结果", "办成"),
        ({"电话": "1.3E+10"}, "电话", "文本"),
        ({"电话": "1300000001"}, "电话", "少了一位"),
        ({"反映人": ""}, "反映人", "匿名"),
        ({"问题描述": " "}, "问题描述", "补上"),
        ({"大厅": "火星大厅"}, "大厅", "名单"),
        ({"协办部门": "市公安局；市航天局"}, "协办部门", "市航天局"),
        ({"承办部门": "", "协办部门": "市公安局"}, "承办部门", "没有写承办部门"),
        ({"难度": "天大"}, "难度", "即办"),
        ({"渠道": "鸽子"}, "渠道", "窗口"),
    ],
)
def test_what_cannot_be_right_is_refused_by_column_with_a_reason(cells, column, words, supervisor):
    report = import_sheet(one_row(**cells), actor=supervisor, now=MONDAY)
    (row,) = report.rejected
    assert (row.column, words in row.reason) == (column, True)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("cells", "remark"),
    [
        ({"电话": "无"}, "没有电话"),
        ({"反映人": "白*"}, "记作“白某”"),
        ({"反映人": "白先生、李女士"}, "用了第一位"),
        ({"大厅": ""}, "没有写大厅"),
        ({"事项": "火星登陆许可"}, "事项“火星登陆许可”不在名单里"),
        ({"阻碍类型": "天气"}, "阻碍类型“天气”"),
        ({"难度": ""}, "按“一般”"),
        ({"满意度": "98%"}, "满意度“98%”"),
        ({"登记时间": "2026/3/2", "办结时间": "2026-3-2"}, "08:30"),
        ({"承办部门": "市公安局、市监局", "协办部门": "公安；海关"}, "由市公安局主办"),
    ],
)
def test_what_is_assumed_is_remarked(cells, remark, supervisor):
    (row,) = import_sheet(one_row(**cells), actor=supervisor, now=MONDAY).imported
    assert any(remark in said for said in row.remarks)


def test_a_department_named_twice_has_one_share(supervisor):
    import_sheet(
        one_row(承办部门="市公安局、市监局", 协办部门="公安；海关，市市场监督管理局"),
        actor=supervisor,
        now=MONDAY,
    )
    assert list(Share.objects.order_by("pk").values_list("department__code", "role")) == [
        ("S10", "lead"),
        ("S02", "co"),
        ("S15", "co"),
    ]


def test_what_the_window_did_itself_needs_no_department(supervisor):
    report = import_sheet(one_row(承办部门="本窗口", 协办部门=""), actor=supervisor, now=MONDAY)
    assert len(report.imported) == 1
    assert not Share.objects.exists()
    assert Case.objects.get().outcome == "done"


def test_only_a_supervisor_imports(clerk, city):
    with pytest.raises(errors.NotAllowedError):
        import_sheet(one_row(), actor=clerk, now=MONDAY)


def test_a_row_that_fails_for_no_known_reason_stops_nobody(register, supervisor, monkeypatch, caplog):
    real = importing.enter_from_register

    def failing(paper, *rest, **named):
        if paper.name == "施女士":
            raise RuntimeError(f"cannot write {paper.name} {paper.phone}")
        return real(paper, *rest, **named)

    monkeypatch.setattr(importing, "enter_from_register", failing)
    with caplog.at_level(logging.ERROR):
        report = import_sheet(register, actor=supervisor, now=MONDAY)
    assert [row.row for row in report.rejected] == [2, 5, 21]
    assert len(report.imported) == 31
    assert "RuntimeError" in caplog.text
    assert "施" not in caplog.text
    assert "13000000015" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_second_import_at_the_same_time_is_told_so(supervisor):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7201003)")
        with pytest.raises(errors.BusyError):
            import_sheet(one_row(), actor=supervisor, now=MONDAY)
    finally:
        other.close()
    assert len(import_sheet(one_row(), actor=supervisor, now=MONDAY).imported) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7201003")
        assert cursor.fetchone()[0] == 0


def test_a_register_without_its_main_columns_is_refused_as_a_whole(supervisor):
    head, *rows = table()
    without = head.index("问题描述")
    cut = [[cell for at, cell in enumerate(row) if at != without] for row in (head, *rows)]
    with pytest.raises(SheetError, match="问题描述"):
        import_sheet(read(as_csv(cut)), actor=supervisor, now=MONDAY)


def call(*args) -> str:
    out = StringIO()
    call_command("import_register", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_table_and_json(city, tmp_path):
    printed = call(str(REGISTER), "--dry-run")
    assert "可以导入 32 行，原来已有 1 行，未导入 2 行。" in printed
    assert "这一天不存在" in printed
    assert not Case.objects.exists()
    said = json.loads(call(str(REGISTER), "--json", "--as", "supervisor2"))
    assert said["counts"] == {"imported": 32, "already_there": 1, "rejected": 2, "skipped": 0}
    assert [row["row"] for row in said["rejected"]] == [2, 21]
    assert len(said["imported"]) == 32
    assert call(str(REGISTER)).startswith("已导入 0 行，原来已有 33 行，未导入 2 行。")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("/nowhere/x.csv",), "读不了文件"),
        ((str(REGISTER), "--as", "clerk"), "不是在岗的督办专员"),
        ((str(REGISTER), "--as", "nobody"), "没有账号"),
        ((__file__,), "表头"),
    ],
)
def test_the_command_fails_in_one_sentence(args, words, city):
    with pytest.raises(CommandError, match=words):
        call(*args)
