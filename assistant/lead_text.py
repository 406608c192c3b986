"""What customers are asked and told about a task that they left, kept in lead.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from assistant.part import Part, Text

_FILE = Path(__file__).with_name("lead.yaml")


class LeadText(Part):
    """Every text in both languages; `version` is of `offer`, `must_be_on` names the privacy choices that an offer needs."""

    version: str
    must_be_on: tuple[str, ...]
    offer: Text
    agree: Text
    decline: Text
    plainly: Text
    agreed: Text
    declined: Text
    withdraw: Text
    withdrawn: Text
    nothing: Text
    steps: Mapping[str, Text]


@cache
def load() -> LeadText:
    """The texts; raises ValidationError when one is missing or unknown."""
    return LeadText.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
