"""The words of an answer that comes over the network, in time or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import httpx2

from assistant.llm import Failure, ModelFailed
from assistant.llms.call import Call
from assistant.llms.events import events
from assistant.llms.thinking import Thinking

_CUT_SHORT = {"length": Failure.OVERLONG, "content_filter": Failure.BROKEN_OFF}


def words(pieces: Iterable[bytes], call: Call, at_last: Callable[[], None]) -> Iterator[str]:
    """The words, without thoughts; `at_last` is called when all have come. Raises ModelFailed.

    What goes wrong after the server has said that the answer is whole does not matter any more.
    """
    thinking, finish = Thinking(), ""
    try:
        for event in events(pieces):
            call.usage = event.usage or call.usage
            finish = event.finish or finish
            if event.is_last:
                finish = finish or "stop"
                at_last()
            elif not finish:
                call.patience()
            if piece := thinking.answer_in(event.words):
                call.hear(piece)
                yield piece
                call.resume()
    except httpx2.HTTPError as error:
        if not finish:
            raise _failed(error, call) from None
    if piece := thinking.rest():
        call.hear(piece)
        yield piece
    _check(finish, call)


def _check(finish: str, call: Call) -> None:
    if finish in _CUT_SHORT:
        raise ModelFailed(_CUT_SHORT[finish], f"the server ends with {finish}")
    if not finish:
        raise ModelFailed(Failure.BROKEN_OFF)
    if not call.is_heard:
        raise ModelFailed(Failure.UNREADABLE, "no word in it")


def _failed(error: httpx2.HTTPError, call: Call) -> ModelFailed:
    # At the end of its time the connection is shut from this side, which looks like the server's doing.
    if isinstance(error, httpx2.TimeoutException) or call.is_over:
        return call.too_late()
    if isinstance(error, httpx2.DecodingError):
        return ModelFailed(Failure.UNREADABLE)
    return ModelFailed(Failure.BROKEN_OFF, type(error).__name__)
