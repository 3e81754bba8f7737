"""A rule package is read strictly: what is mistyped is refused in Chinese when it is entered, never later."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from escalation.rules.calendar import CalendarError
from escalation.rules.limits import parse_package
from escalation.services.national import default_rules

MISSING = "（没有）"  # takes a key out, where it stands in place of a value
WRONG = [
    (("version",), True, "version 应为"),
    (("version",), 0, "version 应为"),
    (("version",), "2", "version 应为"),
    (("name",), " ", "name 应为文字"),
    (("effective_from",), "2026-1-1", "effective_from 应为"),
    (("effective_from",), "20260101", "effective_from 应为"),
    (("effective_from",), 20260101, "effective_from 应为"),
    (("rest_day",), "later", "rest_day 没有"),
    (("rest_day",), ["deemed"], "rest_day 没有"),
    (("deemed_acceptance",), "yes", "true 或 false"),
    (("difficulty_limits",), [], "difficulty_limits应为一组"),
    (("difficulty_limits", "easy"), {"days": 1}, "不认识的项：easy"),
    (("difficulty_limits", "hard"), MISSING, "每一种难度"),
    (("difficulty_limits", "hard"), {"hours": 3}, "整件时限"),
    (("difficulty_limits", "hard"), {"days": True}, "时限的写法无效"),
    (("difficulty_limits", "hard"), {"days": -1}, "时限的写法无效"),
    (("difficulty_limits", "hard"), {"days": 1.5}, "时限的写法无效"),
    (("difficulty_limits", "hard"), {"days": 1, "hours": 1}, "时限的写法无效"),
    (("difficulty_limits", "hard"), 20, "应为一组"),
    (("nature_limits", "odd"), {"days": 1}, "不认识的项：odd"),
    (("case_breach",), "green", "case_breach 没有"),
    (("steps",), None, "应为一组"),
    (("steps", "singing"), {"limit": {"days": 1}, "breach": "blue"}, "不认识的项：singing"),
    (("steps", "sign", "limit"), MISSING, "缺少 limit"),
    (("steps", "sign", "limit"), {"as_case": 1}, "不能随整件时限"),
    (("steps", "answer", "limit"), {"as_case": 2}, "只能写 1"),
    (("steps", "sign", "breach"), "orange", "breach"),
    (("steps", "sign", "grace_days"), True, "grace_days 应为"),
    (("steps", "sign", "grace_days"), -1, "grace_days 应为"),
    (("steps", "sign", "grace"), 1, "不认识的项：grace"),
    (("steps", "dispatch", "limit", "same_day", "late_due"), "10:00:00", "08:30 这样"),
    (("steps", "dispatch", "limit", "same_day", "late_due"), "24:00", "08:30 这样"),
    (("steps", "dispatch", "limit", "same_day", "late_due"), MISSING, "时限的写法无效"),
    (("steps", "dispatch", "limit", "same_day", "early"), "10:00", "时限的写法无效"),
    (("steps", "dispatch", "limit", "same_day"), "16:30", "时限的写法无效"),
    (("ladder",), MISSING, "缺少 ladder"),
    (("ladder", "issue_at"), "08:30+08:00", "08:30 这样"),
    (("ladder", "issue_at"), "٠٨:٣٠", "08:30 这样"),
    (("ladder", "red_after_days"), -1, "red_after_days 应为"),
    (("ladder", "red_after_days"), MISSING, "缺少 red_after_days"),
    (("ladder", "orange_after_days"), 2, "不认识的项：orange_after_days"),
    (("parameters",), [], "应为一组"),
    (("parameters", "extention"), {"times": 1}, "不认识的项：extention.times"),
    (("parameters", "extension"), 1, "不认识的项：extension"),
    (("parameters", "extension", "times"), False, "extension.times 应为"),
    (("parameters", "points", "red"), "10", "points.red 应为"),
    (("parameters", "points", "basis"), 3, "points.basis 应为文字"),
    (("parameters", "interim_report_days", "hard"), 0, "interim_report_days.hard 应为 1"),
    (("colour",), "red", "不认识的项：colour"),
]


@pytest.mark.parametrize(("place", "value", "says"), WRONG, ids=lambda value: str(value)[:50])
def test_what_is_wrong_is_refused_in_chinese(place, value, says):
    document: dict[str, Any] = copy.deepcopy(default_rules())
    inner = document
    for name in place[:-1]:
        inner = inner[name]
    if value is MISSING:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    with pytest.raises(CalendarError) as refused:
        parse_package(document)
    assert says in str(refused.value)


@pytest.mark.parametrize("document", [None, [], "规则", 1])
def test_what_is_no_document_at_all_is_refused(document):
    with pytest.raises(CalendarError):
        parse_package(document)


def test_what_a_package_does_not_say_keeps_its_default():
    package = parse_package({name: value for name, value in default_rules().items() if name != "parameters"})
    own = package.parameters
    assert (own.extension_times, own.extension_most_days, own.extension_apply_days_before) == (1, 10, 1)
    assert (own.suspension_most_days, own.suspension_review_days) == (20, 5)
    assert own.points_basis == ""
