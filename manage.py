#!/usr/bin/env python3
"""The portal's commands. The environment is set before Django is imported; see portal/embedded."""

import os
import sys

UNDEFINED_TABLE = "42P01"  # of PostgreSQL's error codes


def main() -> int:
    """Run one command; problems with the services are said in one sentence, without a traceback."""
    try:
        from portal.embedded import commands, up
        from portal.embedded.errors import EmbeddedError
    except ModuleNotFoundError as error:
        print(f"缺少 Python 包 {error.name}。请先运行 make setup,并使用 .venv/bin/python。", file=sys.stderr)
        return 1
    commands.speak_utf8()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] == "up":
        return up.main(sys.argv[2:])
    try:
        with commands.surroundings(sys.argv):
            return execute()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def execute() -> int:
    """Hand over to Django."""
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        print("没有安装 Django。请先运行 make setup,并使用 .venv/bin/python。", file=sys.stderr)
        return 1
    from django.db.utils import ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError as error:
        if getattr(error.__cause__, "pgcode", "") != UNDEFINED_TABLE:
            raise
        print(
            "数据库里还没有表。请先运行 make run，或者 manage.py prepare。",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
