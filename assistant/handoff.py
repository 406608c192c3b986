"""When a person is needed although nobody asked for one: pure, from what has happened in a turn."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation import Conversation
from assistant.event import Event, KnowledgeAbstained
from assistant.flow_event import CallFailed, CodeChecked, SlotRejected
from assistant.reason import Reason

TRIES = 3
_MISUNDERSTOOD = 2
_UNANSWERED = 2
_FAILURES = 2
SOFT = frozenset({Reason.NOT_UNDERSTOOD, Reason.NO_ANSWER, Reason.TRIES_USED_UP, Reason.BANK_UNAVAILABLE})
"""Reasons that the assistant finds by itself, and that pass when the task is done after all."""
FOUND = SOFT | {Reason.IDENTITY}
"""All reasons that the assistant finds by itself."""


def due(state: Conversation, events: Sequence[Event]) -> Reason | None:
    """Why a person is needed after a turn, if so; each reason counts once in a conversation, and none while one is waited for.

    Two turns not understood; a second question in a row without an answer, of which the last is about what the documents know;
    three answers to one question that could not be taken; a code that locked; the bank out for the second time.
    """
    if state.talk or state.held_by:
        return None
    found = _found(state, events)
    return None if found in state.handed_over_for else found


def _found(state: Conversation, events: Sequence[Event]) -> Reason | None:
    if any(isinstance(event, CodeChecked) and event.outcome == "locked" for event in events):
        return Reason.IDENTITY
    if any(isinstance(event, CallFailed) for event in events) and state.bank_failures >= _FAILURES:
        return Reason.BANK_UNAVAILABLE
    if state.not_understood_in_a_row >= _MISUNDERSTOOD:
        return Reason.NOT_UNDERSTOOD
    if any(isinstance(event, SlotRejected) for event in events) and state.frame and state.frame.tries >= TRIES:
        return Reason.TRIES_USED_UP
    lost = any(isinstance(event, KnowledgeAbstained) and event.near for event in events)
    return Reason.NO_ANSWER if lost and state.abstained_in_a_row >= _UNANSWERED else None
