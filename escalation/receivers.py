"""Where escalation listens to cases: after each act, inside its transaction, under a savepoint of its own."""

from __future__ import annotations

from cases import timeline
from escalation.services.fold import fold_case


def connect() -> None:
    """Fold a case whenever its timeline has grown; connecting twice changes nothing."""
    timeline.on_recorded(fold_case)
