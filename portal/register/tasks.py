"""What workers do for the register: import a run, look through a long file, take up what was left lying."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.register import runs

log = logging.getLogger("bancheng.register")
LONGEST = 3300  # seconds for one run; a run that takes longer is taken up again where it was


@shared_task(name="portal.import_register", time_limit=LONGEST, acks_late=True)
def import_register(run_id: int) -> None:
    """Import one run. Safe twice, safe late."""
    runs.carry_out(run_id)


@shared_task(name="portal.examine_register", time_limit=LONGEST, acks_late=True)
def examine_register(run_id: int) -> None:
    """Look through one long file. Safe twice, safe late."""
    runs.look_through(run_id)


@shared_task(name="portal.registers", time_limit=LONGEST)
def take_up() -> None:
    """Take up runs that nobody works on, and delete what has been kept long enough. Each minute; safe twice, safe late."""
    now = timezone.now()
    runs.forget_old(now)
    for run_id in runs.unseen_runs(now):
        runs.look_through(run_id)
    for run_id in runs.waiting_runs(now):
        runs.carry_out(run_id)


def tell(task: str, run_id: int) -> bool:
    """Tell a worker; without one it is taken up within a minute of their return. Returns whether it could be told."""
    try:
        {"import": import_register, "examine": examine_register}[task].apply_async([run_id])
    except (OperationalError, OSError):
        log.warning("no broker to tell of register run %s", run_id)
        return False
    return True
