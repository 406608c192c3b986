"""Puts the parts of a running service together."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from assistant import bootstrap, gate, one_key
from assistant.bell import Bell
from assistant.conversation_list import ConversationList
from assistant.draft_check import DraftCheck
from assistant.figures import Figures
from assistant.llm import LLM
from assistant.queue import Queue
from assistant.routing import Routing
from assistant.seal import Seal
from assistant.secret_key import secret
from assistant.settings import Settings
from evals.run_desk import RunDesk
from ingest.publishing import Publishing
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.register import Register
from knowledge_base.search import Search
from ui import metrics
from ui.faq_shelf import PublishedFaq
from ui.readiness import Readiness
from ui.service import Service
from ui.signin import SignIns


def build(
    settings: Settings, database: Database, embedder: Embedder, search: Search, bell: Bell, llm: LLM | None
) -> tuple[Service, Routing]:
    """Everything that pages and calls are given, and what keeps the queue moving beside them."""
    one_key.check(database, Seal(secret(settings)))
    audit, bank = bootstrap.build_audit(settings, database), bootstrap.build_bank(settings)
    storage = bootstrap.build_storage(settings, database, bell, metrics.hear)
    house = bootstrap.build_house(settings, storage, search, embedder, bank, llm)
    if llm:
        metrics.watch(llm.resting)
    entry = gate.build(database, audit)
    publishing = Publishing(
        search.library, embedder, settings.knowledge_dir, audit.note, words=bootstrap.build_word_list(settings)
    )
    gaps = bootstrap.build_gap_desk(settings, storage, search, audit)
    service = Service(
        settings=settings,
        flows=house.flows,
        assistant=house.assistant,
        storage=storage,
        search=search,
        sign_ins=SignIns(settings, entry, audit),
        desk=house.desk,
        queue=Queue(database),
        bell=bell,
        views=house.views,
        lead_desk=bootstrap.build_lead_desk(settings, storage, bank, house.flows),
        audit=audit,
        campaigns=bootstrap.build_campaign_desk(settings, database, search, audit),
        drafts=DraftCheck(search),
        users=entry.users,
        publishing=publishing,
        register=Register(search.library),
        search_test=bootstrap.build_search_test(settings, search),
        gaps=gaps,
        faqs=bootstrap.build_faq_desk(settings, gaps, search, PublishedFaq(publishing), audit, house.flows),
        figures=Figures(database, ZoneInfo(settings.time_zone), house.flows, gaps),
        conversations=ConversationList(database),
        runs=RunDesk(settings, audit),
        readiness=Readiness(search, settings.data_dir, bank, llm.resting if llm else None),
        demo_bank=bootstrap.build_demo_bank(settings),
    )
    return service, house.routing
