"""Runs suites by name and holds their scores to the gates in gates.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant import bootstrap
from assistant.settings import Settings, load
from evals import (
    abstention,
    calibration,
    cases,
    chaos,
    comparison,
    desk_load,
    first_answer,
    fuzzing,
    gates,
    guarding,
    leaks,
    malformed,
    model_speed,
    queueing,
    scale,
    scale_out,
    search_quality,
    soak,
    speed,
    suite,
    understanding_study,
    wording,
    wrong_label,
)
from evals.case import Player
from evals.cases import Progress
from evals.report import Report, SuiteResult

STUDIES: Mapping[str, Callable[[], SuiteResult]] = {
    "search": search_quality.run,
    "abstention": abstention.run,
    "understanding_sets": understanding_study.run,
    "leaks": leaks.run,
    "guard": guarding.run,
    "wording": wording.run,
    "judge": calibration.run,
    "fuzz": fuzzing.run,
    "malformed": malformed.run,
    "chaos": chaos.run,
    "soak": soak.run,
}
"""Measured otherwise than case by case; run by name."""
BENCHMARKS: Mapping[str, Callable[[], SuiteResult]] = {
    "speed": speed.run,
    "scale": scale.run,
    "scale_out": scale_out.run,
    "queue": queueing.run,
    "desk": desk_load.run,
    "model_speed": model_speed.run,
    "first_answer": first_answer.run,
}
"""How fast and how much, each against a floor measured in the same run; `performance` names them all."""
PERFORMANCE = "performance"


class UnknownSuite(Exception):
    """There is no suite of that name."""


class NoModel(Exception):
    """Customers are to be played by a model, and none is configured: set TELLER_EVAL_LLM_BASE_URL and TELLER_EVAL_LLM_MODEL."""


def run(
    names: Sequence[str],
    settings: Settings | None = None,
    folder: Path | None = None,
    repeat: int = 1,
    baseline: Path | None = None,
    workers: int | None = None,
    progress: Progress = lambda _done, _all: None,
    customers: Player | None = None,
) -> Report:
    """The report of these suites, or of all files of cases, with simulated customers played as `customers` says, or else as their cases do.

    Raises UnknownSuite, WrongSuite, WrongBaseline and NoModel before anything is run.
    """
    bootstrap.go_offline()
    settings = settings or load()
    if customers == "model" and not settings.eval_llm_model:
        raise NoModel(NoModel.__doc__)
    earlier = comparison.load(baseline) if baseline else None
    known = gates.limits(suite.own_folder(settings) / gates.FILE)
    files, measured = _chosen(names, suite.of(settings))
    read = {name: suite.load(path) for name, path in files.items()}
    if customers:
        read = {name: suite.played_by(one, customers) for name, one in read.items()}
    results: list[SuiteResult] = []
    if read:
        folder = folder or settings.data_dir / "evals" / "last"
        wrong = wrong_label.Labels(suite.own_folder(settings)).wrong()
        results, about = cases.played(settings, read, folder, repeat, workers, progress, wrong)
    else:
        about = cases.about_run(settings, {}, repeat, 0)
    results += [made() for made in measured]
    changes = comparison.changes(results, earlier.values) if earlier else []
    return Report(results, gates.held(results, changes, known), changes, about, earlier)


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
