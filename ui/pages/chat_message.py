"""A conversation as the messages of a gr.Chatbot: text, sources, the AI label and the buttons of the last reply."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import gradio as gr

from assistant.conversation import Conversation
from assistant.message import Message
from assistant.reception import SATISFACTION
from assistant.reply import Citation, Link, Reply
from ui.pages import chat_person
from ui.pages.chat_text import Text

Shown = dict[str, Any]
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")
_NUMBER = re.compile(r"\[([0-9]{1,3})\](?!\()")
_SAFE = re.compile("https?://")
# The demo bank's mobile banking answers these on a phone.
_APP = re.compile("spruce://")
OPENS_SIGN_IN = "#sign-in"


def history(
    conversation: Conversation,
    text: Text,
    way_in: Link | None = None,
    *,
    pressable: bool = True,
    linked: bool = False,
) -> list[Shown]:
    """Everything said so far; `way_in` stands under the last reply, whose buttons can be pressed where they are `pressable`.

    A reply stays the last one when pictures were shown after it. The numbers of sources lead to them where they are `linked`.
    """
    said_last = (number for number, message in enumerate(conversation.messages) if message.picture is None)
    last = max(said_last, default=-1) if pressable else -1
    return [
        replied(message.reply, text, way_in if number == last else None, last=number == last, linked=linked)
        if message.reply
        else said(message.text)
        if message.author == "customer"
        else by_person(message, text)
        for number, message in enumerate(conversation.messages)
    ]


def said(text: str) -> Shown:
    """What a customer wrote, shown as written: it is no Markdown."""
    return {"role": "user", "content": _MARKDOWN.sub(r"\\\1", text)}


def by_person(message: Message, text: Text) -> Shown:
    """What a person of the bank wrote, with who it was and as it was written; or that this person came or went."""
    if message.notice:
        inside = f'<p class="came">{escape(chat_person.came(message, text))}</p>'
    else:
        who = f"<header><b>{escape(message.name or '')}</b><i>{escape(text.by_person)}</i></header>"
        inside = f'<article class="by-person">{who}<p>{escape(message.text)}</p></article>'
    return {"role": "assistant", "content": [gr.HTML(inside, elem_classes="below", render=False)]}


def saying(text: str) -> Shown:
    """A reply that is still being written."""
    # One ~ means strikethrough to the chat component, and a range such as 5~10 to a bank.
    return {"role": "assistant", "content": text.replace("~", "～")}


def replied(reply: Reply, text: Text, way_in: Link | None = None, *, last: bool, linked: bool = False) -> Shown:
    """A whole reply, with its sources and the AI label under it; the last one's choices can be pressed."""
    shown = saying(_with_links(reply) if linked else reply.text)
    offered = "" if last else _offered(reply, text)
    below = gr.HTML(_below(reply, way_in, text) + offered, elem_classes="below", render=False)
    options = [{"value": choice.id, "label": choice.label} for choice in reply.choices] if last else []
    return shown | {"content": [shown["content"], below], "options": options}


def _with_links(reply: Reply) -> str:
    """The text, with each number of a source as a link to it."""
    addresses = {str(one.number): one.url for one in reply.citations}

    def link(found: re.Match[str]) -> str:
        address = addresses.get(found[1])
        return f"[\\[{found[1]}\\]]({address})" if address else found[0]

    return _NUMBER.sub(link, reply.text)


def _below(reply: Reply, way_in: Link | None, text: Text) -> str:
    label = text.by_ai_sourced if reply.citations else text.by_ai
    links = "".join(_link(link, text) for link in (*reply.links, *((way_in,) if way_in else ())))
    # Gradio offers its own copy button only under a message that is nothing but text; chat.js answers this one.
    copy = f'<button class="copy" data-text="{escape(_copied(reply, text))}" data-copied="{escape(text.copied)}">'
    copy += f"{escape(text.copy)}</button>"
    aloud = f'<button class="aloud" data-text="{escape(reply.text)}" data-stop="{escape(text.stop_reading)}">'
    aloud += f"{escape(text.read_aloud)}</button>"
    # Five buttons in a row, in the order of the scores; chat.css sees by this what they are.
    rates = bool(reply.choices) and all(choice.id.startswith(f"{SATISFACTION}:") for choice in reply.choices)
    foot = "foot rates" if rates else "foot"
    return f'{links}{_sources(reply, text)}<div class="{foot}"><span class="by-ai">{escape(label)}</span>{aloud}{copy}</div>'


def _sources(reply: Reply, text: Text) -> str:
    if not reply.citations:
        return ""
    items = "".join(_source(citation, text) for citation in reply.citations)
    summary = f"<summary>{escape(text.sources)}<b>{len(reply.citations)}</b></summary>"
    return f'<details class="sources">{summary}<ol>{items}</ol></details>'


def _copied(reply: Reply, text: Text) -> str:
    """What the copy button copies: an answer takes its sources along."""
    sources = (f"[{item.number}] {item.title} {_place(item, text)}".rstrip() for item in reply.citations)
    return "\n".join([reply.text, *sources])


def _place(citation: Citation, text: Text) -> str:
    page = text.page.format(page=citation.page) if citation.page else ""
    return " · ".join(part for part in (citation.section, page) if part)


def _source(citation: Citation, text: Text) -> str:
    place = escape(_place(citation, text))
    return (
        f'<li><span class="number">{citation.number}</span>'
        f'<a href="{escape(citation.url)}" target="_blank" rel="noopener" title="{escape(text.open)}">'
        f'<span class="title">{escape(citation.title)}</span><span class="place">{place}</span></a></li>'
    )


def _offered(reply: Reply, text: Text) -> str:
    """Choices of an earlier reply: they can be seen, and not pressed."""
    chips = "".join(f"<li>{escape(choice.label)}</li>" for choice in reply.choices)
    return f'<ul class="offered" aria-label="{escape(text.offered)}">{chips}</ul>' if chips else ""


def _link(link: Link, text: Text) -> str:
    """A way out of the conversation, or the button that opens the demo's sign-in; other addresses are not offered."""
    label = escape(link.label)
    if link.url == OPENS_SIGN_IN:
        return f'<button class="way-out" data-opens="customers">{label}</button>'
    if _APP.match(link.url):
        return f'<a class="way-out app" href="{escape(link.url)}" rel="noopener"><i>{escape(text.app)}</i>{label}</a>'
    if _SAFE.match(link.url):
        return f'<a class="way-out" href="{escape(link.url)}" target="_blank" rel="noopener">{label}</a>'
    return ""
