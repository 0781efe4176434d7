"""What later instruments do to earlier ones, and the ids that obligations had before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_metadata = MetaData()
_effect = Table(
    "effect",
    _metadata,
    Column("encoding", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("instrument", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("since", Integer, nullable=False),
    Column("moves_to", Text, nullable=False),
    Column("date", Integer),
    Column("item", Text, nullable=False),
    Column("ordinal", Integer),
    Column("how", Text, nullable=False),
    Column("provision", Text, nullable=False),
    Column("note", Text, nullable=False),
    Index("effect_by_target", "encoding", "target"),
)
_renamed = Table(
    "renamed",
    _metadata,
    Column("encoding", Text, primary_key=True),
    Column("former", Text, primary_key=True),
    Column("obligation", Text, nullable=False),
)


def upgrade() -> None:
    """Make the tables; encodings that were adopted before speak of no other instrument and rename nothing."""
    _metadata.create_all(op.get_bind(), checkfirst=False)
