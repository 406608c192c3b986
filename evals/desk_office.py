"""A desk over a database of its own: tickets that wait by the thousand, and the real moves, for suites that put it under load."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, cast

from assistant.assistant import Assistant
from assistant.audit import Audit
from assistant.banks.none import NoBank
from assistant.bell import Bell
from assistant.desk import Desk
from assistant.desk_rules import DeskRules, load
from assistant.event import ConversationStarted
from assistant.flow import Flow, read_all
from assistant.guiding import Guiding
from assistant.human_agent import HumanAgents
from assistant.lead import Leads
from assistant.lead_offering import LeadOffering
from assistant.pace import Pace
from assistant.picture import Pictures
from assistant.place import Places
from assistant.queue import Queue
from assistant.reason import Reason
from assistant.reception import Reception
from assistant.reply import Reply
from assistant.routing import Routing
from assistant.seal import Seal
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.ticket_event import TicketOpened
from assistant.ticket_kind import Kind
from assistant.video import VideoCall
from assistant.wording import Wordings
from knowledge_base.database import Database
from knowledge_base.passage import Audience

if TYPE_CHECKING:
    from assistant.talking import Talking
    from assistant.understanding import Understanding
    from knowledge_base.search import Search

_KINDS = (Kind.TALK,) * 8 + (Kind.MESSAGE, Kind.CALL_BACK)
_ELDERS = 0.2
_ARRIVALS = timedelta(minutes=5)
_OFFER_SECONDS, _AWAY_SECONDS = 1, 3


@cache
def _flows() -> Mapping[str, Flow]:
    return read_all(Settings().flows_dir)


def hasty() -> DeskRules:
    """The rules in force but for offers and absences, which are over within seconds, so that a run sees many of them."""
    return load(Settings().desk_file).model_copy(
        update={"offer_seconds": _OFFER_SECONDS, "away_seconds": _AWAY_SECONDS}
    )


@dataclass(frozen=True)
class Office:
    """What moves tickets in one process."""

    storage: Storage
    queue: Queue
    desk: Desk
    routing: Routing
    rules: DeskRules

    def open_ticket(self, opened: TicketOpened) -> str:
        """A conversation that waits for a person; returns its id."""
        conversation, _token = self.storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("")))
        self.storage.tell(conversation, opened)
        return conversation


@contextmanager
def opened(url: str, rules: DeskRules | None = None) -> Iterator[Office]:
    """An office at this database; as people only move tickets there, it has neither documents nor a model."""
    settings, rules, flows = Settings(), rules or hasty(), _flows()
    database = Database(url)
    bell = Bell(database)
    seal, bank = Seal("secret of the office"), NoBank()
    storage, queue = Storage(database, seal, bell.ring), Queue(database)
    reception = Reception(flows, rules, bank, queue, Places(database, rules))
    leads = LeadOffering(flows, bank, Leads(database))
    words = Wordings(settings.bank_name, settings.assistant_name, settings.hotline)
    unasked = (cast("Search", None), cast("Understanding", None), Guiding(flows, bank), cast("Talking", None))
    limit = settings.max_message_characters
    assistant = Assistant(storage, *unasked, reception, leads, words, limit, Pace(settings.turns_per_conversation))
    audit, agents = Audit(database, "secret of the office"), HumanAgents(database, rules.shown_as)
    pictures = Pictures(storage, seal, assistant.words, audit)
    desk = Desk(storage, assistant, queue, agents, rules, limit, pictures, VideoCall(), audit)
    try:
        yield Office(storage, queue, desk, Routing(storage, assistant, rules, datetime.fromtimestamp(0, UTC)), rules)
    finally:
        bell.close()
        database.close()


def fill(office: Office, count: int, seed: int) -> None:
    """So many tickets that wait: of every skill and reason, elders and others, asked for within the last minutes."""
    chance, now = random.Random(seed), datetime.now(UTC)
    for _ in range(count):
        reason, senior = chance.choice(list(Reason)), chance.random() < _ELDERS
        asked = now - _ARRIVALS * chance.random()
        office.open_ticket(
            TicketOpened(
                secrets.token_hex(6),
                chance.choice(_KINDS),
                reason,
                chance.choice(list(office.rules.skills)),
                asked.isoformat(timespec="milliseconds"),
                office.rules.head_start(reason, elder=senior),
                senior=senior,
            )
        )
