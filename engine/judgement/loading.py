"""Which encodings stand together after a load: those given, and of the adopted ones whatever they do not replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.judgement.adopting import Source
from duewatch.engine.judgement.editions import adopted
from duewatch.engine.ledger import texts
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.library import Library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.encoding.rulefiles import Rules


def together(
    connection: Connection, rules: Rules, given: Sequence[Source], *, dropped: Sequence[str] = ()
) -> list[Source]:
    """Give the encodings that stand after `given` are loaded, in the order in which they were adopted, new ones last.

    One that is given takes the place of the adopted one of the same symbol; the others are read again from the texts
    that were kept. `dropped` are the symbols that are to stand no longer. BadInput for one that does not stand.
    """
    edition = adopted(connection)
    files = edition.files if edition else ()
    standing = [file["instrument"] for file in files]
    for symbol in dropped:
        if symbol not in standing:
            raise BadInput(f"`{symbol}` is not adopted; there are {', '.join(standing) or 'none'}")
    new = {source.instrument.symbol: source for source in given}
    if both := [symbol for symbol in dropped if symbol in new]:
        raise BadInput(f"`{both[0]}` is loaded and dropped at once")
    kept = [
        new.get(file["instrument"]) or adopted_source(connection, rules, file)
        for file in files
        if file["instrument"] not in dropped
    ]
    stands = [*kept, *(source for source in given if not any(source is one for one in kept))]
    if not stands:
        raise BadInput(f"`{dropped[0]}` is all that is adopted; give a FILE that takes its place in the same run")
    return stands


def adopted_source(connection: Connection, rules: Rules, file: Mapping[str, Any]) -> Source:
    """Read an adopted encoding again from the text that was kept."""
    content = texts.fetch(connection, file["sha256"])
    instrument, _ = read_instrument(content, rules.verbs, name=file["path"])
    bound = file.get("bound", {})
    library = Library(held=tuple((name, texts.fetch(connection, kept)) for name, kept in sorted(bound.items())))
    return Source(instrument, file["path"], content, library=library)
