"""What every page and call is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.assistant import Assistant
from assistant.banks.demo import DemoBank
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.ticket import Tickets
from knowledge_base.search import Search
from ui.signin import SignInDesk


@dataclass(frozen=True)
class Service:
    """The running service's parts."""

    settings: Settings
    assistant: Assistant
    storage: Storage
    search: Search
    desk: SignInDesk
    tickets: Tickets
    demo_bank: DemoBank | None = None


async def _service(request: Request) -> Service:
    # Asynchronous only so that it is not sent to a worker thread and back.
    service: Service = request.app.state.service
    return service


Parts = Annotated[Service, Depends(_service)]
