"""Employers by their registered names, for what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import Connection

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer

KEEP = "keep"
_MOST = 4
_FILE = Path(__file__).parents[1] / "employers.yaml"


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Names that hold all that was typed, in its order; to keep what was typed is always possible."""
    del connection
    typed = given.text(inputs, "employer")
    if typed in (*_employers(), customer.record["employer"]):
        return Answer("known")
    found = [name for name in _employers() if _holds(name, typed)][:_MOST]
    if not found:
        return Answer("none")
    keep = {
        "id": KEEP,
        "label": shown.choose(locale, f"就用“{typed}”", f"Keep “{typed}”"),
        "also": "都不是|none of them",
    }
    return Answer("found", {"employers": [*({"id": name, "label": name} for name in found), keep]})


def _holds(name: str, typed: str) -> bool:
    """Whether a name has the typed characters in their order; 青禾软件 is within 杭州青禾软件有限公司."""
    left = iter(name)
    return all(character in left for character in typed.replace(" ", "").removesuffix("公司"))


@cache
def _employers() -> tuple[str, ...]:
    return tuple(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
