"""What must be mended in a campaign before it can be submitted: what is missing, and what it may not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant import agent_guard, campaign_text, draft_offer, draft_phrase
from assistant.campaign import Plan

_NUMBER = re.compile(r"云杉[\u4e00-\u9fff]?营审\u301420[0-9]{2}\u3015第[0-9]{3}号")
_PHONE = re.compile(r"(400-[0-9]{3}-[0-9]{4}|0[0-9]{2,3}-[0-9]{4}-[0-9]{4})")


def problems(plan: Plan, day: date, language: str) -> list[str]:
    """What is wrong, a sentence each, in `zh` or `en`; nothing where it can be submitted on `day`."""
    return [*_lacking(plan, day, language), *_forbidden(plan, language)]


def same_number(language: str) -> str:
    """Another campaign has this approval number."""
    return campaign_text.load().elements.same_number.of(language)


def _lacking(plan: Plan, day: date, language: str) -> Iterator[str]:
    told = campaign_text.load().elements
    checks = (
        (told.dates, plan.starts is not None and plan.ends is not None and plan.starts <= plan.ends),
        (told.over, plan.ends is None or plan.ends >= day),
        (told.audience, plan.audience),
        (told.reward, plan.reward),
        (told.quota, plan.quota and plan.places),
        (told.rules, plan.rules),
        (told.approval_number, _NUMBER.fullmatch(plan.approval_number)),
        (told.phone, _PHONE.fullmatch(plan.phone) and not agent_guard.is_personal(plan.phone, ())),
    )
    yield from (text.of(language) for text, holds in checks if not holds)


def _forbidden(plan: Plan, language: str) -> Iterator[str]:
    told = campaign_text.load()
    texts = (plan.organiser, plan.name, plan.audience, plan.reward, plan.quota, plan.rules, plan.approval_number)
    said = "\n".join(texts)
    for promise in draft_phrase.found(said):
        yield told.phrase.of(language).format(words=promise.words, instead=promise.instead.of(language))
    for rule, words in draft_offer.refused(said):
        yield told.refused.of(language).format(words=words, reason=rule.reason.of(language))
