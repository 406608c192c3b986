"""Kills the assistant, or the bank, in the middle of a committing step, again and again; prints what came of it as JSON.

A process of its own, with one thread, because it forks: python kill_process.py FOLDER ASSISTANT_ROUNDS BANK_ROUNDS SEED
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import httpx
import uvicorn

from assistant import desk_rules, task_examples
from assistant.assistant import Assistant
from assistant.banks.http import HttpBank
from assistant.conversation import Conversation
from assistant.demo_bank.app import create
from assistant.demo_bank.rules import Rules
from assistant.event import ConversationStarted, IdentityVerified, MessageReceived, ReplySent
from assistant.flow import read_all
from assistant.guiding import Guiding
from assistant.lead import Leads
from assistant.lead_offering import LeadOffering
from assistant.pace import Pace
from assistant.place import Places
from assistant.queue import Queue
from assistant.reception import Reception
from assistant.reply import Choice, Outcome, Reply
from assistant.seal import Seal
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.talking import Talking
from assistant.task_classifier import TaskClassifier
from assistant.understanding import Understanding
from assistant.wording import Wordings
from knowledge_base.database import Database
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from knowledge_base.search import Search

KEY = "key-of-the-test"
CUSTOMER = "c1001"
PRESS = "once"
FLOW = "change_phone"
LONGEST_WAIT = 20
COMMIT_MS = 30
FLOWS = read_all(Settings().flows_dir)
EXAMPLES = task_examples.load(FLOWS)
RULES = Rules(resend_pause=timedelta(0), codes_a_day=100_000)


@dataclass
class Round:
    """What came of one kill: what the customer was told in the end, and what the bank has."""

    who: str
    stage: str
    told_done: bool
    done_at_bank: int
    phone_is_new: bool
    receipt_told_is_the_banks: bool
    told_done_too_early: bool
    messages_of_the_press: int
    continues: bool


class Scene:
    """A bank process and an assistant over one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.bank = 0
        self.flows = FLOWS

    def start_bank(self) -> None:
        """A bank process; returns when it answers."""
        self.bank = os.fork()
        if self.bank == 0:
            uvicorn.run(create(self.folder / "bank", KEY, RULES), port=self.port, log_level="critical")
            os._exit(0)
        end = time.monotonic() + LONGEST_WAIT
        while not self._bank_answers():
            if time.monotonic() > end:
                raise TimeoutError("the bank did not start")
            time.sleep(0.02)

    def _bank_answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def kill_bank(self) -> None:
        """As the power would."""
        os.kill(self.bank, signal.SIGKILL)
        os.waitpid(self.bank, 0)

    def assistant(self) -> tuple[Assistant, Storage]:
        """An assistant that remembers nothing but what is on disk; only buttons are pressed, so it needs no knowledge."""
        storage = Storage(Database(f"sqlite:///{self.folder / 'teller.sqlite3'}"), Seal("secret of the test"))
        bank = HttpBank(self.url, KEY, timeout=1)
        classifier = TaskClassifier(_NoModel(), EXAMPLES)  # type: ignore[arg-type]
        understanding = Understanding(classifier, self.flows, lambda _audience: Lexicon([]))
        talking = Talking(None, self.flows)  # type: ignore[arg-type]
        wordings = Wordings("云杉银行", "小杉", "400-000-9528")
        rules = desk_rules.load(Settings().desk_file)
        places = Places(storage.database, rules)
        reception = Reception(self.flows, rules, bank, Queue(storage.database), places)
        guiding = Guiding(self.flows, bank)
        leads = LeadOffering(self.flows, bank, Leads(storage.database))
        unasked = cast("Search", None)
        parts = (storage, unasked, understanding, guiding, talking, reception, leads, wordings, 2000, Pace(1_000))
        return Assistant(*parts), storage

    def slow_down(self) -> None:
        """Commits take as long as they do at a real bank, so that kills fall into them too."""
        fault = {"mode": "none", "latency_ms": COMMIT_MS, "paths": "/v1/operations/*/commit", "calls": 1_000_000}
        headers = {"Authorization": f"Bearer {KEY}"}
        httpx.put(f"{self.url}/v1/faults", json=fault, headers=headers, trust_env=False).raise_for_status()

    def codes(self) -> list[dict[str, str]]:
        answer = httpx.get(
            f"{self.url}/v1/customers/{CUSTOMER}/codes", headers={"Authorization": f"Bearer {KEY}"}, trust_env=False
        )
        found: list[dict[str, str]] = answer.json()
        return found

    def done(self, phone: str) -> list[str]:
        """The receipts of the operations done that set this number."""
        with closing(sqlite3.connect(self.folder / "bank" / "bank.sqlite3")) as connection:
            rows = connection.execute("select receipt, inputs from operations where status = 'done'").fetchall()
        return [str(receipt) for receipt, inputs in rows if phone in str(inputs)]

    def phone(self) -> str:
        with closing(sqlite3.connect(self.folder / "bank" / "bank.sqlite3")) as connection:
            return str(connection.execute("select phone from customers where id = ?", (CUSTOMER,)).fetchone()[0])


class _NoModel:
    """Buttons need no model."""

    fingerprint = "none"


def at_confirmation(scene: Scene, phone: str) -> tuple[str, str]:
    """A conversation that has come to 'shall I change it?', and the id of the button that says yes."""
    assistant, storage = scene.assistant()
    offered = Reply("", (Choice(FLOW, "变更预留手机号"),))
    conversation, _token = storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply(""), CUSTOMER))
    until = (datetime.now(UTC) + timedelta(minutes=15)).isoformat()
    storage.append(
        conversation,
        storage.load(conversation),
        [IdentityVerified(until), ReplySent(Outcome.SMALLTALK, offered)],
        None,
        None,
    )
    assistant.respond(conversation, "", FLOW)
    assistant.respond(conversation, phone)
    turn = assistant.respond(conversation, scene.codes()[0]["code"])
    return conversation, next(choice.id for choice in turn.reply.choices if choice.id.endswith(":yes"))


def in_child(work: Callable[[Callable[[], object]], None]) -> int:
    """A forked process that does this work and ends; returns when it says that it begins."""
    heard, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda: os.write(tells, b"."))
        finally:
            os._exit(0)
    os.read(heard, 1)
    os.close(heard)
    os.close(tells)
    return child


def play(scene: Scene, number: int, who: str, chance: random.Random, usual: float) -> Round:
    """One confirmation with a kill somewhere in it, and then what a customer would do: press again, ask again."""
    phone = f"139{number:08d}"
    conversation, yes = at_confirmation(scene, phone)
    child = in_child(lambda begin: press(scene, conversation, yes, begin))
    time.sleep(chance.uniform(0, usual))
    if who == "assistant":
        os.kill(child, signal.SIGKILL)
    else:
        scene.kill_bank()
        scene.start_bank()
        scene.slow_down()
    os.waitpid(child, 0)
    return outcome(scene, conversation, yes, phone, who)


def press(scene: Scene, conversation: str, yes: str, begin: Callable[[], object]) -> None:
    assistant, _storage = scene.assistant()
    begin()
    assistant.respond(conversation, "", yes, key=PRESS)


def outcome(scene: Scene, conversation: str, yes: str, phone: str, who: str) -> Round:
    """The customer sends the same again until it is known what happened."""
    assistant, _storage = scene.assistant()
    stage = stage_of(assistant.conversation(conversation), scene.done(phone))
    early = said_done(assistant.conversation(conversation)) and not scene.done(phone)
    end = time.monotonic() + LONGEST_WAIT
    while assistant.conversation(conversation).frame and time.monotonic() < end:
        state = assistant.conversation(conversation)
        again = next((one.id for one in state.choices if one.id.endswith((":yes", ":retry"))), None)
        assistant.respond(conversation, "" if again else "好了吗", again or None, key=None if again != yes else PRESS)
        early = early or (said_done(assistant.conversation(conversation)) and not scene.done(phone))
    state = assistant.conversation(conversation)
    receipts = scene.done(phone)
    told = [message.text for message in state.messages if message.author == "assistant" and "回执号" in message.text]
    return Round(
        who=who,
        stage=stage,
        told_done=bool(told),
        done_at_bank=len(receipts),
        phone_is_new=scene.phone() == phone,
        receipt_told_is_the_banks=bool(told) and all(receipt in told[-1] for receipt in receipts),
        told_done_too_early=early,
        messages_of_the_press=sum(
            isinstance(event, MessageReceived) and event.key == PRESS for event in assistant.events(conversation)
        ),
        continues=state.frame is None and bool(assistant.respond(conversation, "你好").reply.text),
    )


def stage_of(state: Conversation, receipts: list[str]) -> str:
    """What was on disk when the kill had happened: at the assistant, and at the bank."""
    if state.frame is None:
        return "all told"
    at_assistant = "begun" if state.frame.pending else "asked"
    return f"{at_assistant}, {'done' if receipts else 'not done'} at the bank"


def said_done(state: Conversation) -> bool:
    return any(message.author == "assistant" and "回执号" in message.text for message in state.messages)


def usual_time(scene: Scene) -> float:
    """How long an undisturbed confirmation takes, in seconds."""
    conversation, yes = at_confirmation(scene, "13800000000")
    child = in_child(lambda begin: press(scene, conversation, yes, begin))
    started = time.perf_counter()
    os.waitpid(child, 0)
    return time.perf_counter() - started


def main() -> None:
    folder, rounds = Path(sys.argv[1]), {"assistant": int(sys.argv[2]), "bank": int(sys.argv[3])}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "bank").mkdir()
    create(folder / "bank", KEY, RULES).state.desk.store.close()
    scene, chance = Scene(folder), random.Random(int(sys.argv[4]))
    scene.start_bank()
    scene.slow_down()
    usual = usual_time(scene)
    plan = [who for who, count in rounds.items() for _ in range(count)]
    played = [play(scene, number, who, chance, 1.2 * usual) for number, who in enumerate(plan, start=1)]
    scene.kill_bank()
    sys.stdout.write(json.dumps([asdict(one) for one in played]))


if __name__ == "__main__":
    main()
