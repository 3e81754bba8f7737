"""Stories read: in order of time, none in the future, on whatever day the city is opened."""

from datetime import date, datetime, time, timedelta

import pytest

from escalation.rules.calendar import example_calendar
from escalation.rules.hours import CHINA
from portal.demo.acting import ACTS
from portal.demo.stories import StoryError, moments_around, stories_around

CALENDAR = example_calendar()
DAYS = [
    date(2026, 3, 2) + timedelta(days=n)
    for n in (0, 33, 66, 121, 180, 205, 210, 214, 215, 219, 220, 222, 224, 266, 270)
]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_stories_run_forward_and_end_before_the_day_begins(day):
    early = datetime.combine(day, time(0, 10), CHINA)
    for story in stories_around(day, CALENDAR):
        moments = [story.filed_at, *(step.at for step in story.steps)]
        assert moments == sorted(moments), story.name
        assert moments[-1] <= early, story.name


def test_stories_are_told_in_known_words():
    stories = stories_around(date(2026, 11, 23), CALENDAR)
    assert {step.verb for story in stories for step in story.steps} == set(ACTS)
    assert len({story.name for story in stories}) == len(stories)
    assert len({story.text for story in stories}) == len(stories) >= 60


def test_a_case_goes_on_over_the_national_day():
    holiday = [
        s for s in stories_around(date(2026, 11, 23), CALENDAR) if s.filed_at.date() == date(2026, 9, 30)
    ]
    assert [f"{step.at:%m-%d}" for step in holiday[0].steps][-3:] == ["10-08", "10-09", "10-10"]


def test_a_moment_that_is_still_to_come_is_refused():
    with pytest.raises(StoryError):
        moments_around(date(2026, 11, 23), CALENDAR)("w0", "09:00")
