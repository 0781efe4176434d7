"""Members: who owes a norm each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duewatch.engine.words import Bearer, Party

NOBODY_IN_PARTICULAR = ("",)


def members_of(bearer: Bearer, parties: Mapping[str, Party], recorded: Sequence[str]) -> tuple[str, ...]:
    """Give the members that owe a norm each by itself, in the order of the file, each once.

    A party without members is its own member. The members of an open party are those declared and those
    `recorded` by facts on this obligation; nobody known yet gives `()`. A norm that nobody owes each by itself
    has one set of occurrences, for nobody in particular: `("",)`.
    """
    if bearer.how != "each":
        return NOBODY_IN_PARTICULAR
    declared = [member for party in bearer.parties for member in _expanded(party, parties, frozenset())]
    if any(_is_open(party, parties) for party in bearer.parties):
        declared += recorded
    return tuple(dict.fromkeys(declared))


def _is_open(name: str, parties: Mapping[str, Party]) -> bool:
    return name in parties and parties[name].open


def _expanded(name: str, parties: Mapping[str, Party], trail: frozenset[str]) -> Iterator[str]:
    """Yield the members of a party, and theirs; a party within itself counts once."""
    party = parties.get(name)
    if name in trail:
        return
    if party is None or not (party.members or party.open):
        yield name
        return
    for member in party.members:
        yield from _expanded(member, parties, trail | {name})
