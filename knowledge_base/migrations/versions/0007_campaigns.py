"""Campaigns, and the places taken of them day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("organiser", sa.String(100), nullable=False),
        sa.Column("starts", sa.String(10)),
        sa.Column("ends", sa.String(10)),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("conditions", sa.Text, nullable=False),
        sa.Column("reward", sa.Text, nullable=False),
        sa.Column("quota", sa.Text, nullable=False),
        sa.Column("places", sa.Integer),
        sa.Column("daily", sa.Boolean, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("approval_number", sa.String(60), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("submitted_by", sa.String(100)),
        sa.Column("submitted_at", sa.String(40)),
        sa.Column("approved_by", sa.String(100)),
        sa.Column("approved_at", sa.String(40)),
        sa.Column("ended_by", sa.String(100)),
        sa.Column("ended_at", sa.String(40)),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("campaigns_running", "campaigns", ["status", "starts", "ends"])
    op.create_table(
        "campaign_uses",
        sa.Column("campaign", sa.String(32), sa.ForeignKey("campaigns.id"), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("used", sa.Integer, nullable=False),
    )
