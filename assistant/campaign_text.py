"""What is said of campaigns, kept in campaign_text.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from assistant.part import Part, Text

_FILE = Path(__file__).with_name("campaign_text.yaml")


class Elements(Part):
    """What is said of each thing that a campaign lacks."""

    dates: Text
    audience: Text
    quota: Text
    rules: Text
    reward: Text
    approval_number: Text
    phone: Text
    same_number: Text
    over: Text


class CampaignText(Part):
    """Every text in both languages; `must_be_on` names a privacy choice, `quiet` is an expression in folded text."""

    elements: Elements
    phrase: Text
    refused: Text
    mention: Text
    must_be_on: str
    quiet: str


@cache
def load() -> CampaignText:
    """The texts; raises ValidationError when one is missing or unknown."""
    return CampaignText.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
