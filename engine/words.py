"""The vocabulary of the house: small frozen types, and nothing else. Imports nothing of ours.

An *instrument* holds *obligations*. An obligation has one *norm* for each of its
*readings*: a whole obligation after the reading's override, so that nothing is
merged later. A norm's *deadline* is a tree of the types below.
Days without a clock time are `date`; a clock time is local to the instrument's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction
from typing import Literal

Modality = Literal["obligation", "prohibition", "permission", "power", "intention", "task", "statement"]
Kind = Literal["achieve", "recur", "maintain", "refrain", "limit", "respond", "permit", "content"]
Watch = Literal["own", "others", "inventory"]
Standing = Literal["arguable", "noted"]
CountsBy = Literal["dated", "transmitted", "issued", "received"]
Unit = Literal["days", "weeks", "months", "years"]
Certainty = Literal["printed", "recorded", "inferred"]
BearerHow = Literal["one", "each", "together", "any-of", "not-named"]


# ------------------------------------------------------------------ moments and deadlines
@dataclass(frozen=True, slots=True)
class Span:
    """A length in calendar units; may be negative only in working dates and offsets."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Fixed:
    """A printed calendar day."""

    day: date


@dataclass(frozen=True, slots=True)
class Ref:
    """An event (`adoption`) or an end of a period (`term.start`, `term.end`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A moment some spans after another one (before it where a span is negative)."""

    base: Moment
    spans: tuple[Span, ...]


Moment = Fixed | Ref | Shifted


@dataclass(frozen=True, slots=True)
class By:
    """`by`: done at the latest on the moment's day. Also the last day of a period (`before-end-of`)."""

    moment: Moment
    cut_off: time | None = None  # local clock time on the last day; None = the whole day


@dataclass(frozen=True, slots=True)
class Before:
    """`before`: done at the latest on the day before the moment's day."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class OnDay:
    """`day`: done on that very day; its window opens with it."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Within:
    """`within` spans `after` a moment: that day is not counted, the last one is included."""

    spans: tuple[Span, ...]
    after: Moment | Literal["armed"]  # "armed": from the event that arms the norm


@dataclass(frozen=True, slots=True)
class During:
    """`during` a period: the window is the period, due its last day."""

    period: str


@dataclass(frozen=True, slots=True)
class Every:
    """A series: the n-th due day is `after` + n x `span`, never the previous due day + span.

    `until` bounds it (the last due day may fall on it); None = endless, dated to a horizon.
    `after` = "previous-delivery" counts from what was delivered (a rolling reading).
    `take` = k keeps each k-th date only (`with: ID, every: 2nd`).
    """

    span: Span
    after: Moment | Literal["previous-delivery"]
    until: Moment | None = None
    take: int = 1


@dataclass(frozen=True, slots=True)
class EarliestOf:
    """The earliest of several deadlines."""

    parts: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class LatestOf:
    """The latest of several deadlines; unresolved while one part is unknown."""

    parts: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Soft:
    """Words without a legal date ("promptly", "regularly"): a soft target for ourselves, never a legal date."""

    word: str
    span: Span
    after: Moment | Literal["armed"]


@dataclass(frozen=True, slots=True)
class NoDate:
    """`deadline: none`: the words set no date."""


Deadline = By | Before | OnDay | Within | During | Every | EarliestOf | LatestOf | Soft | NoDate


# ------------------------------------------------------------------ what an instrument declares
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A named moment. `day` None = not known yet (a fact may record it)."""

    name: str
    day: date | None
    certainty: Certainty = "printed"
    repeats: bool = False  # each recorded entry of it arms a new occurrence
    source: str = ""  # provision, source and why, joined for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An interval. Either `until` (a moment, its last day) or `length` counted from the start is given."""

    name: str
    start: Moment
    until: Moment | None = None
    length: tuple[Span, ...] | None = None
    last_day: Literal["included", "excluded"] = "included"
    provision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who may bear a norm. `members` are party ids; `open` = members appear with the facts that name them."""

    name: str  # the id
    title: str = ""
    members: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a reading or an answer sets for an event or an end of a period: another moment, or `as: dynamic`."""

    target: str  # "term.end", "first-session"
    moment: Moment | None = None
    dynamic: bool = False  # the newest recorded entry in force moves it


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who owes it. `parties` are ids; with how=each every member owes it by itself."""

    how: BearerHow
    parties: tuple[str, ...] = ()
    as_at: str = ""  # "dynamic", or an event at which membership is read: text for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A quantity to reach or keep, as exact fractions.

    count: value compared with `bound`. share: value/of compared with `bound`.
    `baseline_unknown`: the bound is a value that is not known: nothing can be said.
    """

    measure: str  # what is counted, e.g. "military"
    form: Literal["count", "share", "sum"]
    how: Literal["at-least", "at-most", "above"]
    bound: Fraction | None
    of: str = ""
    per: str = ""
    baseline: str = ""  # words for people; a baseline of `value: unknown` makes `baseline_unknown`
    baseline_unknown: bool = False
    parts: tuple[str, ...] = ()  # sum: the measures added


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmedBy:
    """What arms a norm: an event (each entry of a repeating one), or undone norms at a moment."""

    event: str = ""
    per: str = ""
    undone: str = ""  # the id of an obligation or of a group, or a provision
    which: Literal["any", "all"] = "any"
    at: Moment | None = None
    sources: tuple[str, ...] = ()  # obligation ids that `undone` stands for, in the order of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One item that a report must contain."""

    item: str
    provision: str = ""
    about: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Words that narrow the norm, quoted, by sort. Never computed; printed wherever the norm is."""

    sort: Literal["resources", "discretion", "condition", "manner", "saving"]
    words: str
    of: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddsTo:
    """The entries (or another instrument's text) whose report this item is added to."""

    entries: tuple[str, ...] = ()
    which: str = "each"  # each, next
    elsewhere: str = ""  # another instrument, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One obligation under one reading: complete, nothing is merged later."""

    reading: str
    is_default: bool
    standing: Standing
    why: str  # why the text may be read so
    modality: Modality
    verb: str
    strength: str
    kind: Kind
    watch: Watch
    bearer: Bearer
    action: str
    deadline: Deadline
    lead: int  # days before the due day on which it becomes at_risk
    review_days: int | None  # None: never stale
    after_breach: Literal["still_owed", "extinguished", "replaced_by"]
    counts_by: CountsBy
    counterparty: tuple[str, ...] = ()
    replaced_by: str = ""
    until: Moment | None = None  # the end of a standing norm, permission or power
    armed_by: ArmedBy | None = None
    target: Target | None = None
    says: str = ""
    phrase: str = ""
    contains: tuple[Content, ...] = ()
    adds_to: AddsTo | None = None
    limits: tuple[Limit, ...] = ()
    working_dates: tuple[tuple[str, Span], ...] = ()
    settings: tuple[Setting, ...] = ()
    form: str = ""
    reviewed_by: str = ""
    bearer_only: bool = False  # differs from the default reading in its bearer alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One entry of an encoding, with its norm under every reading (the default first)."""

    id: str  # within its instrument, group prefixes included: "a04.b2.sequencing"
    provision: str  # "A 30(a)(iii)"
    groups: tuple[str, ...]  # the chapeaus above it, outermost first
    place: str  # file:line:column
    norms: tuple[Norm, ...]
    flat: dict[str, object] = field(hash=False)  # every field of the entry as written, inherited ones included
    origins: dict[str, str] = field(hash=False)  # field -> "entry" | "shared of GROUP" | "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One doubt that several entries share, with the names of its answers."""

    name: str
    asks: str
    answers: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The document that binds, as encoded in one file."""

    symbol: str
    title: str
    adopted: date
    zone: str  # IANA name
    regime: str
    verbs: str  # drafting tradition, a file of rules/verbs
    counts_by: CountsBy
    topics: tuple[str, ...]
    events: dict[str, Event]
    periods: dict[str, Period]
    parties: dict[str, Party]
    questions: dict[str, Question]
    obligations: tuple[Obligation, ...]
    file: str
    tree_hash: str  # "sha256:..." of the normalised tree
