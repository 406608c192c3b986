"""The queue under load, and under kills: nothing is claimed twice, nothing is lost, and the events agree with the rows."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from evals.desk_load import play, quantiles
from tests.service import ROOT

TICKETS, AGENTS, PROCESSES = 150, 12, 4  # `teller eval desk` has 2,000 for 50 agents
KILLED_TICKETS, KILLS, SEED = 240, 32, 20261122
AT_WORK = 8
"""Agents who are there at a time, in the scene with the kills."""


def test_many_agents_in_several_processes_claim_each_ticket_once_and_close_all(database_url: str) -> None:
    load = play(database_url, TICKETS, AGENTS, PROCESSES)
    found = load.audit
    half, most = quantiles(load.worked.claims)
    print(f"{found.claims} claims: median {1000 * half:.1f} ms, p99 {1000 * most:.1f} ms; {dict(load.worked.moves)}")
    assert (found.claimed_twice, found.closed_twice, found.lost, found.illegal) == (0, 0, 0, 0)
    assert (found.tickets, found.releases) == (TICKETS, 0)
    assert found.claims == TICKETS + found.transfers == len(load.worked.claims)
    moves = load.worked.moves
    assert set(moves) == {"resolve", "transfer", "transfer_to", "give_back", "note", "write"}
    assert moves["transfer"] + moves["transfer_to"] == found.transfers > 0


def test_what_killed_agents_had_is_served_by_others_first_and_nothing_twice(database_url: str) -> None:
    found = killed(database_url)
    # On a fast machine the tickets are all served before the last kills, which then fall on nobody.
    assert found["killed"] >= KILLS / 2, "the kills did not fall on those at work"
    assert found["ends"] == [0] * 4
    assert [found[fault] for fault in ("claimed_twice", "closed_twice", "lost", "illegal")] == [0] * 4
    assert found["tickets"] == KILLED_TICKETS
    assert found["claims"] == KILLED_TICKETS + found["transfers"] + found["releases"]
    assert found["releases"] >= KILLS / 16, "the kills did not fall into what agents had at hand"
    # One that is offered to an agent who was killed just now waits until the time of that offer is up; the others go at once.
    assert statistics.median(found["overtaken"]) <= AT_WORK, "what was released waited behind others"


def killed(url: str) -> dict[str, Any]:
    script = [sys.executable, str(Path(__file__).with_name("desk_kill_process.py")), url]
    run = subprocess.run(
        [*script, str(KILLED_TICKETS), str(KILLS), str(SEED)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    print(run.stdout)
    return dict(json.loads(run.stdout))
