"""Faults as a release might bring them: each makes the product wrong in one way, and names the suites that ought to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pytest import MonkeyPatch

from assistant import (
    alarm,
    asking,
    composing,
    flow_runner,
    guard,
    guiding,
    question,
    reception,
    suitability,
    task_classifier,
)
from assistant.alarm import Kind
from assistant.bank import Result
from assistant.banks.http import HttpBank
from assistant.campaign_table import CampaignTable
from assistant.evidence import Evidence, SimilarityJudge
from assistant.slot import Filled
from assistant.step import YES, Confirm
from assistant.suitability import Rule
from assistant.task_classifier import Offer, Start
from knowledge_base import text
from knowledge_base.passage import Audience, Document, Hit, Passage
from knowledge_base.search import Search

Plant = Callable[[MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """A fault: `plant` puts it in for as long as the patch lasts."""

    name: str
    plant: Plant
    suites: tuple[str, ...]


def _everything_is_readable(patch: MonkeyPatch) -> None:
    patch.setattr(Audience, "readable", property(lambda _audience: tuple(Audience)))


def _nothing_ends(patch: MonkeyPatch) -> None:
    for kind in (Passage, Document):
        patch.setattr(kind, "valid_on", lambda _one, _day: True)


def _ranking_is_turned_round(patch: MonkeyPatch) -> None:
    _after(patch, Search, "find", lambda hits: list(reversed(hits)))


def _everything_is_answered(patch: MonkeyPatch) -> None:
    patch.setattr(SimilarityJudge, "judge", lambda *asked: Evidence(1.0, asked[2][0]) if asked[2] else Evidence(0.0))


def _hardly_anything_is_answered(patch: MonkeyPatch) -> None:
    real = SimilarityJudge.judge

    def judge(self: SimilarityJudge, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        found = real(self, question, hits, audience)
        return found if found.support > 0.97 else replace(found, best=None)

    patch.setattr(SimilarityJudge, "judge", judge)


def _fees_are_wrong(patch: MonkeyPatch) -> None:
    dearer = partial(re.sub, "([1-8])(?=[0-9,]*元)", lambda found: str(int(found.group()) + 1))

    def wrong(hit: Hit) -> Hit:
        one = hit.passage
        cells = tuple((header, dearer(cell)) for header, cell in one.cells)
        return replace(
            hit,
            passage=replace(
                one, text=dearer(one.text), answer=dearer(one.answer), units=tuple(map(dearer, one.units)), cells=cells
            ),
        )

    for name in ("find", "rows"):
        _after(patch, Search, name, lambda hits: [wrong(hit) for hit in hits])


def _sources_are_left_out(patch: MonkeyPatch) -> None:
    _after(patch, composing, "reply", lambda reply: replace(reply, citations=()))


def _sources_are_mixed_up(patch: MonkeyPatch) -> None:
    def other(one: Any) -> Any:
        moved = tuple(replace(cited, document="0", text="") for cited in one.citations)
        return replace(one, citations=moved)

    _after(patch, composing, "reply", other)


def _nothing_is_confirmed(patch: MonkeyPatch) -> None:
    ask, onward = question.open_question, flow_runner._onward

    def asked(flow: Any, frame: Any, identity: Any, words: Any) -> Any:
        return None if isinstance(flow.steps[frame.step], Confirm) else ask(flow, frame, identity, words)

    def on(flow: Any, frame: Any, step: Any) -> Any:
        return flow_runner.taken(flow, frame, YES) if isinstance(step, Confirm) else onward(flow, frame, step)

    patch.setattr(flow_runner, "open_question", asked)
    patch.setattr(flow_runner, "_onward", on)


def _no_is_yes(patch: MonkeyPatch) -> None:
    real = flow_runner.answer
    patch.setattr(flow_runner, "answer", lambda *asked, yes, at: real(*asked, yes=True, at=at))


def _done_twice(patch: MonkeyPatch) -> None:
    real = HttpBank.commit

    def commit(self: HttpBank, operation: str, key: str) -> Result:
        real(self, operation, f"{key}:again")
        return real(self, operation, key)

    patch.setattr(HttpBank, "commit", commit)


def _any_code_is_right(patch: MonkeyPatch) -> None:
    patch.setattr(HttpBank, "check_code", lambda *_asked: Result("right", {}))


def _personal_data_is_kept(patch: MonkeyPatch) -> None:
    for name in ("mask", "mask_live"):
        patch.setattr(guard, name, lambda said: said)


def _nobody_is_fetched(patch: MonkeyPatch) -> None:
    _after(patch, alarm, "find", lambda found: None if found and found.kind is Kind.HUMAN else found)
    patch.setattr(alarm, "wishes_person", lambda _message: False)


def _everybody_is_sent_to_a_person(patch: MonkeyPatch) -> None:
    real = alarm.find
    patch.setattr(
        alarm, "find", lambda message: real(message) or (alarm.Alarm(Kind.HUMAN, "人") if "人" in message else None)
    )


def _alarms_are_unheard(patch: MonkeyPatch) -> None:
    _after(patch, alarm, "find", lambda found: found if found and found.kind is Kind.HUMAN else None)


def _tickets_are_lost(patch: MonkeyPatch) -> None:
    patch.setattr(reception.Reception, "receive", lambda *_asked: None)


def _tasks_cannot_be_left(patch: MonkeyPatch) -> None:
    patch.setattr(guiding.Guiding, "_cancel", lambda *_asked: None)


def _corrections_are_forgotten(patch: MonkeyPatch) -> None:
    patch.setattr(flow_runner, "correct", lambda *_asked: [])


def _values_are_mangled(patch: MonkeyPatch) -> None:
    real = flow_runner.fill

    def fill(flow: Any, frame: Any, slot: str, value: Filled) -> Any:
        last = str(value.value)[-1:]
        wrong = str((int(last) + 1) % 10) if last.isdigit() else last
        return real(flow, frame, slot, replace(value, value=type(value.value)(str(value.value)[:-1] + wrong)))

    patch.setattr(flow_runner, "fill", fill)


def _risk_is_not_compared(patch: MonkeyPatch) -> None:
    patch.setitem(suitability._RULES, Rule.ABOVE_LEVEL, lambda *_asked: False)


def _campaigns_never_end(patch: MonkeyPatch) -> None:
    patch.setattr(CampaignTable, "running", lambda table, _branch, day: table.listed(day))


def _tasks_start_too_easily(patch: MonkeyPatch) -> None:
    patch.setattr(task_classifier, "_COMMITS_AT", 0.3)


def _questions_are_taken_for_wishes(patch: MonkeyPatch) -> None:
    _after(patch, task_classifier, "decide", lambda made: Start(made.flow) if isinstance(made, Offer) else made)


def _traditional_script_is_not_read(patch: MonkeyPatch) -> None:
    class Unread:
        def convert(self, said: str) -> str:
            return said

    patch.setattr(text, "_to_simplified", Unread)


def _what_was_spoken_of_is_forgotten(patch: MonkeyPatch) -> None:
    real = asking.Asking.ask

    def ask(self: Any, command: Any, *more: Any) -> Any:
        return real(self, replace(command, about=None), *more)

    patch.setattr(asking.Asking, "ask", ask)


def _after(patch: MonkeyPatch, owner: Any, name: str, change: Callable[[Any], Any]) -> None:
    """Changes what a function gives back."""
    real = getattr(owner, name)
    patch.setattr(owner, name, lambda *given, **named: change(real(*given, **named)))


FAULTS = (
    Fault("a customer reads what only staff may", _everything_is_readable, ("safety",)),
    Fault("documents that have ended are still told", _nothing_ends, ("knowledge", "staff_knowledge")),
    Fault("search puts the worst first", _ranking_is_turned_round, ("knowledge",)),
    Fault("what the documents do not say is answered", _everything_is_answered, ("knowledge",)),
    Fault("what the documents say is not answered", _hardly_anything_is_answered, ("knowledge",)),
    Fault("fees are wrong", _fees_are_wrong, ("knowledge",)),
    Fault("sources are left out", _sources_are_left_out, ("knowledge",)),
    Fault("sources are mixed up", _sources_are_mixed_up, ("knowledge",)),
    Fault("what was spoken of is forgotten", _what_was_spoken_of_is_forgotten, ("knowledge",)),
    Fault("traditional script is not read", _traditional_script_is_not_read, ("understanding", "knowledge")),
    Fault("a task is done without a yes", _nothing_is_confirmed, ("tasks",)),
    Fault("a no counts as a yes", _no_is_yes, ("tasks",)),
    Fault("what was done is sent again", _done_twice, ("tasks",)),
    Fault("any code is right", _any_code_is_right, ("tasks",)),
    Fault("a task cannot be left", _tasks_cannot_be_left, ("tasks",)),
    Fault("corrections are forgotten", _corrections_are_forgotten, ("tasks", "dialogue", "customers")),
    Fault("values are mangled", _values_are_mangled, ("tasks",)),
    Fault("personal data is kept", _personal_data_is_kept, ("safety",)),
    Fault("nobody is fetched", _nobody_is_fetched, ("handoff",)),
    Fault("everybody is sent to a person", _everybody_is_sent_to_a_person, ("handoff",)),
    Fault("alarms are unheard", _alarms_are_unheard, ("handoff", "safety")),
    Fault("tickets are lost", _tickets_are_lost, ("handoff",)),
    Fault("a customer's risk level is not compared", _risk_is_not_compared, ("staff_guidance",)),
    Fault("campaigns never end", _campaigns_never_end, ("staff_guidance",)),
    Fault("tasks start too easily", _tasks_start_too_easily, ("understanding",)),
    Fault("questions are taken for wishes", _questions_are_taken_for_wishes, ("understanding",)),
)
