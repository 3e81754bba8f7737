"""Many cases at once, and one by one when that fails: no bad case may stop the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, transaction

log = logging.getLogger("bancheng.batches")
Work = Callable[[Sequence[int]], None]
PASSING = (OperationalError, InterfaceError)  # a deadlock, a lost connection: no fault of a case


def in_batches(
    case_ids: Sequence[int], work: Work, left_out: Callable[[int], None], *, until_done: bool = False
) -> None:
    """Do the work for all cases in one transaction; when that fails, for each case in one of its own.

    `left_out` is told of each case that fails alone. With `until_done` a failure that passes is raised instead: the whole is
    tried again later, and no case is passed over for it.
    """
    try:
        with transaction.atomic():
            work(case_ids)
        return
    except Exception:
        log.exception("a batch of %s cases failed and is repeated case by case", len(case_ids))
    for case_id in case_ids:
        try:
            with transaction.atomic():
                work([case_id])
        except Exception as error:
            if until_done and isinstance(error, PASSING):
                raise
            log.exception("case %s was left out", case_id)
            left_out(case_id)
