"""The tab where two runs stand side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from evals.shelf import NoSuchRun, State
from ui.pages.pane import Asked, asked
from ui.pages.qa_case import Place, look, place_of
from ui.pages.qa_pane import Spoken, html
from ui.pages.qa_text import Text
from ui.service import Service
from ui.signin import SignIn


class CompareTab:
    """Compares runs that are done."""

    name = "compare"

    def __init__(self, service: Service) -> None:
        self._runs = service.runs
        self._spoken = Spoken(self.name)
        self.titles = self._spoken.titles

    def hear(self, _who: SignIn, sent: object, request: gr.Request) -> str:
        """The two runs that were chosen, or a case of one of them."""
        text, wish = self._spoken.of(request), asked(sent) or Asked()
        filters = {"before": "", "after": ""} | dict(wish.filters)
        try:
            place = place_of(wish.id) if wish.do == "open" else None
            seen = look(self._runs, place) if place else None
            if place and seen:
                other = filters["before"] if place.run == filters["after"] else filters["after"]
                there = Place(other, place.suite, place.case) if other else None
                return html("case", t=text, seen=seen, filters=filters, other=there, marks=False, told="", wrong="")
            return self._compared(filters, text)
        except NoSuchRun:
            return self._compared({"before": "", "after": ""}, text)

    def _compared(self, filters: Mapping[str, str], text: Text) -> str:
        finished = [one for one in self._runs.listed() if one.state is State.DONE]
        before, after = (_values(self._runs.shelf.report(filters[name])) if filters[name] else {} for name in filters)
        told = ""
        known: dict[str, Any] = {"changes": [], "turned": {}}
        if not before or not after:
            told = text.choose_two
        elif filters["before"] == filters["after"]:
            told = text.same_run
        else:
            known = _known(before, after)
            told = "" if known["changes"] else text.nothing_shared
        return html(
            "compare", t=text, filters=filters, finished=finished, said=told, titles=self._runs.titles(), **known
        )


def _values(report: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: suite["values"] for name, suite in report.get("suites", {}).items()}


def _known(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    # It takes scipy to compare, which the service needs for nothing else.
    from evals import comparison

    changes = sorted(comparison.between(after, before), key=lambda one: (one.p, one.suite, one.metric))
    shared = [name for name in after if name in before]
    return {"changes": changes, "turned": {name: comparison.turned(after[name], before[name]) for name in shared}}
