"""A PostgreSQL server for the tests, where the machine has its programs."""

from __future__ import annotations

import os

import pytest

from evals.postgres import Postgres, programs

_NOBODY_WAITS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"


def start() -> Postgres:
    """A running server; where PostgreSQL is not installed the test is skipped, but fails in continuous integration."""
    found = programs()
    if found:
        return Postgres(found, _NOBODY_WAITS)
    reason = "PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb, and no initdb on the PATH"
    return pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
