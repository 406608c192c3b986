"""Leads: tasks that customers left unfinished, and agreed to be called about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "leads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("customer", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("branch", sa.String(100), nullable=False),
        sa.Column("flow", sa.String(100), nullable=False),
        sa.Column("frame", sa.String(100), nullable=False),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("stopped_at", sa.String(40), nullable=False),
        sa.Column("resumed", sa.Boolean, nullable=False),
        sa.Column("consented_at", sa.String(40), nullable=False),
        sa.Column("consent_version", sa.String(40), nullable=False),
        sa.Column("consent_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("taken_by", sa.String(100)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
    )
    op.create_index("leads_by_customer", "leads", ["customer", "flow"])
    op.create_index("leads_listed", "leads", ["status", "branch", "stopped_at"])
