#!/usr/bin/env python3
"""How many processes a bank needs, from what `teller eval speed` measured on its own machine.

    teller eval speed --out measured && python deploy/sizing.py measured/report.json

prints a table in Markdown. A customer is somebody who could write; what they do is told by the options.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

_SECONDS_OF_AN_HOUR = 3600
_CUSTOMERS = (10_000, 100_000, 1_000_000, 5_000_000, 20_000_000)
_SPARE = 1
"""Beyond what the load needs, one process may be gone or about to be exchanged."""


def main() -> None:
    """Prints the table."""
    options = _options()
    scores = json.loads(options.report.read_text(encoding="utf-8"))["suites"]["speed"]["scores"]
    rate, memory = (float(scores[name]["value"]) for name in ("8 clients, turns a second", "resident GiB"))
    print(
        f"Measured: {rate:.0f} turns a second and {memory:.1f} GiB a process. Of 1,000 customers, {1000 * options.writing:g} write on a day,"
    )
    print(
        f"{options.turns:g} turns each, {options.busiest:.0%} of them in the busiest hour; a process is loaded to {options.load:.0%} of its top rate.\n"
    )
    print("| customers | turns a day | turns a second, busiest hour | processes | memory, GiB |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for customers in _CUSTOMERS:
        day = customers * options.writing * options.turns
        peak = day * options.busiest / _SECONDS_OF_AN_HOUR
        processes = max(1, math.ceil(peak / (rate * options.load))) + _SPARE
        print(f"| {customers:,} | {day:,.0f} | {peak:.1f} | {processes} | {processes * memory:.0f} |")


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("report", type=Path, help="report.json of `teller eval speed`")
    asked.add_argument("--writing", type=float, default=0.01, help="share of customers who write on a day (0.01)")
    asked.add_argument("--turns", type=float, default=6, help="turns each (6)")
    asked.add_argument("--busiest", type=float, default=0.15, help="share of a day's turns in its busiest hour (0.15)")
    asked.add_argument("--load", type=float, default=0.5, help="share of the top rate that is used (0.5)")
    return asked.parse_args()


if __name__ == "__main__":
    main()
