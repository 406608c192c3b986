"""What a server's refusal means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from assistant.llm import Failure, ModelFailed

_TOO_LONG = re.compile(
    r"context[_ ](length|size|window)|maximum context|exceed_context|too (long|many tokens)|input length", re.I
)
_NO_MODEL = re.compile(r"model_not_found|model.{0,80}(does not|not) exist", re.I | re.S)
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
_BY_STATUS = {
    401: Failure.WRONG_KEY,
    402: Failure.RATE_LIMITED,
    403: Failure.WRONG_KEY,
    404: Failure.UNKNOWN_MODEL,
    408: Failure.SERVER_ERROR,
    409: Failure.SERVER_ERROR,
    413: Failure.TOO_LONG,
    429: Failure.RATE_LIMITED,
}
_OF_THE_REQUEST = range(400, 500)


class Refused(ModelFailed):
    """A server refused; `retry_after` are the seconds that it asked for, where it did."""

    def __init__(self, failure: Failure, detail: str, retry_after: float | None = None) -> None:
        super().__init__(failure, detail)
        self.retry_after = retry_after


def refused(status: int, body: object, headers: Mapping[str, str]) -> Refused:
    """The failure; what the server wrote is not in it, which may repeat the prompt or a part of the key."""
    words, failure = said(body), _BY_STATUS.get(status)
    if failure is None:
        failure = Failure.REFUSED if status in _OF_THE_REQUEST else Failure.SERVER_ERROR
    if failure is Failure.REFUSED and _TOO_LONG.search(words):
        failure = Failure.TOO_LONG
    if failure is Failure.REFUSED and _NO_MODEL.search(words):
        failure = Failure.UNKNOWN_MODEL
    return Refused(failure, f"HTTP {status} {_code(body)}".rstrip(), _seconds(headers.get("retry-after", "")))


def said(body: object) -> str:
    """The words of a refusal, to look for what it is about; never to be kept."""
    found = _error(body)
    return " ".join(str(found.get(name) or "") for name in ("code", "type", "param", "message"))


def _error(body: object) -> Mapping[str, Any]:
    """What stands under `error`, or all of it where the server does without that."""
    if not isinstance(body, Mapping):
        return {"message": body}
    within = body.get("error", body)
    return within if isinstance(within, Mapping) else {"message": within}


def _code(body: object) -> str:
    code = _error(body).get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _seconds(text: str) -> float | None:
    """Seconds to wait, given as such or as a date."""
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
