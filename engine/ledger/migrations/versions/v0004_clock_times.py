"""The clock time of an event, where it is known: hours are counted from it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that is null in all that was recorded before: no hash changes, and no guard is lost."""
    op.add_column("fact", Column("at", BigInteger))
