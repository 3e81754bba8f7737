"""Workbooks (xlsx, xls) as rows of text: looked at from outside first, then opened in a child process with hard limits."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from portal.sheets.sheet import Grid, SheetError
from portal.sheets.workbook_child import LOCKED, MAX_SECONDS, TOO_MUCH

WAIT_SECONDS = 3.0 * MAX_SECONDS  # the child limits its own computing time; this is for a machine under load
MAX_UNPACKED = 300 * 1024**2
MAX_PARTS = 2000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds an .xlsx with a password
HEAD_ROWS = 40  # titles and headers above the lines

TOO_BIG = "这个文件解开后太大，不像一份普通的表格。请把要导入的内容复制到新的表格里，保存后再选择。"
BROKEN = "这个表格文件打不开，可能已损坏。请用表格软件打开，另存为 .xlsx 后再选择。"
PASSWORD = "这个文件有密码。请用表格软件打开，去掉密码，保存后再选择。"  # noqa: S105 - a sentence


def read_workbook(data: bytes, max_lines: int) -> list[Grid]:
    """Return the visible tabs of a workbook. Errors: SheetError."""
    if data.startswith(b"PK"):
        _look_at_archive(data)
    elif _ENCRYPTED in data:
        raise SheetError(PASSWORD)
    tabs = _ask_child(data, max_lines + HEAD_ROWS)
    for tab in tabs:
        if tab["formula"]:
            raise SheetError(
                f"工作表“{tab['name']}”的 {tab['formula']} 单元格是公式，文件里没有算好的结果。"
                "请用表格软件打开、保存一次，或者把公式粘贴成数值，再选择文件。"
            )
    return [Grid(tab["name"], tab["rows"]) for tab in tabs]


def _look_at_archive(data: bytes) -> None:
    """Refuse what is no workbook or says itself that it unpacks to too much, before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetError(BROKEN) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise SheetError(TOO_BIG)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise SheetError("这不是 Excel 表格文件。请选择 .xlsx、.xls 或 .csv 文件，其他格式请先另存为 .xlsx。")


def _ask_child(data: bytes, most: int) -> list[dict]:
    try:
        child = subprocess.run(  # noqa: S603 - fixed words and a number
            [sys.executable, "-m", "portal.sheets.workbook_child", str(most)],
            input=data,
            capture_output=True,
            timeout=WAIT_SECONDS,
            cwd=Path(__file__).resolve().parents[2],
            env={"PYTHONDONTWRITEBYTECODE": "1"},  # no secrets of ours in a process that parses foreign input
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetError(TOO_BIG) from None
    if child.returncode == 0:
        return json.loads(child.stdout)
    if child.returncode == LOCKED:
        raise SheetError(PASSWORD)
    if child.returncode == TOO_MUCH:
        raise SheetError(f"这个表格超过 {most - HEAD_ROWS:,} 行，一次导入不了。请分成几个文件，分几次导入。")
    raise SheetError(TOO_BIG if child.returncode < 0 else BROKEN)  # below zero: stopped by its own limits
