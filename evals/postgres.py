"""A PostgreSQL server of one's own, made from the machine's programs in a folder that goes with it."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg

USER = "teller"


class Postgres:
    """Listens on a socket in its folder only; `options` are those of the server."""

    def __init__(self, programs: Path, options: str = "") -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="teller-postgres-"))
        self._numbers = itertools.count(1)
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(self._folder, "postgres", pwd.getpwnam("postgres").pw_gid)
        self._run("initdb", "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._listening = f"-k {self._folder} -c listen_addresses='' {options}"
        self.start()

    def start(self) -> None:
        """Starts it; after a kill it first makes good what it had acknowledged."""
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", self._listening)

    def kill(self) -> None:
        """Ends it with all that it started, at once and without a word."""
        leader = int((self._folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
        for process in [*psutil.Process(leader).children(recursive=True), psutil.Process(leader)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([psutil.Process(leader)] if psutil.pid_exists(leader) else [], timeout=10)

    def url(self, database: str) -> str:
        """As it is written in TELLER_DATABASE_URL."""
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database."""
        name = f"own_{next(self._numbers)}"
        self._tell(f"CREATE DATABASE {name}")
        yield self.url(name)
        self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _tell(self, statement: LiteralString) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Nothing of it stays."""
        self._run("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        if os.geteuid() == 0:
            group = pwd.getpwnam("postgres").pw_gid
            command = [
                shutil.which("setpriv") or "setpriv",
                "--reuid=postgres",
                f"--regid={group}",
                "--clear-groups",
                *command,
            ]
        with (self._folder.parent / f"{self._folder.name}.out").open("w+") as out:
            done = subprocess.run(command, cwd="/", stdout=out, stderr=out, check=False)
            out.seek(0)
            told = out.read()
        Path(out.name).unlink()
        if done.returncode:
            raise AssertionError(f"{' '.join(command)}:\n{told}")


def programs() -> Path | None:
    """The folder of the server's programs, the newest there are; nothing where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """A server that keeps what it was told as a bank's does; `folder` is that of the programs."""
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
