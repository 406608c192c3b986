"""The page for those who keep the knowledge base, at /knowledge: its tabs, each a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI

from ingest.upload import MOST_MEGABYTES
from ui.pages import knowledge_text, navigation
from ui.pages.knowledge_documents import DocumentTab
from ui.pages.knowledge_drafts import FaqDraftTab
from ui.pages.knowledge_questions import QuestionTab
from ui.pages.knowledge_search_test import SearchTestTab
from ui.pages.tab_page import Tab, TabPage
from ui.service import Service

PATH = "/knowledge"
TABS: Sequence[Callable[[Service], Tab]] = (DocumentTab, SearchTestTab, QuestionTab, FaqDraftTab)
"""The tabs in their order; a new one is a module `knowledge_<name>.py` and a name here."""
_SAID = ("no_source", "unreadable", "not_uploaded", "uploaded_told")


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the page at /knowledge; to be mounted before what takes every path."""
    page = TabPage(
        place=navigation.place(PATH),
        texts=knowledge_text.load(),
        tabs=[make(service) for make in TABS],
        said={**{name: {} for name in _SAID}, "too_large": {"megabytes": MOST_MEGABYTES}},
        parts=("tabs", "knowledge"),
    )
    return page.mount(app, service)
