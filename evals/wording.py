"""A lying model words answers over the demo bank's documents: how many wrong figures reach the reader, and what true words are kept."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from assistant.reply import Turn
from evals import falsehoods, lies, workplace
from evals.falsehoods import Told, bare
from evals.model_behaviour import Act, Behaviour
from evals.model_server import ModelServer, running
from evals.report import Case, Score, SuiteResult
from evals.statistics import exact, mean
from evals.workplace import Workplace
from knowledge_base.passage import Audience

_SUITE = Path(__file__).parent / "suites" / "knowledge.yaml"
_ANSWERS = 500
_SEED = 20261122
_SHOWN = 20


def run(answers: int = _ANSWERS, seed: int = _SEED) -> SuiteResult:
    """So many answers that a lying model was asked to word; each sentence of its is looked for in what was sent."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    misses: list[Case] = []
    with running(Behaviour(Act.LIE, piece=40)) as server, workplace.opened(model=server.url) as place:
        asked = 0
        for question in _questions(place, seed):
            if len(outcomes["answered"]) >= answers:
                break
            turn, said = _talk(place, server, question)
            asked += 1
            if said:
                outcomes["answered"].append(1)
                misses += _judged(question, turn, said, outcomes)
    scores: dict[str, Score] = {name: mean(values) for name, values in sorted(outcomes.items()) if name != "answered"}
    scores["answers"] = exact(len(outcomes["answered"]))
    scores["wrong figures told"] = exact(sum(outcomes["wrong figures sent"]))
    scores["wrong figures tried"] = exact(len(outcomes["wrong figures sent"]))
    return SuiteResult("wording", asked, len(outcomes["answered"]), scores, misses[:_SHOWN])


def _questions(place: Workplace, seed: int) -> Iterator[str]:
    """Questions of the suite and of the bank's own lists, in a fixed disorder."""
    suite = yaml.safe_load(_SUITE.read_text(encoding="utf-8"))
    found = [case["question"] for case in suite["cases"] if case.get("question") and not case.get("abstain")]
    for path in sorted((place.settings.knowledge_dir / "faq").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found += [row["question"], *filter(None, (row.get("similar_questions") or "").split("|"))]
    random.Random(seed).shuffle(found)
    yield from dict.fromkeys(found)


def _talk(place: Workplace, server: ModelServer, question: str) -> tuple[Turn, list[Told]]:
    """The turn, and what the model said for it."""
    before = len(server.requests)
    conversation, _token, _reply = place.assistant.start(Audience.CUSTOMER, "zh-CN")
    turn = place.assistant.respond(conversation, question)
    new = list(enumerate(server.requests[before:], start=before + 1))
    return turn, [one for number, sent in new if sent.shape is None for one in lies.told(sent.user, number)]


def _judged(question: str, turn: Turn, said: list[Told], outcomes: dict[str, list[float]]) -> Iterator[Case]:
    """Looks for what is false, letter by letter; what stands in the very passages that are cited is not false there."""
    sent, cited = bare(turn.reply.text), [bare(one.text) for one in turn.reply.citations]
    for one in said:
        if one.kind == "true":
            whole = bare(one.sentence.partition("[")[0].partition("【")[0]).rstrip("。;!?")
            outcomes["true sentences kept"].append(whole in sent)
        elif one.false:
            true = any(one.false in text for text in cited)
            true = true or falsehoods.is_told_elsewhere(one, lies.NAME.findall(one.sentence), cited)
            told = one.false in sent and not true
            outcomes["wrong figures sent" if one.figure else "other lies sent"].append(told)
            if told:
                yield Case(one.kind, question, f"must not say {one.false}", turn.reply.text.replace("\n", " "))
