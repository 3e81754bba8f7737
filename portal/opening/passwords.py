"""First passwords (初始密码) of new accounts: kept once, in a file that only its owner can read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from portal.opening.report import FirstPassword

HEADERS = ("姓名", "单位", "登录名", "初始密码")


def keep_passwords(passwords: Iterable[FirstPassword], *, now: datetime) -> Path:
    """Write a csv that spreadsheet programs read, 0600, into the data folder; return where it is."""
    path = Path(settings.DATA) / f"first-passwords-{now:%Y%m%d-%H%M%S-%f}.csv"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADERS)
        rows.writerows((who.name, who.unit, who.username, who.password) for who in passwords)
    return path
