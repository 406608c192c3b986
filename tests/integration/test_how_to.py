"""The commands of the how-to pages, run as they stand there: block after block, in a folder of their own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.settings import load
from evals import bank
from knowledge_base.embedders import bundled
from tests.service import RunningService, write_documents

ROOT = Path(__file__).parents[2]
PATIENCE = 300
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What serves goes on beside the commands that follow; a service ends when the next one begins.
_SERVER = re.compile(r"^(?:\w+=\S+ )*(teller serve|\S*chroma run|\S*python -m assistant\.demo_bank)\b")
_HEALTH = {"teller serve": ("-f", "/readyz"), "chroma run": ("-f", "/api/v2/heartbeat")}
_BEGIN = """
set -euo pipefail
service=
answers() { for _ in $(seq 900); do curl -s $1 -o /dev/null "$2" && return; sleep 0.1; done; echo "$2 never answered"; return 1; }
"""
_NEXT_SERVICE = '[ -z "$service" ] || { kill "$service"; wait "$service" || true; }'


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return str(door.getsockname()[1])


def _commands(page: str, heading: str = "") -> list[str]:
    """The commands of a page, or of what follows a heading; a continued one in one piece, without their remarks."""
    text = (
        (ROOT / page).read_text(encoding="utf-8").partition(heading)[2] if heading else (ROOT / page).read_text("utf-8")
    )
    joined = "".join(_BLOCK.findall(text)).replace("\\\n", " ")
    return [re.sub(r"\s+#\s.*$", "", line) for line in joined.splitlines() if line.strip()]


def _script(commands: list[str], told: Mapping[str, str]) -> str:
    made = [_BEGIN]
    for command in commands:
        line = command
        for written, meant in told.items():
            line = line.replace(written, meant)
        found = _SERVER.match(line)
        if not found:
            made.append(line)
            continue
        port = re.search(r"--port (\d+)", line)
        own = port[1] if port else _free_port()
        flag, path = next((sign for name, sign in _HEALTH.items() if found[1].endswith(name)), ("", "/"))
        serves = found[1] == "teller serve"
        made += [_NEXT_SERVICE] if serves else []
        made.append(f"{line}{'' if port else f' --port {own}'} &")
        made += ["service=$!"] if serves else []
        made.append(f"answers '{flag}' http://127.0.0.1:{own}{path}")
    return "\n".join(made)


def run(
    commands: list[str], folder: Path, told: Mapping[str, str] | None = None, *, demo_documents: bool = False
) -> str:
    """What the commands print, with other places put in for those that they name; the test fails where one of them does."""
    programs, bank_port, chroma_port = Path(sys.executable).parent, _free_port(), _free_port()
    places = {
        ".venv/bin/": f"{programs}/", "/srv/bank/": f"{folder}/", "/tmp/bank": f"{folder}/bank", "7900": bank_port,
        "8000": chroma_port,
    } | dict(told or {})  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELLER_")}
    own = kept | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PASSWORD": "a long password of the test",
        "TELLER_DATA_DIR": str(folder / "data"),
    }
    if not demo_documents:
        own["TELLER_KNOWLEDGE_DIR"] = str(write_documents(folder))
    command = ["bash", "-c", _script(commands, places)]
    with (folder / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=folder, env=own, stdout=log, stderr=log, start_new_session=True)
        try:
            code = process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        log.seek(0)
        printed = log.read()
    assert code == 0, printed
    return printed


def test_bring_your_documents(tmp_path: Path) -> None:
    model = bundled.ensure(load().models_dir)
    run(_commands("docs/documents.md"), tmp_path, {"/srv/models/my-model": str(model)})
    assert (tmp_path / "teller" / "teller.sqlite3").exists()


def test_write_a_flow(tmp_path: Path) -> None:
    shutil.copy(ROOT / "assistant" / "flows" / "change_phone.yaml", tmp_path / "my.yaml")
    assert "report_lost_card" in run(_commands("docs/flows.md"), tmp_path)


def test_connect_your_core_banking(tmp_path: Path, template: Path) -> None:
    with bank.running(template, tmp_path / "gateway") as running:
        told = {"https://gateway.bank.example": running.url, "the-gateways-key": shlex.quote(bank.KEY)}
        printed = run(_commands("docs/bank.md"), tmp_path, told)
    assert "/v1/operations" in printed


def test_deploy_it(tmp_path: Path, postgres_url: str) -> None:
    run(_commands("docs/deploy.md"), tmp_path, {"postgresql://teller:password@127.0.0.1/teller": postgres_url})


def test_read_an_evaluation_report(tmp_path: Path) -> None:
    printed = run(_commands("docs/evaluation.md"), tmp_path, demo_documents=True)
    assert printed.count("report.html") == 2
    assert (tmp_path / "after" / "report.json").exists()


def test_over_http(tmp_path: Path, service: RunningService) -> None:
    if not shutil.which("jq"):
        pytest.fail("jq is not installed") if os.environ.get("CI") else pytest.skip("jq is not installed")
    printed = run(_commands("README.md", "\n## HTTP\n"), tmp_path, {"http://127.0.0.1:7860": service.address})
    assert "3600元" in printed
    assert '"with_human"' in printed


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*.zh-CN.md")), ids=lambda page: page.name)
def test_both_languages_tell_the_same_commands(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh-CN", ""))
    assert _commands(str(page.relative_to(ROOT))) == _commands(str(english.relative_to(ROOT)))
