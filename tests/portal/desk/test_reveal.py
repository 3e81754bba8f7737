"""Looking at a name and number in clear: with a reason, logged, on that answer only."""

from __future__ import annotations

from cases.models import AccessEntry
from cases.rules.flow import State

PHONE = "13000000039"


def test_with_a_reason_the_number_is_shown_and_the_look_is_logged(case_in, desk):
    case, at = case_in(State.HANDLING), desk()
    shown = at.client.post(f"/d/{case.number}/reveal", {"purpose": "contact"})
    assert shown.status_code == 200
    assert PHONE in shown.content.decode()
    entry = AccessEntry.objects.get(case=case)
    assert (entry.user.username, entry.purpose, entry.field) == ("shijian", "contact", "contact")
    assert PHONE not in at.get(f"{case.number}/").content.decode()


def test_without_a_reason_nothing_is_shown(case_in, desk):
    case = case_in(State.HANDLING)
    refused = desk().client.post(f"/d/{case.number}/reveal", {})
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    assert "请选查看的原因" in refused.content.decode()
    assert not AccessEntry.objects.exists()


def test_the_head_and_other_departments_see_nothing(case_in, desk):
    case = case_in(State.HANDLING)
    answers = {
        person: desk(person).client.post(f"/d/{case.number}/reveal", {"purpose": "contact"})
        for person in ("head", "budongchan")
    }
    assert {person: answer.status_code for person, answer in answers.items()} == {
        "head": 422,
        "budongchan": 404,
    }
    assert all(PHONE not in answer.content.decode() for answer in answers.values())
    assert not AccessEntry.objects.exists()


def test_an_address_alone_reveals_nothing(case_in, desk):
    case = case_in(State.HANDLING)
    assert desk().get(f"{case.number}/reveal").status_code == 405
