"""The encoding in force: which texts it is made of, and its instruments read again from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement.widening import widened
from duewatch.engine.ledger import tables, texts
from duewatch.engine.ledger.days import from_day
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection

    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument
    from duewatch.rules.strengths import Verbs


_HASH: Final = "sha256:"
_SHOWN: Final = len(_HASH) + 12  # characters of a hash that are enough to tell it from others


@dataclass(frozen=True, slots=True)
class Edition:
    """An adopted set of encodings."""

    seq: int
    encoding: str  # "sha256:..."
    horizon: date  # endless series are dated up to this day
    files: tuple[dict[str, Any], ...]  # instrument, path, sha256 of the bytes, tree; bound: what its dates rest on
    adopted_at: int  # instant
    adopted_by: str

    @property
    def symbols(self) -> frozenset[str]:
        """The instruments that it is made of."""
        return frozenset(file["instrument"] for file in self.files)


def every_edition(connection: Connection) -> tuple[Edition, ...]:
    """Give all that was ever adopted, the oldest first."""
    return tuple(map(_edition, connection.execute(select(tables.edition).order_by(tables.edition.c.seq))))


def adopted(connection: Connection) -> Edition | None:
    """Give the encoding in force; None on a database that has adopted nothing yet."""
    row = connection.execute(select(tables.edition).order_by(tables.edition.c.seq.desc()).limit(1)).first()
    return None if row is None else _edition(row)


def _edition(row: Any) -> Edition:  # noqa: ANN401 - a row
    horizon, files = from_day(row.horizon), tuple(row.files)
    return Edition(row.seq, row.encoding, horizon, files, row.adopted_at, row.adopted_by)


def in_force(connection: Connection) -> Edition:
    """Give the encoding in force. BadInput where there is none yet."""
    found = adopted(connection)
    if found is None:
        raise BadInput("no encoding is adopted yet; run `duewatch load FILE`")
    return found


def edition_of(connection: Connection, encoding: str) -> Edition:
    """Give what an encoding was made of when it was last adopted. BadInput where it never was."""
    query = select(tables.edition).where(tables.edition.c.encoding == encoding).order_by(tables.edition.c.seq.desc())
    row = connection.execute(query.limit(1)).first()
    if row is None:
        raise BadInput(f"no encoding `{encoding}` was adopted here")
    return _edition(row)


def find_encoding(connection: Connection, typed: str) -> str:
    """Give the whole hash of an adopted encoding from its first digits. BadInput with all of them unless it is one."""
    first: dict[str, Edition] = {}
    for one in every_edition(connection):
        first.setdefault(one.encoding, one)
    digits = typed.removeprefix(_HASH)
    fitting = [name for name in first if digits and name.removeprefix(_HASH).startswith(digits)]
    if len(fitting) == 1:
        return fitting[0]
    days = ((one, datetime.fromtimestamp(one.adopted_at, UTC).date()) for one in first.values())
    listed = "; ".join(f"{one.encoding[:_SHOWN]} adopted on {day} by {one.adopted_by}" for one, day in days)
    how = f"the first digits of {len(fitting)} encodings" if fitting else "the beginning of no adopted encoding"
    raise BadInput(f"`{typed}` is {how}; there are: {listed or 'none'}")


def instrument_of(connection: Connection, rules: Rules, symbol: str, edition: Edition | None = None) -> Instrument:
    """Read the instrument again from the text that was adopted: the file on disk may differ by now.

    `edition`: the one to read it from; the one in force where none is given.
    """
    edition = edition or in_force(connection)
    for file in edition.files:
        if file["instrument"] == symbol:
            text = _Text(texts.fetch(connection, file["sha256"]), file["path"], rules.hash, rules.verbs)
            return widened(_read(text), library_of(connection, symbol, edition))
    raise BadInput(f"`{symbol}` is no instrument of the adopted encoding")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of an encoding; under the same rules it is the same instrument."""

    content: bytes
    path: str
    rules: str  # their hash
    verbs: Mapping[str, Verbs] = field(compare=False)
    read: Instrument | None = field(default=None, compare=False)  # where somebody has read it already


@lru_cache(maxsize=8)
def _read(text: _Text) -> Instrument:
    """Read an instrument once in a process: recording many facts asks for it many times."""
    from duewatch.engine.encoding.parse import read_instrument  # most questions need no text

    if text.read is not None:
        return text.read
    return read_instrument(text.content, text.verbs, name=text.path)[0]


def keep_read(content: bytes, path: str, rules: Rules, instrument: Instrument) -> None:
    """Keep an instrument in mind for a text that is about to be adopted, so that nobody needs to read it again."""
    _read(_Text(content, path, rules.hash, rules.verbs, instrument))


def library_of(connection: Connection, symbol: str, edition: Edition | None = None) -> Library:
    """Give the library with the regimes and calendars as they were when the instrument was adopted.

    `edition`: the one in force where none is given.
    """
    from duewatch.engine.reckoning.library import Library

    files = (edition or in_force(connection)).files
    bound: dict[str, str] = next((file.get("bound", {}) for file in files if file["instrument"] == symbol), {})
    return Library(held=tuple((name, texts.fetch(connection, sha256)) for name, sha256 in sorted(bound.items())))
