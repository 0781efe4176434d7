"""The smaller mappings that an entry may hold: bearers, arming, contents, limits, links to other texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.composites import Either, Listing
from duewatch.engine.encoding.moments import MOMENT, moment_in
from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.records import Field, Forms, Named, Record, TableOf, Values
from duewatch.engine.encoding.shapes import BROKEN, Name, Plainly, Refer, Text, Word
from duewatch.engine.problems import Place
from duewatch.engine.words import AddsTo, ArmedBy, Bearer, Content, Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema, Shape

PARTY: Final = Refer("party", "the id of a party")
PARTIES: Final = Listing(PARTY, single=True)
ENTRY: Final = Refer("entry", "the id of an entry")
LINK: Final = Refer("link", 'the id of an entry or group, or a provision such as "Art 15"')
LINKS: Final = Listing(LINK, single=True)
NOT_NAMED: Final = "not-named"
STATIC: Final = Field("as", Word(("static", "dynamic")), "as it stood at the adoption, or as it stands at any time")


# ------------------------------------------------------------------ who owes it
def _bearer_form(how: Literal["each", "together", "any-of"], says: str) -> Record:
    as_at = Refer("moment", "dynamic or an event", also=("dynamic",))
    return Record(
        f"{{{how}: PARTY or [PARTY, ...]}}",
        (Field(how, PARTIES, says, required=True), Field("as-at", as_at, "when membership is read")),
        lambda values, _: Bearer(how=how, parties=values.texts(how), as_at=values.text("as-at")),
    )


class _OneBearer:
    """A single party, or `not-named`."""

    want = "the id of a party, {each: ...}, {together: ...}, {any-of: ...}, or not-named"
    _refer = Refer("party", want, also=(NOT_NAMED,))

    def read(self, node: Node, book: Notebook) -> object:
        """Give the bearer."""
        name = self._refer.read(node, book)
        if not isinstance(name, str):
            return BROKEN
        return Bearer(how="not-named") if name == NOT_NAMED else Bearer(how="one", parties=(name,))

    def schema(self) -> Schema:
        """Describe it."""
        return self._refer.schema()


BEARER: Final = Either(
    _OneBearer.want,
    scalars=_OneBearer(),
    mappings=Forms(
        "{each: ...}, {together: ...} or {any-of: ...}",
        (
            _bearer_form("each", "every one, or every member, owes it by itself"),
            _bearer_form("together", "they owe it as one"),
            _bearer_form("any-of", "one of them fulfils it for all"),
        ),
    ),
)
WITH: Final = Listing(
    Record(
        "{who: ..., how: ...}",
        (
            Field(
                "who",
                Refer("perhaps-party", "a party, or words"),
                "who takes part and owes nothing by it",
                required=True,
            ),
            Field("how", Text(), "in which way, as printed"),
            Field("owes-too", Plainly("true, false or arguable", (bool, str)), "whether they may owe it too"),
        ),
        lambda values, _: values,
    )
)
FOR: Final = Listing(Refer("perhaps-party", "a party, or words"), single=True)


# ------------------------------------------------------------------ what arms it, what follows a breach
ARMED_BY: Final = Forms(
    "{event: NAME} or {undone: ID, which: any, at: MOMENT}",
    (
        Record(
            "{event: NAME}",
            (
                Field(
                    "event",
                    Refer("moment", "an event"),
                    "each recorded entry of a repeating event arms it",
                    required=True,
                ),
                Field(
                    "per", Text(), "what one case is; entries of several events for it are one where their symbol is"
                ),
            ),
            lambda values, _: ArmedBy(event=values.text("event"), per=values.text("per")),
        ),
        Record(
            "{undone: ID, which: any, at: MOMENT}",
            (
                Field("undone", LINK, "an entry, a group, or a provision and what lies under it", required=True),
                Field("which", Word(("any", "all")), "one of them undone, or all"),
                Field("at", MOMENT, "when that is looked at; otherwise on their due days"),
            ),
            lambda values, _: _undone(values),
        ),
    ),
)


def _undone(values: Values) -> object:
    if values.broken("which") or values.broken("at"):
        return BROKEN
    which: Literal["any", "all"] = "all" if values.text("which") == "all" else "any"
    return ArmedBy(undone=values.text("undone"), which=which, at=moment_in(values, "at"))


AFTER_BREACH: Final = Either(
    "still_owed, extinguished or {replaced_by: ID}",
    scalars=Word(("still_owed", "extinguished")),
    mappings=Record(
        "{replaced_by: ID}",
        (Field("replaced_by", ENTRY, "the entry that takes its place", required=True),),
        lambda values, _: values,
    ),
)


# ------------------------------------------------------------------ other texts, contents, limits
REFERS: Final = Named("refers", "{to: ..., as: static}, a text, or a list of several", lambda: _REFERS)
_REFERS: Final[Listing] = Listing(
    Either(
        "{to: ..., as: static}, or a text",
        scalars=Refer("perhaps-link", "a text"),
        mappings=Record(
            "{to: ..., as: static}",
            (
                Field("to", Refer("perhaps-link", "a text"), "the other instrument or provision", required=True),
                STATIC,
                Field("which", Text(), "which of it"),
                Field("binding-there", Plainly("true or false", (bool,)), "whether it binds by itself there"),
            ),
            lambda values, _: values,
        ),
    ),
    single=True,
)
_SORTS: Final[tuple[Literal["resources", "discretion", "condition", "manner", "saving"], ...]] = (
    "resources",
    "discretion",
    "condition",
    "manner",
    "saving",
)


def _limit_form(sort: Literal["resources", "discretion", "condition", "manner", "saving"]) -> Record:
    return Record(
        f"{{{sort}: words as printed}}",
        (
            Field(sort, Text(), "the words as printed", required=True),
            Field("of", Text(), "which part of the norm they narrow"),
            Field("why", Text(), "why they stand here"),
            Field("refers", REFERS, "the text they refer to"),
            STATIC,
        ),
        lambda values, _: Limit(sort=sort, words=values.text(sort), of=values.text("of"), why=values.text("why")),
    )


_LIMITS: Final = Listing(
    Forms(f"{{SORT: words}} with SORT one of {', '.join(_SORTS)}", tuple(_limit_form(sort) for sort in _SORTS))
)
LIMITS: Final = Named("limits", _LIMITS.want, lambda: _LIMITS)
_ITEM: Final = Record(
    "{provision: ..., about: [...]}, or {}",
    (
        Field("provision", Text(), "its place under the entry's provision"),
        Field("about", LINKS, "the entries that it is about"),
        Field("items", Listing(Name()), "what it consists of: each becomes ITEM.SUB"),
        Field("refers", REFERS, "the text that asks for it"),
        STATIC,
        Field("part-of", Name(), "another item of this entry"),
        Field("limits", LIMITS, "words that narrow it"),
    ),
    lambda values, _: values,
    may_be_empty=True,
)


class _Contents:
    """The items of a report, with those of `items` as items of their own."""

    want = "{ITEM: {provision: ...}, ITEM: {}}"
    _table = TableOf(want, _ITEM)

    def read(self, node: Node, book: Notebook) -> object:
        """Give a tuple of Content; their provisions still stand alone."""
        table = self._table.read(node, book)
        if not isinstance(table, dict):
            return BROKEN
        for values in table.values():
            _check_part(values, table, book)
        return tuple(content for item, values in table.items() for content in _contents(item, values))

    def schema(self) -> Schema:
        """Describe it."""
        return self._table.schema()


def _check_part(values: object, table: dict[str, object], book: Notebook) -> None:
    part = values.text("part-of") if isinstance(values, Values) else ""
    if isinstance(values, Values) and part and part not in table:
        book.wrong(
            values.place_of("part-of"),
            f"no item `{part}`",
            did_you_mean(part, table, f"the items are {', '.join(table)}"),
        )


def _contents(item: str, values: object) -> Iterator[Content]:
    if not isinstance(values, Values):
        values = Values(place=Place(""))
    note = f"part of {values.text('part-of')}" if values.has("part-of") else ""
    whole = Content(item=item, provision=values.text("provision"), about=values.texts("about"), note=note)
    subs = values.texts("items")
    yield from (replace(whole, item=f"{item}.{sub}") for sub in subs)
    if not subs:
        yield whole


CONTAINS: Final[Shape] = _Contents()
ADDS_TO: Final = Forms(
    "{entry: ID} or {instrument: SYMBOL, what: ...}",
    (
        Record(
            "{entry: ID or [ID, ...], which: each}",
            (
                Field("entry", Listing(ENTRY, single=True), "the report to which the item is added", required=True),
                Field("which", Word(("each", "next")), "every such report, or only the next"),
            ),
            lambda values, _: AddsTo(entries=values.texts("entry"), which=values.text("which", "each")),
        ),
        Record(
            "{instrument: SYMBOL, what: ..., as: static}",
            (
                Field("instrument", Text(), "another instrument", required=True),
                Field("what", Text(), "which of its reports"),
                STATIC,
            ),
            lambda values, _: AddsTo(
                elsewhere=", ".join(filter(None, (values.text("instrument"), values.text("what"))))
            ),
        ),
    ),
)
