"""The demo bank's approved campaigns, put into an empty table once; they say what the documents say."""

from __future__ import annotations

from pathlib import Path

import yaml
from sqlalchemy.exc import IntegrityError

from assistant import campaign_table
from assistant.audit import Audit
from assistant.campaign import Plan
from assistant.campaign_form import HostedForm
from assistant.campaign_table import CampaignTable

_FILE = Path(__file__).with_name("campaign_seed.yaml")
_SYSTEM = "system"


def plans() -> list[tuple[str, Plan]]:
    """Each host with a campaign of it."""
    forms = [HostedForm.model_validate(one) for one in yaml.safe_load(_FILE.read_text(encoding="utf-8"))]
    return [(form.host, form.plan()) for form in forms]


def plant(table: CampaignTable, audit: Audit) -> None:
    """Imports them as approved, where there is no campaign yet; of several processes that start at once, one does."""
    if table.count():
        return
    try:
        with table.writing() as connection:
            for host, plan in plans():
                campaign = campaign_table.import_approved(connection, plan, host, _SYSTEM)
                detail = {"name": plan.name, "approval_number": plan.approval_number}
                audit.note(_SYSTEM, "import_campaign", campaign, detail, within=connection)
    except IntegrityError:
        return  # another process has just done the same
