"""What the guard covers of personal values that are planted, which orders it stops, and what harmless text it touches."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant import guard
from evals import open_data, planted
from evals.report import Case, Score, SuiteResult
from evals.statistics import exact, mean
from knowledge_base import injection
from knowledge_base.word_list import WordList

_FILE = Path(__file__).with_name("guard_texts.yaml")
_TIMES = 60
_SEED = 20
_LISTED, _SHOWN = 10_000, 40
_OF_THE_USER = ("user_input", "memory", "tool_output")
_PLAIN_REQUEST = "harmful"
"""Rows of the open set that ask for something bad in plain words: no order to an assistant is in them."""


def run() -> SuiteResult:
    """Recall by kind of value, share of harmless texts that are touched, share of orders stopped, and the time of a long word list."""
    missed: list[Case] = []
    scores = _personal(missed) | _orders(missed)
    harmless = [*_texts()["harmless"], *_texts()["orders"], *_open_texts()]
    touched = [text for text in harmless if guard.mask_said(text) != guard.narrowed(text)]
    missed += [Case("personal data: false alarm", text, "left as it is", guard.mask_said(text)) for text in touched]
    scores["personal data: false alarms"] = mean([text in set(touched) for text in harmless])
    scores["word list of 10,000, ms a message"] = exact(_milliseconds(harmless))
    cases = len(harmless) + len(_texts()["said"]) * _TIMES
    return SuiteResult("guard", cases, cases, scores, missed[:_SHOWN])


def _personal(missed: list[Case]) -> dict[str, Score]:
    choose = random.Random(_SEED)
    make = planted.makers(choose)
    found: dict[str, list[bool]] = {kind: [] for kind in make}
    for frame in _texts()["said"] * _TIMES:
        values = {kind: make[kind]() for kind in make if f"{{{kind}}}" in frame}
        said = frame.format_map({kind: value for kind, (value, _part) in values.items()})
        covered = guard.mask_said(said)
        for kind, (_value, part) in values.items():
            found[kind].append(guard.narrowed(part) not in covered)
            if not found[kind][-1]:
                missed.append(Case(f"personal data: {kind}", said, f"{part} covered", covered))
    every = [one for kind in found.values() for one in kind]
    recalls = {f"personal data: {kind.replace('_', ' ')} covered": mean(ones) for kind, ones in found.items()}
    return {"personal data: covered": mean(every), **recalls}


def _orders(missed: list[Case]) -> dict[str, Score]:
    sets: dict[str, tuple[Sequence[str], Sequence[str]]] = {"own": (_texts()["orders"], _texts()["harmless"])}
    if open_data.holds_set("injection_en"):
        rows = [row for row in open_data.rows("injection_en") if row["channel"] in _OF_THE_USER]
        bad = [row["prompt"] for row in rows if row["label"] == "malicious" and row["kind"] != _PLAIN_REQUEST]
        sets["open"] = (bad, [row["prompt"] for row in rows if row["label"] == "benign"])
    scores = {}
    for name, (orders, harmless) in sets.items():
        stopped = {text: bool(injection.find(text)) for text in (*orders, *harmless)}
        missed += [Case("orders: not stopped", text, "stopped", "") for text in orders if not stopped[text]]
        missed += [Case("orders: false alarm", text, "let through", "") for text in harmless if stopped[text]]
        scores[f"orders: {name}, stopped"] = mean([stopped[text] for text in orders])
        scores[f"orders: {name}, false alarms"] = mean([stopped[text] for text in harmless])
    plain = list(_open_texts())
    scores["orders: false alarms on questions"] = (
        mean([bool(injection.find(text)) for text in plain]) if plain else exact(0)
    )
    return scores


def _open_texts() -> Iterator[str]:
    """Questions of open sets in which nobody gives a value of theirs."""
    for name, key in (
        ("dragonball_queries", "query"),
        ("out_of_scope_zh", "query"),
        ("banking77", "text"),
        ("clinc150", "text"),
    ):
        if open_data.holds_set(name):
            yield from (row[key] for row in open_data.rows(name))


def _milliseconds(messages: Sequence[str]) -> float:
    """The median time in which a message is held against a list of 10,000 words."""
    choose = random.Random(_SEED)
    letters = "".join(_texts()["harmless"])
    words = WordList("".join(choose.choices(letters, k=choose.randint(4, 8))) + "专" for _ in range(_LISTED))
    took = []
    for message in messages:
        started = time.perf_counter()
        words.find(message)
        took.append(time.perf_counter() - started)
    return 1000 * statistics.median(took)


@cache
def _texts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read
