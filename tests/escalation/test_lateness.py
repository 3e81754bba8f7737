"""First lateness is told from facts, by an index that holds late signings and contacts only."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Share
from cases.rules.flow import State
from escalation.selectors.lateness import Lateness, first_lateness
from tests.conftest import SHANGHAI

WEDNESDAY, LATE = (datetime(2026, 11, day, hour, 30, tzinfo=SHANGHAI) for day, hour in ((18, 9), (20, 8)))


def test_nothing_asked_costs_nothing(city, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert first_lateness([]) == []


def test_the_question_reads_the_partial_index(case_in):
    share = Share.objects.get(case=case_in(State.HANDLING, now=WEDNESDAY))
    asked = [Lateness(share.department_id, LATE, share.case_id, share.pk, 90)]
    with CaptureQueriesContext(connection) as captured:
        assert first_lateness(asked) == [True]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        # For two rows the planner takes any: what counts is that it may take this one.
        cursor.execute("ALTER TABLE escalation_clock DROP CONSTRAINT clock_once")
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'escalation_clock'"
            " AND indexname NOT IN ('clock_first_lateness', 'escalation_clock_pkey')"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("EXPLAIN " + captured[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "clock_first_lateness" in plan
