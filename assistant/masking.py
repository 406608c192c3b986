"""How what is said now is covered before it is stored: by what the open task asks for, and by codes that are on their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant import given_address, given_name, guard
from assistant.conversation import Conversation
from assistant.question import Question, Wants
from assistant.slot import Asked, Filled, kinds

_WHOLE: dict[str | None, Callable[[str], str]] = {"name": given_name.covered, "address": given_address.covered}
"""A bare answer to a question for one of these is personal though no word in it tells so."""


def masking(state: Conversation, asked: Question | None, today: date) -> Callable[[str], str]:
    """What covers a message; `asked` is the open task's question."""
    if asked and asked.wants is Wants.CODE and not state.held_by:
        return guard.mask_code
    mask = guard.mask_live if any(frame.code for frame in state.frames) else guard.mask_said
    if asked is None or asked.kind not in _WHOLE or state.held_by:
        return mask
    return lambda text: _answer(text, asked.kind, mask, today)


def _answer(text: str, kind: str | None, mask: Callable[[str], str], today: date) -> str:
    covered = mask(text)
    found = kinds()[str(kind)].find(text, Asked(open=True, today=today))
    if not isinstance(found, Filled) or found.value not in covered:
        return covered
    return covered.replace(found.value, _WHOLE[kind](found.value))
