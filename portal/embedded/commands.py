"""Which services and which database role each management command gets, decided from its name alone."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from portal.embedded.errors import EmbeddedError
from portal.embedded.folder import data_folder, open_folder
from portal.embedded.keys import SETTINGS, export_keys, read_keys
from portal.embedded.lease import Lease, services_needed

# They touch no data: nothing is started for them, and they get throw-away keys.
WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "check",
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "startapp",
    "startproject",
    "sendtestemail",
}
# They change or show the tables themselves: the owner's role. Everything else works as the app's role, which owns nothing.
AS_OWNER = {
    "bench",
    "createcachetable",
    "dbshell",
    "flush",
    "inspectdb",
    "migrate",
    "optimizemigration",
    "pgtrigger",
    "prepare",
    "remove_stale_contenttypes",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "sqlsequencereset",
    "squashmigrations",
}
# They fill a data folder of their own beside the portal's, so that nothing of theirs ever meets a real case.
IN_A_FOLDER_OF_ITS_OWN = {"bench"}


def needs_database(argv: list[str]) -> bool:
    """Tell whether the command line `argv` (program, command, arguments) works on data.

    >>> needs_database(["manage.py", "check"]), needs_database(["manage.py", "check", "--database", "default"])
    (False, True)
    >>> needs_database(["manage.py", "migrate"]), needs_database(["manage.py", "migrate", "--help"])
    (True, False)
    """
    command = argv[1] if len(argv) > 1 else ""
    if command.startswith("-") or {"-h", "--help", "--version"} & set(argv[2:]):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in argv[2:])
    return command not in WITHOUT_DATABASE


@contextmanager
def surroundings(argv: list[str]) -> Iterator[None]:
    """Set the environment for one management command; what was started for it is stopped after it.

    Raises EmbeddedError. Runs before Django reads the settings.
    """
    if not needs_database(argv):
        os.environ.setdefault("BANCHENG_KEYS", "ephemeral")
        # makemigrations looks for a database to compare with; there is none, and that is meant.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        yield
        return
    if argv[1] == "test":
        raise EmbeddedError("测试请用 make test 运行(pytest 自带临时数据库)。")
    data = data_folder()
    if argv[1] in IN_A_FOLDER_OF_ITS_OWN:
        data = data.with_name(f"{data.name}-{argv[1]}")
    os.environ["BANCHENG_DATA"] = str(data)
    names = services_needed()
    if not names and all(os.environ.get(name) for name in SETTINGS):
        yield  # everything comes from outside: no data folder of ours is touched
        return
    open_folder(data)
    export_keys(read_keys(data))
    lease = Lease(data, names)
    try:
        lease.acquire()
        os.environ.update(lease.addresses(owner=argv[1] in AS_OWNER))
        yield
    finally:
        lease.release()


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: LC_ALL=C would turn Chinese into an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
