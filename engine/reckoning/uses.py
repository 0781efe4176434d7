"""Uses: which regimes, calendars and lists of sessions the dates of an instrument rest on.

They are part of what its encoding says.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.nodes import places_of
from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.engine.words import Deemed, During, EverySession, Period, Ref, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument

# The regime that every encoding had before regimes were files, as it was then: it leaves their hashes as they were.
FIRST: Final = frozenset({"sha256:3bd5a85ac0614b5c11996de9208453037b3245939d238dedec2a2c5c55340232"})


def bindings(instrument: Instrument, library: Library) -> dict[str, str]:
    """Give the fingerprints of the files behind an instrument's dates: `regimes/NAME`, `calendars/NAME`, `bodies/NAME`.

    A body is one whose sessions it names, where the library lists them. Raises NoSuchName where the encoding names a
    regime or a calendar that is not there.
    """
    nodes = list(_nodes_of(instrument))
    regimes, calendars = _named(instrument, nodes)
    for name in regimes:
        for version in library.versions(name):
            calendars |= {*version.calendars, *version.roll_calendars}
    bodies = {name.partition("/")[0] for node in nodes for name in _sessions(node) if "/" in name}
    names = {
        "regimes": regimes,
        "calendars": {name for name in calendars if "{" not in name},
        "bodies": {name for name in bodies if library.has("bodies", name)},
    }
    return {f"{kind}/{name}": library.fingerprint(kind, name) for kind, each in names.items() for name in sorted(each)}


def refuse_unknown(instrument: Instrument, library: Library, content: bytes, name: str) -> None:
    """Raise BadFile where an encoding names a regime or a calendar that the library lacks, with each place of it.

    `content` is the text that the instrument was read from, and `name` that of its file.
    """
    from duewatch.engine.encoding.parse import MOST_BYTES  # only where something is amiss is it read again
    from duewatch.engine.encoding.reader import read

    regimes, calendars = _named(instrument, _nodes_of(instrument))
    problems: list[Problem] = []
    for kind, names in (("regimes", regimes), ("calendars", {each for each in calendars if "{" not in each})):
        for missing in sorted(each for each in names if not library.has(kind, each)):
            wrong, _, right = library.missing(kind, missing).partition("; ")
            right = f"{right}; your own stand in a folder that DUEWATCH_LIBRARY names"
            places = places_of(missing, read(content, name, MOST_BYTES)) or [Place(name)]
            problems += [Problem(place, wrong, right) for place in places]
    if problems:
        raise BadFile(problems)


def _named(instrument: Instrument, nodes: Iterable[object]) -> tuple[set[str], set[str]]:
    """Give the regimes and the calendars that an encoding names itself."""
    regimes, calendars = {instrument.regime.partition("@")[0]}, set()
    for terms in _terms(nodes):
        regimes |= {terms.regime.partition("@")[0]} - {""}
        calendars |= {*terms.calendars, *terms.roll_calendars}
    return regimes, calendars


def _terms(nodes: Iterable[object]) -> Iterator[Terms]:
    """Yield the terms of every clause, wherever it stands in a tree."""
    for node in nodes:
        if isinstance(node, Terms):
            yield node
        elif isinstance(node, Deemed):
            yield Terms(calendars=node.calendars)


def _sessions(node: object) -> tuple[str, ...]:
    """Give the names that may be those of a session, BODY/NUMBER, or of one of its ends."""
    match node:
        case Ref():
            return (node.name,)
        case During():
            return (node.period,)
        case EverySession():
            return (node.first,)
        case Period():
            return (node.session,)
        case _:
            return ()


def _nodes_of(instrument: Instrument) -> Iterator[object]:
    """Yield whatever the norms and the periods are made of."""
    for entry in instrument.obligations:
        yield from _nodes(entry.norms)
    yield from _nodes(tuple(instrument.periods.values()))


def _nodes(tree: object) -> Iterator[object]:
    if isinstance(tree, tuple):
        for one in tree:
            yield from _nodes(one)
    elif is_dataclass(tree) and not isinstance(tree, type):
        yield tree
        for one in fields(tree):
            yield from _nodes(getattr(tree, one.name))
