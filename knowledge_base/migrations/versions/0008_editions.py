"""Editions of documents as editors keep them, each with its file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One table; files of the knowledge folder come into it when an editor first acts on them."""
    op.create_table(
        "editions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("hands", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("published_by", sa.String(100)),
        sa.Column("published_at", sa.String(40)),
        sa.Column("withdrawn_by", sa.String(100)),
        sa.Column("withdrawn_at", sa.String(40)),
        sa.Column("withdrawn_why", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("document", "number", name="editions_by_document"),
    )
