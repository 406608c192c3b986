"""A thousand malformed files through ingest, beside good ones: each is taken in or told of, and none takes the others down."""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

from assistant import bootstrap
from assistant.settings import load
from evals import malforming
from evals.report import Case, SuiteResult
from evals.statistics import exact
from ingest.ingest import Ingest, Report
from knowledge_base.library import Library

_SEED = 7
_LARGEST = 300_000
"""Bytes of a document that is malformed; scans larger than that only take longer."""
_MIB = 1024
_SHOWN = 20


def number() -> int:
    """How many: TELLER_MALFORMED_FILES, or 1,000."""
    return int(os.environ.get("TELLER_MALFORMED_FILES", "1000"))


def run() -> SuiteResult:
    """Files neither taken in nor told of, told without what to do, good ones that were lost, the slowest, and memory."""
    bootstrap.go_offline()
    settings = load()
    sources = [path for path in settings.knowledge_dir.rglob("*") if _is_good(path)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "documents"
        shutil.copytree(settings.knowledge_dir / "about", folder / "good")
        (folder / "bad").mkdir()
        malforming.write(sorted(sources), folder / "bad", number(), _SEED)
        good = [path for path in (folder / "good").rglob("*") if _is_good(path)]
        data = settings.model_copy(update={"data_dir": Path(scratch) / "data", "database_url": ""})
        with closing(bootstrap.build_database(data)) as database:
            embedder = bootstrap.build_embedder(data)
            ingest = Ingest(Library(database), embedder, folder, Path(scratch) / "ingest.lock")
            report, slowest = _ingested(ingest)
    return _result(report, slowest, {path.relative_to(folder).as_posix() for path in good}, number())


def _is_good(path: Path) -> bool:
    return path.is_file() and not path.name.startswith("_") and path.stat().st_size <= _LARGEST


def _ingested(ingest: Ingest) -> tuple[Report, float]:
    """The report of one run, and the seconds of the slowest file."""
    times = [time.perf_counter()]
    report = ingest.run(progress=lambda _done, _all, _name: times.append(time.perf_counter()))
    return report, max(after - before for before, after in itertools.pairwise(times))


def _result(report: Report, slowest: float, good: set[str], bad: int) -> SuiteResult:
    told = {failure.path for failure in report.failed}
    unheard = bad + len(good) - len(told | set(report.added))
    helpless = [one for one in report.failed if not one.reason.strip() or not one.remedy.strip()]
    lost = good - set(report.added)
    scores = {
        "files": exact(bad),
        "refused": exact(len(told)),
        "neither taken in nor told of": exact(unheard),
        "told without what to do": exact(len(helpless)),
        "good files lost": exact(len(lost)),
        "slowest file, seconds": exact(slowest),
        "most memory, MiB": exact(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB),
    }
    misses = [Case("lost", path, "taken in", "") for path in sorted(lost)]
    misses += [Case("told without what to do", one.path, "a reason and a remedy", one.reason) for one in helpless]
    return SuiteResult("malformed", bad, bad, scores, misses[:_SHOWN])
