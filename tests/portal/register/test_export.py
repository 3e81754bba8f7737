"""The register taken away: what was imported comes out again, masked without a purpose, and harmless to spreadsheets."""

from __future__ import annotations

import csv
import io
import time

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import AccessEntry, Case
from cases.rules.flow import State
from portal.register import exporting, lines
from tests.portal.register import registers
from tests.portal.register.conftest import GOOD, HEADS, OPEN, WRONG, bring, cells_of, choose, csv_of

YEAR = {
    "since": "2026-01-01",
    "until": "2026-12-31",
    "hall": "all",
    "layout": "own",
    "format": "xlsx",
    "purpose": "masked",
}


def export(client, **changes) -> list[dict[str, str]]:
    """The rows of an export."""
    response = client.post("/register/export", {**YEAR, **changes})
    assert response.status_code == 200
    assert "attachment" in response.headers.get("Content-Disposition", ""), response.content.decode()
    return cells_of(b"".join(response.streaming_content))


def test_what_was_imported_comes_out_again_in_the_office_s_layout(supervisor_here):
    bring(supervisor_here, csv_of(GOOD, WRONG, OPEN))
    rows = export(supervisor_here, purpose="verify")
    assert list(rows[0]) == [*HEADS.split(",")[:17], "编号", "备注"]
    for row, given in zip(rows, (GOOD, OPEN), strict=True):
        told = dict(zip(HEADS.split(","), given.split(","), strict=True))
        assert {head: row[head] for head in told if head not in {"协办部门", "登记时间", "办结时间"}} == {
            head: cell for head, cell in told.items() if head not in {"协办部门", "登记时间", "办结时间"}
        }
        assert row["登记时间"] == told["登记时间"]
    assert rows[1]["协办部门"] == "国家税务总局岐安市税务局"
    assert rows[0]["办结时间"] == "2026-03-02 16:20"


def test_the_sample_register_loses_nothing(supervisor_here):
    bring(supervisor_here, registers.as_csv(registers.table()))
    head, *given = registers.table()
    rows = {row["序号"]: row for row in export(supervisor_here, purpose="verify")}
    left_out = {"2", "21", "25"}
    assert set(rows) == {row[0] for row in given} - left_out
    for line in given:
        told = dict(zip(head, line, strict=True))
        if told["序号"] in left_out:
            continue
        row = rows[told["序号"]]
        for name in (
            "反映人",
            "电话",
            "事项",
            "问题描述",
            "阻碍类型",
            "难度",
            "大厅",
            "渠道",
            "处理经过",
            "来源",
            "满意度",
        ):
            assert row[name] == told[name].strip(), (told["序号"], name)
        assert bool(row["办结时间"]) == bool(told["办结时间"])
        assert row["承办部门"]


@pytest.mark.parametrize("layout", ["own", "full"])
@pytest.mark.parametrize("purpose", ["masked", "verify"])
def test_an_export_brought_back_changes_nothing(supervisor_here, case_in, layout, purpose):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    case_in(State.HANDLING)
    count = Case.objects.count()
    response = supervisor_here.post("/register/export", {**YEAR, "layout": layout, "purpose": purpose})
    data = b"".join(response.streaming_content)
    answer = choose(supervisor_here, data, "台账.xlsx")
    if layout == "full":  # it tells no problem, so it is no register
        assert answer.status_code == 422
        return
    run = bring(supervisor_here, data, "台账.xlsx")
    assert (run.imported, run.already_there, run.rejected) == (0, 3, 0)
    assert Case.objects.count() == count


def test_without_a_purpose_people_are_masked_and_nothing_is_logged(supervisor_here):
    heads = HEADS + ",身份证号"
    bring(
        supervisor_here,
        csv_of(GOOD.replace("13000000011", "13000000011") + ",11010519491231002X", heads=heads),
    )
    (row,) = export(supervisor_here)
    assert row["反映人"] == "白先生"  # a form of address hides nothing
    assert row["电话"] == "130****0011"
    assert row["身份证号"] == "***"
    assert AccessEntry.objects.count() == 0


def test_with_a_purpose_each_look_is_logged(supervisor_here, supervisor):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    rows = export(supervisor_here, purpose="supervise")
    assert rows[0]["电话"] == "13000000011"
    entries = AccessEntry.objects.filter(field="register")
    assert {(entry.case_id, entry.user_id, entry.purpose) for entry in entries} == {
        (case.pk, supervisor.user_id, "supervise") for case in Case.objects.all()
    }


def test_who_may_not_see_people_is_not_asked_for_a_purpose_and_gets_them_masked(supervisor_here, signed_in):
    bring(supervisor_here, csv_of(GOOD))
    for person in ("leader", "viewer"):
        client = signed_in(person)
        assert 'name="purpose"' not in client.get("/register/export").content.decode()
        (row,) = export(client, purpose="verify")
        assert row["电话"] == "130****0011"
    assert AccessEntry.objects.count() == 0


def test_a_window_s_lead_takes_away_the_register_of_their_own_hall(supervisor_here, signed_in):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    lead = signed_in("lead")
    (hall,) = lead.get("/register/export").context["form"].fields["hall"].choices
    assert hall[1] == "市政务服务中心"
    assert lead.post("/register/export", YEAR).status_code == 422
    (row,) = export(lead, hall=hall[0], purpose="contact")
    assert row["大厅"] == "市政务服务中心"
    for person in ("clerk", "shijian", "head", "admin"):
        assert signed_in(person).get("/register/export").status_code == 403


def test_a_period_and_a_hall_narrow_the_register(supervisor_here):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    assert [row["序号"] for row in export(supervisor_here, since="2026-03-02", until="2026-03-02")] == ["1"]
    page = supervisor_here.post("/register/export", {**YEAR, "since": "2026-03-03", "until": "2026-03-04"})
    assert page.status_code == 422
    assert "这段时间没有登记的事项" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"since": ""}, "请填开始日期。"),
        ({"since": "2026-02-30"}, "开始日期请写成"),
        ({"since": "2026-12-31", "until": "2026-01-01"}, "结束日期早于开始日期。"),
        ({"hall": "999999"}, "没有这个大厅"),
        ({"layout": ""}, "请选样式。"),
        ({"purpose": "because"}, "没有这种用途"),
    ],
)
def test_bad_input_comes_back_with_a_sentence(supervisor_here, changes, sentence):
    response = supervisor_here.post("/register/export", {**YEAR, **changes})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_too_many_rows_for_one_file_are_told(supervisor_here, monkeypatch):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    response = supervisor_here.post("/register/export", YEAR)
    assert response.status_code == 422
    assert "请缩短时间" in response.content.decode()


def test_what_looks_like_a_formula_stays_text(supervisor_here):
    bring(supervisor_here, csv_of(GOOD, OPEN.replace("案例36", "@SUM(A1)")))
    response = supervisor_here.post("/register/export", YEAR)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    risky = [
        cell for row in sheet.iter_rows() for cell in row if str(cell.value or "").startswith(("=", "@"))
    ]
    assert {cell.value for cell in risky} == {"=本人来过三次", "@SUM(A1)"}
    assert {cell.data_type for cell in risky} == {"s"}
    assert all(cell.quotePrefix for cell in risky)
    response = supervisor_here.post("/register/export", {**YEAR, "format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert first["备注"] == "'=本人来过三次"
    assert second["来源"] == "'@SUM(A1)"


def test_the_full_layout_tells_what_time_did(supervisor_here, case_in):
    case_in(State.CLOSED)
    (row,) = export(supervisor_here, layout="full")
    assert row["涉及部门"] == "市市场监督管理局"
    assert row["转办时间"] == "2026-11-23 09:30"
    assert row["应办结日"]
    assert row["办结类型" if "办结类型" in row else "结果"] == "办成"


def test_an_erased_case_keeps_its_line_and_nobody_s_name(supervisor_here, case_in, supervisor):
    from cases.services.erasing import erase_case
    from tests.conftest import MONDAY

    case = case_in(State.CLOSED)
    erase_case(number=case.number, basis="purpose_ended", actor=supervisor, now=MONDAY)
    (row,) = export(supervisor_here, purpose="verify")
    assert (row["反映人"], row["电话"], row["问题描述"]) == ("", "", "已依法删除")
    assert row["编号"].endswith(f"{case.number[:6]}-{case.number[6:-1]}-{case.number[-1]}")


def test_the_cost_does_not_grow_with_the_rows_of_a_batch(supervisor_here, case_in):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            export(supervisor_here)
        return len(captured)

    bring(supervisor_here, csv_of(GOOD))
    cost()
    few = cost()
    bring(supervisor_here, csv_of(GOOD, OPEN))
    for state in (State.HANDLING, State.CLOSED, State.FILED):
        case_in(state)
    assert cost() == few


def test_batches_follow_one_another_without_gap_or_double(supervisor_here, case_in, monkeypatch):
    monkeypatch.setattr("cases.selectors.register_lines.BATCH", 2)
    numbers = [case_in(State.FILED).number for _ in range(5)]
    rows = export(supervisor_here)
    assert [row["编号"].replace("-", "")[-12:] for row in rows] == numbers
    assert [row["序号"] for row in rows] == ["1", "2", "3", "4", "5"]


def test_ten_thousand_rows_are_written_in_seconds(supervisor, case_in):
    from portal.register.catalogue import LAYOUTS
    from portal.register.workbook import write_xlsx
    from tests.conftest import MONDAY

    case_in(State.FILED)
    from datetime import timedelta

    from cases.selectors.register_lines import Scope

    wanted = lines.Wanted(
        supervisor, Scope(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)), "", MONDAY
    )
    (row,) = lines.rows_of(wanted)
    columns = LAYOUTS["own"][1]
    started = time.process_time()
    rows = ([column.text(row) for column in columns] for _ in range(10_000))
    write_xlsx(io.BytesIO(), "台账", [column.head for column in columns], rows)
    assert time.process_time() - started < 20
