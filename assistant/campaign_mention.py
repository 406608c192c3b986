"""Tells a customer of a campaign beside an answer or a finished task, where it applies to them and they allow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant import alarm, campaign_text, contact_choice, customer_card
from assistant.bank import Bank, BankUnavailable
from assistant.campaign import HEAD_OFFICE, Campaign
from assistant.campaigns import Campaigns
from assistant.customer_card import CustomerCard
from assistant.errand import Errand
from assistant.event import CampaignMentioned, KnowledgeAnswered
from assistant.reply import Outcome, Reply
from assistant.step import Identity
from knowledge_base.passage import Audience
from knowledge_base.text import fold

_ADULT = 18
_RECORD = "zh-CN"


class CampaignMention:
    """Once in a conversation at most, and only where nothing is open; the bank is asked only when a live campaign is about it."""

    def __init__(self, campaigns: Campaigns, bank: Bank) -> None:
        self._campaigns = campaigns
        self._bank = bank

    def beside(self, outcome: Outcome, reply: Reply, errand: Errand) -> Reply:
        """The reply, with a campaign told at its end where one applies; that is noted as an event."""
        today = errand.now.astimezone().date()
        found = self._found(today, errand) if _may_be(outcome, errand) else None
        if found is None:
            return reply
        errand.happen(CampaignMentioned(found.id, found.name))
        return _told(self._campaigns.cited(found, today), reply, errand.words.language)

    def _found(self, today: date, errand: Errand) -> Campaign | None:
        customer, topics = errand.state.customer, tuple(_topics(errand))
        about = [one for one in self._campaigns.live(today) if topics and _is_about(one, topics)]
        if not about or customer is None or _is_quiet(errand):
            return None
        card = self._card(customer)
        return next((one for one in about if card and _applies(one, card)), None)

    def _card(self, customer: str) -> CustomerCard | None:
        """Who it is, where their choices allow it; nothing while the bank cannot say so."""
        try:
            allowed = campaign_text.load().must_be_on in contact_choice.turned_on(self._bank, customer)
        except BankUnavailable:
            return None
        return customer_card.read(self._bank, customer, _RECORD) if allowed else None


def _may_be(outcome: Outcome, errand: Errand) -> bool:
    """Whether this turn ended well and leaves nothing open, with a signed-in customer and nobody wanted."""
    state = errand.state
    known = state.audience is Audience.CUSTOMER and state.identity(errand.now) is not Identity.ANONYMOUS
    well = outcome in (Outcome.ANSWERED, Outcome.FLOW_DONE)
    open_ = bool(errand.question or errand.offers or errand.parting or state.frames)
    person = bool(state.tickets or state.handed_over_for or errand.wanted or errand.alarmed or errand.handed_over)
    return known and well and not (open_ or person or state.mentioned)


def _topics(errand: Errand) -> Iterator[str]:
    """What the turn was about: the task that was done, or the question with what its answer was about."""
    if errand.ended:
        yield errand.ended[0].flow
    for event in errand.happened:
        if isinstance(event, KnowledgeAnswered):
            yield fold(f"{event.question} {event.subject or ''}")


def _is_about(campaign: Campaign, topics: tuple[str, ...]) -> bool:
    return any(fold(about) in topic for about in campaign.about if about for topic in topics)


def _is_quiet(errand: Errand) -> bool:
    """Whether the customer has spoken of trouble in this conversation, after which nothing is advertised."""
    said = [one.text for one in errand.state.messages if one.author == "customer"]
    worries = re.compile(campaign_text.load().quiet)
    return any(worries.search(fold(one)) or alarm.find(one) for one in said)


def _applies(campaign: Campaign, card: CustomerCard) -> bool:
    """Whether it may be told to this customer: a grown-up of the host who meets its conditions, as far as the bank's data say."""
    grown = card.age is not None and card.age >= _ADULT
    return grown and campaign.host in (HEAD_OFFICE, card.branch) and campaign.conditions.met_by(card)


def _told(campaign: Campaign, reply: Reply, language: str) -> Reply:
    """The reply with the notice at its end, under the next number of its citations."""
    text, cited = campaign_text.load(), campaign.citation
    number = len(reply.citations) + 1
    words = (text.mention if cited else text.unsourced).of(language)
    fields = ("name", "organiser", "reward", "audience", "quota", "approval_number", "phone")
    days = {"starts": _day(campaign.starts, language), "ends": _day(campaign.ends, language)}
    notice = words.format(number=number, **days, **{name: getattr(campaign, name) for name in fields})
    sources = (replace(cited, number=number),) if cited else ()
    return replace(reply, text=f"{reply.text}\n\n{notice}", citations=(*reply.citations, *sources))


def _day(day: date | None, language: str) -> str:
    if day is None or language == "en":
        return day.isoformat() if day else ""
    return f"{day.year}年{day.month}月{day.day}日"
