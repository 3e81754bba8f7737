"""How often the same address may try something: allauth's rate limits, counted in PostgreSQL so that they survive Redis."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

# action → limits per address (trust.md 7.2)
RATES = {"track": "10/10m/ip,60/d/ip", "opening": "10/10m/ip,60/d/ip", "deadline": "60/m/ip"}


def spend(request: HttpRequest, action: str) -> bool:
    """Count one try; False when there have been too many."""
    return bool(ratelimit.consume(request, app="bancheng", action=action, config=RATES, limit_get=True))
