"""Whether a server of models answers, takes the key, and has the models that are named."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from assistant.llm import Failure
from assistant.llms.refusal import refused
from assistant.settings import ServedModel

_SECONDS = 3.0
_LISTED = 8


@dataclass(frozen=True)
class Probed:
    """What was found, and what to do about it."""

    ok: bool
    state: str
    remedy: str | None = None


def probe(served: ServedModel) -> Probed:
    """Asks for the list of models; a model that is not in it, or where there is no list, for one token."""
    headers = {"Authorization": f"Bearer {served.api_key.get_secret_value()}"} if served.api_key else {}
    local = served.base_url.host in ("127.0.0.1", "localhost", "[::1]")
    address = f"{str(served.base_url).rstrip('/')}/"
    try:
        with httpx.Client(base_url=address, headers=headers, timeout=_SECONDS, trust_env=not local) as http:
            return _probed(http, served)
    except httpx.TimeoutException:
        remedy = "see whether it is loading a model or overworked; turns go on without a model meanwhile"
        return Probed(ok=False, state=f"{_place(served)} does not answer within {_SECONDS:g} seconds", remedy=remedy)
    except httpx.HTTPError as error:
        remedy = "start it, or correct TELLER_LLM_BASE_URL; turns go on without a model meanwhile"
        return Probed(ok=False, state=f"{_place(served)} does not answer ({type(error).__name__})", remedy=remedy)


def _probed(http: httpx.Client, served: ServedModel) -> Probed:
    answer = http.get("models")
    if answer.status_code in (401, 403):
        return _refusing(served, Failure.WRONG_KEY, "")
    listed = _listed(answer)
    wanted = dict.fromkeys((served.model, served.small_model or served.model))
    for name in wanted:
        if name in listed or f"{name}:latest" in listed:
            continue
        if failure := _failure(http, name):
            known = f"; it has {', '.join(listed[:_LISTED])}" if listed else ""
            return _refusing(served, failure, f" {name}{known}")
    return Probed(ok=True, state=f"{_place(served)} answers, and has {' and '.join(wanted)}")


def _failure(http: httpx.Client, model: str) -> Failure | None:
    """How a call for one token fails, where it does; an option that is refused is no failure."""
    messages = [{"role": "user", "content": "你好"}]
    answer = http.post("chat/completions", json={"model": model, "messages": messages, "max_tokens": 1})
    if answer.is_success:
        return None
    failure = refused(answer.status_code, _json(answer), answer.headers).failure
    return None if failure is Failure.REFUSED else failure


def _refusing(served: ServedModel, failure: Failure, about: str) -> Probed:
    told = {
        Failure.WRONG_KEY: ("refuses our key", "correct TELLER_LLM_API_KEY, or `api_key` in TELLER_LLM_FALLBACKS"),
        Failure.UNKNOWN_MODEL: (
            f"has no model{about}",
            "correct TELLER_LLM_MODEL, TELLER_LLM_SMALL_MODEL or TELLER_LLM_FALLBACKS, or load the model there",
        ),
    }
    state, remedy = told.get(failure, (f"fails: {failure.value}", "see its own log"))
    return Probed(ok=False, state=f"{_place(served)} {state}", remedy=remedy)


def _listed(answer: httpx.Response) -> list[str]:
    body = _json(answer)
    data = body.get("data") if isinstance(body, dict) else None
    return [str(item.get("id")) for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _json(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def _place(served: ServedModel) -> str:
    """The address without what may be secret in it."""
    return f"{served.base_url.host}:{served.base_url.port}"
