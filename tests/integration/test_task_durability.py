"""The assistant or the bank is killed in the middle of a committing step, 200 times at random moments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = {"assistant": 130, "bank": 70}
SEED = "20261122"


def test_nothing_is_done_twice_nor_told_before_it_is_done_and_every_conversation_goes_on(tmp_path: Path) -> None:
    script = [sys.executable, str(Path(__file__).with_name("kill_process.py")), str(tmp_path / "kill")]
    run = subprocess.run(
        [*script, str(ROUNDS["assistant"]), str(ROUNDS["bank"]), SEED],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    rounds = json.loads(run.stdout)
    assert Counter(one["who"] for one in rounds) == ROUNDS
    wrong = [
        one
        for one in rounds
        if one["done_at_bank"] != 1
        or not (one["phone_is_new"] and one["told_done"] and one["receipt_told_is_the_banks"] and one["continues"])
        or one["told_done_too_early"]
        or one["messages_of_the_press"] != 1
    ]
    assert not wrong, wrong
    stages = Counter(one["stage"] for one in rounds)
    hit = {"asked, not done at the bank", "begun, not done at the bank", "begun, done at the bank", "all told"}
    assert hit <= set(stages), f"the kills did not fall into every stage: {stages}"
