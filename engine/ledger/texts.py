"""The texts behind every hash: what was in force can be read again, word by word."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.tables import text
from duewatch.engine.problems import CannotTrust

if TYPE_CHECKING:
    from sqlalchemy import Connection

TextKind = Literal["encoding", "rules", "contacts", "counting"]  # counting: regimes and calendars


def name_of(content: bytes) -> str:
    """Give the name under which a text is kept: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def keep(connection: Connection, kind: TextKind, content: bytes) -> str:
    """Keep a text, once however often it is handed in, and give its name."""
    name = name_of(content)
    connection.execute(insert_new(connection, text).values(sha256=name, kind=kind, bytes=content))
    return name


def fetch(connection: Connection, name: str) -> bytes:
    """Give back the text of a name that `keep` gave. CannotTrust where it is not there or is another text by now."""
    content: bytes | None = connection.scalar(select(text.c.bytes).where(text.c.sha256 == name))
    if content is None:
        raise CannotTrust(f"the text {name} is not in this database; restore it from a backup")
    if name_of(content) != name:
        raise CannotTrust(f"the text {name} was altered in the database; restore it from a backup")
    return content
