#!/usr/bin/env python3
"""Writes what a bank's security office asks for: dependencies pinned with their hashes, the bill of materials, the licences.

Run it in the project's virtual environment after `pip install pip-tools cyclonedx-bom pip-licenses`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCK, BILL, LICENCES = HERE / "requirements.lock", HERE / "sbom.json", HERE / "LICENCES.md"
_COMPILE = [
    "pip-compile", "--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-annotate", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--constraint", "constraints.txt", "--extra", "ocr",
]  # fmt: skip
_ABOUT = """# Licences of what Teller runs on

As the packages themselves name them; `deploy/supply_chain.py` writes this file. Those under the LGPL are used as they come, as
libraries of their own, and can be exchanged.

"""


def main() -> None:
    """All three files, from pyproject.toml and constraints.txt."""
    _run([*_COMPILE, "--output-file", str(LOCK), "pyproject.toml"])
    told = _run(["cyclonedx-py", "requirements", "--output-reproducible", "--pyproject", "pyproject.toml", str(LOCK)])
    BILL.write_text(json.dumps(_plain(json.loads(told)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = [
        "pip-licenses",
        "--python",
        sys.executable,
        "--from",
        "mixed",
        "--format",
        "markdown",
        "--packages",
        *names(),
    ]
    LICENCES.write_text(_ABOUT + _narrow(_run(table)), encoding="utf-8")


def names() -> list[str]:
    """The packages of the lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)


def _plain(bill: dict[str, Any]) -> dict[str, Any]:
    """The bill without where things were found, which is each bank's own mirror; the hashes stand in the lock file."""
    bill["metadata"].pop("tools", None)
    for one in bill["components"]:
        for key in ("externalReferences", "description", "hashes"):
            one.pop(key, None)
    return bill


def _narrow(table: str) -> str:
    """A Markdown table without the spaces that align its columns."""
    rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line)
    return "".join(f"| {' | '.join(re.sub('^-+$', '---', cell) for cell in row)} |\n" for row in rows)


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
