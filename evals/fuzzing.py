"""Every operation of the HTTP interface with what a schema allows and forbids, in every role, by Schemathesis with all its checks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import httpx

from assistant.settings import load
from evals.report import Case, Score, SuiteResult
from evals.served import Served, served
from evals.statistics import exact

_CONFIG = Path(__file__).with_name("fuzzing.toml")
_ROLES = ("staff", "agent", "editor", "qa", "admin")
_PASSWORD = "demo"  # noqa: S105
_EXAMPLES = 12
_STREAMS = "/live$"
"""Event streams do not end by themselves."""
_RUNS = "/evals/runs$"
"""Ordering an evaluation starts one."""
_GENERATED = re.compile(r"([0-9]+) generated")
_SHOWN, _TOLD = 20, 600


def minutes() -> float:
    """How long it goes on: TELLER_FUZZ_MINUTES, or 20."""
    return float(os.environ.get("TELLER_FUZZ_MINUTES", "20"))


def run() -> SuiteResult:
    """Requests sent, the unique failures among them, and whether the service still answers at the end."""
    tool = Path(sys.executable).with_name("schemathesis")
    if not tool.exists():
        return SuiteResult("fuzz", 0, 0, {}, skipped="skipped: pip install '.[fuzz]' first")
    with tempfile.TemporaryDirectory() as scratch:
        settings = load().model_copy(update={"data_dir": Path(scratch) / "data", "database_url": ""})
        with served(settings, settings.knowledge_dir) as running:
            sent, failures = _fuzzed(tool, running, Path(scratch))
            alive = httpx.get(f"{running.address}/readyz").is_success
    scores: dict[str, Score] = {
        "requests": exact(sent),
        "failures": exact(len(failures)),
        "ready at the end": exact(float(alive)),
    }
    return SuiteResult("fuzz", sent, sent, scores, list(failures.values())[:_SHOWN])


def _fuzzed(tool: Path, running: Served, scratch: Path) -> tuple[int, Mapping[str, Case]]:
    """Round after round, each role in turn and every time with another seed, until the time is over."""
    sent, failures = 0, dict[str, Case]()
    deadline = time.monotonic() + 60 * minutes()
    for seed, (role, options, told_beside) in zip(count(1), _callers(running.address, deadline)):
        report = scratch / f"{seed}.xml"
        config = scratch / f"{seed}.toml"
        config.write_text(_CONFIG.read_text(encoding="utf-8") + told_beside, encoding="utf-8")
        command = [str(tool), "--config-file", str(config), "run", f"{running.address}/openapi.json", *options]
        command += ["--max-examples", str(_EXAMPLES), "--seed", str(seed), "--workers", "1", "--no-color"]
        command += ["--exclude-path-regex", f"{_STREAMS}|{_RUNS}", "--continue-on-failure"]
        command += ["--report", "junit", "--report-junit-path", str(report)]
        told = subprocess.run(command, capture_output=True, text=True, cwd=scratch, check=False).stdout
        sent += sum(map(int, _GENERATED.findall(told)))
        failures |= {case.id + case.wanted: case for case in _failures(report, role)}
    return sent, failures


def _callers(address: str, deadline: float) -> Iterator[tuple[str, list[str], str]]:
    """Nobody, a customer in a conversation, and each role, over and over, since tokens do not last: options and configuration."""
    while True:
        for role in ("nobody", "customer", *_ROLES):
            if time.monotonic() >= deadline:
                return
            yield role, *_as(address, role)


def _as(address: str, role: str) -> tuple[list[str], str]:
    if role == "nobody":
        return [], ""
    if role == "customer":
        opened = httpx.post(f"{address}/v1/conversations", json={}).json()
        header = f"Authorization: Bearer {opened['token']}"
        own = f'[parameters]\n"path.id" = "{opened["id"]}"\n'
        return ["--header", header, "--include-path-regex", "/v1/conversations/"], own
    token = httpx.post(f"{address}/v1/sessions", json={"username": role, "password": _PASSWORD}).json()["token"]
    return ["--header", f"Authorization: Bearer {token}"], ""


def _failures(report: Path, role: str) -> Iterator[Case]:
    if not report.exists():
        yield Case(f"{role}: no report", "", "a report", "the run broke off")
        return
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - what was written a moment ago
        for found in (*case.iter("failure"), *case.iter("error")):
            kind, text = found.get("message") or "", (found.text or "").strip()
            yield Case(f"{role}: {case.get('name')}", text[:_TOLD], kind, "")
