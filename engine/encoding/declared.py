"""What an instrument declares before its obligations: itself, questions, periods, events, parties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, get_args
from zoneinfo import ZoneInfo

from duewatch.engine.encoding.civil import ISO_DAY
from duewatch.engine.encoding.clocks import DAY, INSTANT_PATTERN, ZONE, looks_like_instant, parse_instant
from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.fields import COUNTS_BY, READING_REF, TODO
from duewatch.engine.encoding.lengths import LENGTH
from duewatch.engine.encoding.moments import DAY_RANGE, MOMENT, expected_of, moment_in
from duewatch.engine.encoding.momenttext import ADOPTION, ARMED, PREVIOUS
from duewatch.engine.encoding.notebook import nearest
from duewatch.engine.encoding.parts import PARTY
from duewatch.engine.encoding.records import Field, Record, TableOf, Values, mapping_of, read_fields
from duewatch.engine.encoding.sessions import SESSION, UNKNOWN, Edge
from duewatch.engine.encoding.shapes import BROKEN, Amiss, Flag, Name, Pattern, Plainly, Refer, Schema, Text, Word
from duewatch.engine.encoding.spans import SPAN_TEXT, spans_in
from duewatch.engine.encoding.terms import CALENDARS, REGIME, UNSETTLED
from duewatch.engine.words import (
    Certainty,
    CountsBy,
    Effect,
    Event,
    Expected,
    Fixed,
    Moment,
    Party,
    Period,
    Ref,
    Renewal,
)

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import MappingNode, Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.problems import Place


RESERVED: Final = frozenset({ARMED, PREVIOUS, "none", "dynamic", UNKNOWN, "not-named"})


def _day_or_unknown(text: str, book: Notebook) -> object:
    return text if text == UNKNOWN else DAY.convert(text, book)


def _when(text: str, book: Notebook) -> object:
    return parse_instant(text) if looks_like_instant(text) else _day_or_unknown(text, book)


def _symbol(text: str, _: Notebook) -> str:
    if set("#@") & set(text):
        raise Amiss(f"`{text}` holds `#` or `@`, which part the names of occurrences", "leave them out")
    return text


def _as_read(values: Values, _: Notebook) -> Values:
    return values


INSTRUMENT: Final[tuple[Field, ...]] = (
    Field(
        "symbol",
        Pattern("the symbol of the document", _symbol, r"^[^#@]*\S[^#@]*$"),
        "how lawyers cite it",
        required=True,
    ),
    Field("title", Text(), "its title"),
    Field(TODO, Listing(Text()), "what is still to be decided: a file that has any cannot be adopted"),
    Field(
        "adopted",
        Record(
            '{date: "2021-06-29"}',
            (
                Field("date", DAY, "the day of the adoption: the event `adoption`", required=True),
                Field("how", Text(), "by which vote"),
                Field("source", Text(), "where that is recorded"),
            ),
            _as_read,
        ),
        "when and how it was adopted",
        required=True,
        unless=TODO,
    ),
    Field(
        "text-checked",
        Record(
            "{symbol: ..., is: draft}",
            (
                Field("symbol", Text(), "the document compared with", required=True),
                Field("is", Word(("draft", "adopted")), "which text that is", required=True),
                Field("why", Text(), "why this one"),
            ),
            _as_read,
        ),
        "the text that the quotations were compared with",
    ),
    Field("zone", ZONE, "where its days begin and end", required=True, unless=TODO),
    Field("regime", REGIME, "the rules of computing time; un-sc unless said"),
    Field("calendar", CALENDARS, "which days are working days; as the regime says unless said"),
    Field("unsettled", UNSETTLED, "points on which nothing settles how time is counted; for every entry"),
    Field("verbs", Name(), "the table of verbs: a file of rules/verbs; un-sc unless said"),
    Field("counts-by", Word(COUNTS_BY), "which day of a document counts; dated unless said"),
    Field("topics", Listing(Text()), "topics for searching and routing"),
)
_SOURCES: Final = (
    Field("provision", Text(), "where the text names it"),
    Field("source", Text(), "what else it is known from"),
    Field("why", Text(), "why it is taken to be so"),
)
EVENT: Final = Record(
    '{date: "2021-06-29"} or {date: unknown}',
    (
        Field(
            "date",
            Pattern('a date such as "2021-09-30", or unknown', _when, rf"^(?:{INSTANT_PATTERN}|{ISO_DAY}|{UNKNOWN})$"),
            "its day, or its instant with the offset, or unknown",
        ),
        *_SOURCES,
        Field("expected", DAY_RANGE, "its day is unknown and thought to fall in this range"),
        Field("cancelled", Flag(), "it will not take place"),
        Field("certainty", Word(get_args(Certainty)), "printed in the text, recorded elsewhere, or inferred"),
        Field("repeats", Flag(), "each recorded entry of it arms a new occurrence"),
    ),
    _as_read,
    always=True,
)


def _renewal(values: Values, book: Notebook) -> object:
    """Make the renewal of a period. Its lengths count in days, months and the like: an end of a period is a day."""
    length, notice, times = spans_in(values, "for"), spans_in(values, "at-least"), values.get("times", int)
    for name in ("for", "at-least"):
        if any(span.unit in {"hours", "minutes"} for span in spans_in(values, name)):
            book.wrong(values.place_of(name), "a period ends with a day, not at an hour", "write days, weeks or months")
            return BROKEN
    if times is not None and times < 1:
        book.wrong(values.place_of("times"), f"it renews {times} times", "write a number above 0, or leave it out")
        return BROKEN
    if not length or not notice or not values.text("unless"):
        return BROKEN
    return Renewal(length=length, unless=values.text("unless"), notice=notice, times=times)


_EDGE: Final = Edge()
_COUNT: Final = Plainly("a whole number", (int,))
RENEWS: Final = Record(
    "{for: 12 months, unless: EVENT, at-least: 90 days}",
    (
        Field("for", LENGTH, "how long it goes on each time", required=True),
        Field("unless", Refer("moment", "the event of the notice"), "the notice that stops it", required=True),
        Field("at-least", LENGTH, "how long before the end then current that notice must come", required=True),
        Field("times", _COUNT, "how often at most"),
    ),
    _renewal,
)
PERIOD: Final = Record(
    "{from: MOMENT, until: MOMENT}",
    (
        Field("from", _EDGE, "its first day; a session may leave it open"),
        Field("until", _EDGE, "its last day"),
        Field("for", SPAN_TEXT, "its length, counted from its start"),
        Field("last-day", Word(("included", "excluded")), "whether `until` belongs to it"),
        Field("session", SESSION, "the session of a body, which many instruments share"),
        Field("recess", _EDGE, "the last day of its main part"),
        Field("parts", Listing(Listing(MOMENT, exactly=2)), "of a split one: the first and last day of each part"),
        Field("cancelled", Flag(), "it will not take place"),
        Field("renews", RENEWS, "it goes on by itself unless a notice comes in time"),
        *_SOURCES,
    ),
    _as_read,
    always=True,
)
PARTY_RECORD: Final = Record(
    "{name: ...}, or {}",
    (
        Field("name", Text(), "its name for people"),
        Field("short", Text(), "its usual short name, for tables"),
        Field("members", Listing(PARTY), "the parties that it consists of"),
        Field("open", Flag(), "members appear with the facts that name them"),
        Field("defined-in", Text(), "the provision that says who belongs to it"),
        Field("as-at", Text(), "when membership is read"),
    ),
    _as_read,
    may_be_empty=True,
    always=True,
)
EVENTS: Final = TableOf("{NAME: {date: ...}}", EVENT)
PERIODS: Final = TableOf("{NAME: {from: ..., until: ...}}", PERIOD)
PARTIES_TABLE: Final = TableOf(
    "{ID: {name: ...}}", PARTY_RECORD, Name("an id of letters, digits, `.`, `-` and `_`", dotted=True)
)
ASKS: Final = Field("asks", Text("the question"), "the doubt, in one sentence", required=True)


# ------------------------------------------------------------------ questions
@dataclass(frozen=True, slots=True)
class Asked:
    """A question as read: its answers by name, each as its fields (or BROKEN)."""

    asks: str
    place: Place
    answers: dict[str, object]


class _QuestionShape:
    """`{asks: ..., ANSWER: {why: ...}}`."""

    want = "{asks: ..., ANSWER: {default: true, why: ...}}"
    _answer = READING_REF
    _key = Name()

    def read(self, node: Node, book: Notebook) -> object:
        """Give an Asked."""
        mapping = mapping_of(node, self.want, book)
        if mapping is None:
            return BROKEN
        names = [key for key, _ in mapping.entries if key.text != ASKS.name]
        slip = "" if ASKS.name in mapping.keys else nearest(ASKS.name, [key.text for key in names])
        if slip:
            place = next(key.place for key in names if key.text == slip)
            book.wrong(place, f"unknown field `{slip}`", f"did you mean `{ASKS.name}`?")
        values = Values(node.place) if slip else read_fields(mapping, (ASKS,), book, others=[key.text for key in names])
        return Asked(values.text(ASKS.name), node.place, self._answers(mapping, {ASKS.name, slip}, book))

    def _answers(self, mapping: MappingNode, others: set[str], book: Notebook) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in mapping.entries:
            if key.text not in others and self._key.read(key, book) is not BROKEN:
                found[key.text] = self._answer.read(value, book)
        if not found:
            book.wrong(mapping.place, "the question has no answer", "write `ANSWER: {default: true, why: ...}`")
        return found

    def schema(self) -> Schema:
        """Describe it."""
        return {
            "type": "object",
            "properties": {ASKS.name: ASKS.shape.schema()},
            "propertyNames": self._key.schema(),
            "additionalProperties": self._answer.schema(),
            "required": [ASKS.name],
            "minProperties": 2,
        }


QUESTIONS: Final = TableOf("{NAME: {asks: ..., ANSWER: {...}}}", _QuestionShape())


# ------------------------------------------------------------------ from what was read to the words
@dataclass(slots=True)
class Declared:
    """What stands before the obligations, as far as it could be read."""

    symbol: str = ""
    title: str = ""
    adopted: date = date.min
    zone: str = ""
    regime: str = ""
    calendars: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    verbs: str = ""
    verbs_place: Place | None = None
    counts_by: CountsBy = "dated"
    topics: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    events: dict[str, Event] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    questions: dict[str, Asked] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    places: dict[tuple[str, str], Place] = field(default_factory=dict)  # (section, name) -> where it is declared
    opaque: set[str] = field(default_factory=set)  # sections that could not be read at all


def source_of(values: Values) -> str:
    """Join provision, source and why for people."""
    return "; ".join(filter(None, (values.text("provision"), values.text("source"), values.text("why"))))


def event_of(name: str, value: object, place: Place, zone: str, book: Notebook) -> Event:
    """Make an event; one that could not be read still exists by its name. An instant's day is that of `zone`."""
    if not isinstance(value, Values):
        return Event(name=name, day=None)
    needs_none = any(value.has(one) for one in ("expected", "cancelled")) or value.flag("repeats")
    if value.lacks("date") and not needs_none and not value.broken("repeats"):
        book.wrong(value.place, "`date` is missing", 'add `date`: a date such as "2021-09-30", or unknown')
    instant = value.get("date", datetime)
    day = value.get("date", date) if instant is None else instant.astimezone(ZoneInfo(zone or "UTC")).date()
    if value.text("date") == UNKNOWN and not source_of(value) and not value.flag("repeats"):
        book.note(place, f"nothing says where the day of `{name}` may be found", "give it a source or a why")
    certainty: Certainty = "printed"
    for one in get_args(Certainty):
        certainty = one if value.text("certainty") == one else certainty
    return Event(
        name=name,
        day=day,
        instant=instant,
        expected=_expected_days(value, book),
        cancelled=value.flag("cancelled"),
        certainty=certainty,
        repeats=value.flag("repeats"),
        source=source_of(value),
    )


def _expected_days(value: Values, book: Notebook) -> tuple[date, date] | None:
    """Give the range in which an event is expected; one that has a day is not expected any more."""
    found = expected_of(value, book)
    if not isinstance(found, Expected):
        return None
    if value.get("date", date) is not None:
        book.wrong(value.keys["expected"], "`expected` does not go with a known date", "keep one of them")
    return found.first, found.last


def period_of(name: str, value: object, book: Notebook) -> Period:
    """Make a period; one that could not be read still exists by its name."""
    if not isinstance(value, Values):
        return Period(name=name, start=Ref(ADOPTION))
    session = value.text("session")
    if value.lacks("from") and value.lacks("session"):
        book.wrong(value.place, "`from` is missing", f"add `from`: {MOMENT.want}")
    if value.has("until") and value.has("for"):
        book.wrong(value.keys["for"], "`for` does not go with `until`", "keep one of them")
    elif value.lacks("until") and value.lacks("for") and value.lacks("session"):
        book.wrong(value.place, "the period has no end", "add `until`: MOMENT, or `for`: SPAN")
    if value.has("renews") and value.lacks("until") and value.lacks("for"):
        book.wrong(
            value.keys["renews"], "what renews must have an end of its own", "add `until`: MOMENT, or `for`: SPAN"
        )
    start, until = moment_in(value, "from"), moment_in(value, "until")
    if isinstance(start, Fixed) and isinstance(until, Fixed) and until.day < start.day:
        book.wrong(value.place_of("until"), "the period ends before it begins", "check the two days")
    return Period(
        name=name,
        start=start if start is not None or session else Ref(ADOPTION),
        until=until,
        length=spans_in(value, "for") or None,
        last_day="excluded" if value.text("last-day") == "excluded" else "included",
        provision=value.text("provision"),
        session=session,
        recess=moment_in(value, "recess"),
        parts=_parts(value),
        cancelled=value.flag("cancelled"),
        renews=value.get("renews", Renewal),
    )


def _parts(value: Values) -> tuple[tuple[Moment, Moment], ...]:
    pairs = [one for one in value.get("parts", tuple) or () if isinstance(one, tuple)]
    return tuple((first, last) for first, last in (pair for pair in pairs if len(pair) == 2))  # noqa: PLR2004 - a pair


def party_of(name: str, value: object, book: Notebook) -> Party:
    """Make a party; one that could not be read still exists by its name."""
    if not isinstance(value, Values):
        return Party(name=name)
    members = value.texts("members")
    for double in {member for member in members if members.count(member) > 1}:
        book.wrong(value.place_of("members"), f"`{double}` is a member twice", "keep one")
    title, short = value.text("name"), value.text("short")
    return Party(name=name, title=title, short=short, members=members, open=value.flag("open"))
