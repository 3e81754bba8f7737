"""Addresses of the administration room (日历和规则)."""

from django.urls import path

from portal.administration import (
    calendar,
    calendar_days,
    calendar_notice,
    change_lines,
    changes,
    hours,
    rules,
    rules_edit,
)

app_name = "administration"
urlpatterns = [
    path("", calendar.calendar, name="calendar"),
    path("calendar/notices", calendar.calendar_notices, name="calendar_notices"),
    path("calendar/versions", calendar.calendar_versions, name="calendar_versions"),
    path("calendar/versions/<int:number>", calendar.calendar_version, name="calendar_version"),
    path("rules", rules.rules, name="rules"),
    path("rules/edit", rules_edit.rules_edit, name="rules_edit"),
    path("rules/differences", rules.rules_differences, name="rules_differences"),
    path("rules/<int:number>", rules.rules_version, name="rules_version"),
    path("calendar/notice", calendar_notice.calendar_notice, name="calendar_notice"),
    path("calendar/days", calendar_days.calendar_days, name="calendar_days"),
    path("calendar/days/remove", calendar_days.calendar_days_remove, name="calendar_days_remove"),
    path("changes", changes.changes, name="changes"),
    path("changes/<int:pk>", changes.change, name="change"),
    path("changes/<int:pk>/confirm", changes.change_confirm, name="change_confirm"),
    path("changes/<int:pk>/drop", changes.change_drop, name="change_drop"),
    path("changes/<int:pk>/again", changes.change_again, name="change_again"),
    path("changes/<int:pk>/lines", change_lines.change_lines, name="change_lines"),
    path("hours", hours.hours, name="hours"),
    path("hours/remove", hours.hours_remove, name="hours_remove"),
]
