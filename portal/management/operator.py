"""Who runs a command on the server (操作人): the name that is kept with what the command does."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

LONGEST = 60  # characters, as the tables keep it


def add_operator(parser: CommandParser) -> None:
    """Add --by."""
    parser.add_argument("--by", default="命令行", help=f"操作人，最多 {LONGEST} 个字")


def operator_of(by: str) -> str:
    """Return the name as it is kept. Errors: CommandError when there is none or it is too long.

    >>> operator_of(" 卓一鸣 "), len(operator_of("长" * 60))
    ('卓一鸣', 60)
    >>> operator_of("长" * 61)
    Traceback (most recent call last):
    django.core.management.base.CommandError: --by 写的名字最多 60 个字，现有 61 个字。
    """
    name = by.strip()
    if not name:
        raise CommandError("--by 后面请写操作人的名字。")
    if len(name) > LONGEST:
        raise CommandError(f"--by 写的名字最多 {LONGEST} 个字，现有 {len(name)} 个字。")
    return name
