"""A run's report for programs, for build servers, and for people."""

from __future__ import annotations

from pathlib import Path

from evals.report import Report

PAGE, JUNIT = "report.html", "junit.xml"


def written(report: Report, folder: Path) -> Path:
    """Writes the report into a folder in every form and returns the page to open."""
    from evals.reports import html, junit, reading

    reading.keep(report, folder)
    (folder / JUNIT).write_text(junit.xml(report), encoding="utf-8")
    page = folder / PAGE
    page.write_text(html.html(report), encoding="utf-8")
    return page
