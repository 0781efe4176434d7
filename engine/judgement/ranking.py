"""The round in which each norm is decided: after every norm whose undone state may arm it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duewatch.engine.words import Instrument, Obligation


def ranks(one: Instrument) -> dict[str, int]:
    """Give each obligation its rank: 0 looks at no other norm, n only at lower ranks (longest path).

    The encoding room has refused cycles, so that the search ends.
    """
    looked_at = {entry.id: _sources(entry) for entry in one.obligations}
    found: dict[str, int] = {}

    def rank(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((rank(other) for other in looked_at[name]), default=-1)
        return found[name]

    return {name: rank(name) for name in looked_at}


def _sources(entry: Obligation) -> set[str]:
    """What the entry looks at under any reading."""
    return {name for norm in entry.norms if norm.armed_by is not None for name in norm.armed_by.sources}
