"""照表填报: somebody else's sheet comes back filled, its formats kept, its unknown columns empty and named."""

from __future__ import annotations

import io
import uuid

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, Side

from cases.models import AccessEntry
from portal.models import HeaderWord, SheetTemplate
from tests.portal.register.conftest import GOOD, OPEN, as_file, bring, csv_of

THIN = Border(*(Side("thin") for _ in range(4)))
YEAR = {"since": "2026-01-01", "until": "2026-12-31", "hall": "all", "purpose": "masked"}


def blank(foot: bool = True, room: int = 1) -> bytes:
    """What a superior office sends: title, heads two rows high, an empty line with borders, a foot."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "2026年“办不成事”事项统计表"
    sheet["A1"].font = Font(size=18, bold=True)
    sheet.merge_cells("A1:G1")
    for column, head in enumerate(
        ("序号", "诉求人\n（必填）", "联系电话", "承办情况", None, "满意程度", "领导批示"), 1
    ):
        sheet.cell(3, column).value = head
    sheet["D4"], sheet["E4"] = "责任单位", "办理情况"
    sheet.merge_cells("D3:E3")
    for letter in "ABCFG":
        sheet.merge_cells(f"{letter}3:{letter}4")
    sheet.column_dimensions["E"].width = 41
    for row in range(5, 5 + room):
        sheet.row_dimensions[row].height = 33
        for column in range(1, 8):
            cell = sheet.cell(row, column)
            cell.border, cell.font = THIN, Font(name="仿宋", size=12)
            cell.alignment = Alignment(wrap_text=True)
    if foot:
        sheet.cell(5 + room, 1).value = "制表人："
        sheet.merge_cells(start_row=5 + room, end_row=5 + room, start_column=1, end_column=3)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def choose(client, data: bytes, name: str = "省厅统计表.xlsx"):
    return client.post("/register/fill", {"file": as_file(data, name), "idem": str(uuid.uuid4())})


def filled(response) -> openpyxl.worksheet.worksheet.Worksheet:
    assert response.status_code == 200
    assert "attachment" in response.headers.get("Content-Disposition", ""), response.content.decode()
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def choices(client, place: str) -> dict[str, str]:
    """The choices that the page of a blank proposes."""
    form = client.get(place).context["form"]
    return {bound.name: bound.value() for bound in form.columns()}


def test_a_blank_is_matched_shown_filled_and_keeps_its_formats(supervisor_here):
    bring(supervisor_here, csv_of(GOOD, OPEN))
    place = choose(supervisor_here, blank()).headers["Location"]
    page = supervisor_here.get(place).content.decode()
    assert "会空着：领导批示" in page
    proposed = choices(supervisor_here, place)
    assert list(proposed.values()) == ["SERIAL", "NAME", "PHONE", "LEAD", "HANDLING", "GRADE", "nothing"]
    sheet = filled(supervisor_here.post(place, {**YEAR, **proposed}))
    assert [[cell.value for cell in row] for row in sheet["A5:G6"]] == [
        ["1", "白先生", "130****0011", "市市场监督管理局", "逐项找替代材料，下午办好。", "满意", None],
        ["2", "谭女士", "130****0013", "市人力资源和社会保障局", "窗口联合两家核对缴费。", None, None],
    ]
    assert sheet["A1"].value == "2026年“办不成事”事项统计表"
    assert sheet["A1"].font.size == 18
    assert sheet.column_dimensions["E"].width == 41
    for row in (5, 6):
        assert sheet.row_dimensions[row].height == 33
        assert sheet.cell(row, 7).border.left.style == "thin"
        assert sheet.cell(row, 2).font.name == "仿宋"
    assert sheet["A7"].value == "制表人："
    assert "A7:C7" in {str(area) for area in sheet.merged_cells.ranges}
    assert AccessEntry.objects.count() == 0


def test_a_purpose_shows_people_and_is_logged(supervisor_here):
    bring(supervisor_here, csv_of(GOOD))
    place = choose(supervisor_here, blank(foot=False, room=30)).headers["Location"]
    answer = supervisor_here.post(place, {**YEAR, **choices(supervisor_here, place), "purpose": "verify"})
    assert filled(answer)["C5"].value == "13000000011"
    assert AccessEntry.objects.filter(field="register", purpose="verify").count() == 1


def test_a_correction_is_remembered_for_the_same_word_in_any_sheet(supervisor_here):
    bring(supervisor_here, csv_of(GOOD))
    place = choose(supervisor_here, blank()).headers["Location"]
    corrected = {**choices(supervisor_here, place), "head_6": "STATEMENT", "head_1": "nothing"}
    sheet = filled(supervisor_here.post(place, {**YEAR, **corrected}))
    assert sheet["G5"].value.startswith("办营业执照来过三趟")
    assert sheet["B5"].value is None
    assert HeaderWord.objects.get(word="领导批示").column == "STATEMENT"
    other = choose(supervisor_here, blank(foot=False), "市局表.xlsx").headers["Location"]
    assert other != place
    assert choices(supervisor_here, other)["head_6"] == "STATEMENT"
    assert choices(supervisor_here, other)["head_1"] == "nothing"


def test_a_foot_stays_where_it_is_when_there_is_room(supervisor_here):
    bring(supervisor_here, csv_of(GOOD))
    place = choose(supervisor_here, blank(room=5)).headers["Location"]
    sheet = filled(supervisor_here.post(place, {**YEAR, **choices(supervisor_here, place)}))
    assert sheet["A10"].value == "制表人："
    assert sheet["B6"].value is None


def test_the_same_blank_again_is_the_same_and_may_be_removed(supervisor_here, signed_in):
    data = blank()
    place = choose(supervisor_here, data).headers["Location"]
    assert choose(signed_in("lead"), data).headers["Location"] == place
    assert signed_in("lead").post(f"{place}/drop").status_code == 404
    assert supervisor_here.post(f"{place}/drop").status_code == 302
    assert SheetTemplate.objects.count() == 0
    assert supervisor_here.get(place).status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "空.xlsx"),
        (b"a,b,c", "表.csv"),
        (b"PK\x03\x04broken", "坏.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "旧.xls"),
    ],
)
def test_what_is_no_blank_gets_a_sentence(supervisor_here, data, name):
    response = choose(supervisor_here, data, name)
    assert response.status_code == 422
    assert 'id="id_file-error"' in response.content.decode()
    assert SheetTemplate.objects.count() == 0


def test_a_sheet_that_unpacks_to_too_much_is_not_opened(supervisor_here):
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    response = choose(supervisor_here, target.getvalue())
    assert response.status_code == 422
    assert "不像一张空表" in response.content.decode()


def test_a_sheet_without_heads_gets_a_sentence(supervisor_here):
    book = openpyxl.Workbook()
    book.active["A1"] = "只有一个标题"
    target = io.BytesIO()
    book.save(target)
    response = choose(supervisor_here, target.getvalue())
    assert response.status_code == 422
    assert "没有找到列名" in response.content.decode()


def test_who_may_fill(signed_in, supervisor_here):
    place = choose(supervisor_here, blank()).headers["Location"]
    for person, status in {"lead": 200, "viewer": 200, "clerk": 403, "shijian": 403, "admin": 403}.items():
        client = signed_in(person)
        assert client.get("/register/fill").status_code == status
        assert client.get(place).status_code == status


def test_a_period_without_cases_is_told_and_what_was_chosen_stays(supervisor_here):
    place = choose(supervisor_here, blank()).headers["Location"]
    answer = supervisor_here.post(place, {**YEAR, **choices(supervisor_here, place), "head_6": "STATEMENT"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "这段时间没有登记的事项" in page
    assert answer.context["form"]["head_6"].value() == "STATEMENT"
    assert HeaderWord.objects.count() == 0
