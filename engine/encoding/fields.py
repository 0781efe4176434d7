"""The one list of the fields of an entry, a reading, an answer and a group, with their types.

The parser, the suggestions for misspelt fields and the JSON Schema are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, get_args

from duewatch.engine.encoding.composites import Either, Listing, OrNone
from duewatch.engine.encoding.deadlines import DEADLINE
from duewatch.engine.encoding.examples import EXAMPLES, EXAMPLES_FIELD
from duewatch.engine.encoding.moments import MOMENT
from duewatch.engine.encoding.parts import (
    ADDS_TO,
    AFTER_BREACH,
    ARMED_BY,
    BEARER,
    CONTAINS,
    ENTRY,
    FOR,
    LIMITS,
    LINK,
    LINKS,
    PARTIES,
    PARTY,
    REFERS,
    WITH,
)
from duewatch.engine.encoding.quantities import TARGET
from duewatch.engine.encoding.records import Field, Named, Record, TableOf
from duewatch.engine.encoding.shapes import BROKEN, Flag, Name, Plainly, Refer, Text, Word
from duewatch.engine.encoding.spans import EARLIER, LEAD, REVIEW
from duewatch.engine.encoding.terms import CALENDARS, REGIME, UNSETTLED
from duewatch.engine.words import CountsBy, Kind, Modality, Standing, Watch

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema, Shape

TODO: Final = "todo"


@dataclass(frozen=True, slots=True)
class Aside(Text):
    """Time words that set no term, a colon and the reason: a quotation alone says nothing."""

    def read(self, node: Node, book: Notebook) -> object:
        """Give the text; note where words or reason are missing."""
        text = super(Aside, self).read(node, book)
        if not isinstance(text, str) or all(part.strip() for part in text.partition(":")[::2]):
            return text
        book.wrong(node.place, f"`{text}` gives no reason", "write the words, a colon and why they set no term")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": r"\S.*:.*\S"}


PHRASE_WORDS: Final = 12  # a short quotation is no copy of the text
KINDS: Final[tuple[str, ...]] = get_args(Kind)
MODALITIES: Final[tuple[str, ...]] = get_args(Modality)
STANDINGS: Final[tuple[str, ...]] = get_args(Standing)
WATCHES: Final[tuple[str, ...]] = get_args(Watch)
COUNTS_BY: Final[tuple[str, ...]] = get_args(CountsBy)
DYNAMIC: Final = "dynamic"

SETS: Final = TableOf(
    "{EVENT or PERIOD.end: MOMENT or {as: dynamic}}",
    Either(
        "a moment, or {as: dynamic}",
        scalars=MOMENT,
        mappings=Record(
            "{as: dynamic}",
            (Field("as", Word((DYNAMIC,)), "the newest recorded entry in force moves it", required=True),),
            lambda values, _: values.text("as"),
        ),
    ),
    Refer("moment", "an event, or PERIOD.start or PERIOD.end"),
)


def _reading() -> Shape:
    return READING


READING_REF: Final = Named("reading", "{why: ..., and what differs}", _reading)


def _own(name: str, shape: Shape, says: str, *, required: bool = False, shared: bool = True) -> Field:
    """A field of the entry alone: no reading changes it."""
    return Field(name, shape, says, required=required, shared=shared)


def _open(name: str, shape: Shape, says: str) -> Field:
    """A field that a reading or an answer may override."""
    return Field(name, shape, says, overridable=True)


ENTRY_FIELDS: Final[tuple[Field, ...]] = (
    _own(
        "id",
        Name("an id of letters, digits, `.`, `-` and `_`", dotted=True),
        "its name, under that of its groups",
        required=True,
        shared=False,
    ),
    _own(
        "formerly",
        Listing(Name("a whole id, its groups included", dotted=True), single=True),
        "the whole ids that it had before: what is recorded under them stays with it",
        shared=False,
    ),
    _own(
        "provision",
        Text('a provision such as "Art 30(a)"'),
        "where it stands, as lawyers cite it; under a group, what follows the group's",
    ),
    _own("title", Text(), "a heading for people"),
    _own(
        "verb",
        Text("the operative verb as printed"),
        "the operative verb as printed; its strength follows from the verb table",
    ),
    _own(TODO, Listing(Text()), "what is still to be decided: a file that has any cannot be adopted", shared=False),
    _open("strength", Text("a strength of the verb table"), "overrides the strength of the verb; give `why`"),
    _own("why", Text("the reason"), "the reason for an overridden strength"),
    _open("modality", Word(MODALITIES), "which sort of norm; obligation unless said"),
    _open("kind", Word(KINDS), "how it is fulfilled"),
    _open("bearer", BEARER, "who owes it"),
    _open("counterparty", OrNone(PARTIES), "to whom it is owed"),
    _open("actor", OrNone(PARTY), "who does it for the bearer"),
    _open("with", OrNone(WITH), "who takes part and owes nothing by it"),
    _open("for", OrNone(FOR), "who benefits"),
    _open("action", Text("what is to be done, in own words"), "what is to be done, in own words"),
    _open("deadline", DEADLINE, "until when, as a text or a mapping; none = the words set no date"),
    _open("regime", REGIME, "the rules by which its time is computed; the instrument's unless said"),
    _open("calendar", CALENDARS, "its working days; the instrument's, or the regime's, unless said"),
    _open("unsettled", UNSETTLED, "points on which nothing settles how its time is counted: each way is arguable"),
    _open("phrase", OrNone(Text("a short quotation", PHRASE_WORDS)), "the words of the clock, quoted"),
    _own("words", Listing(Text(), exactly=2), "the first and the last words of the stretch that the entry covers"),
    _own("not-a-clock", Listing(Aside()), "time words that qualify somebody else's act, with the reason"),
    _open("until", OrNone(MOMENT), "the end of a standing norm, permission or power"),
    _open("review", REVIEW, "how often a standing norm is looked at"),
    _open("reviewed-by", OrNone(ENTRY), "the report that looks at it"),
    _open("lead", LEAD, "days before the due day on which it becomes at risk; 14 unless said"),
    _open("after-breach", AFTER_BREACH, "what is owed once the day has passed"),
    _open("counts-by", Word(COUNTS_BY), "which day of a document counts"),
    _open("watch", Word(WATCHES), "own: silence means not done; others: not seen; inventory: listed only"),
    _open("target", TARGET, "a quantity to reach or to keep"),
    _open("contains", OrNone(CONTAINS), "the items that the report must contain"),
    _open("adds-to", OrNone(ADDS_TO), "the report to which this item is added"),
    _open("item", OrNone(Name()), "the name of the item that is added"),
    _open("about", OrNone(LINKS), "what the report is about: a link, not a tick box"),
    _open("limits", OrNone(LIMITS), "words that narrow the norm, quoted, by sort"),
    _open("refers", OrNone(REFERS), "other instruments and provisions"),
    _own(
        "continues", Plainly("true, or the text that it continues", (bool, str)), "it presumes an earlier state or text"
    ),
    _own("same-as", LINK, "the same duty said elsewhere: one alert"),
    _own("follows", LINKS, "what comes first"),
    _open("armed-by", OrNone(ARMED_BY), "what arms it: an event, or other norms undone"),
    _open("says", OrNone(Text()), "the words for its undone state"),
    _open("form", OrNone(Text()), "the form of the document asked for"),
    _own("topics", Listing(Text()), "topics for searching and routing"),
    _open(
        "working-dates",
        OrNone(TableOf("{NAME: -42 days}", EARLIER)),
        "earlier dates for ourselves, before the due date",
    ),
    _own("handling", Text(), "how confidential it is"),
    _own("owner", Text("a person's id or a role"), "who looks after it on our side"),
    _own("each-of", Listing(Text()), "several things with one clock, for information"),
    _own(
        "questions", OrNone(Listing(Refer("question", "the name of a question"))), "the questions on which it depends"
    ),
    _own(
        "readings",
        OrNone(TableOf("{NAME: {why: ...}}", READING_REF)),
        "how else its words may be read",
    ),
    _own(
        EXAMPLES_FIELD,
        EXAMPLES,
        "where it stands on a day, with certain facts recorded: tests of the entry",
        shared=False,
    ),
)
READING_OWN: Final[tuple[Field, ...]] = (
    Field("default", Flag(), "the reading that is followed"),
    Field("standing", Word(STANDINGS), "arguable, or only noted for the record"),
    Field("why", Text("the reason, as the other side would give it"), "why the text may be read so", required=True),
    Field("sets", SETS, "what it sets for an event or an end of a period"),
)
OVERRIDABLE: Final = tuple(field for field in ENTRY_FIELDS if field.overridable)
READING: Final[Record] = Record(
    "{why: ..., and what differs}", (*READING_OWN, *OVERRIDABLE), lambda values, _: values, always=True
)
SHARED_FIELDS: Final = tuple(
    replace(field, required=False)
    for field in ENTRY_FIELDS
    if field.shared and field.name not in {"provision", "title"}
)
GROUP_FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "under",
        Name("an id of letters, digits, `.`, `-` and `_`", dotted=True),
        "the group's name: the first part of the ids below",
        required=True,
    ),
    Field("provision", Text('a provision such as "Art 30(a)"'), "the first part of the provisions below"),
    Field("title", Text(), "a heading for people"),
)
