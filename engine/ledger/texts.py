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

TextKind = Literal["encoding", "rules", "contacts", "counting", "portfolio"]  # counting: regimes and calendars


@dataclass(frozen=True, slots=True, order=True)
class Flawed:
    """A kept text that cannot be trusted, and why; the name may be that of a text that is gone."""

    name: str
    why: str


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
    content: bytes | None = connection.scalar(select(_content).where(text.c.sha256 == name))
    if content is None:
        raise CannotTrust(f"the text {name} is not in this database; restore it from a backup")
    if name_of(content) != name:
        raise CannotTrust(f"the text {name} was altered in the database; restore it from a backup")
    return content


def everything(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Give every kept text with its name, in the order of the names, whether it is intact or not."""
    one_by_one = select(text.c.sha256, _content).order_by(text.c.sha256).execution_options(yield_per=1)
    yield from connection.execute(one_by_one)


def verify(connection: Connection) -> list[Flawed]:
    """List the texts that are no longer what their names say, and those that an adopted encoding names in vain."""
    intact = {name: name_of(content) == name for name, content in everything(connection)}
    altered = {
        Flawed(name, "was altered: its bytes do not give its hash") for name, whole in intact.items() if not whole
    }
    files = [file for files in connection.scalars(select(edition.c.files)) for file in files]
    named = {file["sha256"]: file["path"] for file in files}
    named |= {sha256: name for file in files for name, sha256 in file.get("bound", {}).items()}
    gone = {Flawed(name, f"is missing: it was adopted as {path}") for name, path in named.items() if name not in intact}
    return sorted(altered | gone)
