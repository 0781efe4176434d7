"""Uses: which regimes and calendars the dates of an instrument rest on. They are part of what its encoding says."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.words import Deemed, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Instrument

# The regime that every encoding had before regimes were files, as it was then: it leaves their hashes as they were.
FIRST: Final = frozenset({"sha256:3bd5a85ac0614b5c11996de9208453037b3245939d238dedec2a2c5c55340232"})


def bindings(instrument: Instrument, library: Library) -> dict[str, str]:
    """Give the fingerprints of the files behind an instrument's dates: `regimes/NAME` and `calendars/NAME`.

    Raises NoSuchName where the encoding names one that is not there.
    """
    regimes, calendars = {instrument.regime.partition("@")[0]}, set()
    for terms in _terms(instrument):
        regimes |= {terms.regime.partition("@")[0]} - {""}
        calendars |= {*terms.calendars, *terms.roll_calendars}
    for name in regimes:
        for version in library.versions(name):
            calendars |= {*version.calendars, *version.roll_calendars}
    found = {f"regimes/{name}": library.fingerprint("regimes", name) for name in sorted(regimes)}
    own = sorted(name for name in calendars if "{" not in name)
    return found | {f"calendars/{name}": library.fingerprint("calendars", name) for name in own}


def _terms(instrument: Instrument) -> Iterator[Terms]:
    """Yield the terms of every clause, wherever it stands in a tree."""
    for entry in instrument.obligations:
        for norm in entry.norms:
            yield from _within(norm)
    for period in instrument.periods.values():
        yield from _within(period)


def _within(tree: object) -> Iterator[Terms]:
    if isinstance(tree, Terms):
        yield tree
    elif isinstance(tree, Deemed):
        yield Terms(calendars=tree.calendars)
        yield from _within(tree.base)
    elif isinstance(tree, tuple):
        for one in tree:
            yield from _within(one)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for one in fields(tree):
            yield from _within(getattr(tree, one.name))
