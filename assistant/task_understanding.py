"""What a message says to the task that is open: answers, corrections, several slots at once, giving up, skipping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant import guard, smalltalk
from assistant.command import Answer, Command, CorrectSlot, RejectSlot, ResendCode, Retry, SetSlot, SkipSlot, SubmitCode
from assistant.flow import Flow
from assistant.flow_runner import correctable
from assistant.frame import Frame
from assistant.part import Slot
from assistant.question import Question, Wants, options
from assistant.slot import Asked, Filled, Found, Option, Rejected, kinds
from assistant.slots import choice, secret, yes_no
from knowledge_base.text import fold

_RESUMES = re.compile("(那|好的?|我们|咱们)*(继续|接着)(办理?|来|说|吧|刚才的?)*|go on|continue|resume|carry on")
_SKIPS = re.compile("(先)?(跳过|略过|不填|不写|没有|无|下一[个项步])(了|吧|这个|这项)?|skip( it| this)?|none|n/a")
_RESENDS = re.compile(
    "(再|重新?)(发|送)|没(有)?收到|收不到|没来|resend|send (it )?again|did ?n[o']t (get|receive)|not received"
)
_RETRIES = re.compile(
    "再试|重试|再来|试试|查看?结果|好了(没|吗)|办好了?(没|吗)|成功了?(没|吗)|try again|retry|check|result"
)
_CORRECTS = re.compile(
    "不对|不是|错|改成|改为|改一?下|换成|更正|应该?是|说反|[搞弄记]反|[搞弄记]混|口误|修改|重新?填|actually|wrong|mistake|should be|change|instead|correct"
)
# 不对，是信用卡: what a correction begins with is no part of the value.
_WRONG = re.compile(r"^(?:不对|错了|[说写填选]错了|no|wrong|sorry)[\s,，。.!！;；]+", re.IGNORECASE)
_QUESTION = re.compile(
    "[?]|[吗呢么]$|怎么|怎样|如何|多少|什么|啥|哪|几[个天点年月次张]|为何|能不能|可不可以|是不是|会不会|有没有|多久|多长"
    r"|\b(how|what|when|where|why|which|who|can i|could i|is there|is it|are there|do you|do i|does)\b"
)
# 上个月餐饮花了多少 asks, and yet says which month and what.
_ASKING = re.compile(r"多少|什么|哪些|哪里|吗|怎么|\b(?:how (?:much|many)|how|what|which)\b", re.IGNORECASE)
_TO = re.compile(
    r"改成|改为|改為|改到|换成|換成|换到|更正为|应该?[是为]|(?<!不)是(?=.{2})|\bto\b|should be", re.IGNORECASE
)
# 是航旅信用卡 says anew what was chosen, though it does not say that anything was wrong.
_ANEW = re.compile(
    r"^(?:哎呀?|啊|哦|等等|刚才?|我|不|要|想|说|选|办|挂|约|指|的|应该)*?(?:是|要|选|换成?)(?=.{2})|^(?:i (?:mean|meant|want)|it(?:'s| is)|make it) ",
    re.IGNORECASE,
)
_PIECE = re.compile("(?=([\u3400-\u9fff]{2}))|(?<![0-9])([0-9]{4})(?![0-9])")
_CHOSEN = frozenset({"choice", "branch", "moment"})
# These take nearly anything, so a question or another wish must be heard before them.
_LENIENT = frozenset({"name", "employer", "address"})
_FREE = "text"
_DISTINCT = frozenset({"mobile", "resident_id", "bank_card", "email"})
_STORY = 8


def resumes(text: str) -> bool:
    """Whether a folded message asks to go on with the open task."""
    return bool(_RESUMES.fullmatch(text))


def retries(message: str) -> bool:
    """Whether a message asks to try again, or what has come of it."""
    return bool(_RETRIES.search(smalltalk.bare(message)))


def is_question(message: str) -> bool:
    """Whether a message has the form of a question."""
    return bool(_QUESTION.search(fold(message).strip(" .!。~")))


def is_free_text(asked: Question | None) -> bool:
    """Whether the open question takes whatever is said."""
    return asked is not None and asked.kind == _FREE


def plain_answer(message: str) -> Answer | None:
    """A plain yes or no, where the message is nothing else."""
    found = yes_no.find(message, Asked(open=True, today=date.min))
    return Answer(found.value == "yes") if isinstance(found, Filled) else None


def submitted(message: str, asked: Question | None) -> SubmitCode | None:
    """The one-time code that a message holds, where one is waited for."""
    if asked is None or asked.wants is not Wants.CODE:
        return None
    code = secret.find(message, Asked(open=True, today=date.min))
    return SubmitCode(code.value) if isinstance(code, Filled) else None


def answers(message: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str) -> list[Command]:
    """What the message says to the open question and to the task's other slots; nothing where it speaks of something else."""
    text = smalltalk.bare(message)
    plain = _plain(message, text, asked)
    if plain:
        return [plain]
    corrected = list(_corrections(message, flow, frame, asked, today, locale)) or _anew(
        message, flow, frame, asked, today, locale
    )
    if corrected:
        return corrected
    return _slots(message, text, flow, frame, asked, today, locale)


def volunteered(message: str, flow: Flow, today: date, locale: str) -> list[Command]:
    """What a message that starts a task already says of its slots, even where it is worded as a question."""
    found: list[Command] = []
    told = _ASKING.sub(" ", message)
    for name, slot in flow.slots.items():
        if slot.only_asked:
            continue
        alone = not any(_alike(flow, None, name, other) for other in flow.slots)
        value = _find(told, flow, None, name, today, locale, open_=slot.kind == "period") if alone else None
        if isinstance(value, Filled):
            found.append(SetSlot(name, value))
    return found


def _plain(message: str, text: str, asked: Question) -> Command | None:
    """A yes or no, a code, another code, another try."""
    match asked.wants:
        case Wants.YES_NO:
            return plain_answer(message)
        case Wants.CODE:
            return ResendCode() if _RESENDS.search(text) else None
        case Wants.BANK:
            return Retry() if _RETRIES.search(text) else None
        case _:
            return None


def _corrections(
    message: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str
) -> Iterator[Command]:
    """Slots that were known and are now said to be otherwise.

    Where a yes is waited for, a new number of a kind that stands for nothing else is enough; a question corrects nothing.
    """
    text, message = fold(message), _WRONG.sub("", message)
    marked = bool(_CORRECTS.search(text))
    if frame.pending or not (marked or asked.wants is Wants.YES_NO) or (is_question(message) and not marked):
        return
    known = correctable(flow, frame)
    for name in known:
        named = _named(flow.slots[name], text)
        distinct = marked or flow.slots[name].kind in _DISTINCT
        alone = distinct and not any(_alike(flow, frame, name, other) for other in known)
        # Free text would take 经过写错了 for what happened.
        sure = named and marked and flow.slots[name].kind != _FREE
        told = _changed_to(message) if flow.slots[name].kind in _LENIENT else message
        value = _find(told, flow, frame, name, today, locale, open_=sure) if named or alone else None
        if isinstance(value, Filled) and value.value != frame.value(name):
            yield CorrectSlot(name, value)
        elif named and marked and not isinstance(value, Filled) and not is_question(message):
            yield CorrectSlot(name)


def _anew(message: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str) -> list[Command]:
    """Another choice, named where a yes or a code is waited for: 是航旅信用卡, or after 说错了 in part, as 是尾号8276."""
    if asked.wants not in (Wants.YES_NO, Wants.CODE) or frame.pending or is_question(message):
        return []
    said = _ANEW.match(message)
    told = _changed_to(message) if _CORRECTS.search(fold(message)) else message[said.end() :] if said else ""
    known = [name for name in correctable(flow, frame) if flow.slots[name].kind in _CHOSEN]
    for name in known if told else ():
        alone = not any(_alike(flow, frame, name, other) for other in known)
        value = _find(told, flow, frame, name, today, locale, open_=True) if alone else None
        if isinstance(value, Filled) and value.value != frame.value(name):
            return [CorrectSlot(name, value)]
    return []


def unsettled(message: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str) -> list[Command]:
    """The slot to ask anew, where a message that is no plain answer may name another value for it: no yes may follow to the old."""
    if asked.wants is not Wants.YES_NO or frame.pending:
        return []
    known = [name for name in correctable(flow, frame) if flow.slots[name].kind not in _LENIENT | {_FREE}]
    for name in known:
        value = _find(message, flow, frame, name, today, locale, open_=True)
        other = isinstance(value, Filled) and value.value != frame.value(name)
        if other or _speaks_of_another(message, options(flow, frame, name, locale[:2]), frame.value(name)):
            return [CorrectSlot(name)]
    return [CorrectSlot(known[0])] if len(known) == 1 and _CORRECTS.search(fold(message)) else []


def _speaks_of_another(message: str, offered: tuple[Option, ...], value: str | None) -> bool:
    """Whether a message holds a piece of another option's name that the chosen one lacks: 信用 of 信用卡, where 借记卡 was chosen."""
    pieces = {option.id: _pieces(option) for option in offered}
    others = set().union(*(found for name, found in pieces.items() if name != value)) - pieces.get(value or "", set())
    return value in pieces and any(piece in fold(message) for piece in others)


def _pieces(option: Option) -> set[str]:
    names = (fold(name) for name in (option.label, *option.also))
    return {pair or number for name in names for pair, number in _PIECE.findall(name)}


def _changed_to(message: str) -> str:
    """What follows 改成 or 应该是: kinds that take nearly anything would take the whole sentence."""
    found = _TO.search(message)
    return message[found.end() :] if found else ""


def _slots(
    message: str, text: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str
) -> list[Command]:
    """The open slot, and every other that the message fills beyond doubt."""
    others = [name for name in flow.slots if name != asked.slot and not frame.knows(name) and flow.collects(name)]
    pool = [*others, asked.slot] if asked.slot else others
    found: list[Command] = []
    for name in others:
        alone = not any(_alike(flow, frame, name, other) for other in pool)
        value = _find(message, flow, frame, name, today, locale, open_=False) if alone else None
        if isinstance(value, Filled):
            found.append(SetSlot(name, value))
    if asked.slot is None:
        return found
    told = answer(message, text, flow, frame, asked, today, locale)
    return found if isinstance(told, RejectSlot) and found else [*([told] if told else []), *found]


def told_already(message: str, flow: Flow, frame: Frame) -> list[Command]:
    """What happened, told before it was asked for: taken where the task waits for one such story and nothing else fits."""
    stories = [
        name for name, slot in flow.slots.items() if slot.kind == _FREE and not slot.optional and flow.collects(name)
    ]
    fits = len(stories) == 1 and not frame.knows(stories[0]) and len(message) >= _STORY
    return [SetSlot(stories[0], Filled(message, guard.mask(message)))] if fits else []


def answer(
    message: str, text: str, flow: Flow, frame: Frame, asked: Question, today: date, locale: str
) -> Command | None:
    """What the message says to the one slot that is asked for; `text` is its bare form."""
    slot = asked.slot or ""
    declared = flow.slots[slot]
    plain = plain_answer(message)
    if _SKIPS.fullmatch(text) or (declared.optional and plain and not plain.yes):
        return SkipSlot(slot) if declared.optional else RejectSlot(slot, "cannot_skip")
    if plain and plain.yes and len(asked.options) == 1:
        return SetSlot(slot, Filled(asked.options[0].id, asked.options[0].label))
    if plain and declared.kind == _FREE:
        return RejectSlot(slot, "too_short")
    if declared.kind in _LENIENT and (is_question(message) or smalltalk.topic(text)):
        return None
    value = _find(message, flow, frame, slot, today, locale, open_=True)
    if isinstance(value, Filled):
        return SetSlot(slot, value)
    if isinstance(value, Rejected) and not is_question(message):
        return RejectSlot(slot, value.reason)
    return None


def _find(message: str, flow: Flow, frame: Frame | None, slot: str, today: date, locale: str, *, open_: bool) -> Found:
    spoken = "en" if locale.startswith("en") else "zh"
    to_choose = options(flow, frame, slot, spoken)
    return kinds()[flow.slots[slot].kind].find(message, Asked(open_, today, locale, to_choose))


def _alike(flow: Flow, frame: Frame | None, name: str, other: str) -> bool:
    """Whether the same words could fill either slot: choices are told apart by what they offer."""
    if name == other or flow.slots[name].kind != flow.slots[other].kind:
        return False
    mine, others = options(flow, frame, name, "zh"), options(flow, frame, other, "zh")
    return not (mine or others) or _names_one(mine, others) or _names_one(others, mine)


def _names_one(spoken: tuple[Option, ...], meant: tuple[Option, ...]) -> bool:
    """Whether a name of some options also names one of others, as Ⅱ类户 does in 尾号1234的Ⅱ类户."""
    asked = Asked(open=False, today=date.min, options=meant)
    return any(choice.find(name, asked) for option in spoken for name in (option.label, *option.also))


def _named(slot: Slot, text: str) -> bool:
    return any(fold(name) in text for name in (slot.name.zh, slot.name.en, *slot.also))
