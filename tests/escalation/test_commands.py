"""The commands of time: clear answers, clear refusals, nothing half-applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, ManagementUtility, call_command
from django.db import connection

from cases.rules.flow import State
from escalation.models import CalendarVersion, Change, Clock, SweepRun
from escalation.rules.holiday_notices import parse_csv
from escalation.services.applying import LOCKS
from tests.conftest import MONDAY
from tests.noticed import load_notice


def run(*words: str, **options) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_a_deadline_as_data(city):
    answer = json.loads(run("deadline", received="2026-09-30T10:00", days="3", json=True))
    assert answer["due_at"] == "2026-10-10T17:30:00+08:00"
    assert (answer["provisional"], answer["calendar_version"]) == (False, 1)
    assert answer["steps"][0] == {
        "kind": "received",
        "text": "2026年9月30日（周三）10:00 开始，时限 3 个工作日。",
        "on": "2026-09-30",
        "number": None,
        "until": None,
    }
    assert set(answer) == {"due_at", "provisional", "calendar_version", "steps"}


def test_a_deadline_in_words(city):
    text = run("deadline", received="2026-12-31", days="1", rest_day="natural")
    assert "2027年1月4日（周一）17:30 到期" in text
    assert "2027年的放假安排尚未公布" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"received": "昨天", "days": "3"}, "时刻写法无效"),
        ({"received": None, "days": "3"}, "时刻写法无效"),
        ({"received": "2026-09-30", "days": "-1"}, "时限应在 0 至"),
        ({"received": "2026-09-30", "days": "三"}, "时限应为整数"),
        ({"received": "2026-09-30"}, "中的一个"),
        ({"received": "2026-09-30", "days": "3", "hours": "4"}, "中的一个"),
        ({"received": "2026-09-30", "days": "3", "rest_day": "x"}, "deemed 或 natural"),
        ({"received": "2026-09-30", "days": "3", "hall": "X9"}, "没有代码为 X9 的大厅"),
        ({"received": "1066-09-30", "days": "3"}, "超出日历范围"),
        ({"received": "2060-12-30", "days": "300"}, "超出日历范围"),
        ({"received": "0001-01-01T00:00+14:00", "days": "3"}, "超出日历范围"),
        ({"received": "9999-12-31T23:00-12:00", "days": "3"}, "超出日历范围"),
        ({"received": "2026-09-30", "days": "99999999999999999999"}, "时限应为整数"),
        ({"received": "2026-09-30", "days": "2001"}, "时限应在 0 至 2000 个工作日之间，现为 2001"),
        ({"received": "2026-09-30", "days": "1_0"}, "时限应为整数"),
        ({"received": "2026-09-30", "hours": "-1.5"}, "时限应在 0 至 8000 个工作小时之间，现为 -1.5"),
        ({"received": "2026-09-30", "hours": "nan"}, "工作小时数应为数字"),
        ({"received": "2026-09-30", "hours": "0.001"}, "须合整分钟"),
    ],
)
def test_a_bad_question_is_refused_in_chinese(city, options, message):
    with pytest.raises(CommandError, match=message):
        run("deadline", **options)


def test_a_file_of_questions_gets_a_line_for_each(city, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(
        "received,days,rest_day\n2026-11-21,5,deemed\n2026-11-21,5,natural\nx,5,deemed\n", "utf-8"
    )
    lines = [json.loads(line) for line in run("deadline", batch=file).splitlines()]
    assert [line.get("due_at", "")[:10] for line in lines] == ["2026-11-30", "2026-11-27", ""]
    assert "时刻写法无效" in lines[2]["error"]


@pytest.mark.parametrize(
    ("received", "limit", "due_at"),
    [
        ("2026-09-18T16:10", {"hours": "1.5"}, "2026-09-20T08:40:00+08:00"),
        ("2026-09-18T16:10", {"hours": "0"}, "2026-09-18T16:10:00+08:00"),
        ("2026-09-18T02:00:00+00:00", {"hours": "1"}, "2026-09-18T11:00:00+08:00"),
        ("2026-09-30", {"days": "0"}, "2026-09-30T17:30:00+08:00"),
        ("2026-11-21", {"days": "0"}, "2026-11-23T17:30:00+08:00"),
        ("2026-09-29T20:00:00-05:00", {"days": "3"}, "2026-10-10T17:30:00+08:00"),
    ],
)
def test_hours_in_parts_offsets_and_nothing_at_all(city, received, limit, due_at):
    assert json.loads(run("deadline", received=received, json=True, **limit))["due_at"] == due_at


def test_a_file_without_its_columns_is_refused_once(city, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("when,days\n2026-11-21,5\n", "utf-8")
    with pytest.raises(CommandError, match="文件缺少列：received。"):
        run("deadline", batch=file)
    file.write_text("", "utf-8")
    with pytest.raises(CommandError, match="文件缺少列：received、days（或 hours）。"):
        run("deadline", batch=file)
    with pytest.raises(CommandError, match="读不了文件"):
        run("deadline", batch=tmp_path / "none.csv")


def test_a_bad_row_stops_no_other_and_keeps_its_place(city, tmp_path):
    file = tmp_path / "rows.csv"
    rows = [
        "2026-11-21,5,natural",
        "2026-11-21",
        "\ufffd,3,",
        '"' + "9" * 200_000 + '",1,',
        "2026-11-21,5,deemed,,too,much",
    ]
    file.write_text("\n".join(["Received,Days,rest_day", *rows]), "utf-8")
    lines = [json.loads(line) for line in run("deadline", batch=file).splitlines()]
    assert ["due_at" in line for line in lines] == [True, False, False, False, True]
    assert all(set(line) == {"error"} and len(line["error"]) < 200 for line in lines[1:4])


def test_what_the_shell_gets_wrong_is_one_chinese_sentence_and_exit_code_1(city, capsys):
    with pytest.raises(SystemExit) as left:
        ManagementUtility(["manage.py", "deadline", "--days"]).execute()
    assert left.value.code == 1
    error = capsys.readouterr().err
    assert error.startswith("参数写法无效：")
    assert len(error.splitlines()) == 1
    with pytest.raises(SystemExit) as left:
        ManagementUtility(["manage.py", "deadline", "--received", "2026-09-30", "--days", "-1"]).execute()
    assert left.value.code == 1
    assert "现为 -1" in capsys.readouterr().err


def test_a_notice_is_loaded_from_a_file(city, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text("\ufeffday,kind,name\n2027-01-01,休,元旦\n", "utf-8")
    text = run("load_calendar", str(file), year=2027, document="国办发明电〔2026〕9号")
    assert "已生成工作日历第 2 版" in text
    assert CalendarVersion.objects.get(number=2).entered_by == "命令行"
    with pytest.raises(CommandError, match="文号"):
        run("load_calendar", str(file), year=2027)
    with pytest.raises(CommandError, match="读不了文件"):
        run("load_calendar", str(tmp_path / "none.csv"))
    assert CalendarVersion.objects.count() == 2


def test_a_dry_run_tells_the_effect_and_saves_nothing(case_in, tmp_path):
    case_in(State.HANDLING)
    file = tmp_path / "storm.csv"
    file.write_text("day,kind,name\n2026-11-24,休,台风停工\n2026-11-29,休,台风停工\n", "utf-8")
    text = run("load_calendar", str(file), scope="city", document="岐三防〔2026〕8号", dry_run=True)
    assert "请核对：2026-11-29（周日）本来就休息" in text
    assert "影响：1 件在办事项的" in text
    assert "没有保存" in text
    assert CalendarVersion.objects.count() == 1


def test_a_loaded_notice_reaches_open_cases_and_says_so(case_in, tmp_path):
    case = case_in(State.HANDLING)
    clock = Clock.objects.filter(case=case, obligation="case")
    before = clock.get().due_at
    file = tmp_path / "storm.csv"
    file.write_text("day,kind,name\n2026-11-24,休,台风停工\n", "utf-8")
    text = run("load_calendar", str(file), scope="city", document="岐三防〔2026〕8号", by="卓一鸣")
    assert "在办事项已改用第 2 版" in text
    assert clock.get().due_at > before
    assert CalendarVersion.objects.get(number=2).entered_by == "卓一鸣"
    change = Change.objects.get()
    assert (change.state, change.proposed_name, change.version) == ("applied", "卓一鸣", 2)
    assert (
        run("load_calendar", str(file), scope="city", document="岐三防〔2026〕8号").count("影响：0 件") == 1
    )


def test_while_another_change_is_applied_nothing_is_left_behind(city, tmp_path):
    Change.objects.create(
        kind="calendar",
        document={},
        title="x",
        basis="x",
        state="applying",
        proposed_name="x",
        proposed_at=MONDAY,
    )
    file = tmp_path / "storm.csv"
    file.write_text("day,kind,name\n2026-11-24,休,台风停工\n", "utf-8")
    with pytest.raises(CommandError, match="另一项改动正在适用"):
        run("load_calendar", str(file), scope="city", document="岐三防〔2026〕8号")
    assert Change.objects.count() == CalendarVersion.objects.count() == 1


@pytest.fixture
def held_elsewhere(city) -> Iterator[None]:
    """Another process works on whatever change comes next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('escalation_change', 'id'))")
        (last,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(%s, n) FROM generate_series(%s, %s) AS n", [LOCKS, last + 1, last + 5]
        )
    yield
    other.close()


STORM = "day,kind,name\n2026-11-24,休,台风停工\n"


def test_a_calendar_that_another_process_applies_is_saved_and_no_more_is_claimed(
    held_elsewhere, case_in, tmp_path
):
    case_in(State.HANDLING)
    file, out = tmp_path / "storm.csv", StringIO()
    file.write_text(STORM, "utf-8")
    with pytest.raises(CommandError, match=r"第 2 版已经保存.*另一个进程正在"):
        call_command("load_calendar", str(file), scope="city", document="岐三防〔2026〕8号", stdout=out)
    assert "已改用" not in out.getvalue()
    assert Change.objects.get().state == "applying"


def test_refold_leaves_a_change_to_the_process_that_applies_it(held_elsewhere, case_in):
    case_in(State.HANDLING)
    load_notice(parse_csv(STORM, scope="city", document="岐三防〔2026〕8号"), now=MONDAY)
    with pytest.raises(CommandError, match="另一个进程正在"):
        run("refold", apply_calendar=True)


@pytest.mark.parametrize(
    ("by", "message"), [("长" * 61, "最多 60 个字，现有 61 个字"), ("  ", "操作人的名字")]
)
def test_a_name_that_cannot_be_kept_is_refused_in_one_sentence(city, tmp_path, by, message):
    file = tmp_path / "storm.csv"
    file.write_text(STORM, "utf-8")
    for words in (["load_calendar", str(file), "--scope", "city", "--document", "x"], ["refold"]):
        with pytest.raises(CommandError, match=message) as refused:
            run(*words, "--by", by)
        assert "\n" not in str(refused.value)
    assert Change.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("a.csv", "day,kind,name\n2027-01-01,休,元旦\n2027-01-01,班,元旦\n", {"year": 2027}, "既是休又是班"),
        ("a.csv", "day,kind,name\n2026-05-01,休,劳动节\n", {"year": 2027}, "不属于 2027 年的通知"),
        ("a.csv", "day,kind,name\n2027-02-30,休,元旦\n", {"year": 2027}, "日期无效：2027-02-30"),
        ("a.csv", "day,kind,name\n2027-01-01,休,元旦\n", {}, "请写明是哪一年"),
        ("a.csv", "day,kind,name\n2027-01-01,休,元旦\n", {"scope": "hall:X9"}, "没有代码为 X9 的大厅"),
        ("a.csv", "day,kind,name\n2027-01-01,休,元旦\n", {"scope": "省"}, "适用范围无效"),
        ("a.csv", 'day,kind,name\n2027-01-01,休,"元旦\n', {"year": 2027}, "引号没有成对"),
        ("a.json", "{" * 100_000, {"year": 2027}, "文件内容无效"),
        ("a.json", '{"days": [{"day": "2027-01-01", "is_off": 1, "name": "x"}]}', {}, "没有写明是休还是班"),
        ("a.xlsx", "x", {}, "只能导入"),
    ],
)
def test_a_bad_notice_gets_one_sentence_and_changes_nothing(city, tmp_path, name, content, options, message):
    file = tmp_path / name
    file.write_text(content, "utf-8")
    with pytest.raises(CommandError, match=message) as refused:
        run("load_calendar", str(file), **{"document": "国办发明电〔2026〕9号", **options})
    assert "\n" not in str(refused.value)
    assert CalendarVersion.objects.count() == 1


def test_refold_and_sweep_say_what_they_did(case_in):
    case_in(State.HANDLING)
    assert run("refold") == "重算 0 件，异常 0 件。\n"
    assert run("refold", all=True, verbosity=2).endswith("重算 1 件，改动时限 0 条，删除 0 条。\n")
    assert run("refold", apply_calendar=True).startswith("在办事项的时限已经都按当前日历版本")
    assert run("sweep").startswith("重算 0 件，检查时限")
    assert SweepRun.objects.count() == 1
    with pytest.raises(CommandError, match="不能晚于现在"):
        run("sweep", as_of="2999-01-01T08:30")
    with pytest.raises(CommandError, match="时刻写法无效"):
        run("sweep", as_of="早上")
