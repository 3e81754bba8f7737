"""Rights of the app's database role: it owns nothing and may only insert into and read the append-only tables."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg2 import sql

APPEND_ONLY = (
    "cases.Event",
    "cases.Anchor",
    "cases.AnchorHead",
    "cases.AccessEntry",
    "cases.Rating",
    "escalation.Card",
)


def grant_app_role(using: str = "default", **_: Any) -> None:
    """After each migration: give `APP_ROLE` its rights anew. Does nothing when no such role is set."""
    role = settings.APP_ROLE
    if not role:
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        current, exists = cursor.fetchone()
        if not exists or current == role:
            return
        name = sql.Identifier(role)
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(name))
        for label in APPEND_ONLY:
            table = sql.Identifier(apps.get_model(label)._meta.db_table)
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, name))
