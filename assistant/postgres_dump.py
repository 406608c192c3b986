"""A PostgreSQL database in one file, by PostgreSQL's own tools: pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

_INSTALL = (
    "install PostgreSQL's client tools (on Debian: apt-get install postgresql-client), of the server's version or newer"
)


class DumpFailed(Exception):
    """PostgreSQL's tools did not do it; the message says why."""


def dump(url: str, to: Path) -> None:
    """Writes the database as it stands at one moment; raises DumpFailed."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")


def restore(url: str, source: Path) -> None:
    """Fills an empty database, as a whole or not at all; raises DumpFailed."""
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source))


def _run(tool: str, written: str, *arguments: str) -> None:
    program = shutil.which(tool) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"))), None)
    if program is None:
        raise DumpFailed(f"{tool} was not found; {_INSTALL}.")
    url = make_url(written)
    # In the environment, where other users of this machine do not see it as they see arguments.
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    where = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, and no shell
        [program, f"--dbname={where}", *arguments],
        env=os.environ | password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(f"{tool} failed: {' '.join(done.stderr.split())[:500]}")
