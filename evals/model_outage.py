"""Conversations that go on while the model's server is killed and started again; every turn must be answered all the same."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from evals.model_process import ModelProcess

_BESIDE = re.compile(r"\[[0-9]+\]|\s")


@dataclass(frozen=True)
class Answer:
    """How a turn was answered: when it was sent (time.monotonic), how long it took, and whether a model worded it."""

    sent: float
    seconds: float
    outcome: str
    by_model: bool


@dataclass
class Talker:
    """Asks again and again in one conversation until told to stop; `wrong` are answers with another status than 200."""

    address: str
    question: str
    mark: str
    """What stands in the model's words alone, without marks and spaces."""
    answers: list[Answer] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    stored: int = -1

    def run(self, stop: threading.Event) -> None:
        """Talks, and in the end counts what the service has of it."""
        with closing(http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)) as connection:
            opened = _call(connection, "POST", "/v1/conversations", {}, {})[1]
            path, headers = f"/v1/conversations/{opened['id']}", {"Authorization": f"Bearer {opened['token']}"}
            while not stop.is_set():
                self._ask(connection, path, headers)
            messages = _call(connection, "GET", path, None, headers)[1]["messages"]
            self.stored = sum(one["author"] == "customer" for one in messages)

    def _ask(self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
        sent = time.monotonic()
        status, turn = _call(connection, "POST", f"{path}/turns", {"text": self.question}, headers)
        if status != http.HTTPStatus.OK:
            self.wrong.append(status)
            return
        by_model = self.mark in bare(turn["reply"]["text"])
        self.answers.append(Answer(sent, time.monotonic() - sent, turn["outcome"], by_model))


@dataclass(frozen=True)
class Outage:
    """What came of it: all talkers, and when the server was killed and was there again (time.monotonic)."""

    talkers: Sequence[Talker]
    killed_at: float
    back_at: float

    @property
    def answers(self) -> list[Answer]:
        """All answers."""
        return [answer for talker in self.talkers for answer in talker.answers]

    @property
    def unanswered(self) -> int:
        """Turns that were not answered from the documents, by the model or without it."""
        refused = sum(len(talker.wrong) for talker in self.talkers)
        return refused + sum(answer.outcome != "answered" for answer in self.answers)

    @property
    def miscounted(self) -> int:
        """Messages that are stored more or less often than they were sent."""
        return sum(abs(one.stored - len(one.answers) - len(one.wrong)) for one in self.talkers)

    @property
    def slowest(self) -> float:
        """Seconds that the slowest answer took."""
        return max(answer.seconds for answer in self.answers)

    @property
    def without_model(self) -> int:
        """Answers that no model worded, of those asked for while there was none."""
        return sum(not one.by_model for one in self.answers if self.killed_at < one.sent < self.back_at)

    @property
    def recovered_after(self) -> float | None:
        """Seconds from the server's return to the first question that a model worded again; None where none was."""
        again = [one.sent for one in self.answers if one.by_model and one.sent > self.back_at]
        return min(again) - self.back_at if again else None


def play(
    address: str, model: ModelProcess, question: str, mark: str, talkers: int, seconds: tuple[float, float, float]
) -> Outage:
    """So many conversations; `seconds` before the kill, without the server, and after its return."""
    before, without, after = seconds
    crowd, stop = [Talker(address, question, mark) for _ in range(talkers)], threading.Event()
    threads = [threading.Thread(target=talker.run, args=(stop,)) for talker in crowd]
    for thread in threads:
        thread.start()
    time.sleep(before)
    killed_at = time.monotonic()
    model.kill()
    time.sleep(without)
    model.start()
    back_at = time.monotonic()
    time.sleep(after)
    stop.set()
    for thread in threads:
        thread.join()
    return Outage(crowd, killed_at, back_at)


def bare(text: str) -> str:
    """A text without its marks and white space."""
    return _BESIDE.sub("", text)


def _call(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any, headers: dict[str, str]
) -> tuple[int, Any]:
    sent = None if body is None else json.dumps(body)
    connection.request(method, path, sent, {"Content-Type": "application/json"} | headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())
