"""转办 by the supervisor, when the window has not."""

from __future__ import annotations

from cases.models import Case, Department, Share
from cases.rules.flow import State
from tests.portal.desk.conftest import text_of


def held(client, case: Case) -> dict[str, str]:
    form = client.get(f"/s/{case.number}/dispatch").context["form"]
    return {"idem": str(form["idem"].value()), "version": str(form["version"].value())}


def test_the_supervisor_dispatches_to_a_department(case_in, at_board):
    case, at = case_in(State.ACCEPTED), at_board()
    department = Department.objects.get(code="S04")
    done = at.post(f"/s/{case.number}/dispatch", {**held(at, case), "department": str(department.pk)})
    assert done.status_code == 302
    assert Share.objects.get(case=case).department == department


def test_a_search_narrows_the_list_and_dispatches_nothing(case_in, at_board):
    case, at = case_in(State.ACCEPTED), at_board()
    page = at.post(f"/s/{case.number}/dispatch", {**held(at, case), "search": "不动产", "look": "1"})
    assert page.status_code == 200
    assert "市不动产登记中心" in text_of(page)
    assert "市医疗保障局" not in text_of(page)
    assert not Share.objects.filter(case=case).exists()


def test_the_department_competent_for_the_matter_is_proposed(case_in, at_board):
    case = case_in(State.ACCEPTED)
    page = at_board().get(f"/s/{case.number}/dispatch").content.decode()
    assert f'<option value="{Department.objects.get(code="S02").pk}" selected>' in page


def test_a_colleague_who_dispatched_meanwhile_is_named(case_in, at_board):
    case, at = case_in(State.ACCEPTED), at_board()
    before = held(at, case)
    other = at_board("supervisor2")
    market = str(Department.objects.get(code="S02").pk)
    other.post(f"/s/{case.number}/dispatch", {**held(other, case), "department": market})
    page = at.post(f"/s/{case.number}/dispatch", {**before, "department": market})
    assert page.status_code == 409
    assert "游思敏" in text_of(page)
    assert Share.objects.filter(case=case).count() == 1


def test_a_viewer_may_not_dispatch(case_in, at_board):
    case = case_in(State.ACCEPTED)
    typed = {**held(at_board(), case), "department": str(Department.objects.get(code="S04").pk)}
    assert at_board("viewer").post(f"/s/{case.number}/dispatch", typed).status_code == 409
    assert not Share.objects.filter(case=case).exists()


def test_a_joint_case_goes_to_a_lead_and_co_handlers_with_what_is_asked_of_them(case_in, at_board):
    case, at = case_in(State.ACCEPTED), at_board()
    found = {d.code: str(d.pk) for d in Department.objects.all()}
    page = at.get(f"/s/{case.number}/dispatch")
    assert "协办部门" in text_of(page)
    assert "前答复窗口" in text_of(page)
    typed = {"department": found["S02"], "co_departments": [found["S04"]], "instruction": "请两家当面对接。"}
    assert at.post(f"/s/{case.number}/dispatch", {**held(at, case), **typed}).status_code == 302
    roles = Share.objects.filter(case=case).values_list("department__code", "role")
    assert set(roles) == {("S02", "lead"), ("S04", "co")}
    words = text_of(at.get(f"/s/{case.number}/"))
    assert "2 个部门分头办" in words
    assert "请两家当面对接。" in words
