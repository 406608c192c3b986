"""The tab of cases: those of a suite with their latest results, one with its turns, and marks on labels that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from evals.case import Case
from evals.shelf import NoSuchRun
from evals.suite import Suite
from evals.wrong_label import WrongLabel, standing
from ui.pages.pane import Asked, asked
from ui.pages.qa_case import Place, look, place_of, today
from ui.pages.qa_pane import Spoken, html
from ui.pages.qa_text import Text
from ui.service import Service
from ui.signin import SignIn

_SHOWN = 200
_RESULTS = ("right", "wrong", "unscored", "doubted", "not_played")


@dataclass(frozen=True)
class Row:
    """A case in the list; `why` where it is not scored."""

    place: Place
    case: Case
    result: str
    why: str


class CaseTab:
    """Shows cases, and takes marks."""

    name = "cases"

    def __init__(self, service: Service) -> None:
        self._runs = service.runs
        self._audit = service.audit
        self._spoken = Spoken(self.name)
        self.titles = self._spoken.titles

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The list, or the case that was asked for, after what was asked is done."""
        text, wish = self._spoken.of(request), asked(sent) or Asked()
        filters = {"suite": "", "result": "", "text": ""} | dict(wish.filters)
        place = place_of(wish.id)
        told, wrong = self._done(who, wish, place, text) if place else ("", "")
        try:
            seen = look(self._runs, place) if place and wish.do != "look" else None
        except NoSuchRun:
            return self._list(filters, text, text.NoSuchRun)
        if seen is None:
            return self._list(filters, text, wrong)
        return html("case", t=text, seen=seen, filters=filters, other=None, marks=True, told=told, wrong=wrong)

    def _done(self, who: SignIn, wish: Asked, place: Place, text: Text) -> tuple[str, str]:
        """What is told of what was done, or why it was not."""
        if wish.do not in ("mark", "take_back"):
            return "", ""
        case, why = today(self._runs, place), wish.fields.get("why", "").strip()[:500]
        if case is None:
            return "", text.case_gone
        what = f"{place.suite}:{place.case}"
        if wish.do == "take_back":
            self._runs.labels.take_back(place.suite, case, who.name)
            self._audit.note(who.name, "take_back_wrong_label", what)
            return text.taken_back_told, ""
        if not why:
            return "", text.needs_why
        self._runs.labels.mark(place.suite, case, who.name, why)
        self._audit.note(who.name, "mark_label_wrong", what, {"why": why})
        return text.marked_told, ""

    def _list(self, filters: Mapping[str, str], text: Text, wrong: str) -> str:
        suites = {name: one for name, one in self._runs.suites().items() if isinstance(one, Suite)}
        name = filters["suite"] if filters["suite"] in suites else next(iter(suites), "")
        run = self._runs.shelf.latest(name)
        rows = self._rows(suites[name], run) if name else []
        wanted, said = filters["result"], filters["text"].strip().lower()
        found = [one for one in rows if wanted in ("", one.result)]
        found = [one for one in found if said in f"{one.case.id} {one.case.asked} {one.case.group}".lower()]
        return html(
            "cases",
            t=text,
            filters={**filters, "suite": name},
            suites=suites,
            run=run,
            rows=found[:_SHOWN],
            total=len(found),
            results=_RESULTS,
            wrong=wrong,
        )

    def _rows(self, suite: Suite, run: str) -> list[Row]:
        report = self._runs.shelf.report(run)["suites"][suite.name] if run else {}
        marks = self._runs.labels.wrong()
        return [
            Row(Place(run, suite.name, case.id), case, *_result(report, case.id, standing(marks, suite.name, case)))
            for case in suite.cases
        ]


def _result(report: Mapping[str, Any], case: str, label: WrongLabel | None) -> tuple[str, str]:
    """How it came out, and why it was not scored."""
    if label:
        return "doubted", label.why
    if case in report.get("unscored", {}):
        return "unscored", report["unscored"][case]
    right = report.get("values", {}).get(case, {}).get("right")
    if right is None:
        return "not_played", ""
    return ("right" if right == 1 else "wrong"), ""
