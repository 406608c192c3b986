"""The page for those who judge answers, at /qa: its tabs, each a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import FastAPI

from ui.pages import navigation, qa_text
from ui.pages.qa_cases import CaseTab
from ui.pages.qa_compare import CompareTab
from ui.pages.qa_conversations import ConversationTab
from ui.pages.qa_figures import FigureTab
from ui.pages.qa_runs import RunTab
from ui.pages.tab_page import Tab, TabPage
from ui.service import Service

PATH = "/qa"
TABS: Sequence[Callable[[Service], Tab]] = (FigureTab, RunTab, CompareTab, CaseTab, ConversationTab)
"""The tabs in their order; a new one is a module `qa_<name>.py` and a name here."""
_SAID = ("no_source", "no_report", "report", "close", "progress", "minutes_left", "seconds_left")


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the page at /qa; to be mounted before what takes every path."""
    page = TabPage(
        place=navigation.place(PATH),
        texts=qa_text.load(),
        tabs=[make(service) for make in TABS],
        said={name: {} for name in _SAID},
        parts=("tabs", "qa"),
    )
    return page.mount(app, service)
