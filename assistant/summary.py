"""What an agent reads first of a ticket: a few sentences composed from events, with nothing in them that did not happen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from assistant import slot_wording
from assistant.alarm import Kind as Alarm
from assistant.conversation import Conversation, fold
from assistant.desk_rules import DeskRules
from assistant.event import Event
from assistant.flow import Flow
from assistant.part import Text
from assistant.past import Past, read
from assistant.question import Question
from assistant.reason import Reason
from assistant.slot import Filled
from assistant.step import Status
from assistant.ticket import Ticket

_FILE = Path(__file__).with_name("summary.yaml")
_QUESTIONS = 3
_LONGEST = 60
_HALF_A_FIGURE = re.compile(r"[0-9*][0-9*,.:-]*$")
_TOLD = frozenset({Reason.DANGER, Reason.FRAUD, Reason.LOST_CARD, Reason.DISPUTE, Reason.COMPLAINT})
"""Reasons for which the customer's own words say more than the reason."""


def compose(
    events: Sequence[Event],
    ticket: Ticket,
    asked: Question | None,
    flows: Mapping[str, Flow],
    rules: DeskRules,
    language: str,
    now: datetime,
) -> tuple[str, ...]:
    """At most eight lines in `zh` or `en`, what matters most first. `asked` is the question of the open task."""
    past, state, tell = read(events, ticket), fold(events), _Teller(language)
    titles = {frame: flows[flow].title.of(language) for frame, flow in past.flows.items() if flow in flows}
    lines = [
        _reason(past, ticket, rules, tell, now),
        _customer(state, ticket, tell, now),
        _task(state, asked, flows, titles, tell),
        _troubles(past, flows, titles, tell),
        _persons(past, ticket, tell),
        _asked(past.unanswered, "unanswered", tell),
        _asked(past.answered, "answered", tell),
        _ended(past, titles, tell),
    ]
    return tuple(line.strip() for line in lines if line)


class _Teller:
    """The sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, **values: object) -> str:
        return _sentences()[sentence].of(self.language).format(**values)

    def listed(self, texts: Iterable[str]) -> str:
        return self("listed").join(dict.fromkeys(texts))

    def quoted(self, texts: Iterable[str]) -> str:
        return self.listed(self("quoted", text=_short(text)) for text in texts)


@cache
def _sentences() -> dict[str, Text]:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: Text.model_validate(text) for name, text in content.items()}


def _short(text: str) -> str:
    """The text in one line of bearable length; no figure is cut in two."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else _HALF_A_FIGURE.sub("", line[:_LONGEST]) + "…"


def _reason(past: Past, ticket: Ticket, rules: DeskRules, tell: _Teller, now: datetime) -> str:
    since = _since(ticket.asked_at, now, rules.time_zone, tell)
    line = tell("needed", reason=rules.reasons[ticket.reason].name.of(tell.language), since=since)
    if past.words and ticket.reason in _TOLD:
        line += tell("words", words=_short(past.words))
    others = [Reason(alarm.value) for alarm in past.alarms if alarm is not Alarm.HUMAN and alarm.value != ticket.reason]
    named = tell.listed(rules.reasons[reason].name.of(tell.language) for reason in others)
    return line + (tell("alarms", alarms=named) if named else "")


def _since(asked_at: str, now: datetime, zone: str, tell: _Teller) -> str:
    at, today = (one.astimezone(ZoneInfo(zone)) for one in (datetime.fromisoformat(asked_at), now))
    month = slot_wording.names("months", tell.language)[at.month - 1]
    sentence = "clock" if at.date() == today.date() else "day_and_clock"
    return tell(sentence, time=f"{at:%H:%M}", day=at.day, month=month)


def _customer(state: Conversation, ticket: Ticket, tell: _Teller, now: datetime) -> str:
    who = [tell(state.identity(now).name.lower())]
    who += [tell("senior")] if ticket.senior else []
    who += [ticket.level] if ticket.level else []
    return tell("who", who=tell("beside").join(who))


def _task(
    state: Conversation, asked: Question | None, flows: Mapping[str, Flow], titles: Mapping[str, str], tell: _Teller
) -> str:
    """What was sent and is not known to be done comes first: it must not be done twice."""
    unknown = [tell("pending", title=titles[frame.id]) for frame in state.frames if frame.pending]
    if state.frame is None:
        return "".join(unknown)
    slots = flows[state.frame.flow].slots
    known = {name: value.shown for name, value in state.frame.slots.items() if isinstance(value, Filled)}
    pairs = [
        tell("pair", name=slot.name.of(tell.language), value=known[name])
        for name, slot in slots.items()
        if name in known
    ]
    slot = slots[asked.slot].name.of(tell.language) if asked and asked.slot else ""
    where = "" if state.frame.pending else tell(_where(asked), title=titles[state.frame.id], slot=slot)
    below = [tell("quoted", text=titles[frame.id]) for frame in state.frames[:-1] if frame.id in titles]
    aside = tell("set_aside", titles=tell.listed(below)) if below else ""
    return "".join(unknown) + where + (tell("known", known=tell.listed(pairs)) if pairs else "") + aside


def _where(asked: Question | None) -> str:
    return f"wants_{asked.wants.value}" if asked else "task"


def _troubles(past: Past, flows: Mapping[str, Flow], titles: Mapping[str, str], tell: _Teller) -> str:
    declared = ((flows[past.flows[frame]].slots.get(slot), frame) for frame, slot in past.rejected)
    slots = tell.listed(slot.name.of(tell.language) for slot, _frame in declared if slot)
    outages = tell.listed(titles[frame] for frame in past.outages if frame in titles)
    told = [tell("rejected", slots=slots)] if slots else []
    told += [tell("not_understood", times=past.puzzled)] if past.puzzled else []
    told += [tell("code_wrong", times=past.codes["wrong"])] if past.codes["wrong"] else []
    told += [tell(f"code_{outcome}") for outcome in ("expired", "locked") if past.codes[outcome]]
    told += [tell("outage", titles=outages)] if outages else []
    return "".join(told)


def _persons(past: Past, ticket: Ticket, tell: _Teller) -> str:
    has_it = past.shown_as.get(ticket.claimed_by or "") if ticket.closed_at is None else None
    noted = [(name, note) for name, note in dict.fromkeys(past.persons) if note or name != has_it]
    return "".join(
        tell("person_with_note", name=name, note=_short(note)) if note else tell("person", name=name)
        for name, note in noted
    )


def _asked(questions: Sequence[str], sentence: str, tell: _Teller) -> str:
    """The last few of these questions, the latest first."""
    latest = list(dict.fromkeys(reversed(questions)))[:_QUESTIONS]
    return tell(sentence, questions=tell.quoted(latest)) if latest else ""


def _ended(past: Past, titles: Mapping[str, str], tell: _Teller) -> str:
    def told(status: Status) -> Iterator[str]:
        for event in past.ended:
            if event.status is status and event.frame in titles and event.frame not in past.parts:
                title, receipt = titles[event.frame], past.receipts.get(event.frame)
                yield tell("with_receipt", title=title, receipt=receipt) if receipt else title

    groups = {status: tell.listed(told(status)) for status in (Status.DONE, Status.NOT_DONE, Status.CANCELLED)}
    return "".join(tell(status.value, tasks=tasks) for status, tasks in groups.items() if tasks)
