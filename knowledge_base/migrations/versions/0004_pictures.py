"""Pictures that customers show to whoever reviews their wish, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("ticket", sa.String(32), sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_pictures_conversation", "pictures", ["conversation"])
    op.create_index("ix_pictures_ticket", "pictures", ["ticket"])
