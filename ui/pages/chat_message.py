"""A conversation as the messages of a gr.Chatbot: text, sources, the AI label and the buttons of the last reply."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import gradio as gr

from assistant.conversation import Conversation
from assistant.reply import Citation, Link, Reply
from ui.pages.chat_text import Text

Shown = dict[str, Any]
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")
_SAFE = re.compile(r"https?://|tel:|/(?!/)")


def history(conversation: Conversation, text: Text) -> list[Shown]:
    """Everything said so far."""
    last = len(conversation.messages) - 1
    return [
        said(message.text) if message.reply is None else replied(message.reply, text, last=number == last)
        for number, message in enumerate(conversation.messages)
    ]


def said(text: str) -> Shown:
    """What a customer wrote, shown as written: it is no Markdown."""
    return {"role": "user", "content": _MARKDOWN.sub(r"\\\1", text)}


def saying(text: str) -> Shown:
    """A reply that is still being written."""
    # One ~ means strikethrough to the chat component, and a range such as 5~10 to a bank.
    return {"role": "assistant", "content": text.replace("~", "～")}


def replied(reply: Reply, text: Text, *, last: bool) -> Shown:
    """A whole reply, with its sources and the AI label under it; the last one's choices can be pressed."""
    shown = saying(reply.text)
    below = gr.HTML(_below(reply, text), elem_classes="below", render=False)
    options = [{"value": choice.id, "label": choice.label} for choice in reply.choices] if last else []
    return shown | {"content": [shown["content"], below], "options": options}


def _below(reply: Reply, text: Text) -> str:
    label = text.by_ai_sourced if reply.citations else text.by_ai
    links = "".join(_link(link) for link in reply.links if _SAFE.match(link.url))
    # Gradio offers its own copy button only under a message that is nothing but text; chat.js answers this one.
    copy = f'<button class="copy" data-text="{escape(_copied(reply, text))}" data-copied="{escape(text.copied)}">'
    copy += f"{escape(text.copy)}</button>"
    return f'{links}{_sources(reply, text)}<div class="foot"><span class="by-ai">{escape(label)}</span>{copy}</div>'


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


def _link(link: Link) -> str:
    return f'<a class="way-out" href="{escape(link.url)}" target="_blank" rel="noopener">{escape(link.label)}</a>'
