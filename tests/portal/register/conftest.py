"""The register's room: a short register, files as browsers send them, and a worker that works at once."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.models import RegisterRun
from portal.register import runs

HEADS = "序号,登记时间,渠道,大厅,反映人,电话,事项,问题描述,阻碍类型,难度,承办部门,协办部门,处理经过,结果,办结时间,满意度,来源,备注"
GOOD = (
    "1,2026-03-02 09:40,窗口,南区街道政务服务大厅,白先生,13000000011,营业执照设立登记,"
    "办营业执照来过三趟都没收下，产权证明拿不出来，不知道先补哪一样。,材料,一般,市市场监督管理局,,"
    "逐项找替代材料，下午办好。,办成,2026-03-02 16:20,满意,案例16,=本人来过三次"
)
WRONG = (
    "2,2026-02-30 10:20,窗口,西区街道政务服务大厅,邱女士,13000000012,公共场所卫生许可,"
    "新店开门的日子快到了，网上报卫生许可走不下去。,材料,复杂,市卫生健康局,,核对后按容缺方式收件。,办成,2026-03-04 11:05,,案例29,"
)
OPEN = (
    "3,2026-11-20 15:10,12345,市政务服务中心,谭女士,13000000013,养老保险费补缴,"
    "缴费只有一百五十来个月，还领不了养老金，不知道该找哪个单位补。,多部门协调,难点,市人力资源和社会保障局,市税务局,"
    "窗口联合两家核对缴费。,办理中,,,案例36,"
)


def csv_of(*rows: str, heads: str = HEADS) -> bytes:
    """A register as a csv file."""
    return "\r\n".join((heads, *rows, "")).encode("utf-8-sig")


def as_file(data: bytes, name: str = "台账.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def choose(client: Client, data: bytes, name: str = "台账.csv"):
    """Choose a file on the import page."""
    return client.post("/register/import", {"file": as_file(data, name), "idem": str(uuid.uuid4())})


def bring(client: Client, data: bytes, name: str = "台账.csv") -> RegisterRun:
    """Choose a file and press 导入; the worker has done its work when this returns."""
    response = choose(client, data, name)
    assert response.status_code == 302, response.content.decode()
    client.post(response.headers["Location"] + "/start", {"idem": str(uuid.uuid4())})
    return RegisterRun.objects.latest("pk")


def cells_of(data: bytes) -> list[dict[str, str]]:
    """The rows of a workbook by head, empty cells as empty text."""
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
    return [
        {head: "" if cell is None else str(cell) for head, cell in zip(rows[0], row, strict=True)}
        for row in rows[1:]
    ]


@pytest.fixture(autouse=True)
def told(monkeypatch) -> list[tuple[str, int]]:
    """What workers are told; the work is done at once. `told.deaf` would be a broker that is away: see test_run."""
    calls: list[tuple[str, int]] = []

    def at_once(task: str, run_id: int) -> bool:
        calls.append((task, run_id))
        {"import": runs.carry_out, "examine": runs.look_through}[task](run_id)
        return True

    monkeypatch.setattr("portal.register.bringing.tell", at_once)
    return calls


@pytest.fixture
def supervisor_here(signed_in: Callable[[str], Client]) -> Client:
    """The 督办专员's browser."""
    return signed_in("supervisor")
