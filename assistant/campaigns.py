"""The campaigns as others ask for them: those that run at a branch today, each with where the documents tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant import answering
from assistant.campaign import Campaign
from assistant.campaign_table import CampaignTable
from assistant.reply import Citation
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from knowledge_base.text import fold


class Campaigns:
    """Reads campaigns; who may change them, and how, is CampaignDesk's to say."""

    def __init__(self, table: CampaignTable, search: Search) -> None:
        self._table = table
        self._search = search

    def applying(self, branch: str, day: date) -> list[Campaign]:
        """The live ones of the head office and of this branch, those that end first first; all may read their citations."""
        return [self.cited(one, day) for one in self._table.running(branch, day)]

    def live(self, day: date) -> list[Campaign]:
        """The live ones of every host, those that end first first; without citations."""
        return self._table.live(day)

    def cited(self, campaign: Campaign, day: date) -> Campaign:
        """A campaign with the passage for customers that tells of it by its name, where there is one."""
        return replace(campaign, citation=self._source(campaign.name, day))

    def _source(self, name: str, day: date) -> Citation | None:
        self._search.refresh()
        rows = self._search.rows(fold(name), Audience.CUSTOMER, day)
        return answering.cite(1, rows[0]) if rows else None
