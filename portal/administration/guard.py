"""Who may do what in the administration room: few edit, those who answer for time and rules read and approve."""

from __future__ import annotations

from escalation.services.changes import PROPOSERS
from portal.accounts.actors import ADMINISTRATION

EDITORS = PROPOSERS
READERS = ADMINISTRATION
