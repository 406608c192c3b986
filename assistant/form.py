"""A form that was filled in: several answers to the open question, sent at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from assistant import smalltalk
from assistant.command import Command, NotUnderstood, PressStaleChoice, SetSlot, SkipSlot
from assistant.conversation import Conversation
from assistant.flow import Flow
from assistant.frame import Frame
from assistant.masking import masking
from assistant.question import Question, Wants, options
from assistant.reply import Field
from assistant.slot import Filled
from assistant.task_understanding import answer, submitted
from knowledge_base.text import clean

Form = Mapping[str, str]
"""What stands in each field, by its slot."""


def cleaned(form: Form) -> Form:
    """The form fit to be understood."""
    return {slot: clean(value) for slot, value in form.items()}


def told(form: Form, asked: Question | None) -> str:
    """The form as a message: a line for each field that is filled in, with its name where it is still asked for."""
    names = {field.slot: f"{field.name}：" for field in asked.fields} if asked else {}
    return "\n".join(f"{names.get(slot, '')}{value}" for slot, value in form.items() if value)


def covered(form: Form, state: Conversation, asked: Question | None, today: date) -> Form:
    """The form as it is stored: each value covered as the answer to a question for it."""
    kinds = {field.slot: field.kind for field in asked.fields} if asked else {}
    return {
        slot: masking(state, replace(asked, kind=kinds.get(slot)) if asked else None, today)(value)
        for slot, value in form.items()
    }


def commands(
    form: Form, flow: Flow | None, frame: Frame | None, asked: Question | None, today: date, locale: str
) -> list[Command]:
    """What the form says to the open question; a form that asks for something else was left over from an earlier one."""
    fields = asked.fields if asked else ()
    if flow is None or frame is None or asked is None or not form.keys() <= {field.slot for field in fields}:
        return [PressStaleChoice()]
    if asked.wants is not Wants.SLOT:
        return [submitted(next(iter(form.values())), asked) or NotUnderstood()]
    said = [_said(form[field.slot], field, flow, frame, asked, today, locale) for field in fields if field.slot in form]
    found = [one for one in said if one is not None]
    unclear = [one for one in found if isinstance(one, NotUnderstood)]
    return [*(one for one in found if one not in unclear), *unclear[:1]] or [NotUnderstood()]


def _said(
    value: str, field: Field, flow: Flow, frame: Frame, asked: Question, today: date, locale: str
) -> Command | None:
    if not value:
        return SkipSlot(field.slot) if field.optional else None
    offered = options(flow, frame, field.slot, locale[:2])
    chosen = next((one for one in offered if one.id == value), None)
    if chosen:
        return SetSlot(field.slot, Filled(chosen.id, chosen.label))
    about = replace(asked, slot=field.slot, kind=field.kind, options=offered)
    return answer(value, smalltalk.bare(value), flow, frame, about, today, locale) or NotUnderstood()
