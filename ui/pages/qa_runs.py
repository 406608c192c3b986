"""The tab of runs: ordered, watched, stopped, and what each came to."""

from __future__ import annotations

from typing import Any

import gradio as gr

from evals.order import Ordered
from evals.run_desk import MOST_OFTEN, OrderRefused
from evals.shelf import NoSuchRun, State
from evals.suite import WrongSuite
from ui.pages.pane import Asked, asked
from ui.pages.qa_pane import Spoken, html
from ui.pages.qa_text import Text
from ui.service import Service
from ui.signin import SignIn

_OFTEN = (1, 3, 5, 8, MOST_OFTEN)
_CHOSEN = "suite:"


class RunTab:
    """Lists runs, and takes orders for more."""

    name = "runs"

    def __init__(self, service: Service) -> None:
        self._runs = service.runs
        self._spoken = Spoken(self.name)
        self.titles = self._spoken.titles

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The list, or the run that was asked for, after what was asked is done."""
        text, wish = self._spoken.of(request), asked(sent) or Asked()
        told, wrong = self._done(who, wish, text)
        known = {"t": text, "told": told, "wrong": wrong, "titles": self._runs.titles()}
        try:
            return self._run(wish.id, known) if wish.id and wish.do == "look" else self._list(wish, known)
        except NoSuchRun:
            return self._list(wish, known | {"wrong": text.NoSuchRun})

    def _done(self, who: SignIn, wish: Asked, text: Text) -> tuple[str, str]:
        """What is told of what was done, or why it was not."""
        try:
            if wish.do == "order":
                return self._ordered(who, wish, text), ""
            if wish.do == "stop":
                self._runs.stop(who.name, wish.id)
                return text.stopped_told, ""
        except (OrderRefused, NoSuchRun) as refusal:
            return "", str(getattr(text, type(refusal).__name__))
        except WrongSuite as error:
            return "", text.broken_suite.format(reason=error)
        except ValueError:
            return "", text.wrong_form
        return "", ""

    def _ordered(self, who: SignIn, wish: Asked, text: Text) -> str:
        busy = any(one.state is State.RUNNING for one in self._runs.listed())
        chosen = [name.removeprefix(_CHOSEN) for name in wish.fields if name.startswith(_CHOSEN)]
        self._runs.order(who.name, chosen, int(wish.fields.get("repeat", "1")), wish.fields.get("baseline", ""))
        self._runs.keep_going()
        return text.ordered_waits if busy else text.ordered

    def _list(self, wish: Asked, known: dict[str, Any]) -> str:
        runs = self._runs.listed()
        suites = self._runs.suites()
        return html(
            "runs",
            runs=runs,
            active=[one for one in reversed(runs) if one.state in (State.RUNNING, State.WAITING)],
            suites={name: None if isinstance(one, WrongSuite) else one for name, one in suites.items()},
            own={name for name in suites if self._runs.is_own(name)},
            finished=[one for one in runs if one.state is State.DONE],
            often=_OFTEN,
            chosen=wish.fields if known["wrong"] else {},
            minutes=_minutes,
            **known,
        )

    def _run(self, run: str, known: dict[str, Any]) -> str:
        one = self._runs.one(run)
        folder = self._runs.shelf.folder(run)
        return html(
            "run",
            run=one,
            report=self._runs.shelf.report(run),
            printed=Ordered(folder).said if one.state is State.FAILED else "",
            whole=(folder / "report.html").exists(),
            minutes=_minutes,
            **known,
        )


def _minutes(seconds: float | None, text: Text) -> str:
    """How long it still takes, in words."""
    if seconds is None:
        return ""
    return text.minutes_left.format(minutes=round(seconds / 60)) if seconds >= 60 else text.seconds_left
