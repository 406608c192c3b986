"""What is told to a bank's security office is what the project runs on."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
_COPYLEFT = re.compile(r"\b(?:AGPL|GPL|Affero|SSPL|BUSL|Commons Clause)", re.IGNORECASE)
_LIBRARY = re.compile(r"LGPL|Lesser", re.IGNORECASE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    text = (DEPLOY / "requirements.lock").read_text(encoding="utf-8")
    return {plain(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s\\]+)", text, re.MULTILINE)}


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {plain(name): version for name, _, version in (line.partition("==") for line in lines) if version}


def test_what_is_locked_is_what_is_tested() -> None:
    apart = {
        name: (version, pinned()[name])
        for name, version in locked().items()
        if name in pinned() and version.partition("+")[0] != pinned()[name]
    }
    assert not apart
    assert not set(locked()) - set(pinned()) - {"setuptools"}


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["ocr"]]
    assert {plain(re.match(r"[\w.-]+", one).group()) for one in asked} <= set(locked())  # type: ignore[union-attr]


def test_everything_locked_has_its_hash() -> None:
    text = (DEPLOY / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked())
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_bill_names_what_is_locked() -> None:
    bill = json.loads((DEPLOY / "sbom.json").read_text(encoding="utf-8"))
    assert {plain(one["name"]): one["version"] for one in bill["components"]} == locked()


def test_each_has_a_licence_and_none_reaches_what_uses_it() -> None:
    rows = [
        line.split("|")[1:4]
        for line in (DEPLOY / "LICENCES.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    licences = {plain(name.strip()): licence.strip() for name, _version, licence in rows[1:]}
    assert set(licences) >= set(locked())
    assert not [name for name, licence in licences.items() if licence in ("", "UNKNOWN")]
    assert not [
        name for name, licence in licences.items() if _COPYLEFT.search(licence) and not _LIBRARY.search(licence)
    ]
