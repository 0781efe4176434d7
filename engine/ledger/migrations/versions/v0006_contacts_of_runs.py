"""Which contacts an evaluation routed by: their text is kept, as that of every encoding is."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that is null for all earlier runs: what their contacts were nobody kept."""
    op.add_column("run", Column("contacts", Text))
