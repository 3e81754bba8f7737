"""Who may do what in the administration room: few edit, those who answer for time and rules read and approve."""

from __future__ import annotations

from cases.rules.grants import Role
from portal.accounts.actors import ADMINISTRATION

EDITORS = frozenset({Role.SYSTEM_ADMIN})
APPROVERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})  # of rule packages, never their own
READERS = ADMINISTRATION
