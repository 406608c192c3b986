"""What the service adds to a language model's own time, alone and with 200 streams at once, and what happens when the model dies.

The model is a scripted server in a process of its own. Everything is held against the same server called directly in the same
run, by the same client, so that whatever else the machine does weighs on both alike.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from assistant import bootstrap
from assistant.settings import load
from evals import model_outage
from evals.event_stream import Heard, Refused, events
from evals.model_process import ModelProcess, model_process
from evals.report import Score, SuiteResult
from evals.served import served
from evals.statistics import exact

QUESTION = "白金卡年费多少"
MARK = "主卡年费为580元/年。"
"""What only the model's words have: the documents' own sentence goes on after it."""
_SAID = (
    f"云杉白金信用卡{MARK}", "首年免年费。", "当年消费满12笔次年免年费。", "该标准自2026年1月1日起执行。",
    "云杉白金信用卡首年免年费。", "云杉白金信用卡当年消费满12笔次年免年费。",
    "云杉白金信用卡主卡年费的标准自2026年1月1日起执行。", "首年免年费，当年消费满12笔次年免年费。",
)  # fmt: skip
_TEXT = "".join(sentence.replace("。", "[1]。") for sentence in _SAID)
_SENTENCES = len(_SAID)
_TURNS = 120
_WARMING = 5
_STREAMS = 200
_ARRIVING_SECONDS = 4.0
_ALONE = {"text": _TEXT, "pause": 0.05, "pace": 0.005, "piece": 4}
_CROWD = {"text": _TEXT, "pause": 0.3, "pace": 0.25, "piece": 4}
_KILLED = {"text": _TEXT, "pause": 0.05, "pace": 0.01, "piece": 8}
_TALKERS = 50
_TIME_OUT = 8.0


def run() -> SuiteResult:
    """The measures that gates.yaml limits."""
    bootstrap.go_offline()
    with tempfile.TemporaryDirectory() as scratch, model_process(_ALONE) as model:
        settings = load().model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        llm = {"TELLER_LLM_BASE_URL": model.url, "TELLER_LLM_MODEL": "large", "TELLER_LLM_SILENCE_SECONDS": "20"}
        with served(settings, settings.knowledge_dir, **llm, TELLER_LLM_TIMEOUT_SECONDS="120") as running:
            scores = asyncio.run(_first_words(running.address, model))
            model.behave(_CROWD)
            scores |= asyncio.run(_crowd(running.address, model))
        model.behave(_KILLED)
        with served(settings, settings.knowledge_dir, **llm, TELLER_LLM_TIMEOUT_SECONDS=str(_TIME_OUT)) as running:
            scores |= _outage(running.address, model)
    return SuiteResult("model_speed", len(scores), len(scores), scores)


@dataclass
class _Stream:
    """When a stream began, when each of its sentences was whole (time.perf_counter), and the turn at its end, if it had one."""

    began: float
    sentences: list[float]
    turn: Mapping[str, Any] | None = None

    @property
    def gaps(self) -> list[float]:
        """Seconds between sentences."""
        return [after - before for before, after in pairwise(self.sentences)]


async def _first_words(address: str, model: ModelProcess) -> dict[str, Score]:
    """What is added before the first words, each turn right after a direct call.

    Compared is the moment at which the first sentence is whole: words are checked sentence by sentence, so none can be sent
    earlier. Understanding and search are taken off, as the turn itself measured them, since they are there without a model too
    and nothing can be asked before them; all else counts: HTTP, judging, the prompt, the client, the check, the stream.
    """
    added, direct, own = [], [], []
    for number, seat in enumerate(await _seats(address, _TURNS + _WARMING)):
        bare = await _direct(model.url)
        turn = await _asked(seat)
        spent = (turn.turn or {})["milliseconds"]
        before = (spent["understand"] + spent["search"]) / 1000
        if number >= _WARMING:
            direct.append(bare.sentences[0] - bare.began)
            own.append(before)
            added.append(turn.sentences[0] - turn.began - before - direct[-1])
    return {
        "alone: direct first sentence, median ms": exact(1000 * statistics.median(direct)),
        "alone: understanding and search, median ms": exact(1000 * statistics.median(own)),
        "alone: added before the first words, median ms": exact(1000 * statistics.median(added)),
        "alone: added before the first words, p95 ms": exact(1000 * float(np.quantile(added, 0.95))),
    }


async def _crowd(address: str, model: ModelProcess) -> dict[str, Score]:
    """200 streams at once, first direct ones and then turns; they arrive over some seconds and all overlap."""
    seats = await _seats(address, _STREAMS)
    direct = await _together([partial(_direct, model.url)] * _STREAMS)
    turns = await _together([partial(_asked, seat) for seat in seats])
    bare, served_ = _gaps(direct), _gaps(turns)
    at_once = max(one.began for one in turns) < min(one.sentences[-1] for one in turns)
    return {
        "crowd: streams": exact(len(turns)),
        "crowd: complete": exact(sum(len(one.sentences) == _SENTENCES for one in turns)),
        "crowd: all at once": exact(float(at_once)),
        "crowd: gap, median ms": exact(float(np.median(served_))),
        "crowd: direct gap, median ms": exact(float(np.median(bare))),
        "crowd: gap, p99 ms": exact(float(np.quantile(served_, 0.99))),
        "crowd: direct gap, p99 ms": exact(float(np.quantile(bare, 0.99))),
        "crowd: longest stall ms": exact(max(served_)),
        "crowd: direct longest stall ms": exact(max(bare)),
        "crowd: gap over direct, median": exact(float(np.median(served_) / np.median(bare))),
        "crowd: gap over direct, p99": exact(float(np.quantile(served_, 0.99) / np.quantile(bare, 0.99))),
        "crowd: longest stall over direct": exact(max(served_) / max(bare)),
        "crowd: first words, median ms": exact(1000 * statistics.median(one.sentences[0] - one.began for one in turns)),
        "crowd: direct first sentence, median ms": exact(
            1000 * statistics.median(one.sentences[0] - one.began for one in direct)
        ),
    }


def _outage(address: str, model: ModelProcess) -> dict[str, Score]:
    """The model's server is killed under load and started again."""
    seen = model_outage.play(address, model, QUESTION, MARK, _TALKERS, (6, 8, 25))
    recovered = seen.recovered_after
    return {
        "killed: turns": exact(len(seen.answers)),
        "killed: worded without the model meanwhile": exact(seen.without_model),
        "killed: unanswered": exact(seen.unanswered),
        "killed: lost or twice": exact(seen.miscounted),
        "killed: slowest s": exact(seen.slowest),
        "killed: slowest over time-out": exact(seen.slowest / _TIME_OUT),
        "killed: recovered": exact(float(recovered is not None)),
        "killed: recovered after s": exact(-1 if recovered is None else recovered),
    }


async def _together(streams: Sequence[Callable[[], Awaitable[_Stream]]]) -> list[_Stream]:
    async def later(number: int) -> _Stream:
        await asyncio.sleep(number * _ARRIVING_SECONDS / len(streams))
        return await streams[number]()

    return await asyncio.gather(*map(later, range(len(streams))))


def _gaps(streams: Sequence[_Stream]) -> list[float]:
    return [1000 * gap for one in streams for gap in one.gaps]


async def _direct(url: str) -> _Stream:
    """One stream of the model's server."""
    body = {"model": "large", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    stream = _Stream(_now(), [])
    await _follow(stream, _contents(events(f"{url}/chat/completions", body, {})))
    return stream


async def _seats(address: str, count: int) -> list[tuple[str, dict[str, str]]]:
    """So many new conversations: where a turn is sent, and the headers with it."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        opened = [(await client.post(f"{address}/v1/conversations", json={})).json() for _ in range(count)]
    accept = {"Accept": "text/event-stream"}
    return [
        (f"{address}/v1/conversations/{one['id']}/turns", accept | {"Authorization": f"Bearer {one['token']}"})
        for one in opened
    ]


async def _asked(seat: tuple[str, dict[str, str]]) -> _Stream:
    """One turn, in a conversation of its own."""
    url, headers = seat
    stream = _Stream(_now(), [])
    await _follow(stream, _deltas(events(url, {"text": QUESTION}, headers), stream))
    return stream


async def _follow(stream: _Stream, pieces: AsyncIterator[tuple[float, str]]) -> None:
    """Notes when each sentence of the model's text was whole."""
    text = ""
    async for at, words in pieces:
        text += words
        whole = sum(model_outage.bare(text).startswith(part) for part in _BEGINNINGS)
        stream.sentences += [at] * (whole - len(stream.sentences))


async def _contents(heard: AsyncIterator[Heard]) -> AsyncIterator[tuple[float, str]]:
    async for one in heard:
        if one.data != "[DONE]":
            for choice in json.loads(one.data)["choices"]:
                yield one.at, choice["delta"].get("content") or ""


async def _deltas(heard: AsyncIterator[Heard], stream: _Stream) -> AsyncIterator[tuple[float, str]]:
    async for one in heard:
        data = json.loads(one.data)
        match one.name:
            case "delta":
                yield one.at, data["text"]
            case "turn":
                stream.turn = data
            case _:
                raise Refused(f"the stream ended with {one.name}: {data}")


_BEGINNINGS = ["".join(_SAID[:end]) for end in range(1, _SENTENCES + 1)]


def _now() -> float:
    return time.perf_counter()
