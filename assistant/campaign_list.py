"""Which campaigns run at a colleague's branch today, as a table with where the documents tell of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.campaign import Campaign
from assistant.part import Part, Text
from assistant.reply import Citation
from knowledge_base.text import fold

_FILE = Path(__file__).with_suffix(".yaml")


class ListText(Part):
    """How it is asked for, and how it is told."""

    asks: tuple[str, ...]
    head_office: Text
    running: Text
    nothing: Text
    minds: Text
    columns: Mapping[str, Text]
    days: Text
    left: Text


def asked(message: str) -> bool:
    """Whether a message asks for nothing but the campaigns that run."""
    folded = fold(message.strip())
    return any(re.fullmatch(pattern, folded) for pattern in _told().asks)


def told(running: Sequence[Campaign], branch: str, language: str) -> tuple[str, tuple[Citation, ...]]:
    """The table, and the citations that its numbers stand for."""
    words = _told()
    where = branch or words.head_office.of(language)
    if not running:
        return words.nothing.of(language).format(branch=where), ()
    cited = [one.citation for one in running if one.citation]
    citations = tuple(replace(one, number=number) for number, one in enumerate(cited, start=1))
    marks = iter(f" [{one.number}]" for one in citations)
    heads = [column.of(language) for column in words.columns.values()]
    rows = [heads, ["---"] * len(heads)]
    rows += [_row(one, next(marks) if one.citation else "", language) for one in running]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    first = words.running.of(language).format(branch=where, count=len(running))
    return f"{first}\n\n{table}\n\n{words.minds.of(language)}", citations


def _row(campaign: Campaign, mark: str, language: str) -> list[str]:
    words, left = _told(), campaign.left
    days = words.days.of(language).format(starts=campaign.starts, ends=campaign.ends)
    quota = words.left.of(language).format(quota=campaign.quota, left=f"{left:,}") if left else campaign.quota
    known: Mapping[str, Any] = {"name": campaign.name + mark, "days": days, "quota": quota}
    return [_cell(str(known.get(name) or getattr(campaign, name))) for name in words.columns]


def _cell(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.replace("|", "\uff5c").split())


@cache
def _told() -> ListText:
    return ListText.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
