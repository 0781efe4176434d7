"""The texts behind every hash: what was in force can be read again, word by word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import LargeBinary, cast, select

from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.tables import edition, text
from duewatch.engine.problems import CannotTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

# SQLite keeps in any column what it is given: bytes that somebody turned into a text are read as bytes again.
_content = cast(text.c.bytes, LargeBinary)

TextKind = Literal["encoding", "rules", "contacts", "counting"]  # counting: regimes and calendars
