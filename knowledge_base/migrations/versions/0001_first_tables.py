"""The library, its indexes, conversations with their events and turns, and tickets.

Databases from before there were migrations have some of these tables or all; they get what they lack.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables that are missing."""
    _library()
    _conversations()
    _tickets()


def _library() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("revision", sa.String(16), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("embedder", sa.String(64), nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("ingested_at", sa.String(32), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("vectors", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_index("passages_by_document", "passages", ["document", "number"], if_not_exists=True)
    op.create_table(
        "library_generation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger),
        if_not_exists=True,
    )
    # One row from the start: who changes the library locks it, so it must be there for the first one too.
    op.execute(
        "INSERT INTO library_generation (id, number) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM library_generation)"
    )
    op.create_table(
        "indexed",
        sa.Column("index", sa.String(64), primary_key=True),
        sa.Column("document", sa.String(32), primary_key=True),
        sa.Column("revision", sa.String(16), nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        if_not_exists=True,
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("started_at", sa.String(40), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "events",
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("conversation", "number"),
        sa.UniqueConstraint("conversation", "key"),
        if_not_exists=True,
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("frame", sa.String(100), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("skill", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("closed_at", sa.String(40)),
        sa.Column("closed_by", sa.String(100)),
        if_not_exists=True,
    )
    op.create_index("ix_tickets_status", "tickets", ["status"], if_not_exists=True)
