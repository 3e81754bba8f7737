"""Rule packages (规则包): the default one, each version saved after it, and the draft of a next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from escalation.models import RuleVersion
from escalation.rules.calendar import CalendarError
from escalation.rules.limits import RulePackage, parse_package
from escalation.rules.obligations import OBLIGATIONS
from escalation.services.locks import one_package_at_a_time
from escalation.services.national import default_rules

FURTHEST = timedelta(days=366)  # a mistyped year would keep every next version waiting for it


@transaction.atomic
def seed_rules(*, now: datetime) -> int:
    """Save the default package (policy.md section F) unless there are rules already; return the newest version."""
    newest = RuleVersion.objects.order_by("-version").first()
    if newest:
        return newest.version
    return save_rules(default_rules(), entered_by="系统初始化", now=now)


def has_rules() -> bool:
    """Whether any package was saved."""
    return RuleVersion.objects.exists()


@transaction.atomic
def save_rules(document: Mapping[str, Any], *, entered_by: str, now: datetime) -> int:
    """Check and save one version of the rules; it governs cases accepted from its effective date on."""
    one_package_at_a_time()
    package = checked(document)
    if RuleVersion.objects.filter(version=package.version).exists():
        raise CalendarError(f"第 {package.version} 版规则已经存在，不能修改，请用新的版本号。")
    RuleVersion.objects.create(
        version=package.version,
        effective_from=package.effective_from,
        document=dict(document),
        source=str(document.get("source", "")),
        entered_by=entered_by,
        created_at=now,
    )
    return package.version


def checked(document: Mapping[str, Any]) -> RulePackage:
    """Return the package that a document is, complete for every obligation. Errors: CalendarError."""
    package = parse_package(document)
    owed = {step for row in OBLIGATIONS.values() for step in row.steps.values()}
    missing = sorted(owed - package.steps.keys())
    if missing:
        raise CalendarError(f"规则包缺少这些环节的时限：{'、'.join(missing)}。")
    return package


def next_rules(
    document: Mapping[str, Any], *, effective_from: date, basis: str, today: date
) -> dict[str, Any]:
    """Return `document` as the next version, ready to be proposed. Errors: CalendarError.

    It takes effect tomorrow at the earliest, so that nothing that has begun moves, and not before the newest version, so that
    the order of versions is the order of their effect.
    """
    check_effective(effective_from, today=today)
    newest = RuleVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0
    proposed = {
        **document,
        "version": newest + 1,
        "effective_from": effective_from.isoformat(),
        "source": basis,
    }
    checked(proposed)
    return proposed


def check_approvable(document: Mapping[str, Any], *, today: date) -> RulePackage:
    """Refuse a proposal that has been overtaken: by another version, or by its own effective date. Errors: CalendarError.

    The number that it was given is the one after the version that it was made from: when there is that number already, the
    proposal does not know of it and would silently take its changes back.
    """
    package = checked(document)
    if RuleVersion.objects.filter(version__gte=package.version).exists():
        raise CalendarError(f"提出以后已经有了第 {package.version} 版规则，请从新的一版重新提出。")
    check_effective(package.effective_from, today=today)
    return package


def check_effective(effective_from: date, *, today: date) -> None:
    """Refuse a date from which a next version cannot take effect; asked when it is proposed and when it is approved.

    What was registered before that date keeps its rules: the package of a limit is the one in force when it began.
    """
    if effective_from <= today:
        raise CalendarError("规则不溯及以往：生效日期最早是明天。")
    if effective_from > today + FURTHEST:
        raise CalendarError("生效日期太远，最晚是一年以后，请核对年份。")
    last = RuleVersion.objects.order_by("-version").values_list("version", "effective_from").first()
    if last and effective_from < last[1]:
        day = last[1]
        raise CalendarError(
            f"第 {last[0]} 版从 {day.year} 年 {day.month} 月 {day.day} 日起生效，新版不能早于这一天。"
        )
