"""Asks once whether the bank may make contact about a task that was left, and follows what then becomes of that task."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from assistant import break_point, contact_choice, customer_card, lead_answer, lead_text
from assistant.bank import Bank, BankUnavailable
from assistant.command import AnswerLead, CancelFlow, Command, MakeSmalltalk, Topic, WithdrawLeads
from assistant.customer_card import CustomerCard
from assistant.errand import Errand
from assistant.flow import Flow
from assistant.frame import Frame
from assistant.lead import Lead, Leads
from assistant.lead_event import (
    LeadConsented,
    LeadDeclined,
    LeadFinished,
    LeadMoved,
    LeadOffered,
    LeadWithdrawn,
)
from assistant.offered_lead import OfferedLead
from assistant.question import digest
from assistant.reply import Choice
from assistant.step import Call, Identity, Status

_RECORD = "zh-CN"
_CHANGES_CHOICES = "set_privacy_choice"


class LeadOffering:
    """What a turn means for leads; it is told last, when all else of the turn has happened."""

    def __init__(self, flows: Mapping[str, Flow], bank: Bank, leads: Leads) -> None:
        self._flows = flows
        self._bank = bank
        self._leads = leads
        self._text = lead_text.load()

    def follow(self, commands: Sequence[Command], errand: Errand) -> None:
        """Takes the customer's answer, asks where a task was left, and notes where a task stands that may be followed up."""
        self.ended(errand)
        answer = next((one for one in commands if isinstance(one, AnswerLead)), None)
        if answer:
            self._answer(answer, errand)
        elif any(isinstance(one, WithdrawLeads) for one in commands):
            self._withdraw(errand)
        else:
            self._left(commands, errand)

    def ended(self, errand: Errand) -> None:
        """A task that is done needs nobody any more, nor does any where the customer has turned off being contacted."""
        customer = errand.state.customer
        if errand.ended is None or customer is None:
            return
        frame, status = errand.ended
        flow = self._flows[frame.flow]
        if status is Status.DONE and flow.lead:
            errand.happen(*(LeadFinished(one.id) for one in self._leads.open_of(customer, flow.id)))
        if status is Status.DONE and _changes_choices(flow):
            self._heed_choices(customer, errand)

    def _heed_choices(self, customer: str, errand: Errand) -> None:
        consented = self._leads.open_of(customer)
        if consented and not self._allowed(customer):
            errand.happen(*(LeadWithdrawn(one.id, "privacy") for one in consented))
            errand.told.append(self._text.withdrawn.of(errand.words.language))

    def _answer(self, command: AnswerLead, errand: Errand) -> None:
        language = errand.words.language
        lead = next((one for one in errand.state.leads if one.id == command.lead), None)
        offer = lead.offer if lead else None
        if lead is None or offer is None or errand.state.identity(errand.now) is Identity.ANONYMOUS:
            errand.told.append(errand.words.stale_choice)
        elif command.agreed is None:
            errand.told.append(self._text.plainly.of(language))
            self._put(lead.id, errand)
        elif command.agreed:
            self._consent(lead, offer, errand)
        else:
            errand.happen(LeadDeclined(lead.id))
            errand.told.append(self._text.declined.of(language))

    def _consent(self, lead: OfferedLead, offer: LeadOffered, errand: Errand) -> None:
        """The lead is made, unless another conversation of this customer made one of the same task meanwhile."""
        known = self._leads.open_of(offer.customer, lead.point.flow)
        text = (offer.version, offer.digest, errand.now.isoformat(timespec="seconds"))
        whose = (offer.customer, offer.name, offer.branch)
        if known:
            errand.happen(*(LeadMoved(one.id, lead.point, resumed=False) for one in known))
        else:
            errand.happen(LeadConsented(lead.id, *whose, lead.point, *text))
        errand.told.append(self._text.agreed.of(errand.words.language))
        errand.offers.append(Choice(lead_answer.WITHDRAW_CHOICE, self._text.withdraw.of(errand.words.language)))

    def _withdraw(self, errand: Errand) -> None:
        consented = self._leads.open_of(errand.state.customer or "")
        errand.happen(*(LeadWithdrawn(one.id, "said") for one in consented))
        told = self._text.withdrawn if consented else self._text.nothing
        errand.told.append(told.of(errand.words.language))

    def _left(self, commands: Sequence[Command], errand: Errand) -> None:
        """A task that ended undone, or the one that is open: followed where the customer agreed before, else asked about once."""
        customer = errand.state.customer
        cancelled = any(isinstance(one, CancelFlow) for one in commands)
        parts = MakeSmalltalk(Topic.GOODBYE) in commands
        for frame, is_open in self._undone(errand):
            if customer is None or not self._flows[frame.flow].lead:
                continue
            known = self._leads.open_of(customer, frame.flow)
            if known:
                self._follow_up(known, frame, errand, resumed=is_open and not parts)
            elif parts if is_open else cancelled:
                self._ask(customer, frame, errand)

    def _undone(self, errand: Errand) -> list[tuple[Frame, bool]]:
        """The tasks that this turn left undone, each with whether it is still open."""
        ended = [(errand.ended[0], False)] if errand.ended and errand.ended[1] is not Status.DONE else []
        return [*ended, *([(errand.state.frame, True)] if errand.state.frame else [])]

    def _follow_up(self, known: Sequence[Lead], frame: Frame, errand: Errand, *, resumed: bool) -> None:
        point = break_point.of(self._flows[frame.flow], frame, errand.now)
        errand.happen(*(LeadMoved(one.id, point, resumed) for one in known))

    def _ask(self, customer: str, frame: Frame, errand: Errand) -> None:
        flow, text = self._flows[frame.flow], self._text
        card = self._card(customer) if self._may_ask(flow, frame, errand) else None
        if card is None:
            return
        asked = text.offer.of(errand.words.language)
        lead, point = secrets.token_hex(6), break_point.of(flow, frame, errand.now)
        errand.happen(LeadOffered(lead, customer, card.name, card.branch, point, text.version, digest(asked)))
        errand.told.append(asked)
        self._put(lead, errand)

    def _may_ask(self, flow: Flow, frame: Frame, errand: Errand) -> bool:
        """Whether this customer may be asked: once a task, never after a no, and never beside anything else that is open."""
        state = errand.state
        other = any(one.id != frame.id for one in state.frames)
        busy = other or frame.pending or errand.alarmed or bool(errand.wanted or state.tickets)
        asked = any(one.agreed is False or (one.offer and one.point.flow == flow.id) for one in state.leads)
        known = state.identity(errand.now) is not Identity.ANONYMOUS
        return known and not busy and not asked and break_point.is_begun(flow, frame)

    def _card(self, customer: str) -> CustomerCard | None:
        """Who it is and which branch sees to it, where the customer's choices allow it."""
        return customer_card.read(self._bank, customer, _RECORD) if self._allowed(customer) else None

    def _allowed(self, customer: str) -> bool:
        try:
            return contact_choice.allows(self._bank, customer)
        except BankUnavailable:
            return False

    def _put(self, lead: str, errand: Errand) -> None:
        """The question is the only one on screen, so that no answer to it can be taken for that of another."""
        labels = ((lead_answer.YES, self._text.agree), (lead_answer.NO, self._text.decline))
        language = errand.words.language
        errand.offers += [Choice(lead_answer.button(lead, answer), label.of(language)) for answer, label in labels]
        errand.parting = True


def _changes_choices(flow: Flow) -> bool:
    return any(isinstance(step, Call) and step.action == _CHANGES_CHOICES for step in flow.steps.values())
