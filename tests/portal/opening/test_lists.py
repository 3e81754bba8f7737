"""导入单位和人员: the administrator's page for the same lists."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Department, Hall
from portal.opening.lists import kind_of, split
from tests.portal.opening.conftest import LISTS


def send(client: Client, *names: str, **more: str):
    files = [SimpleUploadedFile(name, LISTS[name].encode("utf-8-sig")) for name in names or LISTS]
    return client.post("/setup/lists", {"files": files, **more})


def test_the_administrator_loads_the_lists(opened: Client, folder):
    page = opened.get("/setup/lists")
    assert page.status_code == 200
    page = send(opened)
    assert page.status_code == 200
    assert "新增 14 行，已有 0 行，有改动 0 行，未导入 2 行。" in page.text or "有改动 1 行" in page.text
    assert Hall.objects.count() == 2
    assert "没有“市公安局”这个部门" in page.text
    assert "<code>" in page.text
    assert len(list((folder.parent / "data").glob("first-passwords-*.csv"))) == 1


def test_loading_again_shows_no_password_and_changes_nothing(opened: Client, folder):
    send(opened)
    page = send(opened)
    assert "新增 0 行" in page.text
    assert "<code>" not in page.text


def test_a_check_writes_nothing(opened: Client, folder):
    page = send(opened, check="1")
    assert "试运行，没有写入：" in page.text
    assert not Hall.objects.exists()
    assert "<code>" not in page.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("名单.csv", b"a,b\n1,2\n", "看不出“名单.csv”是什么名单"),
        ("部门.csv", b"\x00\x01\x02\x03", "“部门.csv”："),
    ],
)
def test_a_broken_file_is_told_beside_the_field(opened: Client, folder, name, content, sentence):
    page = opened.post("/setup/lists", {"files": [SimpleUploadedFile(name, content)]})
    assert page.status_code == 422
    assert sentence in page.text
    assert Department.objects.count() == 1  # the administrator's own


def test_no_file_at_all_is_told(opened: Client):
    page = opened.post("/setup/lists", {})
    assert (page.status_code, "请选名单文件。" in page.text) == (422, True)


@pytest.mark.parametrize("username", ["clerk", "supervisor", "shijian", "viewer"])
def test_nobody_else_may_load_lists(signed_in, username):
    assert signed_in(username).get("/setup/lists").status_code == 403


def test_the_sample_city_takes_no_real_lists(signed_in, folder):
    client = signed_in("admin")
    assert "这里是演示城市，不能导入真实的单位和人员。" in client.get("/setup/lists").text
    before = Department.objects.count()
    page = send(client)
    assert (page.status_code, Department.objects.count()) == (422, before)
    assert "这里是演示城市" in page.text


def test_the_page_costs_few_queries(opened: Client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        opened.get("/setup/lists")


def test_lists_are_known_by_their_names():
    assert [kind_of(name) for name in ("departments.csv", "2026年 大厅名单.xlsx", "部门人员.xls")] == [
        "departments",
        "halls",
        "people",
    ]
    assert [kind_of(name) for name in ("部门.txt", "readme.csv", "~$人员.xlsx")] == [None, None, None]
    assert split("政数局|市政数局、数据局； 政数局") == ["政数局", "市政数局", "数据局"]
