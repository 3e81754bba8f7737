"""Rule packages (规则包): the default one, and each version saved after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from escalation.models import RuleVersion
from escalation.rules.calendar import CalendarError
from escalation.rules.limits import parse_package
from escalation.rules.obligations import OBLIGATIONS
from escalation.services.national import default_rules


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


def save_rules(document: Mapping[str, Any], *, entered_by: str, now: datetime) -> int:
    """Check and save one version of the rules; it governs cases accepted from its effective date on."""
    package = parse_package(document)
    owed = {step for row in OBLIGATIONS.values() for step in row.steps.values()}
    missing = sorted(owed - package.steps.keys())
    if missing:
        raise CalendarError(f"规则包缺少这些环节的时限：{'、'.join(missing)}。")
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
