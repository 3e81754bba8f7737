"""录入放假通知: three ways to say it, one stop where something looks odd, and nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from escalation.models import CalendarVersion
from escalation.selectors.calendars import content_of
from tests.portal.administration.conftest import form_of
from tests.portal.desk.conftest import text_of

PAGE = "/a/calendar/notice"
GIVEN = {"year": "2027", "document": "国办发明电〔2026〕9号"}
WHOLE = (
    "一、元旦：1月1日至3日放假，共3天。\n二、春节：2月5日至11日放假调休，共7天。1月30日、2月14日上班。\n"
    "三、清明节：4月3日至5日放假，共3天。\n四、劳动节：5月1日至5日放假，共5天。\n"
    "五、端午节：6月9日放假。\n六、中秋节：9月15日放假。\n七、国庆节：10月1日至7日放假，共7天。"
)


@pytest.fixture
def post(at_room):
    """`post(text=…)` fills the form in and sends it."""
    client = at_room()
    page = client.get(PAGE)

    def send(**fields):
        return client.post(PAGE, form_of(page) | GIVEN | fields)

    return send


def test_the_page_asks_for_the_year_to_come(at_room):
    assert at_room().get(PAGE).context["form"]["year"].value() == 2027
    assert at_room().get(f"{PAGE}?year=2028").context["form"]["year"].value() == 2028


def test_the_published_text_becomes_a_proposal_and_saves_nothing_yet(post, proposed):
    response = post(text=WHOLE)
    assert response.headers["Location"] == proposed.address
    (content, said), before = proposed[0], CalendarVersion.objects.count()
    assert (said["title"], said["basis"], said["by_name"]) == ("2027年放假安排", GIVEN["document"], "卓一鸣")
    assert content.notices[2027] == GIVEN["document"]
    assert content.number == before == 1
    calendar = content.work_time().calendar
    assert [calendar.is_working_day(date(2027, 2, day)) for day in (5, 14, 15)] == [False, True, True]


def test_a_second_click_proposes_nothing_more(post, proposed):
    assert post(text=WHOLE).headers["Location"] == post(text=WHOLE).headers["Location"]
    assert len(proposed) == 1


def test_holidays_typed_row_by_row_make_the_same_notice(post, proposed):
    rows = {
        "name_0": "元旦",
        "first_0": "2027-01-01",
        "last_0": "2027-01-03",
        "on_0": "1月9日",
        "looked": "on",
    }
    assert post(**rows).status_code == 302
    days = [(row.day.day, row.is_off) for row in proposed[0][0].days if row.notice_year == 2027]
    assert days == [(1, True), (2, True), (3, True), (9, False)]


def test_what_looks_odd_is_said_once_and_may_go_on(post, proposed):
    page = post(text="2027-01-05 班 元旦")
    assert page.status_code == 200
    assert "2027-01-05（周二）本来就上班" in text_of(page)
    assert "法定节假日 春节（2027-02-06至2027-02-08）没有写进通知" in text_of(page)
    assert "2027-01-05 班 元旦" in text_of(page)
    assert not len(proposed)
    assert post(text="2027-01-05 班 元旦", looked="on").status_code == 302


def test_a_file_that_looks_odd_comes_back_as_text(post, proposed):
    file = SimpleUploadedFile("2027.csv", "day,kind,name\n2027-01-01,休,元旦\n".encode("gb18030"))
    page = post(file=file)
    assert page.context["form"]["text"].value() == "2027-01-01 休 元旦"
    assert not len(proposed)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"document": ""}, "请写依据的文号"),
        ({"year": ""}, "请写是哪一年的放假通知"),
        ({"year": "1980"}, "日历从 1992 年开始"),
        ({"year": "2061", "text": WHOLE}, "日历到 2060 年为止"),
        ({}, "通知里没有任何一天"),
        ({"text": "2026-05-01 休 劳动节"}, "2026-05-01 不属于 2027 年的通知"),
        ({"text": "2027-01-01 休 元旦\n2027-01-01 班 元旦"}, "2027-01-01 既是休又是班"),
        ({"text": "看不懂"}, "第 1 行看不懂：看不懂"),
        ({"text": WHOLE, "first_0": "2027-01-01"}, "请只用一种办法"),
        ({"name_0": "元旦", "first_0": "2027-01-03", "last_0": "2027-01-01"}, "早于开始日期"),
        ({"name_0": "", "first_0": "2027-01-01"}, "第 1 行没有写节日名称"),
        ({"name_0": "元旦", "last_0": "2027-01-01"}, "没有写从哪天起放假"),
        ({"name_0": "元旦", "on_0": "周六"}, "周六 不是日期"),
        ({"first_0": "明天"}, "日期请写成"),
        ({"text": "2026-12-31 休 元旦", "year": "2026"}, ""),
        ({"file": SimpleUploadedFile("日历.xlsx", b"PK")}, "只能导入 .json 或 .csv 文件"),
        ({"file": SimpleUploadedFile("n.json", b"\xff\xfe\x81")}, "文件不是文字"),
        ({"file": SimpleUploadedFile("n.json", b"[]")}, "文件内容无效"),
        ({"file": SimpleUploadedFile("n.json", b"[" * 100_000)}, "文件内容无效"),
        ({"file": SimpleUploadedFile("n.csv", b"")}, "文件是空的"),
        ({"file": SimpleUploadedFile("n.csv", b"x" * 600_000)}, "文件太大"),
    ],
)
def test_bad_input_is_told_and_kept(post, proposed, fields, message):
    page = post(**fields)
    if not message:  # the last day of the year belongs to its own notice too
        assert page.status_code == 200
        return
    assert page.status_code == 422
    assert message in text_of(page)
    assert not len(proposed)
    typed = {key: value for key, value in fields.items() if isinstance(value, str) and value}
    assert all(str(page.context["form"][key].value()) == value for key, value in typed.items())
    assert content_of().number == 1


@pytest.mark.parametrize("person", ["supervisor", "leader", "viewer", "audit"])
def test_only_administrators_enter_notices(at_room, person):
    assert at_room(person).get(PAGE).status_code == 403
    assert "录入通知" not in text_of(at_room(person).get("/a/calendar/notices"))


@pytest.mark.parametrize("ending", ["\r", "\r\n"])
def test_a_file_with_the_line_ends_of_another_system_is_read(post, proposed, ending):
    rows = ending.join(["day,kind,name", "2027-01-01,休,元旦", "2027-01-09,班,元旦"])
    assert post(file=SimpleUploadedFile("2027.csv", rows.encode()), looked="on").status_code == 302


def test_a_file_that_is_no_table_is_told_in_chinese(post, proposed):
    rows = f"day,kind,name\n2027-01-01,休,{'x' * 140_000}\n"
    page = post(file=SimpleUploadedFile("2027.csv", rows.encode()))
    assert page.status_code == 422
    assert "引号没有成对，或有一格太长" in text_of(page)
