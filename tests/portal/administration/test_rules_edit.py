"""修改规则: every number on one form; wrong ones are named at their field, nothing typed is lost, and a proposal results."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from escalation.models import Change, RuleVersion
from escalation.rules.edits import edits_of, shown, value_at, with_values
from escalation.services.national import default_rules
from tests.portal.administration.test_rules import save

ORDINARY = "difficulty_limits-ordinary-days"


class Proposals:
    """What was proposed: (document, what was said beside it), as the table of changes has it."""

    def __iter__(self) -> Iterator[tuple[dict, dict]]:
        for change in Change.objects.order_by("pk"):
            said = {"title": change.title, "basis": change.basis, "note": change.note}
            yield (
                change.document,
                {**said, "by_name": change.proposed_name, "apply_to_open": change.apply_to_open},
            )

    @property
    def first(self) -> tuple[dict, dict]:
        return next(iter(self))

    def __len__(self) -> int:
        return Change.objects.count()


@pytest.fixture
def proposals() -> Proposals:
    return Proposals()


def filled(document=None, version: int = 1, **changes) -> dict[str, str]:
    """The form as it comes, then what a person changes."""
    document = document or default_rules()
    data = {
        edit.name: "" if value is None else f"{value:%H:%M}" if hasattr(value, "hour") else str(value)
        for edit in edits_of(document)
        for value in [shown(edit, value_at(document, edit.place))]
    }
    day = timezone.localdate() + timedelta(days=30)
    own = {
        "idem": str(uuid.uuid4()),
        "version": str(version),
        "effective_from": day.isoformat(),
        "basis": "岐政数〔2026〕12号",
        "note": "一般事项提速",
        "apply_to": "new",
    }
    return data | own | {name.replace("__", "-"): value for name, value in changes.items()}


def send(client: Client, data: dict[str, str]):
    return client.post("/a/rules/edit", data)


def test_the_form_shows_every_number_of_the_newest_version(signed_in):
    save(2, "2999-01-01")
    html = signed_in("admin").get("/a/rules/edit").content.decode()
    assert "从第 2 版改起" in html
    assert f'name="{ORDINARY}" value="2"' in html
    assert all(f'name="{edit.name}"' in html for edit in edits_of(default_rules()))
    assert 'value="2999-01-01"' in html  # not before the newest version


def test_a_changed_number_becomes_a_proposal_and_no_version_yet(signed_in, proposals):
    response = send(signed_in("admin"), filled() | {ORDINARY: "2"})
    assert response.status_code == 302
    ((document, given),) = proposals
    assert document["difficulty_limits"]["ordinary"] == {"days": 2}
    changed = {"version", "effective_from", "source", "difficulty_limits"}
    assert {name for name in document if document[name] != default_rules().get(name)} == changed
    assert (document["version"], document["source"]) == (2, "岐政数〔2026〕12号")
    assert (given["apply_to_open"], given["note"], given["by_name"]) == (False, "一般事项提速", "卓一鸣")
    assert RuleVersion.objects.count() == 1


def test_open_cases_follow_only_when_chosen(signed_in, proposals):
    send(signed_in("admin"), filled(apply_to="open") | {ORDINARY: "2"})
    assert proposals.first[1]["apply_to_open"] is True


def test_sending_twice_proposes_once(signed_in, proposals):
    client, data = signed_in("admin"), filled() | {ORDINARY: "2"}
    first, second = send(client, data), send(client, data)
    assert first.url == second.url
    assert len(proposals) == 1


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        (ORDINARY, "三", "一般：请写 1 到 250 的整数"),
        (ORDINARY, "", "一般：请写 1 到 250 的整数"),
        (ORDINARY, "0", "一般：请写 1 到 250 的整数"),
        (ORDINARY, "2.5", "一般：请写 1 到 250 的整数"),
        (ORDINARY, "9", "复杂事项的时限不能比一般事项短"),
        ("difficulty_limits-complex-days", "99999999999999999999", "复杂：请写 1 到 250 的整数"),
        ("steps-sign-limit-hours", "81", "签收时限：请写 1 到 80 的整数"),
        ("steps-sign-breach", "green", "签收时限超期后：没有这种选择"),
        ("steps-dispatch-limit-same_day-late_after", "25:00", "请写成 08:30 这样的时刻"),
        ("ladder-issue_at", "", "请写成 08:30 这样的时刻"),
        ("parameters-points-red", "4", "不能比黄牌扣得少"),
        ("effective_from", "2026-02-30", "生效日期请写成"),
        ("effective_from", "2020-01-01", "最早是明天"),
        ("basis", " ", "请写依据"),
        ("apply_to", "", "请选没有办结的怎么办"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(signed_in, proposals, field, typed, says):
    data = filled(steps__contact__limit__days="2", note="只此一句") | {field: typed}
    response = send(signed_in("admin"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert says in html
    assert 'name="steps-contact-limit-days" value="2"' in html
    assert "只此一句" in html
    assert not len(proposals)


def test_several_mistakes_are_named_together(signed_in):
    data = filled() | {"steps-sign-limit-hours": "x", "difficulty_limits-complex-days": "1"}
    html = send(signed_in("admin"), data).content.decode()
    assert "签收时限：请写 1 到 80 的整数" in html
    assert "复杂事项的时限不能比一般事项短" in html


def test_a_form_in_which_nothing_was_changed_is_said_so(signed_in, proposals):
    response = send(signed_in("admin"), filled())
    assert response.status_code == 422
    assert "还没有改动任何一项" in response.content.decode()
    assert not len(proposals)


def test_a_version_that_came_meanwhile_is_shown_and_both_changes_are_kept(signed_in, proposals):
    today = timezone.localdate()
    save(2, (today + timedelta(days=40)).isoformat())
    data = filled(effective_from=(today + timedelta(days=50)).isoformat()) | {"steps-contact-limit-days": "2"}
    client = signed_in("admin")
    response = send(client, data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "规则刚刚有了第 2 版" in html
    assert f'name="{ORDINARY}" value="2"' in html  # theirs
    assert 'name="steps-contact-limit-days" value="2"' in html  # mine
    assert 'name="version" value="2"' in html
    assert not len(proposals)
    again = data | {ORDINARY: "2", "version": "2"}
    assert send(client, again).status_code == 302
    assert proposals.first[0]["version"] == 3
    both = {("difficulty_limits", "ordinary", "days"): 2, ("steps", "contact", "limit", "days"): 2}
    expected = with_values(default_rules(), both)
    assert {name: proposals.first[0][name] for name in ("steps", "difficulty_limits")} == {
        name: expected[name] for name in ("steps", "difficulty_limits")
    }


def test_only_administrators_propose(signed_in):
    for username in ("supervisor", "leader", "viewer", "audit"):
        assert send(signed_in(username), filled() | {ORDINARY: "2"}).status_code == 403
