"""Conversations are listed, the newest first."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The index that the list is read by."""
    op.create_index("conversations_by_time", "conversations", ["started_at", "id"])
