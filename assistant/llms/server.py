"""A server of models, asked with care: again after a passing failure, not at all while it rests."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from pydantic import BaseModel

from assistant.llm import Allowance, Asked, Failure, ModelFailed, Shape, Size
from assistant.llms import in_json
from assistant.llms.call import Call
from assistant.llms.circuit import Circuit, Ended
from assistant.llms.refusal import Refused

log = logging.getLogger(__name__)
_MORE_TRIES = 2
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 2.0
_PASSING = (Failure.UNREACHABLE, Failure.RATE_LIMITED, Failure.SERVER_ERROR)
_OF_THE_REQUEST = (Failure.TOO_LONG, Failure.REFUSED, Failure.UNKNOWN_MODEL, Failure.OTHER_SHAPE, Failure.OVERLONG)
"""The server is well where it fails so."""
_REMEDIES = {
    Failure.WRONG_KEY: "it refuses the key; correct TELLER_LLM_API_KEY, or `api_key` in TELLER_LLM_FALLBACKS",
    Failure.UNKNOWN_MODEL: "it does not know the model; correct TELLER_LLM_MODEL, TELLER_LLM_SMALL_MODEL or TELLER_LLM_FALLBACKS",
}


class Wire(Protocol):
    """The way to a server, called `name` in logs."""

    name: str

    def say(self, asked: Asked, call: Call, shape: type[BaseModel] | None) -> Iterator[str]:
        """The answer's words as they come, to one request; raises ModelFailed."""
        ...

    def close(self) -> None:
        """Gives the connections back."""
        ...


@dataclass
class Server:
    """A server with a model of each size. `prices` as in the settings; `silence` in seconds; `chance` gives 0 to 1."""

    wire: Wire
    models: Mapping[Size, str]
    prices: Mapping[str, tuple[float, float]]
    silence: float
    circuit: Circuit = field(default_factory=Circuit)
    chance: Callable[[], float] = random.random
    _told: set[tuple[Failure, str]] = field(default_factory=set)

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        """The answer piece by piece; raises ModelFailed."""
        for attempt in count():
            call = Call(asked, self.models[asked.size], allowance.until, self.silence)
            try:
                with self._noted(call, allowance):
                    yield from self.wire.say(asked, call, None)
                return
            except ModelFailed as failed:
                if call.is_heard:
                    raise
                self._wait(failed, attempt, allowance)

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        """An answer of this shape; raises ModelFailed."""
        for attempt in count():
            call = Call(asked, self.models[asked.size], allowance.until, self.silence)
            try:
                with self._noted(call, allowance):
                    return in_json.read(_whole(self.wire.say(asked, call, shape)), shape, asked.cloak)
            except ModelFailed as failed:
                self._wait(failed, attempt, allowance)
        raise AssertionError  # it is tried again, or has failed

    def close(self) -> None:
        """Gives the connections back."""
        self.wire.close()

    @contextmanager
    def _noted(self, call: Call, allowance: Allowance) -> Iterator[None]:
        failure = None
        try:
            with self._let_through(call):
                yield
        except ModelFailed as failed:
            failure = failed.failure
            self._tell(call, failed)
            raise
        finally:
            allowance.asked.append(call.note(self.prices, failure))

    @contextmanager
    def _let_through(self, call: Call) -> Iterator[None]:
        held = self.circuit.enter()
        if held is None:
            raise ModelFailed(Failure.RESTING)
        ended = Ended.UNTOLD
        try:
            yield
            ended = Ended.WELL
        except ModelFailed as failed:
            ended = _ended(failed.failure)
            raise
        except GeneratorExit:
            ended = Ended.WELL if call.is_heard else Ended.UNTOLD
            raise
        finally:
            if self.circuit.leave(held, ended):
                log.warning("models at %s %s", self.wire.name, "rest" if ended is Ended.BADLY else "are asked again")

    def _wait(self, failed: ModelFailed, attempt: int, allowance: Allowance) -> None:
        """Waits for the next try, where there is one; otherwise raises what failed."""
        if attempt >= _MORE_TRIES or failed.failure not in _PASSING or self.circuit.is_open:
            raise failed
        pause = min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE) * self.chance()
        if isinstance(failed, Refused) and failed.retry_after:
            pause += failed.retry_after
        # An answer has to fit in what remains.
        if pause > allowance.left / 2:
            raise failed
        time.sleep(pause)

    def _tell(self, call: Call, failed: ModelFailed) -> None:
        """Writes to the log; a mistake of the settings once."""
        told, remedy = (failed.failure, call.model), _REMEDIES.get(failed.failure)
        if failed.failure is Failure.RESTING or told in self._told:
            return
        if remedy:
            self._told.add(told)
            log.error("the model %s at %s cannot be used: %s", call.model, self.wire.name, remedy)
        else:
            log.warning("the model %s at %s failed: %s", call.model, self.wire.name, failed)


def _whole(pieces: Iterator[str]) -> str:
    """All that is said; some models go on with blanks after an object, until they are cut off."""
    text = ""
    try:
        for piece in pieces:
            text += piece
    except ModelFailed as failed:
        if failed.failure is not Failure.OVERLONG:
            raise
    return text


def _ended(failure: Failure) -> Ended:
    if failure is Failure.OUT_OF_TIME:
        return Ended.UNTOLD
    return Ended.WELL if failure in _OF_THE_REQUEST else Ended.BADLY
