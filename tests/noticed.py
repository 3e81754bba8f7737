"""A holiday notice that is simply there: saved as the next calendar version, without the preview that people go through."""

from __future__ import annotations

from datetime import datetime

from escalation.rules.contents import with_notice
from escalation.rules.holiday_notices import HolidayNotice
from escalation.selectors.calendars import content_of
from escalation.services.calendars import hall_id_of, save_content


def load_notice(notice: HolidayNotice, *, now: datetime) -> int:
    """Save the present calendar with a notice; returns the new version. Open clocks keep theirs."""
    content = with_notice(content_of(), notice, hall_id_of(notice))
    return save_content(content, source=notice.document, entered_by="卓一鸣", now=now)
