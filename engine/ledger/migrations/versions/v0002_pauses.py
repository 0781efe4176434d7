"""Channels that are not tried for a while."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_pause = Table(
    "pause",
    MetaData(),
    Column("channel", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("why", Text, nullable=False),
)


def upgrade() -> None:
    """Make the table; nothing else changes, so that no guard is lost."""
    _pause.create(op.get_bind(), checkfirst=False)
