"""Runs that people order: played in processes of their own, one at a time, stopped, and gone on with after a process was killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.audit import Audit
from assistant.settings import Settings
from evals.run import Run
from evals.run_desk import NoSuchSuite, NothingToRun, OrderedAlready, RunDesk
from evals.shelf import NoSuchRun, State
from evals.suite import WrongSuite
from knowledge_base.database import Database
from tests.service import ROOT, environment, write_documents

PATIENCE = 120
TINY = """
title: 网点常问
at: 2026-11-23T10:00:00+08:00
cases:
  - {id: q1, question: 存款保险最高赔多少, must_say: [["50万"]]}
  - {id: q2, question: 云杉白金信用卡年费是多少, must_say: [["580元"]]}
"""
LONG = "cases:\n" + "".join(
    f'  - {{id: q{n}, question: 存款保险最高赔多少, must_say: [["50万"]]}}\n' for n in range(400)
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], RunDesk]]:
    """Desks over one data folder, as processes of one service have them."""
    write_documents(tmp_path)
    for name, value in environment(tmp_path, PYTHONPATH=str(ROOT)).items():
        monkeypatch.setenv(name, value)
    own = tmp_path / "data" / "suites"
    own.mkdir(parents=True)
    (own / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (own / "long.yaml").write_text(LONG, encoding="utf-8")
    made: list[RunDesk] = []

    def make() -> RunDesk:
        made.append(RunDesk(Settings(), Audit(database, "secret of the test")))
        return made[-1]

    with closing(Database(f"sqlite:///{tmp_path / 'teller.sqlite3'}")) as database:
        yield make
        for one in made:
            one.close()


def until(desk: RunDesk, run: str, state: State, enough: Callable[[int], bool] = lambda _played: True) -> None:
    """Keeps going until the run is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        desk.keep_going()
        one = desk.one(run)
        if one.state is state and enough(one.played):
            return
        time.sleep(0.1)
    raise AssertionError(f"{run} is {desk.one(run)}, not {state}: {(desk.shelf.folder(run) / 'run.log').read_text()}")


def process(desk: RunDesk) -> int:
    playing = desk._launch.playing()
    assert playing is not None
    return playing.process


def test_a_run_is_played_beside_the_service_and_the_next_waits_for_it(desk: Callable[[], RunDesk]) -> None:
    one = desk()
    other = desk()
    first, second = one.order("qa", ["tiny"]), other.order("qa", ["tiny"], repeat=2)
    for each in (one, other, one):
        each.keep_going()
    assert (one.one(first).state, other.one(second).state) == (State.RUNNING, State.WAITING)
    assert os.getpriority(os.PRIO_PROCESS, process(other)) > os.getpriority(os.PRIO_PROCESS, 0)
    with pytest.raises(OrderedAlready):
        other.order("qa", ["tiny"])
    until(one, first, State.DONE)
    done = one.one(first)
    assert (done.who, done.played, done.playings) == ("qa", 2, 2)
    (result,) = done.results
    assert result.right is not None and (result.suite, result.right.value, result.scored) == ("tiny", 0.5, 2)
    until(other, second, State.DONE)
    assert other.one(second).playings == 4
    assert [entry.did for entry in one._audit.listed(what=first)] == ["order_eval_run"]


def test_a_run_that_was_stopped_stays_so(desk: Callable[[], RunDesk]) -> None:
    one = desk()
    run = one.order("qa", ["long"])
    until(one, run, State.RUNNING, lambda played: played > 0)
    assert one.one(run).seconds_left is not None
    pid = process(one)
    one.stop("qa2", run)
    until(one, run, State.STOPPED)
    one.keep_going()
    assert one.one(run).state is State.STOPPED
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
    assert [entry.who for entry in one._audit.listed(what=run)] == ["qa2", "qa"]


def test_a_run_that_was_killed_goes_on_where_it_was_broken_off(desk: Callable[[], RunDesk]) -> None:
    run = desk().order("qa", ["long"])
    first = desk()
    until(first, run, State.RUNNING, lambda played: played >= 3)
    os.killpg(process(first), signal.SIGKILL)
    folder = first.shelf.folder(run)
    # What was being written at that moment.
    with (folder / "records.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"suite":"long","place":399,"rec')
    before = Run(folder).played
    again = desk()
    until(again, run, State.RUNNING, lambda played: played > before)
    lines = (folder / "records.jsonl").read_text(encoding="utf-8").split("\n")[:before]
    assert len({line.split('"record"')[0] for line in lines}) == before
    assert len((folder / "starts.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    again.stop("qa", run)


def test_a_run_outlives_the_service_and_is_seen_by_the_next(desk: Callable[[], RunDesk]) -> None:
    first, second = desk(), desk()
    run = first.order("qa", ["long"])
    until(first, run, State.RUNNING, lambda played: played > 0)
    pid = process(first)
    second.keep_going()
    assert second.one(run).state is State.RUNNING and process(second) == pid
    first.close()
    assert second.one(run).state is State.WAITING
    second.keep_going()
    assert second.one(run).state is State.RUNNING
    second.stop("qa", run)


def test_a_run_that_gets_nowhere_is_given_up(desk: Callable[[], RunDesk]) -> None:
    one = desk()
    run = one.order("qa", ["tiny"])
    (one.own / "tiny.yaml").write_text("cases: [", encoding="utf-8")
    until(one, run, State.FAILED)
    assert len((one.shelf.folder(run) / "starts.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert "tiny.yaml" in (one.shelf.folder(run) / "run.log").read_text(encoding="utf-8")


def test_a_wrong_order_is_refused(desk: Callable[[], RunDesk]) -> None:
    one = desk()
    (one.own / "broken.yaml").write_text("cases: [", encoding="utf-8")
    for error, suites, baseline in (
        (NothingToRun, [], ""),
        (NoSuchSuite, ["nothing"], ""),
        (NoSuchSuite, ["--help"], ""),
        (WrongSuite, ["tiny", "broken"], ""),
        (NoSuchRun, ["tiny"], "../.."),
    ):
        with pytest.raises(error):
            one.order("qa", suites, baseline=baseline)
    assert one.listed() == []


def test_a_label_that_was_marked_wrong_counts_nowhere(desk: Callable[[], RunDesk]) -> None:
    one = desk()
    suite = one.suites()["tiny"]
    assert not isinstance(suite, WrongSuite)
    one.labels.mark("tiny", suite.cases[1], "qa", "年费已改")
    run = one.order("qa", ["tiny"])
    until(one, run, State.DONE)
    (result,) = one.one(run).results
    assert result.right is not None and (result.right.value, result.scored, result.cases) == (1.0, 1, 2)
    report = one.shelf.report(run)["suites"]["tiny"]
    assert list(report["values"]) == ["q1"]
    assert "年费已改" in report["unscored"]["q2"] and report["misses"][0]["id"] == "q2"
