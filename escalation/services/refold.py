"""Refold all cases, in batches of their own transactions, after a change of the fold. Calendar versions stay as they are.

Safe to interrupt and to repeat: a batch that is done changes nothing the second time.
"""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from django.db import connections, transaction

from cases.models import Case
from cases.selectors.timelines import lock_cases
from escalation.services.fold import Folded, fold_cases

BATCH = 500
PROCESSES = 2
FEW = 20  # so many batches need no processes of their own


class Batch(NamedTuple):
    """The cases whose ids lie between two, both included."""

    first: int
    last: int


def refold_all(*, batch: int = BATCH) -> Iterator[Folded]:
    """Fold every case, ascending id; yields what each batch did."""
    yield from map(_refold, _batches(batch))


def refold_side_by_side(*, batch: int = BATCH) -> Iterator[Folded]:
    """Do the same with all cores, when it is worth it: for commands, outside any transaction.

    Each batch is one process's alone. A process that dies ends the run with an error; what was done stays done.
    """
    batches = list(_batches(batch))
    if len(batches) <= FEW:
        yield from map(_refold, batches)
        return
    connections.close_all()  # a child must not share one
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, mp_context=fork) as pool, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # children fold and wait for no lock of ours
        yield from pool.map(_refold, batches)


def _batches(size: int) -> Iterator[Batch]:
    last = 0
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        last = ids[-1]
        yield Batch(ids[0], last)


def _refold(batch: Batch) -> Folded:
    ids = Case.objects.filter(pk__range=batch).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        return fold_cases([case.id for case in lock_cases(list(ids))])
