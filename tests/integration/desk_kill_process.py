"""Kills crews of agents in the middle of what they do, again and again, until others have served all; prints what came of it as JSON.

A process of its own, with one thread, because it forks: python desk_kill_process.py URL TICKETS KILLS SEED
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from dataclasses import asdict

from evals.desk_audit import audit
from evals.desk_crew import crew
from evals.desk_office import fill, opened
from ui.sweeping import sweeping

CREWS, AGENTS = 4, 2
SOONEST, LATEST = 0.1, 0.4


def start(url: str, number: int, seed: int) -> int:
    """A process with agents whom nobody has seen before, which keeps the queue moving too, as every process of the service does."""
    child = os.fork()
    if child == 0:
        try:
            with opened(url) as office, sweeping(office.routing, office.desk.pictures):
                crew(office, [f"crew{number}-{agent}" for agent in range(AGENTS)], seed)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return child


def play(url: str, tickets: int, kills: int, seed: int) -> dict[str, object]:
    with opened(url) as office:
        fill(office, tickets, seed)
    chance = random.Random(seed)
    running = [start(url, number, seed) for number in range(CREWS)]
    begun, killed = time.monotonic(), 0
    for number in range(kills):
        time.sleep(chance.uniform(SOONEST, LATEST))
        victim = running.pop(chance.randrange(len(running)))
        os.kill(victim, signal.SIGKILL)
        _, status = os.waitpid(victim, 0)
        killed += os.WIFSIGNALED(status)
        running.append(start(url, CREWS + number, seed))
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in running]
    with opened(url) as office:
        found = audit(office)
    return {"killed": killed, "ends": ends, "seconds": time.monotonic() - begun, **asdict(found)}


def main() -> None:
    sys.stdout.write(json.dumps(play(sys.argv[1], *map(int, sys.argv[2:5]))))


if __name__ == "__main__":
    main()
