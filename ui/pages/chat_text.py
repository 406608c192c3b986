"""The words of the customer chat page, kept in chat_text.yaml."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from assistant.settings import Settings

_FILE = Path(__file__).with_name("chat_text.yaml")
# Filled in where the text is used.
_LATER = ("page", "customer", "purpose")


@dataclass(frozen=True)
class Text:
    """Everything the page says in one language."""

    language: str
    title: str
    role: str
    notice: str
    placeholder: str
    send: str
    human: str
    restart: str
    conversation: str
    sources: str
    page: str
    open: str
    copy: str
    copied: str
    by_ai: str
    by_ai_sourced: str
    thanks: str
    too_long: str
    failed: str
    not_pressed: str
    not_opened: str
    not_rated: str
    forgotten: str
    code_placeholder: str
    task: str
    under_way: str
    cancel: str
    offered: str
    app: str
    demo: str
    sign_in: str
    sign_in_to_go_on: str
    signed_in: str
    sign_in_heading: str
    sign_in_hint: str
    sign_out: str
    close: str
    now_in: str
    is_in: str
    is_out: str
    not_signed_in: str
    phone: str
    phone_hint: str
    text_message: str
    any_purpose: str


def load(settings: Settings) -> dict[str, Text]:
    """The page's words by language; raises ValueError when one is missing or unknown."""
    known = {
        "bank": settings.bank_name,
        "name": settings.assistant_name,
        "hotline": settings.hotline,
        "limit": settings.max_message_characters,
        **{name: f"{{{name}}}" for name in _LATER},
    }
    return {
        language: _text(language, words, known)
        for language, words in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items()
    }


def _text(language: str, words: dict[str, str], known: dict[str, object]) -> Text:
    names = {field.name for field in fields(Text)} - {"language"}
    if set(words) != names:
        raise ValueError(f"{_FILE.name} ({language}) lacks or has too many of: {', '.join(sorted(names ^ set(words)))}")
    return Text(language, **{key: text.format(**known) for key, text in words.items()})


def locale(accepted: str) -> str:
    """The locale of a browser by its Accept-Language: Chinese, unless another language comes first."""
    first = accepted.split(",")[0].split(";")[0].strip().lower()
    return "zh-CN" if first in ("", "*") or first.startswith("zh") else "en"
