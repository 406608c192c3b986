"""Parts that fail are told of, cost nothing that was acknowledged, and are missed no longer once they are back."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from assistant.bank import BankUnavailable
from assistant.banks.http import HttpBank
from assistant.banks.none import NoBank
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from tests.conftest import KnowledgeBase, Open
from tests.service import RunningService
from ui.readiness import Readiness

Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def knowledge(open_knowledge: Open, embedder: Embedder) -> KnowledgeBase:
    found = open_knowledge(embedder)
    found.write("汇款.md", "# 汇款\n\n手机银行汇款免费。")
    found.ingest()
    return found


def parts(readiness: Readiness) -> dict[str, str]:
    found = readiness.found()["parts"]
    assert isinstance(found, dict)
    return found


class TestWhatIsTold:
    def test_all_is_well(self, knowledge: KnowledgeBase) -> None:
        found = Readiness(knowledge.search, knowledge.root, NoBank(), None).found()
        assert found == {
            "status": "ready",
            "passages": 1,
            "parts": {"database": "ok", "index": "ok", "bank": "none", "model": "none", "disk": "ok"},
        }

    def test_a_bank_that_does_not_answer_until_it_does(self, knowledge: KnowledgeBase, teller: RunningService) -> None:
        silent, answering = HttpBank("http://127.0.0.1:9", "key", 1), HttpBank(teller.address, "key", 5)
        with closing(silent), closing(answering):
            self._met(knowledge, silent, answering)

    def _met(self, knowledge: KnowledgeBase, silent: HttpBank, answering: HttpBank) -> None:
        readiness = Readiness(knowledge.search, knowledge.root, silent, None)
        assert readiness.found()["status"] == "ready"
        with pytest.raises(BankUnavailable):
            silent.query("cards", "c1001", {}, "zh-CN")
        assert readiness.found()["status"] == "degraded"
        assert "offer a person" in parts(readiness)["bank"]
        with pytest.raises(BankUnavailable):  # it is no bank, but it answers
            answering.query("cards", "c1001", {}, "zh-CN")
        assert parts(Readiness(knowledge.search, knowledge.root, answering, None))["bank"] == "ok"

    def test_models_that_rest(self, knowledge: KnowledgeBase) -> None:
        state = {"large": True, "small": False}
        readiness = Readiness(knowledge.search, knowledge.root, NoBank(), lambda: state)
        assert parts(readiness)["model"].startswith("resting: large;")
        state["large"] = False
        assert parts(readiness)["model"] == "ok"

    def test_a_disk_that_is_nearly_full(self, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
        readiness = Readiness(knowledge.search, knowledge.root, NoBank(), None)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(10**12, 10**12, 5 * 1024 * 1024))
        assert readiness.found()["status"] == "degraded"
        assert parts(readiness)["disk"].startswith("5 MiB free")

    def test_the_service_tells_it(self, teller: RunningService) -> None:
        found = teller.http.get("/readyz").json()
        assert found["parts"]["bank"] == found["parts"]["database"] == "ok"


ROW = "INSERT INTO conversations (id, token_digest, started_at) VALUES (?, 't', ?)"


def test_a_disk_that_is_full_refuses_what_cannot_be_stored_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'teller.sqlite3'}")
    with database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(OperationalError, match="full"), database.writing() as connection:
        for number in range(10_000):
            connection.exec_driver_sql(ROW, (f"c{number}", "2026"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conversations").scalar_one() == 0
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.exec_driver_sql(ROW, ("c1", "2026"))
    database.close()


def test_a_database_that_is_held_too_long_refuses_and_goes_on_when_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge_base.engine._TIMEOUT", 0.2)
    database = Database(f"sqlite:///{tmp_path / 'teller.sqlite3'}")
    holder = sqlite3.connect(tmp_path / "teller.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), database.writing() as connection:
        connection.exec_driver_sql(ROW, ("c1", "2026"))
    holder.execute("ROLLBACK")
    holder.close()
    with database.writing() as connection:
        connection.exec_driver_sql(ROW, ("c1", "2026"))
    database.close()
