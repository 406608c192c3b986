"""What is counted for Prometheus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from assistant.event import Event, KnowledgeAnswered
from assistant.model_event import ModelAsked
from assistant.reply import Turn

_SLOW = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_TURNS = Counter("teller_turns_total", "Turns by outcome", ["outcome"])
_SECONDS = Histogram(
    "teller_turn_seconds", "Time from message to reply", buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
)
_CALLS = Counter("teller_model_calls_total", "Calls of models by prompt and outcome", ["model", "use", "outcome"])
_TOKENS = Counter("teller_model_tokens_total", "Tokens that models read (in) and wrote (out)", ["model", "direction"])
_COST = Counter("teller_model_cost_total", "What models cost, in the currency of the prices that are set", ["model"])
_FIRST = Histogram("teller_model_first_token_seconds", "Time to a model's first word", ["model"], buckets=_SLOW)
_ANSWERS = Counter("teller_answers_total", "Answers from the documents, by what worded them", ["worded_by"])
_HELD_BACK = Counter("teller_sentences_held_back_total", "A model's sentences that were not sent, by fault", ["fault"])
_MOST_VALUES = 50
_seen: defaultdict[str, set[str]] = defaultdict(set)


def count(turn: Turn) -> None:
    """Counts a turn."""
    _TURNS.labels(turn.outcome.value).inc()
    _SECONDS.observe(turn.milliseconds.total / 1000)


def hear(events: Sequence[Event]) -> None:
    """Counts what is told by events that are on disk."""
    for event in events:
        match event:
            case ModelAsked():
                _asked(event)
            case KnowledgeAnswered():
                _ANSWERS.labels("model" if event.prompt else "documents").inc()
                for fault in event.held_back:
                    _HELD_BACK.labels(_few("fault", fault)).inc()


def watch(resting: Callable[[], Mapping[str, bool]]) -> None:
    """Shows from now on which servers of models rest after failures, as it is when somebody looks."""
    _circuits.resting = resting


def _asked(call: ModelAsked) -> None:
    model, use = _few("model", call.model), _few("use", call.prompt.partition("@")[0])
    _CALLS.labels(model, use, _few("outcome", call.failure or "ok")).inc()
    _TOKENS.labels(model, "in").inc(call.input_tokens)
    _TOKENS.labels(model, "out").inc(call.output_tokens)
    _COST.labels(model).inc(call.cost)
    if call.first_ms is not None:
        _FIRST.labels(model).observe(call.first_ms / 1000)


def _few(kind: str, value: str) -> str:
    """The value of such a label, or `other` once there are too many: what a server answers must not fill the memory."""
    if value in _seen[kind] or len(_seen[kind]) < _MOST_VALUES:
        _seen[kind].add(value)
        return value
    return "other"


class _Circuits(Collector):
    def __init__(self) -> None:
        self.resting: Callable[[], Mapping[str, bool]] = dict

    def collect(self) -> Iterator[GaugeMetricFamily]:
        told = "1 while a server of models is not asked because it failed"
        gauge = GaugeMetricFamily("teller_model_resting", told, labels=["server"])
        for server, rests in self.resting().items():
            gauge.add_metric([server], float(rests))
        yield gauge


_circuits = _Circuits()
REGISTRY.register(_circuits)
