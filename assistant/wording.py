"""The assistant's own sentences, in Chinese and English, kept in wording/*.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "wording"
_CJK = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Wording:
    """Every sentence in one language; {bank}, {name} and {hotline} are filled in."""

    welcome: str
    welcome_staff: str
    greeting: str
    thanks: str
    goodbye: str
    identity: str
    ability: str
    unclear: str
    abstain: str
    abstain_nearest: str
    abstain_plain: str
    abstain_again: str
    as_of: str
    human: str
    human_choice: str
    nothing_to_repeat: str
    stale_choice: str
    search_failed: str
    too_long: str
    nothing_said: str


class Wordings:
    """The sentences of each language that the assistant speaks."""

    def __init__(self, bank: str, name: str, hotline: str) -> None:
        self._languages = {path.stem: _load(path, bank, name, hotline) for path in sorted(_FOLDER.glob("*.yaml"))}

    def of(self, locale: str, message: str = "") -> Wording:
        """The language of the message, or the locale's where the message shows none."""
        if _CJK.search(message):
            return self._languages["zh"]
        if re.search("[A-Za-z]{2}", message):
            return self._languages["en"]
        return self._languages["en" if locale.lower().startswith("en") else "zh"]


def _load(path: Path, bank: str, name: str, hotline: str) -> Wording:
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = {field.name for field in fields(Wording)}
    if set(texts) != names:
        raise ValueError(f"{path.name} lacks or has too many of: {', '.join(sorted(names ^ set(texts)))}")
    known = {"bank": bank, "name": name, "hotline": hotline, "day": "{day}", "length": "{length}", "limit": "{limit}"}
    return Wording(**{key: text.format(**known) for key, text in texts.items()})
