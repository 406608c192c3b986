"""What a colleague may do next for a customer, by the bank's rules and what the bank tells of the customer; never a sale in trouble."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from assistant.campaign import Campaign
from assistant.customer_card import CustomerCard
from assistant.draft_rules import Expression
from assistant.part import Part, Text
from assistant.reply import Citation
from assistant.source import Source, Sources, first_with
from knowledge_base.passage import Audience
from knowledge_base.search import Search

_FILE = Path(__file__).with_name("next_action.yaml")
_ADULT = 18


class NextRule(Part):
    """When something is next: expressions found in what the bank tells, ages, or an open task; where the reason stands."""

    open_matters: Expression | None = None
    products: Expression | None = None
    risk_level: Expression | None = None
    min_age: int | None = None
    task: bool = False
    sale: bool = False
    do: Text
    why: Text
    path: str = ""
    says: str = ""


class CampaignRule(Part):
    """How a campaign is put."""

    do: Text
    why: Text


class NextRules(Part):
    """The rules in their order; at most so many are shown."""

    most: int
    quiet_matters: Expression
    rules: tuple[NextRule, ...]
    campaign: CampaignRule


@dataclass(frozen=True)
class NextAction:
    """One thing to do, why, and where the rule or the campaign stands."""

    do: str
    why: str
    citation: Citation | None = None


class NextActions:
    """Works out what is next; `campaigns` tells which run at a branch on a day."""

    def __init__(self, search: Search, campaigns: Callable[[str, date], Sequence[Campaign]]) -> None:
        self._rules = load()
        patterns = [re.escape(path) for path in dict.fromkeys(rule.path for rule in self._rules.rules) if path]
        self._sources = Sources(search, patterns)
        self._campaigns = campaigns

    def of(
        self, card: CustomerCard, day: date, language: str, *, task: str | None = None, trouble: bool = False
    ) -> tuple[NextAction, ...]:
        """A few things in order; nothing of a sale in `trouble`, beside an open complaint, to a child or at an unknown age."""
        matters = " ".join(card.open_matters)
        grown = card.age is not None and card.age >= _ADULT
        sells = grown and not trouble and not re.search(self._rules.quiet_matters, matters)
        passages = self._sources.of(Audience.STAFF, day)
        found = [*self._by_rule(card, task, language, passages, sells=sells)]
        campaigns = self._by_campaign(card, day, language) if sells else ()
        return (*found, *campaigns)[: self._rules.most]

    def _by_rule(
        self, card: CustomerCard, task: str | None, language: str, passages: Sequence[Source], *, sells: bool
    ) -> Iterator[NextAction]:
        for rule in self._rules.rules:
            if _holds(rule, card, task) and (sells or not rule.sale):
                there = [one for one in passages if rule.path and rule.path in one.document.path]
                source = first_with(there, [rule.says]) if there else None
                do = rule.do.of(language).format(task=task or "")
                yield NextAction(do, rule.why.of(language), source.cited(1) if source else None)

    def _by_campaign(self, card: CustomerCard, day: date, language: str) -> Iterator[NextAction]:
        text = self._rules.campaign
        for one in self._campaigns(card.branch, day):
            if one.conditions.met_by(card):
                told = {"name": one.name, "reward": one.reward, "audience": one.audience}
                days = {"starts": one.starts, "ends": one.ends}
                do, why = (words.of(language).format(**told, **days) for words in (text.do, text.why))
                yield NextAction(do, why, one.citation)


def _holds(rule: NextRule, card: CustomerCard, task: str | None) -> bool:
    told = (
        (rule.open_matters, " ".join(card.open_matters)),
        (rule.products, " ".join(card.products)),
        (rule.risk_level, card.risk_level),
    )
    if any(pattern is not None and not re.search(pattern, text) for pattern, text in told):
        return False
    if rule.min_age is not None and (card.age is None or card.age < rule.min_age):
        return False
    return task is not None or not rule.task


@cache
def load() -> NextRules:
    """The rules; raises ValidationError when one is missing or unknown."""
    return NextRules.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
