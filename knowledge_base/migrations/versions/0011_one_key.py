"""What tells whether a process holds the key that everything is sealed with; turns are found by their key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A table for one sealed text, and the index that an idempotency key is looked up by."""
    op.create_table(
        "sealed_with",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sample", sa.String(400), nullable=False),
    )
    op.create_index("turns_by_key", "turns", ["key"])
