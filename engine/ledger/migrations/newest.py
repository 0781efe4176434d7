"""The newest revision in `versions/`, so that a start need not ask Alembic."""

from __future__ import annotations

from typing import Final

HEAD: Final = "0006"
