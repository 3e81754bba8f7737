"""/healthz: one JSON answer for people and for monitoring. Nothing in it is personal or secret.

The status is 200 while the portal can serve people (the database answers) and 503 when it cannot. Everything else only
changes the word in `status` from "ok" to "degraded": a lost broker costs seconds, not cases.
"""

from __future__ import annotations

from typing import Any

import redis
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from escalation.selectors import health
from portal.celery import QUEUES, doorbell, sign_of_life

BEAT_LATE_SECONDS = 180  # beat ticks each minute; two missing ticks may be a restart
UNKNOWN: dict[str, Any] = {
    "lagging_folds": None,
    "owed_notices": None,
    "last_sweep": None,
    "calendar_years_missing": None,
    "changes_halted": None,
    "beat": None,
}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer what works. Fields that cannot be known (their source is down) are null."""
    database = _database()
    workers = _workers()
    told = {
        "database": database is not None,
        "broker": workers is not None,
        "workers": workers,
        **(database or UNKNOWN),
    }
    told = {"status": _word(told), **told}
    return JsonResponse(told, status=200 if told["database"] else 503)


def _database() -> dict[str, Any] | None:
    """Return what escalation says about itself, None when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {**UNKNOWN, **health(timezone.now())}
    except (DatabaseError, InterfaceError):
        return None


def _workers() -> dict[str, bool] | None:
    """Return which queues have a listening worker, None when the broker does not answer."""
    try:
        signs = doorbell().mget([sign_of_life(queue) for queue in QUEUES])
    except redis.RedisError:
        return None
    return {queue: sign is not None for queue, sign in zip(QUEUES, signs, strict=True)}


def _word(told: dict[str, Any]) -> str:
    if not told["database"]:
        return "down"
    ticks = told["beat"] is not None and told["beat"] < BEAT_LATE_SECONDS
    works = ticks and told["broker"] and all(told["workers"].values())
    waits = told["calendar_years_missing"] or told["changes_halted"]
    return "ok" if works and not waits else "degraded"
