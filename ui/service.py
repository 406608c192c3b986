"""What every page and call is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.assistant import Assistant
from assistant.audit import Audit
from assistant.banks.demo import DemoBank
from assistant.bell import Bell
from assistant.campaign_desk import CampaignDesk
from assistant.conversation_list import ConversationList
from assistant.desk import Desk
from assistant.desk_views import DeskViews
from assistant.draft_check import DraftCheck
from assistant.faq_desk import FaqDesk
from assistant.figures import Figures
from assistant.flow import Flow
from assistant.gap_desk import GapDesk
from assistant.lead_desk import LeadDesk
from assistant.queue import Queue
from assistant.search_test import SearchTest
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.user import Users
from evals.run_desk import RunDesk
from ingest.publishing import Publishing
from knowledge_base.register import Register
from knowledge_base.search import Search
from ui.readiness import Readiness
from ui.signin import SignIns


@dataclass(frozen=True, kw_only=True)
class Service:
    """The running service's parts."""

    settings: Settings
    flows: Mapping[str, Flow]
    assistant: Assistant
    storage: Storage
    search: Search
    sign_ins: SignIns
    desk: Desk
    queue: Queue
    bell: Bell
    views: DeskViews
    lead_desk: LeadDesk
    audit: Audit
    campaigns: CampaignDesk
    drafts: DraftCheck
    users: Users
    publishing: Publishing
    register: Register
    search_test: SearchTest
    gaps: GapDesk
    faqs: FaqDesk
    figures: Figures
    conversations: ConversationList
    runs: RunDesk
    readiness: Readiness
    demo_bank: DemoBank | None = None


async def _service(request: Request) -> Service:
    # Asynchronous only so that it is not sent to a worker thread and back.
    service: Service = request.app.state.service
    return service


Parts = Annotated[Service, Depends(_service)]
