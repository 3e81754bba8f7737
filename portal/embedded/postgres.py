"""PostgreSQL: our own initdb and our own `postgres` child, from the programs of a Python package."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path

from portal.embedded import ports
from portal.embedded.binaries import postgres_programs
from portal.embedded.errors import EmbeddedError, from_log
from portal.embedded.processes import clean_environment, launch
from portal.embedded.service import Service

OWNER, APP, DATABASE = "bancheng_owner", "bancheng_app", "bancheng"
HERE = "/proc/self/cwd"
ACCESS = f"""# Written by 办成. Passwords everywhere, loopback only.
local all all scram-sha-256
host  all all {ports.LOOPBACK}/32 scram-sha-256
"""
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "../socket",  # relative: no path is too long for the 107 bytes of a socket's address
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "jit": "off",  # our queries are short; compiling them takes longer than running them
    "max_connections": "100",
}
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}  # a throw-away cluster only


class Postgres(Service):
    """One cluster in `<data>/postgres/cluster`."""

    name = "postgres"
    title = "数据库"
    command = "postgres"
    # fast, immediate, and at last what the kernel can do
    stop_steps = ((signal.SIGINT, 6), (signal.SIGQUIT, 2), (signal.SIGKILL, 1))

    @property
    def cluster(self) -> Path:
        """Return the folder PostgreSQL calls its data directory."""
        return self.home / "cluster"

    @cached_property
    def _programs(self) -> tuple[Path, Path | None]:
        return postgres_programs(self.account)

    def prepare(self) -> None:
        """Create the cluster on the first start; refuse one of another major version."""
        if not self.cluster.exists():
            self._create()
        found = (self.cluster / "PG_VERSION").read_text().strip()
        ours = self._ask("--version").split()[-1].split(".")[0]
        if found != ours:
            raise EmbeddedError(
                f"数据文件夹 {self.data} 里的数据库是 PostgreSQL {found} 版,本程序带的是 {ours} 版,不能直接打开。"
                f"请用 {ours} 版的 pg_upgrade 升级它,或用 DATA=其他文件夹 另起一个。"
            )
        self._forget_dead_server()

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start `postgres` inside its cluster folder."""
        settings = {
            **SETTINGS,
            **(CARELESS if self.throwaway else {}),
            "port": str(port),
            "cluster_name": self.tag,
        }
        argv = [str(self._programs[0] / "postgres"), "-D", self._here(self.cluster)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        log = self.log()
        try:
            return launch(
                argv,
                cwd=self.cluster,
                env=clean_environment(),
                log=log,
                death_signal=signal.SIGINT,
                account=self.account,
            )
        finally:
            os.close(log)

    def is_ready(self, port: int) -> bool:
        """Tell whether recovery is over: the server says so in the last line of its pid file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[3] == str(port) and lines[7].strip() == "ready"

    def clear(self) -> None:
        """Remove the temporary copy of the programs, and a throw-away cluster."""
        if self._programs[1]:
            shutil.rmtree(self._programs[1], ignore_errors=True)
        if self.throwaway:
            shutil.rmtree(self.home, ignore_errors=True)

    def _here(self, folder: Path) -> str:
        # As root the account below cannot walk to the folder, but it is started inside it.
        return HERE if self.account else str(folder)

    def _create(self) -> None:
        """Make the cluster under another name and rename it when it is complete: a half-made one is never used."""
        draft = self.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        for folder in (self.home, self.home / "socket", draft):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.account:
                os.chown(folder, *self.account)
        self._initialise(draft)
        self._make_roles(draft)
        (draft / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
        draft.rename(self.cluster)

    def _initialise(self, draft: Path) -> None:
        argv = [
            "initdb",
            "-D",
            self._here(draft),
            "-U",
            OWNER,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
        ]
        self._run([*argv, "--no-instructions", *(["--no-sync"] if self.throwaway else [])], draft)

    def _make_roles(self, draft: Path) -> None:
        """Set passwords, make the app role and the database, by a single-user server: nobody can connect meanwhile.

        Default privileges stand in template1 so that every database made later has them too. Tables that only grow
        take UPDATE and DELETE away again in their migrations.
        """
        keys = self.keys
        grants = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT"
        statements = [
            f"ALTER ROLE {OWNER} PASSWORD '{keys['POSTGRES_OWNER_PASSWORD']}'",
            f"CREATE ROLE {APP} LOGIN PASSWORD '{keys['POSTGRES_APP_PASSWORD']}'",
            f"{grants} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
            f"{grants} USAGE, SELECT ON SEQUENCES TO {APP}",
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
            f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
        ]
        said = self._run(
            [
                "postgres",
                "--single",
                "-D",
                self._here(draft),
                *(["-F"] if self.throwaway else []),
                "template1",
            ],
            draft,
            "".join(f"{statement}\n" for statement in statements),
        )
        if "ERROR:" in said:
            raise from_log(self.title, said, self.data, self.data / "log" / "postgres.log")

    def _run(self, argv: list[str], cwd: Path, text: str = "") -> str:
        """Run one of PostgreSQL's programs to its end as the service's account; return what it wrote."""
        more = (
            {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        )
        done = subprocess.run(  # type: ignore[call-overload] # noqa: S603 - a program of our own package
            [str(self._programs[0] / argv[0]), *argv[1:]],
            cwd=cwd,
            env=clean_environment(),
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o077,
            check=False,
            **more,
        )
        if done.returncode:
            raise from_log(self.title, done.stdout, self.data, self.data / "log" / "postgres.log")
        return str(done.stdout)

    def _ask(self, question: str) -> str:
        return self._run(["postgres", question], Path("/"))

    def _forget_dead_server(self) -> None:
        """Remove the pid file and the socket of a server that is dead.

        PostgreSQL believes them as long as any process has that number: after a restart of the machine one of ours may,
        and in a container without a reaping init the dead server itself keeps it. The caller has made sure that no
        process carries our tag; a server we could not see would still hold the shared memory, which is checked.
        """
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in (self.home / "socket").glob(".s.PGSQL.*"):
            left.unlink()
