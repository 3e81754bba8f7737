"""Keys and passwords made on the first start and kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import write_private
from portal.embedded.locks import Lock

# What the settings read; variables that are set already win.
SETTINGS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_hex(32),
    "FIELD_KEYS": lambda: f"k1:{secrets.token_hex(32)}",
    "CHAIN_KEYS": lambda: f"c1:{secrets.token_hex(32)}",
    "INDEX_KEY": lambda: secrets.token_hex(32),
    "CODE_PEPPER": lambda: secrets.token_hex(32),
}
# What only the embedded services know. They never reach the environment except inside the two addresses.
SERVICES: dict[str, Callable[[], str]] = {
    "CLUSTER_ID": lambda: secrets.token_hex(6),
    "POSTGRES_OWNER_PASSWORD": lambda: secrets.token_hex(24),
    "POSTGRES_APP_PASSWORD": lambda: secrets.token_hex(24),
    "VALKEY_PASSWORD": lambda: secrets.token_hex(24),
}


def read_keys(data: Path) -> dict[str, str]:
    """Return the keys of this data folder, making the missing ones.

    Raises EmbeddedError when there is a database but no key file: new keys could not read what is in it.
    """
    path = data / "secrets.env"
    with Lock(data / "run" / "secrets.lock"):
        if not path.exists() and (data / "postgres" / "cluster").exists():
            raise EmbeddedError(
                f"数据文件夹 {data} 里有数据库,却没有密钥文件 secrets.env;没有它数据无法解密。请从备份恢复该文件。"
            )
        keys = _parse(path.read_text(encoding="utf-8")) if path.exists() else {}
        missing = {name: make() for name, make in {**SETTINGS, **SERVICES}.items() if name not in keys}
        if missing:
            keys |= missing
            write_private(path, "".join(f"{name}={value}\n" for name, value in keys.items()))
    return keys


def export_keys(keys: dict[str, str]) -> None:
    """Put the keys the settings need into the environment, unless they are there."""
    for name in SETTINGS:
        if not os.environ.get(name):
            os.environ[name] = keys[name]


def _parse(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
