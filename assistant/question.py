"""The question that an open task asks: what it says, the buttons beside it, and what each button commands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.command import Answer, Command, ResendCode, Retry, SetSlot, SkipSlot
from assistant.flow import Flow
from assistant.frame import Frame
from assistant.part import Text
from assistant.reply import Choice, Field, Link
from assistant.slot import Filled, Option
from assistant.step import Choose, Collect, Confirm, Disclose, Identity, Review, Step, Verify
from assistant.wording import Wording

IDENTITY = "identity"


class Wants(StrEnum):
    """What would answer a question."""

    SLOT = "slot"
    YES_NO = "yes_no"
    CODE = "code"
    SIGN_IN = "sign_in"
    BANK = "bank"
    REVIEW = "review"


@dataclass(frozen=True)
class Question:
    """What an open task waits for. `pressed` tells what each button commands, by the button's id.

    `fields` are what may be told at once, that which is asked for first.
    """

    wants: Wants
    text: str
    slot: str | None = None
    kind: str | None = None
    options: tuple[Option, ...] = ()
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    pressed: Mapping[str, Command] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()

    def is_before(self, choices: Sequence[Choice]) -> bool:
        """Whether these buttons are this very question's: the one that the customer reads."""
        return bool({choice.id for choice in choices} & set(self.pressed))


def needs_proof(flow: Flow, step: Step, identity: Identity) -> bool:
    """Whether the customer must first prove who is talking, before this step."""
    return max(flow.identity, step.identity) > identity


def open_question(flow: Flow, frame: Frame, identity: Identity, words: Wording) -> Question | None:  # noqa: C901 - one arm a step
    """What the frame is waiting for, or nothing where it can go on by itself."""
    step = flow.steps[frame.step]
    if frame.stuck or frame.locked:
        return _held_up(frame, words)
    if needs_proof(flow, step, identity):
        return _prove(frame, identity, words)
    match step:
        case Collect():
            missing = [slot for slot in step.collect if not frame.knows(slot)]
            return _ask(flow, frame, missing, words) if missing else None
        case Choose():
            return None if frame.knows(step.choose) else _ask(flow, frame, [step.choose], words)
        case Verify():
            return None if step.verify in frame.proven else _code(frame, step.verify, words)
        case Confirm():
            return _yes_no(frame, shown(step.confirm, frame, words, step.rows), words.confirm_yes, words.confirm_no)
        case Disclose():
            text = shown(step.disclose, frame, words)
            read = digest(text) in frame.consents
            return None if read else _yes_no(frame, text, words.consent_yes, words.consent_no)
        case Review():
            waiting = frame.ticket is not None and frame.decided is None
            return _review(step, frame, words) if waiting else None
        case _:
            return None


def options(flow: Flow, frame: Frame | None, slot: str, language: str) -> tuple[Option, ...]:
    """What may be chosen for a slot: what it declares, or the list that its choosing step takes from an action."""
    for name in flow.collects(slot):
        step = flow.steps[name]
        if isinstance(step, Choose) and step.options_from:
            items = frame.items(step.options_from) if frame else ()
            return tuple(Option(item["id"], item["label"], _also(item)) for item in items)
    declared = flow.slots[slot].options if slot in flow.slots else {}
    return tuple(
        Option(name, option.label.of(language), (*option.also, option.label.zh, option.label.en))
        for name, option in declared.items()
    )


def shown(text: Text, frame: Frame, words: Wording, rows: Mapping[str, Text] | None = None) -> str:
    """The text with what is known put in; lists become the lines that `rows` gives for each item."""
    known: dict[str, str] = {}
    for name in text.names:
        value = frame.slots.get(name)
        if isinstance(value, Filled):
            known[name] = value.shown
        elif name in frame.slots and rows and name in rows:
            line = rows[name].of(words.language)
            lines = [line.format_map(_Given(item, words.not_given)) for item in frame.items(name)]
            known[name] = "\n".join(lines) or words.nothing_listed
        else:
            known[name] = words.not_given
    return text.plainest(words.language, elder=words.elder).format(**known)


class _Given(dict[str, str]):
    """An item of the bank's, which may lack what the flow would show."""

    def __init__(self, item: Mapping[str, str], lacking: str) -> None:
        super().__init__(item)
        self._lacking = lacking

    def __missing__(self, key: str) -> str:
        return self._lacking


def digest(text: str) -> str:
    """What is kept of a text that was read: its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def _review(step: Review, frame: Frame, words: Wording) -> Question:
    told = _waiting(step, frame, words)
    return Question(Wants.REVIEW, told, fields=(Field("picture", "picture", words.picture_name, told, optional=True),))


def _waiting(step: Review, frame: Frame, words: Wording) -> str:
    """What is told while a person decides, with what the customer must show them."""
    told = shown(step.waiting, frame, words)
    needed = words.pictures_needed.format(count=step.needs_pictures) if step.needs_pictures else ""
    return f"{told}\n\n{needed}" if needed else told


def _also(item: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, item.get("also", "").split("|")))


def _ask(flow: Flow, frame: Frame, missing: Sequence[str], words: Wording) -> Question:
    """The first of what is missing is asked for; the rest may be told at once, but in elder mode one thing is asked at a time."""
    slot = missing[0]
    declared = flow.slots[slot]
    open_to = options(flow, frame, slot, words.language)
    text = shown(declared.ask, frame, words)
    buttons: list[tuple[str, str, Command]] = [
        (option.id, option.label, SetSlot(slot, Filled(option.id, option.label)))
        for option in open_to
        if option.id not in declared.options or not declared.options[option.id].quiet
    ]
    if declared.optional:
        buttons.append(("skip", words.skip_choice, SkipSlot(slot)))
    fields = tuple(_field(flow, frame, one, words) for one in (missing[:1] if words.elder else missing))
    asked = _question(Wants.SLOT, frame, text, buttons)
    return replace(asked, slot=slot, kind=declared.kind, options=open_to, fields=fields)


def _field(flow: Flow, frame: Frame, slot: str, words: Wording) -> Field:
    declared = flow.slots[slot]
    offered = tuple(Choice(one.id, one.label) for one in options(flow, frame, slot, words.language))
    ask = shown(declared.ask, frame, words)
    return Field(slot, declared.kind, declared.name.of(words.language), ask, declared.optional, offered)


def _code(frame: Frame, target: str, words: Wording) -> Question | None:
    """The code that was sent is asked for; where none was sent, there is nothing to ask yet."""
    if frame.code is None or frame.code.target != target:
        return None
    text = words.code_ask.format(phone=frame.code.phone)
    asked = _question(Wants.CODE, frame, text, [("resend", words.code_resend, ResendCode())])
    return replace(asked, fields=(Field("code", "code", words.code_name, text),))


def _prove(frame: Frame, identity: Identity, words: Wording) -> Question | None:
    if identity is Identity.ANONYMOUS:
        return Question(Wants.SIGN_IN, words.sign_in)
    return _code(frame, IDENTITY, words)


def _held_up(frame: Frame, words: Wording) -> Question:
    if frame.locked:
        return _question(Wants.BANK, frame, words.code_locked, [("retry", words.retry_choice, Retry())])
    text = words.bank_unknown if frame.pending else words.bank_unavailable
    label = words.look_again if frame.pending else words.retry_choice
    return _question(Wants.BANK, frame, text, [("retry", label, Retry())])


def _yes_no(frame: Frame, text: str, yes: str, no: str) -> Question:
    return _question(Wants.YES_NO, frame, text, [("yes", yes, Answer(yes=True)), ("no", no, Answer(yes=False))])


def _question(wants: Wants, frame: Frame, text: str, buttons: list[tuple[str, str, Command]]) -> Question:
    """Button ids hold a digest of what is asked, so that a button of an earlier wording no longer fits."""
    asked = hashlib.sha256(f"{text}\0{frame.operation}\0{frame.step}".encode()).hexdigest()[:8]
    ids = [f"{frame.id}:{asked}:{name}" for name, _, _ in buttons]
    choices = tuple(Choice(name, label) for name, (_, label, _) in zip(ids, buttons, strict=True))
    pressed = {name: command for name, (_, _, command) in zip(ids, buttons, strict=True)}
    return Question(wants, text, choices=choices, pressed=pressed)
