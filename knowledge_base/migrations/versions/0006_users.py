"""The bank's people who may sign in, and the sign-ins that were ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The users with a row that wrong names are counted at, the ended sign-ins, and a way to an audit entry by its thing."""
    op.create_table(
        "users",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("display_name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("branch", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(500), unique=True),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.String(40)),
    )
    op.execute(
        "INSERT INTO users (name, display_name, role, branch, password_hash, disabled, stamp, created_at, failed) "
        "VALUES ('', '', 'staff', '', '', true, '', '', 0)"
    )
    op.create_table(
        "signed_out",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("until", sa.String(40), nullable=False),
    )
    op.create_index("ix_signed_out_until", "signed_out", ["until"])
    op.create_index("audit_by_what", "audit", ["what", "number"])
