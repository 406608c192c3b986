"""What the documents left open, and drafts of answers to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """The questions with their groups, and the drafts."""
    op.create_index("events_by_time", "events", ["at"])
    op.create_table(
        "gap_cursor",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("read_to", sa.String(40), nullable=False),
    )
    # One row from the start: who writes the questions locks it, so it must be there for the first one too.
    op.execute("INSERT INTO gap_cursor (id, read_to) VALUES (1, '')")
    op.create_table(
        "gap_conversations",
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "gaps",
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("support", sa.Float(53), nullable=False),
        sa.Column("is_far", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("passages", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("ticket", sa.String(32)),
        sa.Column("code", sa.String(40)),
        sa.Column("satisfaction", sa.Integer),
        sa.Column("embedder", sa.String(64)),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("gap_group", sa.String(32)),
    )
    op.create_index("gaps_by_group", "gaps", ["gap_group", "at"])
    op.create_index("gaps_by_embedder", "gaps", ["embedder"])
    op.create_table(
        "gap_groups",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("leader", sa.Text, nullable=False),
        sa.Column("marks", sa.Text, nullable=False),
        sa.Column("embedder", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("answered_by", sa.Text, nullable=False),
        sa.Column("checked", sa.BigInteger, nullable=False),
        sa.Column("ignored_by", sa.String(100)),
        sa.Column("ignored_because", sa.Text, nullable=False),
    )
    op.create_table(
        "faq_drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("similar_questions", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("flow", sa.String(100)),
        sa.Column("effective_from", sa.String(10)),
        sa.Column("effective_to", sa.String(10)),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("gap_group", sa.String(32)),
        sa.Column("conversation", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("hands", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(100)),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("updated_at", sa.String(40), nullable=False),
    )
    op.create_index("faq_drafts_listed", "faq_drafts", ["status", "updated_at"])
    op.create_index("faq_drafts_by_group", "faq_drafts", ["gap_group"])
    op.create_table(
        "faq_shelf",
        sa.Column("audience", sa.String(16), primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
