"""Runs suites by name and holds their scores to the gates in gates.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant import bootstrap
from assistant.settings import Settings, load
from evals import (
    abstention,
    cases,
    comparison,
    desk_load,
    gates,
    label,
    leaks,
    model_speed,
    queueing,
    scale,
    search_quality,
    speed,
    suite,
    understanding_study,
    wording,
)
from evals.cases import Progress
from evals.report import Report, SuiteResult

STUDIES: Mapping[str, Callable[[], SuiteResult]] = {
    "search": search_quality.run,
    "abstention": abstention.run,
    "understanding_sets": understanding_study.run,
    "leaks": leaks.run,
    "wording": wording.run,
}
"""Measured otherwise than case by case; run by name."""
BENCHMARKS: Mapping[str, Callable[[], SuiteResult]] = {
    "speed": speed.run,
    "scale": scale.run,
    "queue": queueing.run,
    "desk": desk_load.run,
    "model_speed": model_speed.run,
}
"""How fast and how much, each against a floor measured in the same run; `performance` names them all."""
PERFORMANCE = "performance"


class UnknownSuite(Exception):
    """There is no suite of that name."""


def run(
    names: Sequence[str],
    settings: Settings | None = None,
    folder: Path | None = None,
    repeat: int = 1,
    baseline: Path | None = None,
    workers: int | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """The report of these suites, or of all files of cases; raises UnknownSuite, WrongSuite and WrongBaseline before anything is run."""
    bootstrap.go_offline()
    settings = settings or load()
    before = comparison.load(baseline) if baseline else {}
    files, measured = _chosen(names, suite.of(settings))
    read = {name: suite.load(path) for name, path in files.items()}
    results: list[SuiteResult] = []
    about = None
    if read:
        folder = folder or settings.data_dir / "evals" / "last"
        wrong = label.Labels(suite.own_folder(settings)).wrong()
        results, about = cases.played(settings, read, folder, repeat, workers, progress, wrong)
    results += [made() for made in measured]
    changes = comparison.changes(results, before)
    return Report(results, gates.held(results, changes), changes, about)


def _chosen(
    names: Sequence[str], files: Mapping[str, Path]
) -> tuple[Mapping[str, Path], Sequence[Callable[[], SuiteResult]]]:
    known = [*files, *STUDIES, *BENCHMARKS, PERFORMANCE]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownSuite(f"There is no suite {', '.join(unknown)}; the suites are {', '.join(known)}.")
    if not names:
        return files, ()
    measures = {**STUDIES, **BENCHMARKS}
    wanted = [one for name in names for one in (BENCHMARKS if name == PERFORMANCE else (name,))]
    return (
        {name: files[name] for name in wanted if name in files},
        [measures[name] for name in dict.fromkeys(wanted) if name in measures],
    )
