"""Files as people bring them: every form of a list is read alike, every broken one gets one clear sentence, quickly."""

from __future__ import annotations

import csv
import io
import resource
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest

from portal.sheets import SheetError, read_sheet
from portal.sheets.delimited import decode
from tests.portal.sheets.files import ole, with_part, xls, xlsx

KNOWN = ("登记时间", "姓名", "电话", "备注", "部门")
HEAD = ["登记时间", "姓名", "电话", "备注"]
ROWS = [
    ["2026-03-02 09:40", "白先生", "13000000011", "来过，两趟"],
    ["2026-03-05 15:10", "谭女士", "13000000013", ""],
]
TABLE = [HEAD, *ROWS]
SECONDS, MEGABYTES = 20, 1800  # of a busy machine; the sentences come in a fraction of it


def read(data: bytes, name: str = "x", **more):
    return read_sheet(data, name, known=KNOWN, **more)


def as_csv(rows, separator: str = ",") -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue()


def sentence(data: bytes, **more) -> str:
    """What the person reads, within bounds of time and memory."""
    began = time.monotonic()
    with pytest.raises(SheetError) as caught:
        read(data, **more)
    assert time.monotonic() - began < SECONDS
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(who).ru_maxrss < MEGABYTES * 1024
    told = str(caught.value)
    assert told.endswith("。")
    return told


def cells(sheet) -> list[list[str]]:
    return [list(line.cells.values()) for line in sheet.lines]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_reads_alike(encoding, separator):
    sheet = read(as_csv(TABLE, separator).encode(encoding))
    assert sheet.headers == tuple(HEAD)
    assert cells(sheet) == ROWS
    assert [line.number for line in sheet.lines] == [2, 3]


@pytest.mark.parametrize("make", [xlsx, xls])
@pytest.mark.parametrize("name", ["台账.xlsx", "台账.csv", "台账"])
def test_workbooks_read_alike_whatever_they_are_called(make, name):
    sheet = read(make(TABLE), name)
    assert (sheet.headers, cells(sheet)) == (tuple(HEAD), ROWS)
    assert (sheet.name, len(sheet.sha256)) == (name, 64)


def test_numbers_dates_and_times_read_as_people_see_them():
    moments = [datetime(2026, 3, 2, 9, 39, 59, 999000), date(2026, 3, 5), clock(9, 5)]  # noqa: DTZ001
    rows = [HEAD, *([moment, 5, 13000000011.0, 1.5] for moment in moments)]
    assert cells(read(xlsx(rows))) == [
        [told, "5", "13000000011", "1.5"] for told in ("2026-03-02 09:40", "2026-03-05", "09:05")
    ]
    assert cells(read(xls([HEAD, ["2026-03-02", 5, 13000000011, 1.5]])))[0][1:] == ["5", "13000000011", "1.5"]


def test_the_header_is_found_below_titles_and_however_it_is_written():
    head = ["登 记\n时间（必填）", "*姓名：", "电　话", "备注(可空)"]
    rows = [["岐安市台账"], [], ["单位：窗口", "", "2026年"], head, *ROWS]
    sheet = read(xlsx(rows))
    assert (cells(sheet), [line.number for line in sheet.lines]) == (ROWS, [5, 6])
    assert sheet.headers[0] == "登 记 时间(必填)" or "登 记 时间" in sheet.headers[0]


def test_empty_lines_and_repeated_headers_are_left_out_and_nothing_else():
    rows = [HEAD, ROWS[0], [], ["", " ", "", ""], HEAD, ROWS[1], ["合计", "2"]]
    sheet = read(as_csv(rows).encode())
    assert cells(sheet) == [*ROWS, ["合计", "2", "", ""]]
    assert [line.number for line in sheet.lines] == [2, 6, 7]


def test_no_cell_is_lost_where_headers_are_missing_or_doubled():
    rows = [["姓名", "备注", "", "备注"], ["白先生", "甲", "乙", "丙", "丁"]]
    assert dict(read(as_csv(rows).encode()).lines[0].cells) == {
        "姓名": "白先生",
        "备注": "甲",
        "第3列": "乙",
        "备注(2)": "丙",
        "第5列": "丁",
    }


def test_merged_cells_repeat_their_value_and_titles_do_not():
    def merge(book):
        tab = book.active
        tab.merge_cells("A1:E1")
        tab.merge_cells("A3:A4")
        tab.merge_cells("D3:D4")
        tab.merge_cells("A5:E5")

    rows = [
        ["岐安市窗口台账", *[None] * 4],
        [*HEAD, "部门"],
        ["2026-03-02", "白先生", "1", "合用", "甲局"],
        [None, "谭女士", "2", None, "乙局"],
        ["制表人：林", *[None] * 4],
    ]
    sheet = read(xlsx(rows, merge))
    assert cells(sheet) == [
        ["2026-03-02", "白先生", "1", "合用", "甲局"],
        ["2026-03-02", "谭女士", "2", "合用", "乙局"],
        ["制表人：林", "", "", "", ""],
    ]


def test_a_header_of_two_rows_is_read_by_its_lower_one():
    def merge(book):
        for cells in ("A1:A2", "D1:D2", "B1:C1"):
            book.active.merge_cells(cells)

    rows = [["登记时间", "反映人信息", None, "备注"], [None, "姓名", "电话", None], *ROWS]
    assert (read(xlsx(rows, merge)).headers, cells(read(xlsx(rows, merge)))) == (tuple(HEAD), ROWS)


def test_tabs_of_months_are_read_one_after_the_other_and_other_tabs_are_not():
    def more(book):
        book.active.title = "3月"
        april = book.create_sheet("4月")
        for row in [HEAD, ["2026-04-01", "章女士", "13000000018", ""]]:
            april.append(row)
        words = book.create_sheet("说明")
        words.append(["部门", "备注"])
        words.append(["市公安局", "公安"])
        hidden = book.create_sheet("旧")
        hidden.sheet_state = "hidden"
        hidden.append(HEAD)
        hidden.append(ROWS[0])

    sheet = read(xlsx(TABLE, more))
    assert [(line.tab, line.number, line.cells["姓名"]) for line in sheet.lines] == [
        ("3月", 2, "白先生"),
        ("3月", 3, "谭女士"),
        ("4月", 2, "章女士"),
    ]


def test_formulas_count_with_their_stored_results_only():
    def formula(book):
        book.active["D2"] = "=B2&C2"

    fresh = xlsx(TABLE, formula)
    told = sentence(fresh)
    assert "D2" in told
    assert "公式" in told

    def counted(xml: bytes) -> bytes:
        return xml.replace(b"<f>B2&amp;C2</f><v></v>", b"<f>B2&amp;C2</f><v>7</v>").replace(
            b"<f>B2&amp;C2</f><v />", b"<f>B2&amp;C2</f><v>7</v>"
        )

    assert read(with_part(fresh, "xl/worksheets/sheet1.xml", counted)).lines[0].cells["备注"] == "7"


def test_required_columns_are_asked_for_by_name():
    assert "部门" in sentence(as_csv(TABLE).encode(), required=["部门"])
    assert read(as_csv(TABLE).encode(), required=[("部门", "姓名")]).lines


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf\r\n\r\n", "没有内容"),
        (xlsx([]), "没有内容"),
        (as_csv([HEAD]).encode(), "表头下面没有内容"),
        ("你好\n世界\n".encode(), "没有找到表头"),
        (xlsx([["甲", "乙"], ["1", "2"]]), "没有找到表头"),
        (bytes(range(256)) * 40, "不是表格文件"),
        (b"%PDF-1.7 ...", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n" + bytes(400), "不是表格文件"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页格式"),
        (b"<?xml version='1.0'?><Workbook/>", "网页格式"),
        (b"PK\x03\x04 broken", "打不开"),
        (xlsx(TABLE)[:2000], "打不开"),
        (xls(TABLE)[:1500], "打不开"),
        (ole("EncryptedPackage", b"\0" * 5000), "密码"),
        (ole("WordDocument", b"\0" * 5000), "打不开"),
        (b"0," * 11 * 1024**2, "20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_file_gets_one_clear_sentence(data, words):
    assert words in sentence(data)


def test_fifty_thousand_rows_are_refused_in_every_form():
    rows = [HEAD, *(["2026-03-02", f"人{n}", "13000000011", "内容"] for n in range(50_000))]
    for data in (as_csv(rows).encode(), xlsx(rows)):
        assert "20,000 行" in sentence(data)


def test_a_quote_that_is_never_closed_is_named():
    rows = as_csv([HEAD, *([f"2026-03-0{n % 9 + 1}", "甲", "1", "乙"] for n in range(200))]).replace(
        "甲", '"甲', 1
    )
    assert "引号" in sentence(rows.encode())


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_other_archives_are_no_workbooks():
    assert "不是 Excel 表格文件" in sentence(zipped({"word/document.xml": b"<w/>"}))
    assert "太大" in sentence(zipped({f"{n}": b"" for n in range(3000)}))


def test_a_zip_bomb_is_refused_before_it_is_opened():
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * (400 * 1024**2)})
    assert len(bomb) < 1024**2
    assert "太大" in sentence(bomb)


def test_a_zip_bomb_that_lies_about_its_size_stops_at_the_limits():
    size = 250 * 1024**2 + 7
    honest = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * size})
    lie = honest.replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lie != honest
    sentence(honest)
    sentence(lie)


def test_a_lone_cell_in_the_last_corner_stops_at_the_limits():
    def corner(book):
        book.active["XFD1048576"] = "x"

    sentence(xlsx(TABLE, corner))


def test_shared_texts_told_a_million_times_stop_at_the_limits():
    cell = b'<c t="s"><v>0</v></c>'
    text = b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    sheet = (
        b"<worksheet><sheetData>" + (b"<row>" + cell * 100 + b"</row>") * 10_000 + b"</sheetData></worksheet>"
    )
    head = xlsx([["姓名", "电话"], ["甲", "乙"]])
    bomb = with_part(with_part(head, "xl/worksheets/sheet1.xml", sheet), "xl/sharedStrings.xml", text)
    sentence(bomb)


def test_entities_are_not_expanded():
    lol = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'

    def change(xml: bytes) -> bytes:
        return xml.replace(b"<workbook", lol + b"<workbook", 1)

    sentence(with_part(xlsx(TABLE), "xl/workbook.xml", change))


def test_text_is_told_from_what_is_no_text():
    assert decode("表".encode("gb18030")) == "表"
    with pytest.raises(SheetError):
        decode(b"\x00\x01\x02\x03" * 100)
