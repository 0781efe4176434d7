"""What each reading answers to each doubt of its entry, so that a question can be decided."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_answer = Table(
    "answer",
    MetaData(),
    Column("encoding", Text, primary_key=True),
    Column("obligation", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("answer", Text, nullable=False),
    Column("is_default", Integer, nullable=False),
    Column("noted", Integer, nullable=False),
    Index("answer_by_question", "encoding", "question"),
)


def upgrade() -> None:
    """Make the table; encodings that were adopted before get their rows with the first decision."""
    _answer.create(op.get_bind(), checkfirst=False)
