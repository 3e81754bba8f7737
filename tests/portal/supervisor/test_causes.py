"""等省里的事: outside causes from the list to the end, at a standing clock, without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Cause, CauseCase, Event, Suspension
from cases.rules.flow import Act, State
from cases.services import causes as services
from cases.services import waiting
from escalation.tasks import follow_causes
from tests.cases.every_act import do, market
from tests.conftest import MONDAY
from tests.portal.desk.conftest import text_of

DAY = timedelta(days=1)
TYPED = {
    "kind": "system",
    "title": "省市场监管业务平台",
    "since": "2026-11-20",
    "evidence": "省平台通知〔2026〕31号",
    "asked": "市市场监督管理局 11月20日 向省局信息中心报修",
    "sentence": "省里的系统正在抢修，恢复后我们马上接着办。",
    "planned_end": "2026-12-10",
}


class Board:
    """A supervisor at the pages of outside causes."""

    def __init__(self, log_in, person: str = "supervisor") -> None:
        self.log_in, self.person = log_in, person
        self.client = log_in(person)

    def next_day(self) -> None:
        """Log in anew, when the clock has moved on further than a session lasts."""
        self.client = self.log_in(self.person)

    def get(self, address: str = "", **query: str):
        return self.client.get(f"/s/causes{address}", query)

    def press(self, address: str, **typed: object):
        """Open the form and send it as a browser would."""
        form = self.get(address).context["form"]
        held = {"idem": str(form["idem"].value()), "version": form["version"].value()}
        return self.client.post(f"/s/causes{address}", {**held, **typed})


@pytest.fixture
def board(at_board) -> Board:
    return Board(at_board)


@pytest.fixture
def three(case_in):
    return [case_in(State.HANDLING, now=MONDAY - DAY * 3) for _ in range(3)]


@pytest.fixture
def cause(board) -> Cause:
    board.press("/new", **TYPED)
    return Cause.objects.get()


@pytest.fixture
def paused(board, cause, three) -> Cause:
    board.press(f"/{cause.pk}/join", cases=[case.pk for case in three])
    board.press(f"/{cause.pk}/approve", paused_from="2026-11-20T12:00")
    cause.refresh_from_db()
    return cause


def test_from_the_record_to_the_end(board, three, clock):
    response = board.press("/new", **TYPED)
    cause = Cause.objects.get()
    assert response.headers["Location"] == f"/s/causes/{cause.pk}"
    assert "待批准" in text_of(board.get(f"/{cause.pk}"))
    board.press(f"/{cause.pk}/join", cases=[case.pk for case in three])
    assert not Suspension.objects.exists()
    assert "已加入的 3 件一起中止计时" in text_of(board.get(f"/{cause.pk}/approve"))
    board.press(f"/{cause.pk}/approve", paused_from="2026-11-20T12:00")
    assert Suspension.objects.filter(cause=cause, ended_on=None).count() == 3
    page = text_of(board.get(f"/{cause.pk}"))
    assert "中止到 12月10日" in page
    assert "11月30日（周一）前复核" in page
    clock.now = MONDAY + 2 * DAY
    board.next_day()
    board.press(f"/{cause.pk}/review", learnt="省局说还要两周。", planned_end="2026-12-18")
    assert set(Suspension.objects.values_list("planned_end", flat=True)) == {
        Suspension._meta.get_field("planned_end").to_python("2026-12-18")
    }
    board.press(f"/{cause.pk}/end", ended_at="2026-11-25T09:00", ending="系统已经恢复。")
    assert not Suspension.objects.filter(ended_on=None).exists()
    assert "省市场监管业务平台" not in text_of(board.get())
    assert "省市场监管业务平台" in text_of(board.get(ended="1"))


def test_the_list_says_how_many_wait_and_what_it_cost(board, paused, clock):
    clock.now = MONDAY + DAY
    board.next_day()
    words = text_of(board.get())
    for said in (
        "省市场监管业务平台",
        "省平台通知〔2026〕31号",
        "国家或省垂管系统",
        "6 个工作日",
        "本页 3 件",
    ):
        assert said in words


def test_the_first_twenty_are_done_while_one_waits_and_the_rest_by_the_worker(
    board, cause, three, monkeypatch
):
    monkeypatch.setattr("portal.supervisor.cause_acts.AT_ONCE", 2)
    board.press(f"/{cause.pk}/join", cases=[case.pk for case in three])
    board.press(f"/{cause.pk}/approve", paused_from="2026-11-20T12:00")
    assert Suspension.objects.count() == 2
    page = board.get(f"/{cause.pk}")
    assert "还有 1 件正在处理" in text_of(page)
    assert 'hx-trigger="every 3s"' in page.content.decode()
    follow_causes()
    assert Suspension.objects.count() == 3
    part = board.client.get(f"/s/causes/{cause.pk}", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert "hx-trigger" not in part


def test_a_double_click_decides_once(board, cause, three):
    board.press(f"/{cause.pk}/join", cases=[case.pk for case in three])
    form = board.get(f"/{cause.pk}/approve").context["form"]
    sent = {"idem": str(form["idem"].value()), "version": 0, "paused_from": "2026-11-20T12:00"}
    answers = [board.client.post(f"/s/causes/{cause.pk}/approve", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Event.objects.filter(kind="suspended").count() == 3


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": " "}, "请写是哪个系统"),
        ({"since": "2026-12-01"}, "开始日期不能晚于今天。"),
        ({"planned_end": "2026-11-23"}, "计划结束日期要晚于今天。"),
        ({"planned_end": "下周"}, "日期应写成"),
        ({"kind": "weather"}, "有效"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_stays(board, typed, message):
    response = board.press("/new", **{**TYPED, **typed})
    assert response.status_code == 422
    assert message in text_of(response)
    assert "省平台通知〔2026〕31号" in response.content.decode()


def test_a_pause_of_more_than_twenty_working_days_is_refused_with_the_last_day(board, three):
    board.press("/new", **{**TYPED, "planned_end": "2027-03-01"})
    cause = Cause.objects.get()
    response = board.press(f"/{cause.pk}/approve", paused_from="2026-11-23T09:00")
    assert response.status_code == 422
    assert "最晚到 2026年12月21日" in text_of(response)


def test_an_old_screen_answers_409_and_keeps_what_was_typed(board, paused):
    form = board.get(f"/{paused.pk}/end").context["form"]
    sent = {
        "idem": str(form["idem"].value()),
        "version": 0,
        "ended_at": "2026-11-23T09:00",
        "ending": "好了。",
    }
    response = board.client.post(f"/s/causes/{paused.pk}/end", sent)
    assert response.status_code == 409
    assert "别人刚刚对这个外部原因作了决定" in text_of(response)
    assert "好了。" in response.content.decode()
    assert 'name="version" value="1"' in response.content.decode()


def test_what_cannot_be_paused_is_listed_with_its_reason_and_tried_again(board, cause, three, supervisor):
    do(Act.SUSPEND, three[0].number, supervisor, MONDAY, planned_end=MONDAY.date() + DAY * 9)
    board.press(f"/{cause.pk}/join", cases=[case.pk for case in three])
    board.press(f"/{cause.pk}/approve", paused_from="2026-11-20T12:00")
    page = board.get(f"/{cause.pk}")
    assert "1 件没有办成" in text_of(page)
    assert "已经在中止计时，到 2026年12月2日" in text_of(board.get(f"/{cause.pk}", problems="1"))
    do(Act.RESUME, three[0].number, supervisor, MONDAY)
    key = str(page.context["press"]["idem"].value())
    assert board.client.post(f"/s/causes/{cause.pk}/again", {"idem": key}).status_code == 302
    assert not CauseCase.objects.exclude(problem="").exists()


def test_one_case_waits_no_longer(board, paused, three):
    _, key = board.get(f"/{paused.pk}").context["members"][0]
    sent = {"idem": str(key), "case": three[0].pk}
    assert board.client.post(f"/s/causes/{paused.pk}/leave", sent).status_code == 302
    assert Suspension.objects.get(case=three[0]).ended_on == MONDAY.date()
    again = board.client.post(
        f"/s/causes/{paused.pk}/leave", {**sent, "idem": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
    )
    assert again.status_code == 409
    assert "没有在等这个外部原因" in text_of(again)


def test_cases_are_found_by_number_by_matter_and_by_the_department_that_is_waited_for(board, cause, three):
    first = three[0]
    found = board.get(f"/{cause.pk}/join", numbers=f"{first.number}\n12345")
    assert [row.number for row in found.context["rows"]] == [first.number]
    assert "“12345”不是编号" in text_of(found)
    by_matter = board.get(f"/{cause.pk}/join", matter=str(first.matter_id))
    assert {row.id for row in by_matter.context["rows"]} >= {case.pk for case in three}
    board.press(f"/{cause.pk}/join", cases=[first.pk])
    by_department = board.get(f"/{cause.pk}/join", department=str(market()))
    assert first.pk not in {row.id for row in by_department.context["rows"]}
    assert board.press(f"/{cause.pk}/join").status_code == 422


def test_who_only_reads_sees_everything_and_decides_nothing(board, paused, at_board):
    reader = Board(at_board, "viewer")
    assert "由督办专员决定" in text_of(reader.get(f"/{paused.pk}"))
    assert "由督办专员登记和决定" in text_of(reader.get("/new"))
    assert reader.press(f"/{paused.pk}/end", ended_at="2026-11-23T09:00", ending="好了。").status_code == 409
    assert not Cause.objects.exclude(ended_at=None).exists()


def test_a_late_review_and_a_lapsed_end_are_told(board, paused, clock):
    clock.now = MONDAY + 10 * DAY
    board.next_day()
    assert "复核已过期" in text_of(board.get(f"/{paused.pk}"))
    clock.now = MONDAY + 30 * DAY
    board.next_day()
    assert "计划结束日期已过" in text_of(board.get(f"/{paused.pk}"))


def test_a_missing_cause_is_missing(board):
    assert board.get("/999999").status_code == 404
    assert board.get("/999999/end").status_code == 404


def test_the_pages_cost_the_same_for_few_and_many(board, paused, case_in, supervisor):
    pages = ["", f"/{paused.pk}", f"/{paused.pk}/join?matter=1", f"/{paused.pk}/end"]

    def costs() -> list[int]:
        found = []
        for page in pages:
            board.client.get(f"/s/causes{page}")
            with CaptureQueriesContext(connection) as captured:
                board.client.get(f"/s/causes{page}")
            found.append(len(captured))
        return found

    few = costs()
    more = [case_in(State.HANDLING, now=MONDAY - DAY * 3).pk for _ in range(4)]
    services.join_cases(paused.pk, more, actor=supervisor, now=MONDAY)
    waiting.carry_out(clock=lambda: MONDAY)
    assert costs() == few
    assert max(few) <= 20
