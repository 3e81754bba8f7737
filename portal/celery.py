"""The Celery application, and the sign of life that /healthz and `up` look for."""

from __future__ import annotations

import os
from functools import cache

import redis
from celery import Celery
from celery.schedules import crontab
from celery.signals import heartbeat_sent
from redis.backoff import NoBackoff
from redis.retry import Retry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

QUEUES = ("clock", "work")
SIGN_OF_LIFE_SECONDS = 15  # a worker's consumer loop renews it every 2 seconds

app = Celery("bancheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# All periodic work. A tick that finds no worker in time is dropped: the next one does the same work.
app.conf.beat_schedule = {
    "sweep": {"task": "escalation.sweep", "schedule": 60.0, "options": {"queue": "clock", "expires": 55}},
    "refold": {"task": "escalation.refold", "schedule": 60.0, "options": {"queue": "clock", "expires": 55}},
    "changes": {"task": "escalation.changes", "schedule": 60.0, "options": {"queue": "work", "expires": 55}},
    "registers": {
        "task": "portal.registers",
        "schedule": 60.0,
        "options": {"queue": "work", "expires": 55},
    },
    "causes": {
        "task": "escalation.causes",
        "schedule": 60.0,
        "options": {"queue": "work", "expires": 55},
    },
    "anchor": {
        "task": "escalation.anchor",
        "schedule": crontab(minute="7"),
        "options": {"queue": "work", "expires": 3000},
    },
    "tidy": {
        "task": "portal.tidy",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"queue": "work", "expires": 3600},
    },
}


def sign_of_life(queue: str) -> str:
    """Return the Redis key that exists while a worker of `queue` is listening."""
    return f"bancheng:worker:{queue}"


@cache
def doorbell() -> redis.Redis:
    """Return the connection to Redis for everything that is not a task; it gives up after a second, without retrying."""
    once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(app.conf.broker_url, socket_timeout=1, socket_connect_timeout=1, retry=once)


@heartbeat_sent.connect
def _note_sign_of_life(sender: object, **_: object) -> None:
    """Called inside the consumer loop: a worker that stopped listening stops calling it."""
    hostname = getattr(getattr(sender, "eventer", None), "hostname", "") or ""
    queue = hostname.partition("@")[0]
    if queue in QUEUES:
        try:
            doorbell().set(sign_of_life(queue), "1", ex=SIGN_OF_LIFE_SECONDS)
        except redis.RedisError:
            return  # the worker itself is reconnecting; the missing sign tells the rest
