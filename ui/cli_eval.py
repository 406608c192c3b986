"""`teller eval`: runs suites, holds them to their gates, and writes the report."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.settings import load

console, errors = Console(), Console(stderr=True)


def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(help="suites by name; all files of cases by default")] = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="play each case so often, for pass^1 to pass^K")] = 1,
    baseline: Annotated[
        Path | None, typer.Option(help="the report.json of an earlier run: nothing may have become worse")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="the folder for the report; evals/ in the data folder")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="play so many cases at once; one a core by default")
    ] = None,
    customers: Annotated[
        Literal["script", "model"] | None,
        typer.Option(help="who plays simulated customers: a script, or the model that TELLER_EVAL_LLM_MODEL names"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for a program to read")] = False,
) -> None:
    """Run evaluation suites, hold them to their gates, and write report.html, report.json and junit.xml.

    A run that was broken off goes on where it stopped when it is called for again with the same folder.
    """
    from evals.comparison import WrongBaseline
    from evals.first_answer import NoBrowser
    from evals.reports import written
    from evals.runner import NoModel, UnknownSuite, run
    from evals.suite import WrongSuite

    settings = load()
    folder = out or settings.data_dir / "evals" / f"{datetime.now():%Y-%m-%d-%H%M%S}"
    try:
        with ExitStack() as stack:
            bar = stack.enter_context(_bar())
            task = bar.add_task("", total=None, visible=False)
            report = run(
                suites or [],
                settings,
                folder,
                repeat,
                baseline,
                workers,
                lambda done, every: bar.update(task, completed=done, total=every, visible=True),
                customers,
            )
    except (UnknownSuite, WrongSuite, WrongBaseline, NoModel, NoBrowser) as error:
        errors.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        errors.print(
            f"Stopped. What was played is kept; the same command with --out {folder} goes on.", highlight=False
        )
        raise typer.Exit(130) from None
    paths = written(report, folder)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        console.print(report.as_text(), highlight=False, markup=False)
        console.print(f"\n{paths}", highlight=False, markup=False)
    raise typer.Exit(0 if report.passed else 1)


def _bar() -> Progress:
    """How far a run is, on the error stream, so that JSON stays JSON."""
    return Progress(
        TextColumn("{task.percentage:>3.0f} %"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )
