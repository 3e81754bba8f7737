"""The commands of time: clear answers, clear refusals, nothing half-applied."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.rules.flow import State
from escalation.models import CalendarVersion, SweepRun


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
    }


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


def test_refold_and_sweep_say_what_they_did(case_in):
    case_in(State.HANDLING)
    assert run("refold") == "重算 0 件，异常 0 件。\n"
    assert run("refold", all=True, verbosity=2).endswith("重算 1 件，改动时限 0 条，删除 0 条。\n")
    with pytest.raises(CommandError, match="--all"):
        run("refold", apply_calendar=True)
    assert run("sweep").startswith("重算 0 件，检查时限")
    assert SweepRun.objects.count() == 1
    with pytest.raises(CommandError, match="不能晚于现在"):
        run("sweep", as_of="2999-01-01T08:30")
    with pytest.raises(CommandError, match="时刻写法无效"):
        run("sweep", as_of="早上")
