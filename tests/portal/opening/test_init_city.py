"""`manage.py init_city DIR`: what an office has in its spreadsheets becomes units, matters, people and posts."""

from __future__ import annotations

import csv
import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from cases.models import City, Department, Hall, Holding, Matter, Post

pytestmark = pytest.mark.usefixtures("empty_portal")


def run(folder: Path, *options: str) -> dict:
    out = StringIO()
    call_command("init_city", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_the_lists_of_a_city_are_loaded(folder):
    told = run(folder)
    assert told["counts"] == {"imported": 14, "already_there": 0, "changed": 0, "rejected": 2}
    assert City.objects.get().name == "临江市"
    assert dict(Hall.objects.values_list("code", "place")) == {"H01": "临江-中心", "H02": "临江-城关"}
    assert Hall.objects.get(is_main=True).code == "H01"
    assert Department.objects.get(code="T01").parent.code == "T02"
    assert not Department.objects.get(code="V01").has_account
    assert Matter.objects.get().department.code == "S02"


def test_what_is_rejected_says_row_column_and_reason(folder):
    rejected = run(folder)["rejected"]
    assert [(row["file"], row["row"], row["column"], row["value"]) for row in rejected] == [
        ("事项", 2, "主管部门", "市公安局"),
        ("人员", 7, "单位", "政数局"),
    ]
    assert rejected[0]["reason"].startswith("没有“市公安局”这个部门")
    assert rejected[1]["reason"] == "窗口人员的单位要写大厅，这里是部门。"


def test_people_get_accounts_posts_and_a_first_password_in_a_private_file(folder):
    told = run(folder)
    path = Path(told["first_passwords"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert {row["姓名"]: row["登录名"] for row in rows} == {
        "林晓芸": "lin",
        "贺文静": "hewenjing",
        "岑志远": "cenzhiyuan",
        "温立群": "wenliqun",
        "关振邦": "guanzhenbang",
        "郁建平": "yujianping",
    }
    user = get_user_model().objects.get(username="lin")
    assert user.must_change_password
    assert user.check_password(rows[0]["初始密码"])
    assert Post.objects.get(role="head").rank == 2
    seats = Holding.objects.filter(post__title="登记科联络员").values_list("user__name", "seat")
    assert set(seats) == {("岑志远", "A"), ("温立群", "B")}
    assert Holding.objects.filter(user__name="贺文静").count() == 2


def test_first_passwords_are_never_on_the_screen(folder):
    out = StringIO()
    call_command("init_city", str(folder), stdout=out)
    path = next((folder.parent / "data").glob("first-passwords-*.csv"))
    passwords = [row["初始密码"] for row in csv.DictReader(path.open(encoding="utf-8-sig"))]
    assert len(passwords) == 6
    assert not [password for password in passwords if password in out.getvalue()]
    assert "6 个新账号的初始密码在" in out.getvalue()


def test_a_second_run_changes_nothing(folder):
    run(folder)
    told = run(folder)
    assert told["counts"] == {"imported": 0, "already_there": 14, "changed": 0, "rejected": 2}
    assert told["first_passwords"] is None


def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    told = run(folder, "--dry-run")
    assert told["counts"] == {"imported": 14, "already_there": 0, "changed": 0, "rejected": 2}
    assert told["dry_run"]
    assert not Department.objects.exists()
    assert not get_user_model().objects.exists()
    assert not (folder.parent / "data").exists()
    assert run(folder)["counts"]["imported"] == 14


def test_what_changed_in_a_file_is_changed_and_told(folder):
    run(folder)
    path = folder / "大厅.csv"
    path.write_text(path.read_text("utf-8-sig").replace("88001038", "88009999"), encoding="gb18030")
    told = run(folder)
    assert [(row["name"], row["remarks"]) for row in told["changed"]] == [
        ("城关镇便民服务中心", ["改了电话"])
    ]
    assert Hall.objects.get(code="H02").phone == "0700-88009999"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("X1,,,,", "名称", "名称是空的"),
        ("X1,市水务局,,市级,市水利厅", "上级", "没有“市水利厅”这个部门"),
        ("S02,市水务局,,市级,", "代码", "这个代码在文件里已经用过"),
        ("X1,市水务局,工商局,市级,", "别名", "别名“工商局”已经指 市市场监督管理局"),
        ("X1,市水务局,,市级,市水务局", "上级", "没有“市水务局”这个部门"),
        (f"X1,{'长' * 61},,市级,", "名称", "名称太长，最多 60 个字"),
    ],
)
def test_one_bad_department_is_rejected_and_the_others_go_on(folder, row, column, reason):
    path = folder / "departments.csv"
    path.write_text(path.read_text("utf-8-sig") + row + "\n", encoding="utf-8")
    told = run(folder)
    rejected = [row for row in told["rejected"] if row["file"] == "部门"]
    assert [row["column"] for row in rejected] == [column]
    assert rejected[0]["reason"].startswith(reason)
    assert told["counts"]["imported"] == 14


def test_the_same_name_in_another_unit_is_asked_about_not_guessed(folder):
    path = folder / "people.csv"
    path.write_text(path.read_text("utf-8-sig") + "林晓芸,,政数局,督办专员,,,,\n", encoding="utf-8")
    (wrong,) = [row for row in run(folder)["rejected"] if row["name" if "name" in row else "row"] == 8]
    assert wrong["column"] == "登录名"
    path.write_text(path.read_text("utf-8").replace("林晓芸,,政数局", "林晓芸,lin,政数局"), encoding="utf-8")
    assert run(folder)["counts"]["imported"] == 1
    assert Holding.objects.filter(user__username="lin").count() == 2


def test_one_person_is_never_two_kinds_of_administrator(folder):
    path = folder / "people.csv"
    path.write_text("姓名,单位,岗位\n卓一鸣,政数局,系统管理员、审计管理员\n", encoding="utf-8")
    told = run(folder)
    assert [row["reason"] for row in told["rejected"] if row["file"] == "人员"] == [
        "系统、安全、审计管理员不能由同一个人担任，请分给不同的人。"
    ]
    assert not get_user_model().objects.filter(name="卓一鸣").exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("部门名单.csv", "名称,代码\n市水务局,X1\n".encode(), "都是部门名单"),
        ("people.csv", b"", "people.csv"),
        ("people.csv", "姓名,电话\n林晓芸,1\n".encode(), "缺少这些列：单位、角色"),
    ],
)
def test_a_broken_file_is_told_before_anything_is_written(folder, name, content, sentence):
    (folder / name).write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        run(folder)
    assert not Department.objects.exists()


def test_a_folder_without_lists_is_told(tmp_path):
    with pytest.raises(CommandError, match="没有找到名单"):
        run(tmp_path)
    with pytest.raises(CommandError, match="没有文件夹"):
        run(tmp_path / "missing")


def test_the_template_that_comes_along_loads_as_it_is(folder):
    told = run(settings.ROOT / "deploy" / "city-template")
    assert told["counts"] == {"imported": 4, "already_there": 0, "changed": 0, "rejected": 0}


def test_a_workbook_may_be_as_untidy_as_the_register(folder):
    book = Workbook()
    sheet = book.active
    for row in (
        ["临江市部门一览（2026年）"],
        [],
        ["序号", "部 门\n名称（必填）", "简称", "上级（业务）", "备 注"],
        [1, " 市水务局 ", "水务；水利局/河长办", "", "合并前叫水利局"],
        [2, "市 河道管理所", None, "水利局", None],
        [3, "市　水务局", "水务", "", ""],
    ):
        sheet.append(row)
    for path in folder.iterdir():
        path.unlink()
    book.save(folder / "部门 名单.xlsx")
    told = run(folder)
    assert told["counts"] == {"imported": 2, "already_there": 1, "changed": 0, "rejected": 0}
    assert Department.objects.get(name="市河道管理所").parent.name == "市水务局"
    assert set(Department.objects.get(name="市水务局").aliases.values_list("name", flat=True)) == {
        "水务",
        "水利局",
        "河长办",
    }
