"""`manage.py prepare`: bring database and static files up to date. Run by `up` before anything listens; idempotent."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.urls import reverse

from portal.opening.state import is_open, opening_code


class Command(BaseCommand):
    """Migrations and the cache table as owner, static files, reference data as the app's role."""

    help = "Migrate, make the cache table, collect static files if they changed, seed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --demo."""
        parser.add_argument("--demo", action="store_true", help="demo accounts and cases as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it in one process: loading Django four times would take longer than the work."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        _collect_static()
        if settings.APP_ROLE and connection.settings_dict["USER"] != settings.APP_ROLE:
            with connection.cursor() as cursor:  # what is seeded must be possible for the portal itself
                cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.APP_ROLE)}")
        leave_rules = not options["demo"] and not is_open()
        call_command("seed", demo=options["demo"], no_rules=leave_rules, stdout=sys.stdout)
        if not is_open():
            self.stdout.write(
                f"setup: 这是一个空的城市，请打开 {settings.BASE_URL}{reverse('opening:setup')} 完成首次设置"
            )
            self.stdout.write(f"setup: 一次性代码 {opening_code()}（只在首次设置时用，不要告诉别人）")


def _collect_static() -> None:
    """Collect static files unless the same ones were collected before: compressing them takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)


def _fingerprint() -> str:
    """Return a digest over path, size and time of every static file, and the way they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
