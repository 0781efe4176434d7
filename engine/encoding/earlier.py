"""What an instrument says of earlier ones: the section `earlier`, link by link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.moments import MOMENT, moment_in
from duewatch.engine.encoding.parts import ENTRY, STATIC
from duewatch.engine.encoding.records import Field, Forms, Record, TableOf, Values
from duewatch.engine.encoding.shapes import BROKEN, Name, Plainly, Schema, Text, text_of
from duewatch.engine.words import Effect, Fixed, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.encoding.declared import Declared
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.problems import Place
    from duewatch.engine.words import EffectSort, Moment


@dataclass(frozen=True, slots=True)
class There:
    """A name of the earlier instrument, with its place here: whether it exists, only both files together tell."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of the earlier instrument."""

    want: str

    def read(self, node: Node, book: Notebook) -> object:
        text = text_of(node, self.want, book)
        return BROKEN if text is None else There(text, node.place)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"\S"}


_NORM: Final = "an id, a group or a provision of the earlier instrument"
NORMS: Final = Listing(_Name(_NORM), single=True)
_HERE: Final = (
    Field("from", MOMENT, "the first day on which it is so: a day, or an event of this file whose day is printed"),
    Field("provision", Text(), "where this instrument says so"),
    Field("why", Text(), "why it is read so"),
)


def _link(sort: EffectSort, target: str, *fields: Field, want: str) -> Record:
    """A form of a link; `target` is the field that holds the names of the earlier instrument."""
    return Record(want, (*fields, *_HERE), lambda values, _: _Link(sort, target, values))


@dataclass(frozen=True, slots=True)
class _Link:
    """A link as read."""

    sort: EffectSort
    target: str
    values: Values


_FORMS: Final = (
    _link(
        "ends",
        "ends",
        Field("ends", NORMS, "these no longer hold, save for what fell due before", required=True),
        want="{ends: ID or PROVISION, from: DAY}",
    ),
    _link(
        "moves-to",
        "of",
        Field("moves-to", ENTRY, "the entry of this file that takes over", required=True),
        Field("of", NORMS, "from which norms of the earlier instrument", required=True),
        want="{moves-to: ID, of: ID or PROVISION, from: DAY}",
    ),
    _link(
        "leaves",
        "leaves",
        Field("leaves", NORMS, "these stay as they were", required=True),
        want="{leaves: ID or PROVISION}",
    ),
    _link(
        "amends",
        "amends",
        Field(
            "amends",
            Listing(_Name(f"an event or an end of a period, or {_NORM}"), single=True),
            "what is changed there",
            required=True,
        ),
        Field("to", MOMENT, "the day to which an event, the end of a period, or the due day or end of a norm is moved"),
        Field("n", Plainly("the number of one date of a series, such as 2", (int,)), "which date of a series"),
        Field("says", Text(), "in words, what is changed"),
        want="{amends: EVENT or ID, to: DAY} or {amends: PROVISION, says: ...}",
    ),
    _link(
        "adds-item",
        "to",
        Field("adds-item", Name(), "the name of the item", required=True),
        Field("to", Listing(_Name("the id of a report there"), single=True), "the report", required=True),
        Field("n", Plainly("the number of one report, such as 2", (int,)), "which one; each from then on unless said"),
        want="{adds-item: NAME, to: ID, n: 2}",
    ),
    _link(
        "refers",
        "refers",
        Field("refers", NORMS, "these are only referred to", required=True),
        STATIC,
        want="{refers: ID or PROVISION, as: static}",
    ),
)
EARLIER: Final = TableOf(
    "{SYMBOL: [{ends: ...}, {leaves: ...}]}",
    Listing(Forms(" or ".join(form.want for form in _FORMS), _FORMS)),
    Text("the symbol of an earlier instrument"),
)


_ENDS: Final = ("start", "end")


# ------------------------------------------------------------------ from what was read to the words
def effects_of(sections: Values, declared: Declared, book: Notebook) -> tuple[Effect, ...]:
    """Make the effects of the section `earlier`, one for each name there; note what does not fit together."""
    table = sections.get("earlier", dict) or {}
    found: list[Effect] = []
    for symbol, links in table.items():
        if symbol == declared.symbol:
            place = declared.places["earlier", symbol]
            book.wrong(place, f"`{symbol}` is this instrument itself", "name an earlier one")
            continue
        for link in links if isinstance(links, tuple) else ():
            found += _effects(symbol, link, declared, book)
    return tuple(found)


def _effects(symbol: str, link: _Link, declared: Declared, book: Notebook) -> Iterator[Effect]:
    values = link.values
    since = _printed(values, "from", declared, book) or _usually_since(link.sort, declared)
    day = _printed(values, "to", declared, book) if link.sort == "amends" else None
    _note_amiss(link, book)
    names = [one for one in values.get(link.target, tuple) or () if isinstance(one, There)]
    for one in names:
        yield Effect(
            earlier=symbol,
            sort=link.sort,
            of=one.name,
            since=since,
            moves_to=values.text("moves-to"),
            day=day,
            item=values.text("adds-item"),
            ordinal=values.get("n", int),
            how=_how(values),
            says=values.text("says"),
            provision=values.text("provision"),
            why=values.text("why"),
            line=one.place.line,
            column=one.place.column,
        )


def _note_amiss(link: _Link, book: Notebook) -> None:
    """Note what a link says too much or too little of."""
    values, ordinal = link.values, link.values.get("n", int)
    amends, day, words = link.sort == "amends", not link.values.lacks("to"), not link.values.lacks("says")
    if amends and day and words:
        book.wrong(values.place, "a day is moved here and words are changed", "write a link for each")
    if amends and not day and not words:
        book.wrong(values.place, "it is not said what is changed", "write `to`: DAY, or `says`: in words")
    if amends and not day and ordinal is not None:
        right = "write `to` as well, or leave `n` out"
        book.wrong(values.place_of("n"), "`n` says whose day is moved, and none is", right)
    if ordinal is not None and ordinal < 1:
        book.wrong(values.place_of("n"), f"`{ordinal}` is no number of a report", "count from 1")


def _how(values: Values) -> Literal["static", "dynamic", ""]:
    word = values.text("as")
    return "static" if word == "static" else "dynamic" if word == "dynamic" else ""


def _usually_since(sort: EffectSort, declared: Declared) -> date:
    """The day from which a link holds unless it says so.

    What fell due on the day of the adoption itself fell due under the earlier text: what ends or moves does so from
    the day after. Everything else holds from the adoption.
    """
    if declared.adopted == date.min or sort not in {"ends", "moves-to"}:
        return declared.adopted
    return declared.adopted + timedelta(days=1)


def _printed(values: Values, name: str, declared: Declared, book: Notebook) -> date | None:
    """Give the day of a field; a name must be that of something whose day this file prints."""
    moment = moment_in(values, name)
    if moment is None:
        return None
    day = _day_of(moment, declared)
    if day is None and _is_declared(moment, declared):
        right = "write a day, or an event whose day is printed; what is not known yet a person decides later"
        book.wrong(values.place_of(name), f"`{name}` is no day that this file prints", right)
    return day


def _is_declared(moment: Moment, declared: Declared) -> bool:
    """Whether nothing is wrong with it otherwise: a name that nobody declares is said elsewhere."""
    if not isinstance(moment, Ref):
        return True
    name, _, end = moment.name.rpartition(".")
    return moment.name in declared.events or (name in declared.periods and end in _ENDS)


def _day_of(moment: Moment | None, declared: Declared) -> date | None:
    if isinstance(moment, Fixed):
        return moment.day
    if not isinstance(moment, Ref):
        return None
    if moment.name in declared.events:
        return declared.events[moment.name].day
    name, _, end = moment.name.rpartition(".")
    period = declared.periods.get(name)
    if period is None or end not in _ENDS:
        return None
    edge = period.start if end == "start" else period.until
    return None if isinstance(edge, Ref) and edge.name not in declared.events else _day_of(edge, declared)
