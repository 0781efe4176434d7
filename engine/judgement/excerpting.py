"""An excerpt of an instrument: some of its entries, with all others that their verdicts rest on.

What an entry comes to is the same in the excerpt as in the whole; only there is less to lay out and to date.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from duewatch.engine.encoding.provisions import at_or_under

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duewatch.engine.encoding.examples import Example
    from duewatch.engine.words import Instrument, Obligation


def excerpt(one: Instrument, examples: Iterable[Example]) -> Instrument:
    """Keep the entries of the examples, what their facts speak of, and what all of these look at."""
    listed = list(examples)
    entries = {entry.id: entry for entry in one.obligations}
    waiting = [*(example.obligation for example in listed), *_spoken_of(one, listed)]
    wanted: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in entries and name not in wanted:
            wanted.add(name)
            waiting += _looked_at(one, entries[name])
    entries_left = tuple(entry for entry in one.obligations if entry.id in wanted)
    return replace(one, obligations=entries_left, effects=())  # what it says of others is no part of its own entries


def _looked_at(one: Instrument, entry: Obligation) -> Iterator[str]:
    """Give the entries that arm it, those whose measures its sums add, and those that add items to its reports."""
    for norm in entry.norms:
        if norm.armed_by is not None:
            yield from norm.armed_by.sources
    parts = {part for norm in entry.norms if norm.target is not None for part in norm.target.parts}
    for other in one.obligations:
        default = other.norms[0]
        counts = default.target is not None and default.target.measure in parts
        if counts or (default.adds_to is not None and entry.id in default.adds_to.entries):
            yield other.id


def _spoken_of(one: Instrument, examples: Iterable[Example]) -> Iterator[str]:
    """Give what the facts name: entries by id or by provision, and those that let an event move that is recorded."""
    rows = [row for example in examples for row in example.facts]
    named = {name for row in rows for name in _parts(row.text("id"))}
    provisions = {name for row in rows for name in _parts(row.text("provision"))}
    events = {row.text("event") for row in rows}
    for entry in one.obligations:
        cited = any(at_or_under(entry.provision, provision) for provision in provisions)
        moving = any(item.target in events for norm in entry.norms for item in norm.settings)
        if cited or moving or any(name.partition("@")[0].partition("/")[0] == entry.id for name in named):
            yield entry.id


def _parts(text: str | None) -> list[str]:
    return [part.strip().rpartition("#")[2] for part in (text or "").split(",") if part.strip()]
