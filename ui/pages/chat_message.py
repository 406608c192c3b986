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
    """Everything said so far; only the last reply's choices can be pressed."""
    shown = [
        said(message.text) if message.reply is None else replied(message.reply, text)
        for message in conversation.messages
    ]
    if shown and shown[-1]["role"] == "assistant":
        shown[-1]["options"] = [{"value": choice.id, "label": choice.label} for choice in conversation.choices]
    return shown


def said(text: str) -> Shown:
    """What a customer wrote, shown as written: it is no Markdown."""
    return {"role": "user", "content": _MARKDOWN.sub(r"\\\1", text)}


def saying(text: str) -> Shown:
    """A reply that is still being written."""
    # One ~ means strikethrough to the chat component, and a range such as 5~10 to a bank.
    return {"role": "assistant", "content": text.replace("~", "～")}


def replied(reply: Reply, text: Text) -> Shown:
    """A whole reply, with its sources and the AI label under it."""
    words = saying(reply.text)
    return words | {"content": [words["content"], gr.HTML(_below(reply, text), elem_classes="below", render=False)]}


def _below(reply: Reply, text: Text) -> str:
    label = text.by_ai_sourced if reply.citations else text.by_ai
    links = "".join(_link(link) for link in reply.links if _SAFE.match(link.url))
    return f'{links}{_sources(reply, text)}<p class="by-ai">{escape(label)}</p>'


def _sources(reply: Reply, text: Text) -> str:
    if not reply.citations:
        return ""
    items = "".join(_source(citation, text) for citation in reply.citations)
    summary = f"<summary>{escape(text.sources)}<b>{len(reply.citations)}</b></summary>"
    return f'<details class="sources">{summary}<ol>{items}</ol></details>'


def _source(citation: Citation, text: Text) -> str:
    page = text.page.format(page=citation.page) if citation.page else ""
    place = " · ".join(escape(part) for part in (citation.section, page) if part)
    return (
        f'<li><span class="number">{citation.number}</span>'
        f'<a href="{escape(citation.url)}" target="_blank" rel="noopener" title="{escape(text.open)}">'
        f'<span class="title">{escape(citation.title)}</span><span class="place">{place}</span></a></li>'
    )


def _link(link: Link) -> str:
    return f'<a class="way-out" href="{escape(link.url)}" target="_blank" rel="noopener">{escape(link.label)}</a>'
