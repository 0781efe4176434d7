"""Several instruments together: what each names of an earlier one is looked up there.

An instrument may name an earlier one that is not among them: then nothing there can be changed, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding import provisions
from duewatch.engine.encoding.notebook import Notebook, did_you_mean
from duewatch.engine.problems import BadFile, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.words import Effect, Instrument, Norm

_FALLING_DUE: Final = ("achieve", "recur", "respond")
_REPEATING: Final = ("recur", "respond")  # kinds of which there may be a second date
_OWED: Final = ("obligation", "task", "prohibition")
_PARTING: Final = ("ends", "moves-to", "leaves")  # one instrument says one of these of a norm


@dataclass(frozen=True, slots=True)
class Joined:
    """An effect with what it is about: ids of obligations of the earlier instrument, or one event."""

    later: Instrument
    effect: Effect
    obligations: tuple[str, ...] = ()
    event: str = ""


def joined(instruments: Sequence[Instrument]) -> tuple[Joined, ...]:
    """Look up what the instruments say of each other, in their order. BadFile with every name that is not there."""
    book = Notebook()
    by_symbol = {one.symbol: one for one in instruments}
    found: list[Joined] = []
    for later in instruments:
        for effect in later.effects:
            earlier = by_symbol.get(effect.earlier)
            if earlier is not None:
                found.append(_join(later, effect, earlier, book))
        _refuse_two(later, [one for one in found if one.later is later], book)
    _refuse_circles(found, book)
    if book.problems:
        raise BadFile(book.problems)
    return tuple(found)


def unmet(instruments: Sequence[Instrument]) -> list[Problem]:
    """Note each earlier instrument that is spoken of and is not there, once for each instrument that speaks of it."""
    known = {one.symbol for one in instruments}
    notes: dict[tuple[str, str], Problem] = {}
    for later in instruments:
        for effect in later.effects:
            if effect.earlier not in known:
                what = f"`{effect.earlier}` is not among the encodings: what is said of it changes nothing"
                notes.setdefault(
                    (later.symbol, effect.earlier), Problem(_place(later, effect), what, "load it as well")
                )
    return list(notes.values())


def _place(later: Instrument, effect: Effect) -> Place:
    return Place(later.file, effect.line, effect.column)


def _join(later: Instrument, effect: Effect, earlier: Instrument, book: Notebook) -> Joined:
    place = _place(later, effect)
    if earlier.adopted > later.adopted:
        wrong = f"`{earlier.symbol}` was adopted on {earlier.adopted}, and this instrument before it"
        book.wrong(place, wrong, "an instrument speaks of earlier ones")
    ids = tuple(_under(effect.of, earlier))
    if effect.day is not None and (not ids or effect.of in _moments(earlier)):
        return Joined(later, effect, event=_event(effect, earlier, place, book))
    if effect.day is not None:
        return _moved(later, effect, earlier, ids, place, book)
    if not ids:
        names = [one.id for one in earlier.obligations]
        book.wrong(
            place,
            f"nothing of `{earlier.symbol}` is `{effect.of}` or stands there",
            did_you_mean(effect.of, names, "write an id, a group or a provision of that instrument"),
        )
    if effect.sort == "adds-item" and ids != (effect.of,):
        book.wrong(place, f"`{effect.of}` is not the id of one entry", "name the entry of the report itself")
    if effect.sort == "adds-item" and effect.item in _items(effect.of, earlier):
        book.wrong(place, f"`{effect.of}` has an item `{effect.item}` already", "give the new one another name")
    return Joined(later, effect, ids)


def _under(name: str, earlier: Instrument) -> Iterable[str]:
    """The ids that an id, a group or a provision stands for, in the order of the file."""
    for one in earlier.obligations:
        if name == one.id or name in one.groups or provisions.at_or_under(one.provision, name):
            yield one.id


def _items(name: str, earlier: Instrument) -> set[str]:
    entries = (one for one in earlier.obligations if one.id == name)
    return {content.item for entry in entries for norm in entry.norms for content in norm.contains}


def _moments(earlier: Instrument) -> list[str]:
    """The events that have one day, and the ends of periods."""
    once = (name for name, event in earlier.events.items() if not event.repeats)
    return [*once, *(f"{name}.{end}" for name in earlier.periods for end in ("start", "end"))]


def _event(effect: Effect, earlier: Instrument, place: Place, book: Notebook) -> str:
    names = _moments(earlier)
    if effect.of not in names:
        near = [*names, *(one.id for one in earlier.obligations)]
        right = did_you_mean(effect.of, near, f"there are {', '.join(names)}, and the entries")
        book.wrong(place, f"no event, end of a period or entry `{effect.of}` in `{earlier.symbol}`", right)
    elif any(one.id == effect.of for one in earlier.obligations):
        right = "write the provision of the entry; to move the event, give the entry there another id"
        book.wrong(place, f"`{effect.of}` is an event and an entry of `{earlier.symbol}`", right)
    if effect.ordinal is not None:
        book.wrong(place, f"`{effect.of}` is an event, and no series", "leave `n` out")
    return effect.of


def _moved(  # noqa: PLR0913, PLR0917 - what a link is held against
    later: Instrument, effect: Effect, earlier: Instrument, ids: Sequence[str], place: Place, book: Notebook
) -> Joined:
    """The due day, or the last day, of norms is moved: of those under the name that have one."""
    norms = {one.id: one.norms[0] for one in earlier.obligations if one.id in ids}
    dated = tuple(name for name, norm in norms.items() if norm.until is not None or _falls_due(norm))
    if not dated:
        book.wrong(place, f"`{effect.of}` has no day that could be moved", "write `says`: in words what is changed")
    for name in dated:
        repeats = norms[name].kind in _REPEATING
        if norms[name].kind == "recur" and effect.ordinal is None:
            book.wrong(place, f"`{name}` falls due again and again", "say with `n` which date of the series is moved")
        if effect.ordinal not in {None, 1} and not repeats:
            book.wrong(place, f"`{name}` falls due once", "leave `n` out")
    return Joined(later, replace(effect, ordinal=effect.ordinal or 1), dated)


def _falls_due(norm: Norm) -> bool:
    return norm.kind in _FALLING_DUE and norm.modality in _OWED


def _refuse_two(later: Instrument, found: Sequence[Joined], book: Notebook) -> None:
    """One instrument says one thing of a norm: ends, moves or leaves it."""
    said: dict[tuple[str, str], Joined] = {}
    for one in found:
        if one.effect.sort in _PARTING:
            for name in one.obligations:
                first = said.setdefault((one.effect.earlier, name), one)
                if first is not one:
                    wrong = f"`{name}` {_says(one)} here and {_says(first)} in line {first.effect.line}"
                    book.wrong(_place(later, one.effect), wrong, "say one of them")


def _says(one: Joined) -> str:
    words = {"ends": "ends", "moves-to": f"moves to `{one.effect.moves_to}`", "leaves": "is left"}
    return words[one.effect.sort]


def _refuse_circles(found: Sequence[Joined], book: Notebook) -> None:
    """What moves on from instrument to instrument may not come back: nobody would owe it any more."""
    moves = {
        (one.effect.earlier, name): one for one in found if one.effect.sort == "moves-to" for name in one.obligations
    }
    for start, first in moves.items():
        path, here = [start], (first.later.symbol, first.effect.moves_to)
        while here in moves and here not in path:
            path.append(here)
            here = (moves[here].later.symbol, moves[here].effect.moves_to)
        if here == start == min(path):  # each circle once
            names = " -> ".join(f"{symbol}#{name}" for symbol, name in (*path, here))
            book.wrong(_place(first.later, first.effect), f"moves in a circle: {names}", "let one of them go on")
