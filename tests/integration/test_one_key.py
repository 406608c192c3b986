"""Processes on one database hold one key, or the one that does not says so and does not start."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant import one_key
from assistant.seal import Seal, WrongKey
from knowledge_base.database import Database
from tests.service import RunningService, teller, write_documents


def test_the_first_key_is_everybodys(database_url: str) -> None:
    for _process in range(2):
        with closing(Database(database_url)) as database:
            one_key.check(database, Seal("the key of all"))
    with closing(Database(database_url)) as database, pytest.raises(WrongKey, match="TELLER_SECRET_KEY"):
        one_key.check(database, Seal("another key"))


def test_a_service_with_another_key_does_not_start(tmp_path: Path) -> None:
    write_documents(tmp_path)
    service = RunningService(tmp_path, TELLER_SECRET_KEY="the first key of this place")
    service.wait()
    service.end()
    refused = teller(tmp_path, "serve", "--port", "0", TELLER_SECRET_KEY="quite another key than that")
    assert refused.returncode == 1
    assert "was sealed with another key" in refused.stdout + refused.stderr
