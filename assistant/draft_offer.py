"""What a text for customers may not offer: gifts for deposits, private products, loans by their daily rate alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant import draft_rules
from assistant.draft_rules import Refusal
from knowledge_base.text import fold, sentences

_CLAUSE = re.compile(r"[^,;!?:。…\n]+")


def refused(text: str) -> Iterator[tuple[Refusal, str]]:
    """Each rule that a text breaks, with the words that break it; clauses that warn of something offer nothing."""
    folded = fold(text)
    said = offers(folded)
    for rule in draft_rules.load().refusals.values():
        words = None if re.search(rule.unless, folded) else _together(rule, said)
        if words:
            yield rule, words


def offers(folded: str) -> list[str]:
    """The sentences of a folded text, without the clauses that warn of something."""
    return [_offer(one, draft_rules.load().warns) for one in sentences(folded)]


def _offer(sentence: str, warns: str) -> str:
    return ",".join(clause for clause in _CLAUSE.findall(sentence) if not re.search(warns, clause))


def _together(rule: Refusal, said: Sequence[str]) -> str | None:
    """The words that a rule forbids beside each other, in one sentence or in two that follow on each other."""
    for sentence, following in zip(said, [*said[1:], ""], strict=True):
        both = f"{sentence}。{following}"
        about, also = re.search(rule.about, both), re.search(rule.also, both)
        if about and also:
            return "…".join(dict.fromkeys(one.group() for one in (about, also) if one.group()))
    return None
