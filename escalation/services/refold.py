"""Refold all cases, in batches of their own transactions: after a change of the fold, or to apply a new calendar version.

Safe to interrupt and to repeat: a batch that is done changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from cases.models import Case
from cases.selectors.timelines import lock_cases
from escalation.services.fold import Folded, fold_cases

BATCH = 500


def refold_all(*, apply_calendar: bool = False, batch: int = BATCH) -> Iterator[Folded]:
    """Fold every case, ascending id; yields what each batch did. With `apply_calendar` open clocks move to the current calendar."""
    last = 0
    while case_ids := list(
        Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]
    ):
        last = case_ids[-1]
        with transaction.atomic():
            locked = [case.id for case in lock_cases(case_ids)]
            done = fold_cases(locked, apply_calendar=apply_calendar)
        yield done
