from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import bootstrap
from tests.fakes import HashEmbedder
from tests.service import QUESTION, teller, write_documents
from ui import cli

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small knowledge base, and an embedder that needs no model."""
    write_documents(tmp_path)
    monkeypatch.setenv("TELLER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TELLER_KNOWLEDGE_DIR", str(tmp_path / "documents"))
    monkeypatch.setattr(bootstrap, "build_embedder", lambda _settings: HashEmbedder())
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and all that it printed."""
    result = RUNNER.invoke(cli.app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_help_lists_the_commands() -> None:
    code, output = run("--help")
    assert code == 0
    for command in ("serve", "ingest", "search", "ask", "chat", "doctor", "eval"):
        assert f" {command} " in output


@pytest.mark.parametrize("command", ["serve", "ingest", "search", "ask", "chat", "doctor", "eval"])
def test_each_command_explains_itself(command: str) -> None:
    code, output = run(command, "--help")
    assert code == 0
    assert "Usage" in output


class TestIngest:
    def test_what_became_of_each_file_is_told(self, root: Path) -> None:
        code, output = run("ingest", "--json")
        report = json.loads(output)
        assert code == 0
        assert sorted(report["added"]) == ["faq.csv", "staff/佣金.md", "存款保险.md", "白金卡.md"]
        assert (report["failed"], report["passages"]) == ([], 5)
        assert json.loads(run("ingest", "--json")[1])["unchanged"] == sorted(report["added"])
        assert "4 unchanged" in run("ingest")[1]

    def test_a_bad_file_is_told_and_fails_the_command(self, root: Path) -> None:
        (root / "documents" / "坏.docx").write_bytes(b"PK")
        code, output = run("ingest", "--json")
        assert code == 1
        (failure,) = json.loads(output)["failed"]
        assert failure["path"] == "坏.docx"
        assert failure["reason"]
        assert failure["remedy"]
        assert "坏.docx" in run("ingest")[1]

    @pytest.mark.parametrize("name", ["没有", "[没有]", "[/b]"])
    def test_a_path_that_does_not_exist_is_wrong_use(self, name: str) -> None:
        code, output = run("ingest", name)
        assert code == 2
        assert name in output


class TestSearch:
    def test_passages_are_printed_as_json(self) -> None:
        code, output = run("search", "年费", "-k", "2", "--json")
        passages = json.loads(output)
        assert code == 0
        assert len(passages) == 2
        assert passages[0].keys() == {"id", "document", "title", "section", "page", "text", "score"}

    def test_staff_read_more_than_customers(self) -> None:
        assert "佣金" not in run("search", "佣金")[1]
        assert "佣金" in run("search", "佣金", "--audience", "staff")[1]

    def test_a_day_can_be_given(self, root: Path) -> None:
        text = "---\neffective_from: 2025-01-01\neffective_to: 2025-12-31\n---\n旧版收费标准。"
        (root / "documents" / "旧.md").write_text(text, encoding="utf-8")
        assert "旧版" in run("search", "旧版收费标准", "--as-of", "2025-06-01")[1]
        assert "旧版" not in run("search", "旧版收费标准")[1]

    def test_a_title_is_printed_as_it_is_written(self, root: Path) -> None:
        (root / "documents" / "a.md").write_text("---\ntitle: 说明[/b][red]\n---\n旧版收费标准。", encoding="utf-8")
        assert "说明[/b][red]" in run("search", "旧版收费标准")[1]

    @pytest.mark.parametrize(
        "wrong", [["-k", "0"], ["-k", "x"], ["--as-of", "gestern"], ["--audience", "all"], ["--no"]]
    )
    def test_wrong_use_is_told_apart(self, wrong: list[str]) -> None:
        assert run("search", "年费", *wrong)[0] == 2


class TestAsk:
    def test_the_turn_is_printed_as_json(self) -> None:
        code, output = run("ask", QUESTION, "--json")
        turn = json.loads(output)
        assert code == 0
        assert turn["number"] == 1
        assert turn["reply"]["text"]

    def test_the_answer_is_printed(self) -> None:
        assert "数字员工" in run("ask", "你好")[1]

    @pytest.mark.parametrize("question", ["", " ", "年" * 10_000])
    def test_what_cannot_be_asked_is_wrong_use(self, question: str) -> None:
        code, output = run("ask", question)
        assert code == 2
        assert output.strip()


def test_chat_answers_until_an_empty_line() -> None:
    result = RUNNER.invoke(cli.app, ["chat"], input="你好\n谢谢\n\n")
    assert result.exit_code == 0
    assert "不客气" in result.output


def test_doctor_prints_json() -> None:
    findings = json.loads(run("doctor", "--json")[1])
    assert findings
    assert {"what", "ok", "state", "remedy"} <= findings[0].keys()


def test_an_unknown_suite_is_wrong_use() -> None:
    assert run("eval", "no-such-suite")[0] == 2


@pytest.mark.parametrize("wrong", [[], ["no-such-command"], ["serve", "--workers", "0"]])
def test_a_wrong_command_line_is_wrong_use(wrong: list[str]) -> None:
    assert run(*wrong)[0] == 2


def test_wrong_settings_are_told_in_a_sentence(root: Path) -> None:
    failed = teller(root, "search", "年费", TELLER_MAX_MESSAGE_CHARACTERS="5")
    assert failed.returncode == 1
    assert "TELLER_MAX_MESSAGE_CHARACTERS" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_help_needs_nothing_heavy() -> None:
    heavy = {"torch", "gradio", "chromadb", "sentence_transformers", "fastapi"}
    code = f"import sys, ui.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
