"""Adds cases to suites of the bank's own: checked as a whole first, and written at once or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock
from pydantic import ValidationError

from evals.suite import SHIPPED, Suite, WrongSuite

_INDENTS = ("  ", "")


class SuiteShipped(Exception):
    """A suite of this name ships; name one of the bank's own."""


class CaseTaken(Exception):
    """The suite has a case of this id already; choose another."""


def add(folder: Path, name: str, case: Mapping[str, Any]) -> Path:
    """Adds a case to the suite of this name, which is made if need be.

    What stands in its file stays as it is written there, comments too. Raises SuiteShipped, CaseTaken, and WrongSuite where the
    file cannot be read, or is a sheet.
    """
    path = folder / f"{name}.yaml"
    if (SHIPPED / path.name).exists():
        raise SuiteShipped(SuiteShipped.__doc__)
    if path.with_suffix(".xlsx").exists():
        raise WrongSuite(f"{path.with_suffix('.xlsx')} is a sheet: add the case there, or name another suite.")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".suites.lock"):
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        before: dict[str, Any] = _read(path, text) if text.strip() else {"name": name, "cases": []}
        if any(one.get("id") == case["id"] for one in before["cases"]):
            raise CaseTaken(CaseTaken.__doc__)
        _write(path, _with(text, before, {**before, "cases": [*before["cases"], dict(case)]}))
    return path


def _read(path: Path, text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text)
        Suite.model_validate({"name": path.stem} | dict(content))
    except (yaml.YAMLError, ValidationError, TypeError, ValueError) as error:
        raise WrongSuite(f"{path} cannot be read, so nothing was added to it: {error}") from error
    return dict(content)


def _with(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The file's text with the new case behind it; written anew where the list of cases is not its end."""
    Suite.model_validate({"name": "suite"} | dict(after))
    for indent in _INDENTS if before["cases"] else ():
        lines = _dumped([after["cases"][-1]]).splitlines()
        longer = text.rstrip("\n") + "\n" + "".join(f"{indent}{line}\n" for line in lines)
        try:
            if yaml.safe_load(longer) == after:
                return longer
        except yaml.YAMLError:
            continue
    return _dumped(after)


def _dumped(content: Any) -> str:
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140)
    return text


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
