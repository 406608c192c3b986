"""A person of the bank in a customer's conversation: where the customer stands, who is there, who came and went."""

from __future__ import annotations

from html import escape

from assistant import waiting
from assistant.conversation import Conversation
from assistant.message import Message
from assistant.reply import TicketState
from assistant.waiting import Wait
from ui.pages.chat_text import Text

# chat_live.js tells the page that something is new; the page then looks for itself.
ON_LOAD = 'document.addEventListener("teller:news", () => trigger("select", {}));'


def strip(state: Conversation, ticket: TicketState | None, text: Text) -> str:
    """What stands above the input box; the page's style and script see by `data-mode` who answers."""
    words = standing(state, ticket, text)
    if not words:
        return ""
    told = f'data-mode="{state.mode}" data-news="{escape(text.new_message)}"'
    return f'<p class="person" role="status" {told}><span>{escape(words)}</span></p>'


def standing(state: Conversation, ticket: TicketState | None, text: Text) -> str:
    """The place in the queue while the customer waits, or who is there; nothing where the assistant answers."""
    if state.held_by:
        return text.with_person.format(person=state.held_by.shown_as)
    if ticket is None or state.talk is None:
        return ""
    if ticket.wait_range is None or ticket.wait_seconds is None:
        return text.queue_nobody.format(position=ticket.position)
    low, high = ticket.wait_range
    wait = waiting.told(Wait(low, ticket.wait_seconds, high), text.language)
    return text.queue.format(position=ticket.position, wait=wait)


def button(state: Conversation, text: Text) -> str:
    """What the header's button to a person says; it can be pressed where neither a person nor the queue has the customer."""
    return {"assistant": text.human, "waiting": text.in_queue, "human": text.with_human}[state.mode]


def placeholder(state: Conversation, text: Text) -> str | None:
    """What the empty box says while a person of the bank reads what is written."""
    return text.person_placeholder.format(person=state.held_by.shown_as) if state.held_by else None


def came(message: Message, text: Text) -> str:
    """That a person came or went, in words."""
    words = text.joined if message.notice == "joined" else text.left
    return words.format(person=message.name)
