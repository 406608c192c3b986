"""The tab of follow-ups: what customers left unfinished, taken and closed by the bank's people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import gradio as gr

from assistant.bank import BankUnavailable
from assistant.lead import LeadGone, NoSuchLead, Status
from assistant.lead_desk import LeadView
from ui.pages.chat_tab import of_browser
from ui.pages.pane import Asked, asked, html
from ui.pages.staff_text import Text
from ui.service import Service
from ui.signin import SignIn

_LISTED = 200
_OPEN = "open"
_HOUR, _DAY = 60, 24 * 60
_TOLD = {"take": "lead_taken", "done": "lead_done", "dropped": "lead_dropped"}


class LeadPane:
    """Lists leads, takes and closes them."""

    name = "leads"

    def __init__(self, service: Service, texts: Mapping[str, Text]) -> None:
        self._leads = service.lead_desk
        self._zone = ZoneInfo(service.desk.rules.time_zone)
        self._texts = texts

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The leads as they are filtered, after what was asked is done."""
        locale = of_browser(request)
        text = self._texts[locale.partition("-")[0]]
        wish = asked(sent)
        told, kind = (text.unreadable, "alert") if wish is None else self._done(who, wish, locale, text)
        return self._shown(who, wish or Asked(), locale, text, told, kind)

    def _done(self, who: SignIn, wish: Asked, locale: str, text: Text) -> tuple[str, str]:
        """What is told of it, and as what: a status or an alert."""
        try:
            if wish.do == "take":
                self._leads.take(who, wish.id, locale)
            elif wish.do in ("done", "dropped"):
                how: Literal["done", "dropped"] = "done" if wish.do == "done" else "dropped"
                self._leads.close(who, wish.id, how, wish.fields.get("note", "")[:2_000], locale)
        except (LeadGone, NoSuchLead):
            return text.lead_gone, "alert"
        except BankUnavailable:
            return text.bank_out, "alert"
        return getattr(text, _TOLD[wish.do]) if wish.do in _TOLD else "", "status"

    def _shown(self, who: SignIn, wish: Asked, locale: str, text: Text, told: str, kind: str) -> str:
        every = self._leads.listed(who, locale, limit=_LISTED)
        filters = {"branch": who.branch, "task": "", "status": _OPEN, **wish.filters}
        leads = [one for one in every if _fits(one, filters)]
        return html(
            "leads",
            t=text,
            me=who,
            leads=leads,
            elsewhere=sum(_fits(one, filters | {"branch": ""}) for one in every) - len(leads),
            filters=filters,
            branches=sorted({one.branch for one in every} | ({who.branch} - {""})),
            tasks=sorted({(one.flow, one.title) for one in every}),
            statuses=[status.value for status in Status],
            ago=lambda lead: _ago(lead, text),
            clock=self._clock,
            told=told,
            kind=kind,
        )

    def _clock(self, at: str) -> str:
        return f"{datetime.fromisoformat(at).astimezone(self._zone):%Y-%m-%d %H:%M}"


def _fits(lead: LeadView, filters: Mapping[str, str]) -> bool:
    open_ones = (Status.NEW, Status.TAKEN)
    status = filters["status"]
    return (
        filters["branch"] in ("", lead.branch)
        and filters["task"] in ("", lead.flow)
        and (lead.status in open_ones if status == _OPEN else status in ("", lead.status))
    )


def _ago(lead: LeadView, text: Text) -> str:
    minutes = lead.minutes_ago
    if minutes < _HOUR:
        return text.minutes.format(count=minutes)
    return text.hours.format(count=minutes // _HOUR) if minutes < 2 * _DAY else text.days.format(count=minutes // _DAY)
