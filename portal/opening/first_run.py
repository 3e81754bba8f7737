"""Opening the portal: city, hours, rules and first administrator, all or nothing."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from cases.rules import words
from cases.rules.grants import Role
from cases.selectors.city import names
from cases.services.city import name_city, save_department, save_holding
from cases.services.reference import load_obstacles
from escalation.services.calendars import save_city_hours, seed_calendar
from escalation.services.national import default_rules
from escalation.services.packages import has_rules, save_rules
from portal.accounts.models import User
from portal.opening.forms import SetupForm
from portal.opening.state import forget

SOURCE = "首次设置"


@transaction.atomic
def open_portal(form: SetupForm, *, now: datetime, today: date) -> User:
    """Open the portal as the valid form says; return its first administrator."""
    data = form.cleaned_data
    name_city(name=data["city"], opened_at=now)
    user: User = get_user_model().objects.create_user(
        data["username"], password=data["password"], name=data["name"], is_staff=True, is_superuser=True
    )
    known = names().department(data["unit"])
    unit = known or save_department(department_id=None, name=data["unit"]).id
    save_holding(
        user_id=user.pk,
        role=Role.SYSTEM_ADMIN,
        title=words.ROLES[Role.SYSTEM_ADMIN.value],
        seat="A",
        from_on=today,
        department_id=unit,
    )
    load_obstacles()
    seed_calendar(now=now)
    save_city_hours(form.sessions(), source=SOURCE, entered_by=user.name, now=now)
    if not has_rules():
        document = {**default_rules(), "effective_from": data["rules_from"].isoformat()}
        save_rules(document, entered_by=user.name, now=now)
    forget()
    return user
