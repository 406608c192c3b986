"""The tables of what the documents left open: the questions, their groups, and how far the events were read."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from knowledge_base.database import metadata

cursor = Table(
    "gap_cursor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("read_to", String(40), nullable=False),
)
"""One row: all that happened before this time (UTC, ISO 8601) was read. Who writes any of these tables locks it first."""
read_up_to = Table(
    "gap_conversations",
    metadata,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, nullable=False),
)
gaps = Table(
    "gaps",
    metadata,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("support", Float(53), nullable=False),
    Column("is_far", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("passages", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("ticket", String(32)),
    Column("code", String(40)),
    Column("satisfaction", Integer),
    Column("embedder", String(64)),
    Column("vector", LargeBinary),
    Column("gap_group", String(32)),
    Index("gaps_by_group", "gap_group", "at"),
    Index("gaps_by_embedder", "embedder"),
)
"""`vector` is that of the text by `embedder`, in half precision; `passages` are ids, one a line."""
groups = Table(
    "gap_groups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("audience", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("leader", Text, nullable=False),
    Column("marks", Text, nullable=False),
    Column("embedder", String(64), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("checked", BigInteger, nullable=False),
    Column("ignored_by", String(100)),
    Column("ignored_because", Text, nullable=False),
)
"""`leader` is the question that began the group, with its `vector`; `title` is the most central one.

`answered_by` is the document that answers it as of the library's generation `checked`; empty where none does.
"""
