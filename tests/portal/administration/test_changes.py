"""The list of changes, the newest first."""

from __future__ import annotations

from escalation.selectors import changes as selectors
from tests.portal.administration.test_change import rules, storm
from tests.portal.desk.conftest import text_of


def test_an_empty_list_says_where_changes_are_entered(at_room):
    assert "还没有改动" in text_of(at_room("viewer").get("/a/changes"))


def test_what_waits_stands_out_and_pages_follow_one_another(at_room, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 1)
    monkeypatch.setattr("portal.administration.changes.PAGE", 1)
    first, second = storm(), rules()
    page = at_room("audit").get("/a/changes")
    assert [row[0].pk for row in page.context["rows"]] == [second.pk]
    assert "待确认" in text_of(page)
    older = at_room("audit").get(f"/a/changes?before={page.context['next_before']}")
    assert [row[0].pk for row in older.context["rows"]] == [first.pk]
    assert older.context["next_before"] is None
