"""The tab of campaigns: what runs here today, and the way of a new one from draft to approval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import gradio as gr
from pydantic import ValidationError

from assistant.campaign import HEAD_OFFICE, Campaign, CampaignMoved, NoSuchCampaign, State
from assistant.campaign_desk import NotComplete, NotYours, Person, SameHand
from assistant.campaign_form import CampaignForm
from ui.pages.chat_tab import of_browser
from ui.pages.pane import Asked, asked, html
from ui.pages.staff_text import Text
from ui.service import Service
from ui.signin import SignIn

_ORDER = (State.LIVE, State.SUBMITTED, State.DRAFT, State.APPROVED, State.ENDED)
_FORM = (
    "name",
    "organiser",
    "starts",
    "ends",
    "audience",
    "reward",
    "quota",
    "places",
    "rules",
    "approval_number",
    "phone",
)
_TOLD = {"make": "campaign_made", "change": "campaign_changed", "submit": "campaign_submitted",
         "approve": "campaign_approved", "return": "campaign_returned", "end": "campaign_ended"}  # fmt: skip


class CampaignPane:
    """Shows campaigns, and makes the moves that this person may make."""

    name = "campaigns"

    def __init__(self, service: Service, texts: Mapping[str, Text]) -> None:
        self._campaigns = service.campaigns
        self._texts = texts

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The campaigns as they stand after what was asked is done; a form that could not be taken is shown again."""
        language = of_browser(request).partition("-")[0]
        text, wish, me = self._texts[language], asked(sent) or Asked(), Person(who.name, who.role.value, who.branch)
        wrong = self._done(me, wish, text, language)
        told = "" if wrong else getattr(text, _TOLD.get(wish.do, ""), "")
        return self._shown(me, wish, text, told, wrong)

    def _done(self, me: Person, wish: Asked, text: Text, language: str) -> str:
        """Why it was not done, or nothing."""
        try:
            self._move(me, wish, language)
        except ValidationError as error:
            return text.campaign_wrong_form.format(fields=_named(error, text))
        except NotComplete as error:
            return str(error)
        except SameHand:
            return text.campaign_same_hand
        except NotYours:
            return text.campaign_not_yours
        except (CampaignMoved, NoSuchCampaign):
            return text.campaign_moved
        return ""

    def _move(self, me: Person, wish: Asked, language: str) -> None:
        reason = wish.fields.get("reason", "").strip()[:500]
        version = int(wish.fields["version"]) if wish.fields.get("version", "").isdecimal() else None
        moves: dict[str, Callable[[], object]] = {
            "make": lambda: self._campaigns.make(me, _form(wish).plan()),
            "change": lambda: self._campaigns.change(
                me, wish.id, _form(wish).given(dict.fromkeys((*_FORM, "daily"))), version
            ),
            "submit": lambda: self._campaigns.submit(me, wish.id, version, language),
            "approve": lambda: self._campaigns.approve(me, wish.id, version),
            "return": lambda: self._campaigns.give_back(me, wish.id, reason),
            "end": lambda: self._campaigns.end(me, wish.id, reason),
        }
        if wish.do in moves:
            moves[wish.do]()

    def _shown(self, me: Person, wish: Asked, text: Text, told: str, wrong: str) -> str:
        today = date.today()
        every = self._campaigns.listed(today)
        filters = {"host": "" if me.approves else "here", "state": "", **wish.filters}
        return html(
            "campaigns",
            t=text,
            me=me,
            today=today,
            campaigns=sorted(
                (one for one in every if _fits(one, filters, me, today)), key=lambda one: _place(one, me, today)
            ),
            filters=filters,
            states=[state.value for state in _ORDER],
            typed=wish.fields if wrong and wish.do in ("make", "change") else {},
            wish=wish,
            wrong=wrong,
            told=told,
            rows=_FORM,
        )


def _form(wish: Asked) -> CampaignForm:
    """What was typed; an empty field is one that was left for later."""
    typed: dict[str, Any] = {name: wish.fields[name] for name in _FORM if wish.fields.get(name, "").strip()}
    return CampaignForm.model_validate(typed | {"daily": wish.fields.get("daily") == "on"})


def _named(error: ValidationError, text: Text) -> str:
    names = dict.fromkeys(str(item["loc"][0]) for item in error.errors())
    return "、".join(getattr(text, f"campaign_{name}", name) for name in names)


def _fits(campaign: Campaign, filters: Mapping[str, str], me: Person, today: date) -> bool:
    here = filters["host"] != "here" or campaign.host in (HEAD_OFFICE, me.branch)
    state = campaign.state(today)
    return here and (state == filters["state"] if filters["state"] else state is not State.ENDED)


def _place(campaign: Campaign, me: Person, today: date) -> tuple[int, bool, str]:
    return _ORDER.index(campaign.state(today)), campaign.host != me.branch, str(campaign.ends or "")
