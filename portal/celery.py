"""The Celery application, and the sign of life that /healthz and `up` look for."""

from __future__ import annotations

import os
from functools import cache

import redis
from celery import Celery
from celery.signals import heartbeat_sent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

QUEUES = ("clock", "work")
SIGN_OF_LIFE_SECONDS = 15  # a worker's consumer loop renews it every 2 seconds

app = Celery("bancheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def sign_of_life(queue: str) -> str:
    """Return the Redis key that exists while a worker of `queue` is listening."""
    return f"bancheng:worker:{queue}"


@cache
def doorbell() -> redis.Redis:
    """Return the connection to Redis for everything that is not a task; it gives up after a second."""
    return redis.Redis.from_url(app.conf.broker_url, socket_timeout=1, socket_connect_timeout=1)


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
