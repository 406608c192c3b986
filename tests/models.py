"""What tests of language models share: prompts to ask with, time to spend, providers over a scripted server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from pydantic import BaseModel

from assistant import bootstrap
from assistant.cloak import Cloak
from assistant.llm import LLM, Allowance, Asked, Size
from assistant.settings import Settings

KEY = "sk-key-of-the-test-0123456789"


class Slip(BaseModel):
    """A shape with what shapes have: a closed set, a text, a list, a part of its own, something that may be missing."""

    class Line(BaseModel):
        """A part."""

        text: str

    kind: Literal["question", "task"]
    name: str = ""
    lines: list[Line] = []
    day: str | None = None


def ask(user: str = "年费多少？", cloak: Cloak | None = None, size: Size = Size.LARGE) -> Asked:
    return Asked("answer@1-00000000", size, "只依据资料回答。", user, cloak or Cloak())


def allow(seconds: float = 10) -> Allowance:
    return Allowance(time.monotonic() + seconds)


@contextmanager
def built(*urls: str, **more: Any) -> Iterator[LLM]:
    """The models at these addresses, wired as the service does it."""
    first, *others = [{"base_url": url, "model": "large", "small_model": "small", "api_key": KEY} for url in urls]
    named = {f"llm_{name}": value for name, value in first.items()}
    settings = Settings.model_validate(
        {"llm_silence_seconds": 0.4, **named, "llm_fallbacks": others, **{f"llm_{name}": more[name] for name in more}}
    )
    llm = bootstrap.build_llm(settings)
    assert llm
    try:
        yield llm
    finally:
        llm.close()
