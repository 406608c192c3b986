from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

import assistant
from assistant import flow_runner, frame
from assistant.action import Operation, Query, actions
from assistant.bank import Items
from assistant.desk_rules import load as load_desk
from assistant.flow import Flow, read, read_all
from assistant.flow_case import Case
from assistant.flow_check import Mistake, check
from assistant.flow_event import CallEnded, CodeChecked, CodeSent, Confirmed, FlowEnded, FlowStarted, ReviewDecided
from assistant.flow_runner import NeedCall, NeedCode, NeedFlow, NeedReview
from assistant.question import Wants
from assistant.settings import Settings
from assistant.slot import Filled
from assistant.step import Confirm, End, Identity, Say, Status
from assistant.wording import Wording, Wordings
from ui import cli

SHIPPED = Path(assistant.__file__).parent / "flows"
BANK: Mapping[str, Query | Operation] = {
    "send": Operation(("amount", "note"), readback=("fee",), refusals=("too_much",)),
    "list_cards": Query((), {"found": ("cards",), "none": ()}),
    "rate": Query(("currency",), {"ok": ("amount", "rate")}),
    "ping": Query((), {"ok": ()}),
}
BASE = yaml.safe_load("""
title: {zh: 汇款, en: Send money}
summary: {zh: 汇一笔款, en: Sends money}
identity: signed_in
slots:
  amount:
    kind: amount
    name: {zh: 金额, en: amount}
    ask: {zh: 汇多少？, en: How much}
  note:
    kind: text
    optional: true
    name: {zh: 附言, en: note}
    ask: {zh: 写什么附言？, en: Any note}
steps:
  how_much:
    collect: [amount, note]
  prepare:
    call: send.prepare
    next: {ready: sure, too_much: refused}
  sure:
    confirm: {zh: "汇出{amount}，附言{note}，手续费{fee}？", en: "Send {amount}, {note}, fee {fee}?"}
    next: {是: commit, 否: kept}
  commit:
    call: send.commit
    next: {done: sent, not_done: prepare}
  sent:
    end: done
    text: {zh: "已汇出，回执{receipt}。", en: "Sent: {receipt}."}
  kept:
    end: cancelled
  refused:
    say: {zh: 超过限额。, en: Too much.}
    clear: [amount]
    next: how_much
""")
GONE = object()
Content = dict[str, Any]


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


SAY = {"say": text("好", "Good")}


def changed(changes: Mapping[str, Any]) -> Content:
    """The base flow with values put in at these paths, or taken out."""
    content: Content = copy.deepcopy(BASE)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = content
        for key in above:
            place = place.setdefault(key, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return content


def told(content: Content, **others: Content) -> list[str]:
    """The mistakes of a flow that is called `f`, without the file's name."""
    flows = {name: Flow.model_validate({"id": name, **one}) for name, one in {"f": content, **others}.items()}
    found = [str(mistake) for mistake in check(flows, BANK) if mistake.flow == "f"]
    assert all(line.startswith("f.yaml: ") for line in found)
    return [line.removeprefix("f.yaml: ") for line in found]


def choice(**more: Any) -> dict[str, Any]:
    return {"kind": "choice", "name": text("卡", "card"), "ask": text("哪张卡？", "Which card?"), **more}


OPTIONS = {"options": {"gold": {"label": text("金卡", "gold")}, "blue": {"label": text("蓝卡", "blue")}}}


def front(name: str, step: Mapping[str, Any], **more: Any) -> Content:
    """The base flow with a step put first."""
    content = changed(more)
    content["steps"] = {name: dict(step), **content["steps"]}
    return content


def test_the_base_flow_has_no_mistakes() -> None:
    assert told(BASE) == []


def test_the_shipped_flows_have_no_mistakes() -> None:
    assert check(read_all(SHIPPED), actions()) == []


def test_who_helps_is_somebody_that_the_desk_has() -> None:
    desk = ("general", "wealth")
    flow = Flow.model_validate({"id": "f", **BASE, "skill": "wealt"})
    found = [str(mistake) for mistake in check({"f": flow}, BANK, desk)]
    assert found == ["f.yaml: skill: the desk has no skill wealt - did you mean wealth?"]
    assert check({"f": flow.model_copy(update={"skill": "wealth"})}, BANK, desk) == []
    assert check(read_all(SHIPPED), actions(), load_desk(Settings().desk_file).skills) == []


def test_a_mistake_is_one_line() -> None:
    assert str(Mistake("f", "step", "it is wrong", "mend it")) == "f.yaml: step: it is wrong - mend it"


BROKEN: dict[str, tuple[Content, list[str]]] = {
    "next names no step": (
        changed({"steps.refused.next": "how_mch"}),
        ["refused: next names how_mch, and no step is called so - did you mean how_much?"],
    ),
    "a table names no step": (
        changed({"steps.sure.next": {"是": "commit", "否": "nowhere"}}),
        [
            "sure: next names nowhere, and no step is called so - there are: how_much, prepare, sure, commit, sent, kept, refused",
            "kept: no step leads here - name it in another step's next, or delete it",
        ],
    ),
    "an outcome left out": (
        changed({"steps.prepare.next": {"ready": "sure"}, "steps.refused": GONE}),
        ["prepare: next leaves out too_much - say which step too_much leads to"],
    ),
    "an outcome that never comes": (
        changed({"steps.prepare.next.too_mch": "kept"}),
        ["prepare: next has too_mch, which never comes - delete it; there are: ready, too_much"],
    ),
    "an outcome misspelt": (
        changed({"steps.prepare.next": {"ready": "sure", "too_many": "refused"}}),
        [
            "prepare: next leaves out too_much - say which step too_much leads to",
            "prepare: next has too_many, which never comes - did you mean too_much?",
        ],
    ),
    "an answer left out": (
        changed({"steps.sure.next": {"是": "commit"}, "steps.kept": GONE}),
        ["sure: next leaves out 否 - say which step 否 leads to"],
    ),
    "a confirm without a table": (
        changed({"steps.sure.next": "commit", "steps.kept": GONE}),
        [
            "sure: the step does not branch on how it ends - give next a table with: 是, 否",
            "commit: on some way here nobody said yes to send after it was prepared - put a confirm between send.prepare and this step",
        ],
    ),
    "a call without a table": (
        changed({"steps.commit.next": "sent"}),
        [
            "commit: the step does not branch on how it ends - give next a table with: done, not_done",
            "sent: the text names {receipt}, which is not known on every way here - have receipt known on each way, or say it in another step",
        ],
    ),
    "a say with a table": (
        front("hello", {**SAY, "next": {"是": "how_much"}}),
        ["hello: the step has no answers to branch on - make next the name of a step"],
    ),
    "a collect with a table": (
        changed({"steps.how_much.next": {"1": "prepare"}}),
        ["how_much: the step has no answers to branch on - make next the name of a step"],
    ),
    "next after the end": (
        changed({"steps.sent.next": "kept"}),
        ["sent: the flow ends here, so nothing comes next - delete next"],
    ),
    "a last step that leads nowhere": (
        changed({"steps.refused.next": GONE}),
        [
            "refused: nothing comes next, and the flow does not end here - name the next step, or end the flow with `end`"
        ],
    ),
    "a disclosure without a table": (
        front("terms", {"disclose": text("条款", "Terms"), "version": "1"}),
        ["terms: the step does not branch on how it ends - give next a table with: 是, 否"],
    ),
    "a review without a table": (
        front("look", {"review": text("看", "Look"), "waiting": text("等", "Wait")}),
        ["look: the step does not branch on how it ends - give next a table with: approved, refused"],
    ),
    "an option left out": (
        front("card", {"choose": "card", "next": {"gold": "how_much"}}, **{"slots.card": choice(**OPTIONS)}),
        ["card: next leaves out blue - say which step blue leads to"],
    ),
    "an option that there is not": (
        front(
            "card",
            {"choose": "card", "next": {"gold": "how_much", "blue": "kept", "red": "kept"}},
            **{"slots.card": choice(**OPTIONS)},
        ),
        ["card: next has red, which never comes - delete it; there are: gold, blue"],
    ),
    "a table over an optional choice": (
        front(
            "card",
            {"choose": "card", "next": {"gold": "how_much", "blue": "kept"}},
            **{"slots.card": choice(optional=True, **OPTIONS)},
        ),
        ["card: card may be skipped, which no table can name - make it not optional, or next one step"],
    ),
    "a table over the bank's options": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "card", "none": "kept"}},
            **{"slots.card": choice(), "steps.card": {"choose": "card", "from": "cards", "next": {"a": "how_much"}}},
        ),
        ["card: options that come from the bank cannot be branched on - make next the name of a step"],
    ),
    "options from two lists": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "card", "none": "kept"}},
            **{
                "slots.card": choice(),
                "steps.card": {"choose": "card", "from": "cards", "clear": ["card"]},
                "steps.more": {"choose": "card", "from": "fee", "next": "how_much"},
            },
        ),
        [
            "slots.card: its options come from cards, fee, and only the first is used - use one list, or two slots",
            "sure: {fee} is a list - give the line for an item in rows.fee",
            "more: the options come from fee, which is not known on every way here - call the action that fills it on each way",
        ],
    ),
    "a dead step": (
        changed({"steps.orphan": {**SAY, "next": "kept"}}),
        ["orphan: no step leads here - name it in another step's next, or delete it"],
    ),
    "no way to an end": (
        front(
            "hello",
            {**SAY},
            **{
                "steps.refused.next": "stuck",
                "steps.stuck": {"collect": "amount", "clear": ["amount"], "next": "stuck"},
            },
        ),
        [
            "refused: no way from here ends the flow - lead one way on to `end` or `handoff`",
            "stuck: no way from here ends the flow - lead one way on to `end` or `handoff`",
        ],
    ),
    "a round of says": (
        front("hello", {**SAY}, **{"steps.refused": {**SAY, "next": "hello"}}),
        [
            "hello: hello, how_much, prepare, refused may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in"
        ],
    ),
    "a round that clears too little": (
        changed({"steps.refused.clear": GONE}),
        [
            "how_much: how_much, prepare, refused may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in"
        ],
    ),
    "a round refilled by an action": (
        changed(
            {
                "slots.currency": choice(**OPTIONS),
                "steps.refused.next": "currency",
                "steps.currency": {"choose": "currency"},
                "steps.rate": {"call": "rate", "next": "how_much"},
            }
        ),
        [
            "how_much: how_much, prepare, refused, currency, rate may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in"
        ],
    ),
    "a round through a consent": (
        front(
            "terms",
            {"disclose": text("条款", "Terms"), "version": "1", "next": {"是": "how_much", "否": "kept"}},
            **{"steps.refused": {**SAY, "next": "terms"}},
        ),
        [
            "terms: terms, how_much, prepare, refused may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in"
        ],
    ),
    "an unknown action": (front("x", {"call": "sned.prepare"}), ["x: no action is called sned - did you mean send?"]),
    "a query with a phase": (
        front("x", {"call": "ping.prepare"}),
        ["x: ping is a query, which has no phases - call ping"],
    ),
    "an operation without a phase": (
        front("x", {"call": "send"}),
        ["x: send is no phase of an operation - call send.prepare or send.commit"],
    ),
    "an operation in no phase": (
        front("x", {"call": "send.comit"}),
        ["x: send.comit is no phase of an operation - call send.prepare or send.commit"],
    ),
    "an input not known": (
        front("x", {"call": "send.prepare", "next": {"ready": "how_much", "too_much": "kept"}}),
        ["x: send needs amount, which is not known on every way here - collect amount on each way"],
    ),
    "an input that nothing fills": (
        front("x", {"call": "rate"}),
        ["x: rate needs currency, which nothing fills - declare a slot currency and collect it first"],
    ),
    "an input that was cleared": (
        changed({"steps.refused.next": "prepare"}),
        [
            "prepare: send needs amount, which is not known on every way here - collect amount on each way",
            "prepare: prepare, refused may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in",
            "sure: the text names {amount}, which is not known on every way here - have amount known on each way, or say it in another step",
        ],
    ),
    "an input known by one outcome": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "use", "none": "use"}},
            **{
                "steps.use": {
                    "say": text("{cards}", "{cards}"),
                    "rows": {"cards": text("{label}", "{label}")},
                    "next": "how_much",
                }
            },
        ),
        [
            "use: the text names {cards}, which is not known on every way here - have cards known on each way, or say it in another step"
        ],
    ),
    "nobody signed in": (
        changed({"identity": "anonymous"}),
        [
            "prepare: anyone could come here without signing in - add `identity: signed_in` or `identity: verified` to the flow or to this step",
            "commit: anyone could come here without signing in - add `identity: signed_in` or `identity: verified` to the flow or to this step",
        ],
    ),
    "a commit without a preparation": (
        changed(
            {
                "steps.prepare": {"call": "ping", "next": "sure"},
                "steps.sure.confirm": text("汇{amount}{note}？", "Send {amount} {note}?"),
                "steps.refused": GONE,
            }
        ),
        [
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm"
        ],
    ),
    "a commit without a yes": (
        changed(
            {"steps.prepare.next": {"ready": "commit", "too_much": "refused"}, "steps.sure": GONE, "steps.kept": GONE}
        ),
        [
            "prepare: prepare, commit may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in",
            "commit: on some way here nobody said yes to send after it was prepared - put a confirm between send.prepare and this step",
        ],
    ),
    "a commit after a no": (
        changed({"steps.sure.next": {"是": "commit", "否": "commit"}, "steps.kept": GONE}),
        [
            "commit: on some way here nobody said yes to send after it was prepared - put a confirm between send.prepare and this step"
        ],
    ),
    "a commit after a refusal": (
        changed({"steps.prepare.next": {"ready": "sure", "too_much": "sure"}, "steps.refused": GONE}),
        [
            "sure: the text names {fee}, which is not known on every way here - have fee known on each way, or say it in another step",
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm",
        ],
    ),
    "a yes before the preparation": (
        front(
            "yes",
            {"confirm": text("汇{amount}{note}？", "Send {amount} {note}?"), "next": {"是": "prepare", "否": "kept"}},
            **{
                "steps.prepare.next": {"ready": "commit", "too_much": "refused"},
                "steps.sure": GONE,
                "steps.refused.next": "how_much",
                "steps.how_much.next": "yes",
            },
        ),
        [
            "yes: the text names {amount}, which is not known on every way here - have amount known on each way, or say it in another step",
            "prepare: send needs amount, which is not known on every way here - collect amount on each way",
            "prepare: prepare, commit may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in",
            "commit: on some way here nobody said yes to send after it was prepared - put a confirm between send.prepare and this step",
        ],
    ),
    "a slot changed after the preparation": (
        changed({"steps.prepare.next.ready": "again", "steps.again": {"collect": "note", "next": "sure"}}),
        [
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm"
        ],
    ),
    "a slot cleared after the yes": (
        changed({"steps.sure.clear": ["note"]}),
        [
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm"
        ],
    ),
    "an input filled after the preparation": (
        changed(
            {
                "slots.currency": choice(**OPTIONS),
                "steps.prepare.next.ready": "rate",
                "steps.rate": {"call": "rate", "next": "sure"},
                "steps.how_much.collect": ["amount", "note", "currency"],
            }
        ),
        [
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm"
        ],
    ),
    "a commit done twice": (
        changed({"steps.commit.next": {"done": "commit", "not_done": "sent"}, "steps.sent.text": text("好", "Good")}),
        [
            "commit: commit may go round for ever without asking the customer - ask something in this round each time: clear a slot that it collects, or put a confirm in",
            "commit: on some way here send was not prepared, or a slot changed or an action was called after it was - come here only from send.prepare: ready and a confirm",
        ],
    ),
    "a slot not read back": (
        changed({"steps.sure.confirm": text("汇出{amount}，手续费{fee}？", "Send {amount}, fee {fee}?")}),
        ["sure: {note} goes into send and is not read back - name {note} in both languages"],
    ),
    "a slot read back in one language": (
        changed({"steps.sure.confirm.en": "Send {amount}, fee {fee}?"}),
        [
            "sure: {note} goes into send and is not read back - name {note} in both languages",
            "sure: the text names {note} in one language only - name the same in zh and en",
        ],
    ),
    "an unknown part": (front("x", {"subflow": "g"}), ["x: no flow is called g - there are: f"]),
    "a part of itself": (
        front("x", {"subflow": "f"}),
        ["x: f leads back into f - break the circle; a flow cannot be a part of itself"],
    ),
    "a slot that there is not": (
        changed({"steps.how_much.collect": ["amount", "note", "amonut"]}),
        ["how_much: amonut is asked for, and no slot is called so - did you mean amount?"],
    ),
    "nothing asked": (front("x", {"collect": []}), ["x: the step asks for nothing - name the slots that it collects"]),
    "a clear of nothing": (
        changed({"steps.refused.clear": ["amount", "fees"]}),
        ["refused: fees is cleared, and no slot is called so - declare it; there are: amount, note"],
    ),
    "a choice of nothing": (
        front("card", {"choose": "card"}, **{"slots.card": choice()}),
        ["card: card has no options - give the slot options, or the step `from` with a list of the bank's"],
    ),
    "a choice from two places": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "card", "none": "kept"}},
            **{"slots.card": choice(**OPTIONS), "steps.card": {"choose": "card", "from": "cards", "next": "how_much"}},
        ),
        ["card: card has options of its own and others from the bank - delete `options` or `from`"],
    ),
    "a choice from no list": (
        front("card", {"choose": "card", "from": "cads"}, **{"slots.card": choice()}),
        ["card: the options come from cads, which no action fills - call an action first that fills it"],
    ),
    "a choice from a list that may be missing": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "card", "none": "card"}},
            **{"slots.card": choice(), "steps.card": {"choose": "card", "from": "cards", "next": "how_much"}},
        ),
        [
            "card: the options come from cards, which is not known on every way here - call the action that fills it on each way"
        ],
    ),
    "a number that is none": (
        front("x", {"verify": "amount"}),
        ["x: amount is of kind amount, and codes go to a mobile - verify a slot of kind mobile"],
    ),
    "an unknown number": (
        front("x", {"verify": "phone"}),
        ["x: phone is verified, and no slot is called so - declare it; there are: amount, note"],
    ),
    "a number not known yet": (
        front(
            "x",
            {"verify": "phone"},
            **{"slots.phone": choice(kind="mobile"), "steps.how_much.collect": ["amount", "note", "phone"]},
        ),
        ["x: phone is verified, and is not known on every way here - collect phone on each way"],
    ),
    "a number that may be skipped": (
        front(
            "p",
            {"collect": "phone"},
            **{
                "slots.phone": choice(kind="mobile", optional=True),
                "steps.how_much": {"verify": "phone"},
                "steps.hm": {"collect": ["amount", "note"], "next": "prepare"},
                "steps.refused.next": "hm",
            },
        ),
        [
            "how_much: phone may be skipped, and then there is no number to verify - make it not optional",
            "prepare: send needs amount, which is not known on every way here - collect amount on each way",
            "sure: the text names {amount}, which is not known on every way here - have amount known on each way, or say it in another step",
        ],
    ),
    "an unknown kind": (
        changed({"slots.amount.kind": "amout"}),
        ["slots.amount: no kind of slot is called amout - did you mean amount?"],
    ),
    "a slot that nobody asks for": (
        changed({"slots.amount2": BASE["slots"]["amount"]}),
        ["slots.amount2: no step asks for it, and no action fills it - collect or choose it in a step, or delete it"],
    ),
    "a choice collected without options": (
        changed({"slots.note.kind": "choice"}),
        [
            "slots.note: a choice needs something to choose from - give it options, or a step that chooses it `from` a list"
        ],
    ),
    "a reason that never comes": (
        changed({"slots.amount.reject": {"negativ": text("不行", "No")}}),
        ["slots.amount: no amount is ever rejected as negativ - did you mean negative?"],
    ),
    "an option called skip": (
        changed({"slots.note.options": {"skip": {"label": text("跳", "skip")}}}),
        ["slots.note: the option skip is also the button that leaves it out - rename the option"],
    ),
    "a step with a sign": (
        front("a-b", SAY),
        ["a-b: a-b cannot be the name of a step - use a to z, 0 to 9 and _, with a letter first"],
    ),
    "an option with a colon": (
        changed({"slots.note.options": {"a:b": {"label": text("甲", "a")}}}),
        ["slots.note: a:b cannot be the name of an option - use a to z, 0 to 9 and _, with a letter first"],
    ),
    "a slot called identity": (
        changed({"slots.identity": BASE["slots"]["amount"], "steps.how_much.collect": ["amount", "note", "identity"]}),
        ["slots.identity: identity is the name of who the customer is, not of a slot - rename it"],
    ),
    "a placeholder in one language": (
        changed({"steps.sent.text.en": "Sent."}),
        ["sent: the text names {receipt} in one language only - name the same in zh and en"],
    ),
    "another thing said in elder mode": (
        changed({"steps.sent.text": text("好的。", "Done.") | {"elder": text("好了，{amount}。", "Done, {amount}.")}}),
        ["sent: the text names {amount} either in elder mode or out of it, and not in both - name the same in both"],
    ),
    "what is agreed to put otherwise in elder mode": (
        front(
            "terms",
            {
                "disclose": text("条款", "Terms") | {"elder": text("规矩", "Rules")},
                "version": "1",
                "next": {"是": "how_much", "否": "kept"},
            },
        ),
        ["terms: what the customer agrees to has a wording for elder mode - take it out: it is read as it stands"],
    ),
    "a placeholder that nothing fills": (
        changed({"steps.sent.text": text("回执{receit}", "Receipt {receit}")}),
        ["sent: the text names {receit}, which nothing fills - did you mean receipt?"],
    ),
    "a placeholder not known everywhere": (
        changed({"steps.refused.say": text("手续费{fee}", "Fee {fee}")}),
        [
            "refused: the text names {fee}, which is not known on every way here - have fee known on each way, or say it in another step"
        ],
    ),
    "a placeholder that was cleared": (
        changed({"steps.sent.text": text("{amount}", "{amount}"), "steps.commit.clear": ["amount"]}),
        [
            "prepare: send needs amount, which is not known on every way here - collect amount on each way",
            "sure: the text names {amount}, which is not known on every way here - have amount known on each way, or say it in another step",
            "sent: the text names {amount}, which is not known on every way here - have amount known on each way, or say it in another step",
        ],
    ),
    "a question that names what comes later": (
        changed({"slots.note.ask": text("手续费{fee}？", "Fee {fee}?")}),
        [
            "how_much: the question for note names {fee}, which is not known on every way here - have fee known on each way, or say it in another step"
        ],
    ),
    "an open brace": (
        changed({"steps.refused.say": text("超{过", "Too {much")}),
        ["refused: the text has braces in zh that hold no plain name - write {name}, or {{ and }} for the signs"],
    ),
    "a brace without a name": (
        changed({"steps.refused.say": text("超{}", "Too {}")}),
        ["refused: the text has braces in zh that hold no plain name - write {name}, or {{ and }} for the signs"],
    ),
    "a brace in a title": (
        changed({"title": text("汇{amount}", "Send {amount}")}),
        ["title: title names something in braces, and nothing is put in there - take the braces out"],
    ),
    "no Chinese": (
        changed({"steps.refused.say": text("Too much.", "Too much.")}),
        ["refused: the text holds no Chinese in zh - write zh in Chinese"],
    ),
    "Chinese in English": (
        changed({"steps.refused.say": text("超过限额。", "超过限额。")}),
        ["refused: the text holds Chinese in en - write en in English"],
    ),
    "a list without rows": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "show", "none": "kept"}},
            **{
                "slots.card": choice(),
                "steps.show": {"say": text("卡{cards}", "{cards}"), "next": "card"},
                "steps.card": {"choose": "card", "from": "cards", "next": "how_much"},
            },
        ),
        ["show: {cards} is a list - give the line for an item in rows.cards"],
    ),
    "rows without a list": (
        changed({"steps.refused.rows": {"cards": text("{label}", "{label}")}}),
        ["refused: rows has cards, which the text does not name - name {cards} in the text"],
    ),
    "rows of a slot": (
        changed({"steps.sure.rows": {"amount": text("{label}", "{label}")}}),
        ["sure: rows has amount, which no action fills - take it out of rows, or call the action that fills it"],
    ),
    "rows in one language": (
        front(
            "cards",
            {"call": "list_cards", "next": {"found": "show", "none": "kept"}},
            **{
                "steps.show": {
                    "say": text("卡{cards}", "{cards}"),
                    "rows": {"cards": text("{label}", "{last}")},
                    "next": "how_much",
                }
            },
        ),
        ["show: rows.cards names {label}, {last} in one language only - name the same in zh and en"],
    ),
}

FINE: dict[str, Content] = {
    "a table over options": front(
        "card", {"choose": "card", "next": {"gold": "how_much", "blue": "kept"}}, **{"slots.card": choice(**OPTIONS)}
    ),
    "a round that clears": front("hello", {**SAY}, **{"steps.refused.next": "hello"}),
    "a round that asks for consent again": front(
        "terms",
        {"disclose": text("条款", "Terms"), "version": "1", "next": {"是": "how_much", "否": "please"}},
        **{"steps.please": {**SAY, "next": "terms"}},
    ),
    "an input that is a list": front(
        "cards",
        {"call": "list_cards", "next": {"found": "show", "none": "kept"}},
        **{
            "steps.show": {
                "say": text("卡{cards}", "{cards}"),
                "rows": {"cards": text("{label}", "{label}")},
                "next": "how_much",
            }
        },
    ),
    "signed in step by step": changed(
        {"identity": "anonymous", "steps.prepare.identity": "signed_in", "steps.commit.identity": "verified"}
    ),
    "something else looked up after the yes": changed(
        {"steps.sure.next": {"是": "ping", "否": "kept"}, "steps.ping": {"call": "ping", "next": "commit"}}
    ),
    "a small question before the whole one": changed(
        {
            "steps.prepare.next.ready": "urgent",
            "steps.urgent": {"confirm": text("急吗？", "Urgent?"), "next": {"是": "sure", "否": "sure"}},
        }
    ),
    "a question that names what came before": changed(
        {"slots.note.ask": text("汇{amount}的附言？", "A note to {amount}?")}
    ),
    "a doubled brace": changed({"steps.refused.say": text("超{{过}}", "Too {{much}}")}),
    "a brand as a label": changed({"slots.note.options": {"visa": {"label": text("Visa", "Visa")}}}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told(name: str) -> None:
    content, expected = BROKEN[name]
    assert told(content) == expected


@pytest.mark.parametrize("name", FINE)
def test_what_is_right_is_not_told(name: str) -> None:
    assert told(FINE[name]) == []


def part(end: str = "done", **changes: Any) -> Content:
    """A flow that asks for the currency and ends."""
    content: Content = {
        "title": text("币种", "Currency"),
        "summary": text("选币种", "Chooses a currency"),
        "slots": {"currency": choice(**OPTIONS)},
        "steps": {"which": {"choose": "currency"}, "over": {"end": end}},
    }
    return content | changes


class TestDue:
    """What is left for later is due at a time that is known."""

    LEFT: ClassVar = {"handoff": "asked", "text": text("好", "Good"), "leaves": "call_back", "due": "when"}

    def told(self, slots: Content, first: Content | None = None, **left: str) -> list[str]:
        content = changed(
            {"slots": slots, "steps": {**({"first": first} if first else {}), "left": {**self.LEFT, **left}}}
        )
        return [line for line in told(content) if line.startswith("left")]

    def test_a_day_that_was_asked_for(self) -> None:
        when = {"kind": "date", "name": text("日期", "day"), "ask": text("哪天？", "Which day?")}
        assert self.told({"when": when}, {"collect": "when"}) == []
        assert self.told({"when": when}) == [
            "left: it is due at when, which is not known on every way here - ask for when on each way"
        ]

    def test_no_slot_and_no_time(self) -> None:
        assert "left: when is named as due, and no slot is called so" in self.told({})[0]
        note = {"kind": "text", "name": text("附言", "note"), "ask": text("什么？", "What?")}
        assert self.told({"when": note}, {"collect": "when"}) == [
            "left: when is of kind text, which is no time - name a slot of kind moment or date"
        ]

    def test_who_waits_to_talk_is_not_due_later(self) -> None:
        assert self.told({}, leaves="talk") == [
            "left: only what is left for later is due at some time - delete `due`, or say what it `leaves`"
        ]


class TestParts:
    WHOLE = front(
        "part", {"subflow": "g"}, **{"slots.currency": choice(**OPTIONS), "steps.how_much": {"call": "rate", "next": "ask"},
        "steps.ask": {"collect": ["amount", "note"], "next": "prepare"}, "steps.refused.next": "ask"},
    )  # fmt: skip

    def test_what_a_part_leaves_known_is_known(self) -> None:
        assert told(self.WHOLE, g=part()) == []

    def test_what_it_knows_at_one_end_only_is_not(self) -> None:
        steps = {
            "sure": {"confirm": text("选吗？", "Choose?"), "next": {"是": "which", "否": "no"}},
            "which": {"choose": "currency", "next": "over"},
            "over": {"end": "done"},
            "no": {"end": "not_done"},
        }
        missing = "how_much: rate needs currency, which is not known on every way here - collect currency on each way"
        assert told(self.WHOLE, g=part(steps=steps)) == [missing]
        table = copy.deepcopy(self.WHOLE)
        table["steps"]["part"]["next"] = {"done": "how_much", "not_done": "kept", "cancelled": "kept"}
        assert told(table, g=part(steps=steps)) == []

    def test_an_unfinished_table_is_told(self) -> None:
        whole = copy.deepcopy(self.WHOLE)
        whole["steps"]["part"]["next"] = {"done": "how_much", "not_done": "kept"}
        assert told(whole, g=part()) == ["part: next leaves out cancelled - say which step cancelled leads to"]

    def test_what_may_be_skipped_in_the_part_is_not_known(self) -> None:
        optional = part(slots={"currency": choice(optional=True, **OPTIONS)})
        (line,) = told(self.WHOLE, g=optional)
        assert line.startswith("how_much: rate needs currency, which is not known on every way here")

    def test_a_circle_of_parts_is_told(self) -> None:
        back = part(steps={"part": {"subflow": "f"}, "over": {"end": "done"}}, slots={})
        lines = told(front("part", {"subflow": "g"}), g=back)
        assert lines == ["part: g leads back into f - break the circle; a flow cannot be a part of itself"]

    def test_a_part_after_the_yes_undoes_it(self) -> None:
        whole = changed(
            {"steps.sure.next": {"是": "part", "否": "kept"}, "steps.part": {"subflow": "g", "next": "commit"}}
        )
        (line,) = told(whole, g=part())
        assert line.startswith("commit: on some way here send was not prepared")


@cache
def _wording() -> Wording:
    return Wordings("银行", "小杉", "400").of("zh-CN")


SHOWS = Say | Confirm | End


class Bad(AssertionError):
    """The runner broke a promise that the check had given."""


class Walk:
    """A customer and a bank that do as they please, against the real runner."""

    def __init__(self, flow: Flow, bank: Mapping[str, Query | Operation], seed: int, *, corrects: bool) -> None:
        self.flow, self.bank, self.chance, self.corrects = flow, bank, random.Random(seed), corrects
        started = FlowStarted("1", flow.id, flow.first)
        self.frame = frame.start(started)
        self.confirmed: str | None = None
        self.prepared: Mapping[str, object] = {}
        self.operations = 0
        self.done = False

    def happen(self, *events: Any) -> None:
        for event in events:
            self.frame = self.frame.after(event)
            if isinstance(event, Confirmed):
                self.confirmed = event.operation
            self.done = self.done or isinstance(event, FlowEnded)

    def run(self) -> None:
        for _ in range(400):
            move = flow_runner.advance(self.flow, self.frame, Identity.VERIFIED, _wording())
            self.happen(*move.events)
            if self.done:
                return
            if "未提供" in " ".join(move.said):
                raise Bad(f"{self.frame.step}: shows what is not known")
            if move.question:
                self.answer(move.question)
            else:
                self.meet(move.need)
            if self.done:
                return
        raise Bad("no end")

    def answer(self, asked: Any) -> None:
        correctable = flow_runner.correctable(self.flow, self.frame)
        if self.corrects and correctable and self.chance.random() < 0.2:
            value = self.value() if self.chance.random() < 0.5 else None
            self.happen(*flow_runner.correct(self.flow, self.frame, self.chance.choice(correctable), value))
        elif asked.wants is Wants.SLOT:
            self.fill(asked)
        elif asked.wants is Wants.YES_NO:
            yes = self.chance.random() < 0.6
            self.happen(*flow_runner.answer(self.flow, self.frame, asked, yes=yes, at=datetime(2026, 1, 1)))
        elif asked.wants is Wants.CODE:
            self.happen(CodeChecked("1", self.frame.code.target if self.frame.code else "", "right"))
        else:
            raise Bad(f"{self.frame.step}: waits for {asked.wants}")

    def fill(self, asked: Any) -> None:
        if self.flow.slots[asked.slot].optional and self.chance.random() < 0.5:
            self.happen(*flow_runner.skip(self.frame, asked.slot))
        else:
            options = [Filled(option.id, option.label) for option in asked.options]
            self.happen(
                *flow_runner.fill(self.flow, self.frame, asked.slot, self.chance.choice(options or [self.value()]))
            )

    def value(self) -> Filled:
        text = str(self.chance.randrange(10**6))
        return Filled(text, text)

    def meet(self, need: Any) -> None:
        match need:
            case NeedCode():
                if need.target != "identity" and self.frame.value(need.target) is None:
                    raise Bad(f"{self.frame.step}: no number to send a code to")
                self.happen(CodeSent("1", need.target, "138"))
            case NeedCall():
                self.call(need)
            case NeedFlow():
                status = self.chance.choice(list(Status)).value
                self.happen(CallEnded("1", need.flow, "", status), *flow_runner.taken(self.flow, self.frame, status))
            case NeedReview():
                self.happen(ReviewDecided("1", "t", self.chance.random() < 0.5, "r"))
            case _:
                raise Bad(f"{self.frame.step}: needs {need}")

    def items(self, name: str) -> Items:
        """One item with all that the flow shows of it, where it takes this name for a list."""
        rows = [step.rows[name] for step in self.flow.steps.values() if isinstance(step, SHOWS) and name in step.rows]
        known = {"id", "label"} | {field for row in rows for field in row.names}
        return (dict.fromkeys(known, "1"),) if name in Case(self.flow, {}, self.bank).lists else ()

    def call(self, need: NeedCall) -> None:
        action = self.bank[need.action]
        inputs = {name: self.frame.value(name) for name in action.inputs}
        lacking = [n for n, v in inputs.items() if v is None and not self.flow.slots[n].optional]
        held = None
        if need.phase == "commit":
            if self.frame.operation is None or self.confirmed != self.frame.operation or self.prepared != inputs:
                raise Bad(f"{self.frame.step}: commits what was not confirmed")
        elif lacking:
            raise Bad(f"{self.frame.step}: lacks {lacking}")
        phase = (
            {"prepare": action.prepare, "commit": action.commit}[need.phase]
            if isinstance(action, Operation)
            else action
        )
        outcome = self.chance.choice(list(phase.outcomes))
        if outcome == "ready":
            self.operations, self.prepared = self.operations + 1, inputs
            held = str(self.operations)
        values = {name: self.items(name) or self.value() for name in phase.outcomes[outcome]}
        self.happen(CallEnded("1", need.action, need.phase, outcome, values, held))
        self.happen(*flow_runner.taken(self.flow, self.frame, outcome))


def keeps_its_promises(flow: Flow, bank: Mapping[str, Query | Operation], *, corrects: bool) -> None:
    for seed in range(30):
        Walk(flow, bank, seed, corrects=corrects).run()


@pytest.mark.parametrize("name", FINE)
def test_a_flow_without_mistakes_keeps_its_promises(name: str) -> None:
    keeps_its_promises(Flow.model_validate({"id": "f", **FINE[name]}), BANK, corrects=True)


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.yaml")))
def test_a_shipped_flow_keeps_its_promises(name: str) -> None:
    keeps_its_promises(read(SHIPPED / f"{name}.yaml"), actions(), corrects=True)


CHANGE_PHONE: Content = yaml.safe_load((SHIPPED / "change_phone.yaml").read_text(encoding="utf-8"))


def deletions(content: Content) -> Iterator[tuple[str, ...]]:
    """Where a step, an entry of a table, or a text stands."""
    for name, step in content["steps"].items():
        yield "steps", name
        leads = step.get("next")
        yield from [("steps", name, "next", answer) for answer in leads] if isinstance(leads, dict) else ()
        yield from [("steps", name, "next")] if isinstance(leads, str) else ()
    yield from texts(content, ())


def texts(content: Any, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(content, dict):
        if content.keys() == {"zh", "en"}:
            yield from (above, (*above, "zh"), (*above, "en"))
        else:
            for key, value in content.items():
                yield from texts(value, (*above, key))


def without(content: Content, path: tuple[str, ...]) -> Content:
    content = copy.deepcopy(content)
    place = content
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return content


def proven(content: Content, bank: Mapping[str, Query | Operation]) -> Flow | None:
    """The flow, if it is one and has no mistakes."""
    try:
        flow = Flow.model_validate({"id": "f", **content})
    except ValidationError:
        return None
    return None if check({"f": flow}, bank) else flow


@pytest.mark.parametrize("path", list(deletions(CHANGE_PHONE)), ids=".".join)
def test_what_is_deleted_is_missed_or_was_not_needed(path: tuple[str, ...]) -> None:
    flow = proven(without(CHANGE_PHONE, path), actions())
    if flow:
        keeps_its_promises(flow, actions(), corrects=True)


SOURCES = {
    "base": (BASE, BANK),
    "phone": (CHANGE_PHONE, actions()),
    **{name: (one, BANK) for name, one in FINE.items()},
}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SOURCES)), st.data())
def test_a_rewired_flow_is_caught_or_keeps_its_promises(source: str, data: st.DataObject) -> None:
    content, bank = copy.deepcopy(SOURCES[source][0]), SOURCES[source][1]
    steps = content["steps"]
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(steps)))
        target = data.draw(st.sampled_from(sorted(steps)))
        leads = steps[name].get("next")
        if isinstance(leads, dict):
            leads[data.draw(st.sampled_from(sorted(leads)))] = target
        elif not {"end", "handoff"} & steps[name].keys():
            steps[name]["next"] = target
        if data.draw(st.booleans()):
            steps[name]["clear"] = [data.draw(st.sampled_from(sorted(content["slots"])))]
    flow = proven(content, bank)
    if flow:
        keeps_its_promises(flow, bank, corrects=True)


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _bank(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.action.actions", lambda: {**actions(), **BANK})

    def run(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["flows", *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    def write(self, folder: Path, content: Content, name: str = "f") -> Path:
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    def test_the_shipped_flows_are_proven(self) -> None:
        code, output = self.run("check")
        assert code == 0
        assert output == f"{len(list(SHIPPED.glob('*.yaml')))} flows, no mistakes\n".replace("1 flows", "1 flow")

    def test_mistakes_are_told_a_line_each(self, tmp_path: Path) -> None:
        self.write(tmp_path, changed({"steps.sent.next": "kept", "title.en": "汇款"}))
        code, output = self.run("check", str(tmp_path))
        assert code == 1
        assert output.splitlines() == [
            "f.yaml: title: title holds Chinese in en - write en in English",
            "f.yaml: sent: the flow ends here, so nothing comes next - delete next",
        ]

    def test_one_file_is_checked_among_its_neighbours(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, front("part", {"subflow": "g"}))
        self.write(tmp_path, part(), "g")
        self.write(tmp_path, {}, "broken")
        assert self.run("check", str(path)) == (0, "1 flow, no mistakes\n")
        assert self.run("check", str(tmp_path))[0] == 1

    def test_a_file_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, without(BASE, ("title",)))
        assert self.run("check", str(path)) == (1, "f.yaml: title: title is missing - add it\n")

    def test_an_unknown_path_is_wrong_use(self, tmp_path: Path) -> None:
        code, output = self.run("check", str(tmp_path / "nowhere"))
        assert code == 2
        assert "No such file or folder" in output

    def test_the_flows_are_listed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.write(tmp_path, BASE)
        monkeypatch.setenv("TELLER_FLOWS_DIR", str(tmp_path))
        (row,) = json.loads(self.run("list", "--json")[1])
        assert row == {
            "id": "f", "title_zh": "汇款", "title_en": "Send money", "identity": "signed_in", "steps": 7, "actions": ["send"]
        }  # fmt: skip
        code, output = self.run("list")
        assert code == 0
        assert all(word in output for word in ("title zh", "汇款", "signed_in", "send"))
