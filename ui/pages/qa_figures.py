"""The tab of figures: how much was asked, how it ended, how long people waited, how far tasks got, and what stayed unanswered."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import gradio as gr

from assistant.day_figures import DayFigures
from assistant.figures import Period, Task
from assistant.flow import Flow
from assistant.step import Call, Choose, Collect, Confirm, Disclose, End, HandOff, Linked, Review, Say, Subflow, Verify
from ui.pages.column_chart import HEIGHT, WIDTH, columns
from ui.pages.pane import Asked, asked
from ui.pages.qa_pane import Spoken, html
from ui.pages.qa_text import Text
from ui.service import Service
from ui.signin import SignIn

_SPANS = (7, 30, 90)
_DRAWN = ("answered", "abstained", "handed_off")
"""The outcomes that the chart shows by themselves; the others are drawn as one."""
_TASKS = ("in_flow", "flow_done", "flow_cancelled")
_SEEN = (Collect, Choose, Verify, Confirm, Disclose, Review, Linked, HandOff, End)
"""The steps that customers notice; others are shown where someone left at them."""
_NAMED = {
    Confirm: "step_confirm", Disclose: "step_disclose", Verify: "step_verify", Review: "step_review",
    Linked: "step_link", Call: "step_call", HandOff: "step_handoff", Say: "step_say",
}  # fmt: skip


class FigureTab:
    """Shows a stretch of days."""

    name = "figures"

    def __init__(self, service: Service) -> None:
        self._figures = service.figures
        self._gaps = service.gaps
        self._flows = service.flows
        self._spoken = Spoken(self.name)
        self.titles = self._spoken.titles

    def hear(self, _who: SignIn, sent: object, request: gr.Request) -> str:
        """The last days, as many as were chosen."""
        text, wish = self._spoken.of(request), asked(sent) or Asked()
        chosen = wish.filters.get("days", "")
        days = int(chosen) if chosen in map(str, _SPANS) else _SPANS[0]
        self._gaps.refresh()
        period = self._figures.latest(days)
        drawn, top = columns([(f"{day.day:%m-%d}", _parts(day)) for day in period.days])
        return html(
            "figures",
            t=text,
            days=days,
            spans=_SPANS,
            period=period,
            kinds=(*_DRAWN, "tasks", "rest"),
            columns=drawn,
            top=top,
            width=WIDTH,
            height=HEIGHT,
            tasks=[_shown(task, self._flows, text) for task in period.tasks],
            share=_share,
            seconds=lambda value: _seconds(value, text),
            sheet=_sheet(period, text),
        )


def _parts(day: DayFigures) -> Mapping[str, int]:
    """A day's replies as the chart stacks them."""
    parts = {kind: day.outcomes[kind] for kind in _DRAWN}
    parts["tasks"] = sum(day.outcomes[kind] for kind in _TASKS)
    parts["rest"] = day.turns - sum(parts.values())
    return parts


@dataclass(frozen=True)
class _Shown:
    """A task by the names that people know, and its steps with how many came there and left there."""

    title: str
    task: Task
    steps: Sequence[tuple[str, int, int]]


def _shown(task: Task, flows: Mapping[str, Flow], text: Text) -> _Shown:
    flow = flows.get(task.flow)
    if flow is None:
        return _Shown(task.flow, task, task.steps)
    steps = [
        (_step_name(step, flow, flows, text), reached, left)
        for step, reached, left in task.steps
        if left or isinstance(flow.steps.get(step), _SEEN)
    ]
    return _Shown(flow.title.of(text.language), task, steps)


def _step_name(name: str, flow: Flow, flows: Mapping[str, Flow], text: Text) -> str:
    """What a step asks for or does, and its own name where it is not in the flow any more."""
    match flow.steps.get(name):
        case Collect(collect=slots):
            return text.step_collect.format(names=_slots(flow, slots, text))
        case Choose(choose=slot):
            return text.step_choose.format(names=_slots(flow, (slot,), text))
        case End(end=status):
            return str(getattr(text, f"step_{status}"))
        case Subflow(subflow=other):
            return flows[other].title.of(text.language)
        case None:
            return name
        case step:
            return str(getattr(text, _NAMED[type(step)]))


def _slots(flow: Flow, slots: Sequence[str], text: Text) -> str:
    between = "、" if text.language == "zh" else ", "
    return between.join(flow.slots[slot].name.of(text.language) for slot in slots)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "—"


def _seconds(value: float | None, text: Text) -> str:
    if value is None:
        return "—"
    return (
        text.in_minutes.format(minutes=f"{value / 60:.1f}")
        if value >= 60
        else text.in_seconds.format(seconds=round(value))
    )


def _sheet(period: Period, text: Text) -> str:
    """The days as a CSV file within an address, so that it needs no further call."""
    outcomes = sorted(period.outcomes)
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(
        [
            text.day,
            text.conversations,
            text.turn_count,
            *(getattr(text, f"outcome_{one}") for one in outcomes),
            "👍",
            "👎",
        ]
    )
    for day in period.days:
        counts = [day.outcomes[one] for one in outcomes]
        rows.writerow([day.day, day.conversations, day.turns, *counts, day.thumbs["up"], day.thumbs["down"]])
    # Spreadsheets take a CSV for UTF-8 only where it says so.
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + written.getvalue())
