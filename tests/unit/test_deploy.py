"""What is deployed by the files in deploy/ is this service, by names that it knows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = {f"TELLER_{name.upper()}" for name in Settings.model_fields}


def objects(name: str) -> list[dict[str, object]]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def test_every_setting_is_one() -> None:
    for name in ("Dockerfile", "compose.yaml", "kubernetes.yaml"):
        named = set(re.findall(r"TELLER_[A-Z_]+", (DEPLOY / name).read_text(encoding="utf-8")))
        assert named
        assert named <= SETTINGS, name


def test_processes_share_what_they_must() -> None:
    needed = {"TELLER_SECRET_KEY", "TELLER_DATABASE_URL", "TELLER_CHROMA_URL", "TELLER_KNOWLEDGE_DIR"}
    assert needed <= set(objects("compose.yaml")[0]["services"]["teller"]["environment"])  # type: ignore[index]
    given = [
        one.get("stringData", one.get("data", {}))
        for one in objects("kubernetes.yaml")
        if one["kind"] in ("Secret", "ConfigMap")
    ]
    assert needed <= {name for one in given for name in one}  # type: ignore[attr-defined]


def test_what_is_asked_whether_it_lives_is_served() -> None:
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8") + (DEPLOY / "compose.yaml").read_text(
        encoding="utf-8"
    )
    assert set(re.findall(r"/(?:ready|health|live)z\b", text)) == {"/readyz", "/healthz"}
    assert "TELLER_DEMO=false" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_the_chroma_server_is_the_one_that_is_tested_against() -> None:
    pinned = re.search(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned
    assert objects("compose.yaml")[0]["services"]["chroma"]["image"] == f"chromadb/chroma:{pinned[1]}"  # type: ignore[index]


def test_the_sizing_table_is_computed_from_what_was_measured(tmp_path: Path) -> None:
    scores = {"8 clients, turns a second": {"value": 20.0}, "resident GiB": {"value": 1.25}}
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"suites": {"speed": {"scores": scores}}}), encoding="utf-8")
    command = [sys.executable, str(DEPLOY / "sizing.py"), str(report), "--load", "0.5"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # 20 million customers: 1.2 million turns a day, 50 a second in the busiest hour, 10 for a process; and one to spare.
    assert "| 20,000,000 | 1,200,000 | 50.0 | 6 | 8 |" in told
    assert "| 10,000 | 600 | 0.0 | 2 | 2 |" in told
