"""`teller replay` on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant import bootstrap
from tests.fakes import HashEmbedder
from tests.service import QUESTION, write_documents
from ui import cli

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small knowledge base, an embedder that knows no meaning, so that every question is answered, and a wide terminal."""
    write_documents(tmp_path)
    monkeypatch.setenv("TELLER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TELLER_KNOWLEDGE_DIR", str(tmp_path / "documents"))
    monkeypatch.setenv("TELLER_EVIDENCE_THRESHOLD", "0")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(bootstrap, "build_embedder", lambda _settings: HashEmbedder())
    monkeypatch.setattr("getpass.getuser", lambda: "wang")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and all that it printed."""
    result = RUNNER.invoke(cli.app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def turn() -> str:
    """A question that was answered."""
    return str(json.loads(run("ask", QUESTION, "--json")[1])["id"])


def trail() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("audit", "list", "--json")[1])
    return [entry for entry in found if entry["did"] == "replay_turn"]


def test_the_same_is_told_and_the_command_succeeds(turn: str) -> None:
    code, output = run("replay", turn)
    assert code == 0, output
    assert QUESTION in output
    assert "《白金卡》" in output
    assert output.rstrip().endswith("the same")


def test_what_other_documents_say_is_told_and_the_command_fails(turn: str, root: Path) -> None:
    path = root / "documents" / "白金卡.md"
    path.write_text(path.read_text(encoding="utf-8").replace("3600", "4200"), encoding="utf-8")
    code, output = run("replay", turn)
    assert code == 1
    assert "-云杉白金信用卡主卡年费为每年3600元。" in output
    assert "+云杉白金信用卡主卡年费为每年4200元。" in output
    assert output.rstrip().endswith("different")
    code, output = run("replay", turn, "--json")
    assert code == 1
    told = json.loads(output)
    assert (told["same"], told["turn"], told["then"]["outcome"], told["now"]["tokens"]) == (
        False,
        turn,
        "answered",
        [0, 0],
    )
    assert "3600" in told["then"]["reply"]
    assert "4200" in told["now"]["reply"]


def test_an_unknown_turn_is_wrong_use_and_leaves_no_trace(turn: str) -> None:
    code, output = run("replay", f"{turn}0")
    assert code == 2
    assert "no such turn" in output
    assert trail() == []


def test_whoever_replays_is_noted_on_the_audit_trail(turn: str) -> None:
    run("replay", turn)
    (noted,) = trail()
    assert (noted["who"], noted["what"]) == ("system:wang", turn)
    assert set(noted["detail"]) == {"conversation", "customer"}
    assert run("audit", "verify")[0] == 0


def test_it_is_said_that_a_covered_message_is_read_covered() -> None:
    asked = json.loads(run("ask", "我的手机号13900139077，年费是多少", "--json")[1])["id"]
    output = run("replay", asked)[1]
    assert "139****9077" in output
    assert "stored covered" in output
    assert "13900139077" not in output
