"""The desk: tickets that people take, and the people who take them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Tickets of before, all of them reviews, are kept."""
    op.rename_table("tickets", "old_tickets")
    op.drop_index("ix_tickets_status", "old_tickets")
    _tickets()
    op.execute(_KEPT)
    op.drop_table("old_tickets")
    _agents()


_KEPT = """
    INSERT INTO tickets (id, conversation, kind, status, reason, skill, text, rank, front, asked_at, opened_at, queued_at,
        seen_at, frame, senior, two_people, passed, closed_at, closed_by, note)
    SELECT id, conversation, 'review', status, 'review', skill, text, 0, false, opened_at, opened_at, opened_at,
        opened_at, frame, false, false, '', closed_at, closed_by, ''
    FROM old_tickets
"""


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("skill", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("rank", sa.Float(53), nullable=False),
        sa.Column("front", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("queued_at", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
        sa.Column("frame", sa.String(100)),
        sa.Column("customer", sa.String(100)),
        sa.Column("senior", sa.Boolean, nullable=False),
        sa.Column("level", sa.String(40)),
        sa.Column("two_people", sa.Boolean, nullable=False),
        sa.Column("first_reviewer", sa.String(100)),
        sa.Column("due_at", sa.String(40)),
        sa.Column("wanted", sa.String(100)),
        sa.Column("offered_to", sa.String(100)),
        sa.Column("offered_until", sa.String(40)),
        sa.Column("passed", sa.Text, nullable=False),
        sa.Column("claimed_by", sa.String(100)),
        sa.Column("claimed_at", sa.String(40)),
        sa.Column("answered_at", sa.String(40)),
        sa.Column("closed_at", sa.String(40)),
        sa.Column("closed_by", sa.String(100)),
        sa.Column("code", sa.String(40)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("satisfaction", sa.Integer),
    )
    op.create_index("ix_tickets_conversation", "tickets", ["conversation"])
    op.create_index("ix_tickets_claimed_by", "tickets", ["claimed_by"])
    op.create_index("tickets_waiting", "tickets", ["status", "skill", "rank"])


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("shown_as", sa.String(100), nullable=False),
        sa.Column("presence", sa.String(16), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("skills", sa.Text, nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
        sa.Column("free_since", sa.String(40), nullable=False),
    )
