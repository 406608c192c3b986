"""What a message or a button says to the question whether the bank may make contact; nothing else answers it."""

from __future__ import annotations

import re

from assistant import smalltalk
from assistant.command import AnswerLead, Command, WithdrawLeads
from assistant.conversation import Conversation
from assistant.task_understanding import plain_answer

LEAD_CHOICE = "lead:"
WITHDRAW_CHOICE = "lead_withdraw"
YES, NO = "yes", "no"

_AGREES = re.compile("(可以|同意|愿意|请|好的?[,，]?可以)联系我?|(yes,? )?(you (may|can)|please) contact me")
_DECLINES = re.compile(
    "(不用|不要|不需要|不必|别)(再)?(联系)?(我)?了?([,，]?(谢谢|多谢)(你|您)?)?|no,? ?(thanks|thank you)"
)
_WITHDRAWS = re.compile(
    "(请|你们|麻烦)*(不要|不用|别|不必)再?联系我?了?|不想被联系了?|(please )?(do ?n[o'’]t|stop|do not) contact(ing)? me( any ?more)?"
)


def is_button(choice: str) -> bool:
    """Whether a button belongs to leads."""
    return choice.startswith(LEAD_CHOICE) or choice == WITHDRAW_CHOICE


def button(lead: str, answer: str) -> str:
    """The id of the button that answers so about this lead."""
    return f"{LEAD_CHOICE}{lead}:{answer}"


def pressed(choice: str) -> Command:
    """What such a button commands."""
    return WithdrawLeads() if choice == WITHDRAW_CHOICE else AnswerLead(_lead(choice), agreed=choice.endswith(YES))


def said(message: str, state: Conversation) -> list[Command]:
    """The answer to the question on screen, or the wish not to be contacted any more; nothing where it is neither.

    A plain yes agrees to nothing: what it says yes to is asked back, so that it is not taken for the answer to another question.
    """
    text = smalltalk.bare(message)
    lead = next((_lead(one.id) for one in state.choices if one.id.startswith(LEAD_CHOICE)), None)
    if lead is None:
        return [WithdrawLeads()] if state.customer and _WITHDRAWS.fullmatch(text) else []
    plain = plain_answer(message)
    if _AGREES.fullmatch(text):
        return [AnswerLead(lead, agreed=True)]
    if _DECLINES.fullmatch(text) or _WITHDRAWS.fullmatch(text) or (plain and not plain.yes):
        return [AnswerLead(lead, agreed=False)]
    return [AnswerLead(lead, agreed=None)] if plain else []


def _lead(choice: str) -> str:
    return choice.split(":")[1]
