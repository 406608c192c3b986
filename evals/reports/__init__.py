"""A run's report for programs, for build servers, and for people."""

from __future__ import annotations

import json
from pathlib import Path

from evals.report import Report

REPORT = "report.json"


def written(report: Report, folder: Path) -> Path:
    """Writes the report into a folder and returns the file to open."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT
    path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=1), encoding="utf-8")
    return path
