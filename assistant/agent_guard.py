"""Warns a person of the bank of what a message should not say, before it is sent: as a colleague would, not as a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant import guard
from assistant.part import Text
from knowledge_base.text import fold

_FILE = Path(__file__).with_name("agent_guard.yaml")
_CLAUSES = re.compile(r"[,;!?:。…\n]|\.(?![0-9])")
_QUOTES = re.compile('[“”"「」《》]')
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_TEN_THOUSANDS = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?万")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True)
class Caution:
    """What is wrong with a message, in one sentence that says what to do instead."""

    kind: Literal["promise", "secret", "figure", "personal"]
    sentence: str


@dataclass(frozen=True)
class Promise:
    """Words that nobody of the bank may say, what to say instead, and how the bank's list of forbidden phrases puts it, if it does."""

    words: str
    instead: Text
    row: str


@dataclass(frozen=True)
class _Rule:
    says: re.Pattern[str]
    unless: re.Pattern[str]
    even_if_denied: bool
    instead: Text
    row: str = ""


@dataclass(frozen=True)
class _Rules:
    denied: re.Pattern[str]
    refuted: re.Pattern[str]
    asks: re.Pattern[str]
    promises: tuple[_Rule, ...]
    secrets: _Rule
    allowed: re.Pattern[str]
    figures: Text
    personal: Text
    found: Text


def warnings(text: str, sources: Sequence[str], language: str) -> tuple[Caution, ...]:
    """What to mind in a message before it goes out, the gravest first; nothing for an ordinary one.

    `sources` are the texts in which a figure may stand; the sentences are in `zh` or `en`.
    """
    rules, clauses = _rules(), _split(text)
    told = (Caution("promise", _told(one.words, one.instead, rules, language)) for one in promises(text))
    found = [*_secrets(clauses, rules, language), *told]
    figures = unsupported(text, sources)
    if figures:
        found.append(Caution("figure", rules.figures.of(language).format(figures="”“".join(figures))))
    if is_personal(text, sources):
        found.append(Caution("personal", rules.personal.of(language)))
    return tuple(found)


def promises(text: str, reach: int | None = None) -> tuple[Promise, ...]:
    """What a text promises that may not be promised, each rule once; nothing where the same clause denies it or warns of it.

    `reach` is how many characters before the words a denial counts, where not all of the clause is to.
    """
    rules, clauses = _rules(), _split(text)
    found = (
        (next((words for one in clauses if (words := _promised(one, rule, rules, reach))), None), rule)
        for rule in rules.promises
    )
    return tuple(Promise(words, rule.instead, rule.row) for words, rule in found if words)


def _split(text: str) -> list[str]:
    bare = _QUOTES.sub("", _THOUSANDS.sub("", fold(text)))
    return [clause.strip() for clause in _CLAUSES.split(bare) if clause.strip()]


def unsupported(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The figures of a message that need a source and stand in none, however they are written: 2万, 20,000 and 20000 are one."""
    told = _rules().allowed.sub(" ", fold(text))
    return tuple(dict.fromkeys(guard.unsupported_figures(_plain(told), [_plain(fold(source)) for source in sources])))


def unsourced(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    """All figures of a text that is published, waiting times and dates too, that stand in none of the sources."""
    return tuple(
        dict.fromkeys(guard.unsupported_figures(_plain(fold(text)), [_plain(fold(source)) for source in sources]))
    )


def _plain(text: str) -> str:
    return _TEN_THOUSANDS.sub(lambda found: f"{float(found.group(1)) * 10_000:.0f}", _THOUSANDS.sub("", text))


def _secrets(clauses: Sequence[str], rules: _Rules, language: str) -> Iterator[Caution]:
    """A code or a password is asked for: told once, however often it is."""
    for clause in clauses:
        found = rules.secrets.says.search(clause)
        if found and not rules.secrets.unless.search(clause) and not rules.denied.search(clause[: found.end()]):
            yield Caution("secret", _told(found.group(), rules.secrets.instead, rules, language))
            return


def _promised(clause: str, rule: _Rule, rules: _Rules, reach: int | None) -> str | None:
    if rule.unless.search(clause) or rules.asks.search(clause):
        return None
    for found in rule.says.finditer(clause):
        nearest = 0 if reach is None else max(0, found.start() - reach)
        before, behind = clause[nearest : found.start()], clause[found.end() :]
        if rule.even_if_denied or not (rules.denied.search(before) or rules.refuted.search(behind)):
            return found.group()
    return None


def _told(words: str, instead: Text, rules: _Rules, language: str) -> str:
    return rules.found.of(language).format(words=words, instead=instead.of(language))


def is_personal(text: str, sources: Sequence[str]) -> bool:
    """Whether something would be covered; the bank's own addresses, which stand in its documents, are nobody's."""
    known = {mail for source in sources for mail in _MAIL.findall(source)}
    rest = _MAIL.sub(lambda found: "" if found.group() in known else found.group(), text)
    narrow = guard.narrowed(rest)
    return guard.mask(narrow) != narrow


@cache
def _rules() -> _Rules:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    words = content["words"]
    texts = {name: Text.model_validate(content[name]) for name in ("figures", "personal", "found")}
    return _Rules(
        denied=re.compile(content["denied"]),
        refuted=re.compile(content["refuted"]),
        asks=re.compile(content["asks"]),
        promises=tuple(_rule(rule, words) for rule in content["promises"]),
        secrets=_rule(content["secrets"], words),
        allowed=re.compile("|".join(f"(?:{pattern})" for pattern in content["allowed"]), re.MULTILINE),
        **texts,
    )


def _rule(content: Mapping[str, Any], words: Mapping[str, str]) -> _Rule:
    joined = "|".join(f"(?:{pattern})" for pattern in content["says"])
    for name, alternatives in words.items():
        joined = joined.replace(f"<{name}>", f"(?:{alternatives})")
    unless = re.compile(content.get("unless", "(?!)"))
    instead, row = Text.model_validate(content["instead"]), content.get("row", "")
    return _Rule(re.compile(joined), unless, content.get("even_if_denied", False), instead, row)
