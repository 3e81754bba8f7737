"""Every read of escalation. From here: versions in force, clocks, explanations, health; cards, notices, inbox and boards from
their own modules.
"""

from escalation.selectors.clocks import (
    ClockView,
    case_clocks,
    due_of,
    dues_of,
    explain_due,
    overdue_clocks,
    share_dues,
)
from escalation.selectors.condition import health, years_missing
from escalation.selectors.versions import in_force, rule_version_at

__all__ = [
    "ClockView",
    "case_clocks",
    "due_of",
    "dues_of",
    "explain_due",
    "health",
    "in_force",
    "overdue_clocks",
    "rule_version_at",
    "share_dues",
    "years_missing",
]
