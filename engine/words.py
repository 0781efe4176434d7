"""The vocabulary of the house: small frozen types, and nothing else. Imports nothing of ours.

An *instrument* holds *obligations*. An obligation has one *norm* for each of its
*readings*: a whole obligation after the reading's override, so that nothing is
merged later. A norm's *deadline* is a tree of the types below.
Days without a clock time are `date`; a clock time is local to the instrument's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final, Literal

Modality = Literal["obligation", "prohibition", "permission", "power", "intention", "task", "statement"]
Kind = Literal["achieve", "recur", "maintain", "refrain", "limit", "respond", "permit", "content"]
Watch = Literal["own", "others", "inventory"]
Standing = Literal["arguable", "noted"]
CountsBy = Literal["dated", "transmitted", "issued", "received"]
CalendarUnit = Literal["days", "weeks", "months", "years"]
Unit = Literal[CalendarUnit, "hours", "minutes", "clear-days", "working-days"]
Certainty = Literal["printed", "recorded", "inferred"]
BearerHow = Literal["one", "each", "together", "any-of", "not-named"]
EffectSort = Literal["ends", "moves-to", "leaves", "amends", "adds-item", "refers"]


# ------------------------------------------------------------------ how a period is counted
AnchorHour = Literal["excluded", "included"]  # excluded: hours run from the next full hour on the local clock
AnchorDay = Literal["excluded", "included", "next"]  # next: the period starts on the day after, as a day of its own
Days = Literal["calendar", "clear", "working"]
MonthEnd = Literal["clip", "spill", "refuse", "stick", "stick-business", "stick-calendar"]
Roll = Literal[
    "none",
    "following",
    "preceding",
    "modified-following",
    "modified-preceding",
    "nearest",
    "nearest-by-weekday",
    "half-month",
    "with-count",
]
Join = Literal["any", "all"]  # closed where any of the calendars is, or only where all are
CountsFrom = Literal["anchor", "unrolled", "rolled"]
PauseEnds = Literal["both", "first", "last", "none"]  # which of its two end days a suspension takes out
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Stretch = Literal["week", "month", "quarter", "half-year", "year"]
# On which points lawful readings of one clause may differ; `version`: which version of a regime counts.
Doubtful = Literal[
    "anchor-day", "days", "month-end", "roll", "order", "last-date", "extension", "version", "end-of-day"
]


@dataclass(frozen=True, slots=True)
class ShortPeriod:
    """Periods of at most so many days are counted in another kind of day."""

    at_most: int
    days: Days = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the clause itself says of how to count. None, "" or () = as the regime says."""

    regime: str = ""  # "NAME", "NAME@anchor" (the version in force on the anchor's day) or "NAME@2008-06-30"
    anchor_day: AnchorDay | None = None
    anchor_hour: AnchorHour | None = None  # of a period in hours: whether the hour of the event counts
    days: Days | None = None  # what a "day" of the clause is
    short_period: ShortPeriod | None = None
    month_end: MonthEnd | None = None
    distance: tuple[Span, ...] = ()  # days added on account of distance
    roll: Roll | None = None
    calendars: tuple[str, ...] = ()  # for counting and, unless others are given, for rolling
    roll_calendars: tuple[str, ...] = ()
    join: Join | None = None
    inaccessible: tuple[date, ...] = ()  # days on which the act cannot be done: its last day moves on from them
    least_working_days: int | None = None  # a period holds at least so many
    cut_off: time | None = None  # local clock time on the last day; None = the whole day
    zone: str = ""  # IANA name; "" = the instrument's


# ------------------------------------------------------------------ moments and deadlines
@dataclass(frozen=True, slots=True)
class Span:
    """A length of time; may be negative only in working dates and offsets."""

    count: int
    unit: Unit


AS_REGIME: Final = Terms()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A printed calendar day."""

    day: date


@dataclass(frozen=True, slots=True)
class At:
    """A printed instant, with its offset."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Ref:
    """An event (`adoption`), or an end of a period: `term.start`, `term.end`, `term.recess`.

    A period that many instruments share is named by body and number: `general-assembly/81.end`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A moment some spans after another one (before it where a span is negative)."""

    base: Moment
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A day known only as one of several: "in May 2026", "early 2027". A precision, never a false day."""

    first: date
    last: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A day that nobody has set yet and that is thought to fall in a range. Nothing is ever overdue on it."""

    first: date
    last: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class DayOf:
    """The n-th day, weekday or working day of the stretch that contains a moment; negative n counts from its end.

    Day 31 of a short month is its last day. A fifth Monday that the month lacks is no day.
    """

    n: int
    what: Literal["day", "working-day"] | Weekday
    of: Stretch
    containing: Moment
    year_starts: tuple[int, int] = (1, 1)  # month and day; quarters, half-years and years count from it


@dataclass(frozen=True, slots=True)
class Easter:
    """Easter Sunday (Gregorian) of a year."""

    year: int


@dataclass(frozen=True, slots=True)
class Deemed:
    """When something counts as received: `spans` after it was sent, then the next working day where needed.

    What comes after the cut-off time of a working day, or on another day, counts as of the next working day.
    """

    base: Moment
    spans: tuple[Span, ...] = ()
    cut_off: time | None = None
    at_cut_off: Literal["in-time", "late"] = "in-time"  # sent at the cut-off time sharp
    calendars: tuple[str, ...] = ()  # () = as the regime says
    zone: str = ""  # IANA name; "" = the instrument's


Moment = Fixed | At | Ref | Shifted | Known | Expected | DayOf | Easter | Deemed


@dataclass(frozen=True, slots=True)
class By:
    """`by`: done at the latest on the moment's day. Also the last day of a period (`before-end-of`)."""

    moment: Moment
    cut_off: time | None = None  # local clock time on the last day; None = the whole day
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Before:
    """`before`: done at the latest on the day before the moment's day."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class OnDay:
    """`day`: done on that very day; its window opens with it."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Until:
    """`holds-until`: a state that lasts to the end of the moment's day."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Between:
    """`between` two moments: a window. "From D" leaves D out, "beginning on D" takes it in."""

    start: Moment
    end: Moment
    first_day: Literal["included", "excluded"] = "included"
    last_day: Literal["included", "excluded"] = "included"


@dataclass(frozen=True, slots=True)
class Within:
    """`within` spans `after` a moment: that day is not counted, the last one is included."""

    spans: tuple[Span, ...]
    after: Moment | Literal["armed"]  # "armed": from the event that arms the norm
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at-least` spans `before` a moment: the last day on which that much time is left."""

    spans: tuple[Span, ...]
    before: Moment
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class NotBefore:
    """`not-before` spans `after` a moment: a lower bound, the first day on which it may be done. No due day."""

    spans: tuple[Span, ...]
    after: Moment | Literal["armed"]
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class During:
    """`during` a period: the window is the period, due its last day. BODY/NUMBER names a shared period."""

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
    times: int | None = None  # so many dates at most
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class EverySession:
    """A series counted in sessions of a body: those numbered first, first + step ...; due at each one's last day.

    An occurrence is named by the number of its session, never by its year.
    """

    step: int
    first: str  # BODY/NUMBER
    last: str | None = None  # the session after which it stops


@dataclass(frozen=True, slots=True)
class Schedule:
    """The boundaries of the periods between two days: each counted from one end, both ends included.

    `day` fixes the day of the month ("last" = its end); a stub at the start counts from the end.
    """

    span: Span
    start: Moment
    end: Moment
    day: int | Literal["last"] | None = None
    stub: Literal["at-start", "at-end"] = "at-end"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurrence rule of RFC 5545, with SKIP of RFC 7529, from a first moment: `FREQ=MONTHLY;BYDAY=1FR`."""

    rule: str  # in its one spelling: see `recurrences.spelled`
    start: Moment


@dataclass(frozen=True, slots=True)
class Extended:
    """A deadline made longer by the clause itself, counted from its anchor, its unrolled or its rolled day."""

    base: Deadline
    spans: tuple[Span, ...]
    counts_from: CountsFrom
    terms: Terms = AS_REGIME  # its `roll` is applied after the extension


@dataclass(frozen=True, slots=True)
class Grace:
    """A second deadline behind the first, usually from its unrolled day."""

    base: Deadline
    spans: tuple[Span, ...]
    counts_from: Literal["unrolled", "rolled"] = "unrolled"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of days that do not count; `until` None, or not known: it has not ended."""

    start: Moment
    until: Moment | None
    ends: PauseEnds = "both"


@dataclass(frozen=True, slots=True)
class Suspended:
    """A deadline whose period stands still during pauses."""

    base: Deadline
    pauses: tuple[Pause, ...]


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


Deadline = (
    By
    | Before
    | OnDay
    | Until
    | Between
    | Within
    | AtLeast
    | NotBefore
    | During
    | Every
    | EverySession
    | Schedule
    | Recurring
    | Extended
    | Grace
    | Suspended
    | EarliestOf
    | LatestOf
    | Soft
    | NoDate
)


# ------------------------------------------------------------------ what a calculator may ask beside deadlines
@dataclass(frozen=True, slots=True)
class WorkingDays:
    """How many working days lie between two moments; negative where the second comes first."""

    start: Moment
    end: Moment
    first_day: Literal["included", "excluded"] = "included"
    last_day: Literal["included", "excluded"] = "excluded"
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class IsWorkingDay:
    """Whether a day is a working day."""

    moment: Moment
    terms: Terms = AS_REGIME


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days of a year on which a calendar is closed, its weekly days of rest left out."""

    year: int
    terms: Terms = AS_REGIME


Inquiry = WorkingDays | IsWorkingDay | Holidays
Expression = Deadline | Moment | Inquiry


# ------------------------------------------------------------------ what an instrument declares
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A named moment. `day` None = not known yet (a fact may record it)."""

    name: str
    day: date | None
    instant: datetime | None = None  # with its offset, where the clock time is known: hours count from it
    expected: tuple[date, date] | None = None  # `day` is None and it is thought to fall in this range
    known: tuple[date, date] | None = None  # `day` is None and it fell, or falls, on one of these days
    cancelled: bool = False  # it will not take place
    certainty: Certainty = "printed"
    repeats: bool = False  # each recorded entry of it arms a new occurrence
    source: str = ""  # provision, source and why, joined for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An interval. Either `until` (a moment, its last day) or `length` counted from the start is given.

    A session of a body names it instead (`session`): what the period leaves open is asked of that session, which
    many instruments share.
    """

    name: str
    start: Moment | None
    until: Moment | None = None
    length: tuple[Span, ...] | None = None
    last_day: Literal["included", "excluded"] = "included"
    provision: str = ""
    session: str = ""  # BODY/NUMBER
    recess: Moment | None = None  # the last day of its main part
    parts: tuple[tuple[Moment, Moment], ...] = ()  # of a split one: first and last day of each part, in order
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who may bear a norm. `members` are party ids; `open` = members appear with the facts that name them."""

    name: str  # the id
    title: str = ""
    short: str = ""  # its usual short name
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
    unsettled: tuple[Doubtful, ...] = ()  # the encoding says that nothing settles these: each way is arguable
    made: bool = False  # not written: made from a way of an unsettled point


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an instrument does to one thing of an earlier one, from a day on.

    ends, moves-to: the norms named no longer hold from that day, save for what fell due before it.
    leaves: they stay as they were; what nobody speaks of is left as well. amends: an event gets another day,
    or a norm other words. adds-item: a report must contain one thing more. refers: it is only named.
    """

    earlier: str  # the symbol of the earlier instrument
    sort: EffectSort
    of: str  # an id, a group or a provision there; amends: also an event there
    since: date  # the first day on which it is so
    moves_to: str = ""  # the entry of this instrument that takes over
    day: date | None = None  # the day to which an event is moved
    item: str = ""
    ordinal: int | None = None  # the one report to which the item is added; None: each that falls due from then on
    how: Literal["static", "dynamic", ""] = ""  # refers: as it stood then, or as it stands at any time
    says: str = ""  # amends: in words
    provision: str = ""  # where this instrument says so
    why: str = ""
    line: int = 0  # where `of` stands in the file
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One entry of an encoding, with its norm under every reading (the default first)."""

    id: str  # within its instrument, group prefixes included: "a04.b2.sequencing"
    provision: str  # "A 30(a)(iii)"
    groups: tuple[str, ...]  # the chapeaus above it, outermost first
    place: str  # file:line:column
    norms: tuple[Norm, ...]
    formerly: tuple[str, ...] = ()  # ids that it had before
    flat: dict[str, object] = field(hash=False)  # every field of the entry as written, inherited ones included
    origins: dict[str, str] = field(hash=False)  # field -> "entry" | "shared of GROUP" | "default"

    @property
    def todo(self) -> tuple[str, ...]:
        """Give what is still to be decided about it."""
        listed = self.flat.get("todo")
        return tuple(map(str, listed)) if isinstance(listed, list) else ()


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
    effects: tuple[Effect, ...] = ()  # what it does to earlier instruments
    file: str
    tree_hash: str  # "sha256:..." of the normalised tree
    todo: tuple[str, ...] = ()  # what is still to be decided about the instrument itself

    @property
    def still_to_decide(self) -> int:
        """Count what is still to be decided, here and in the entries; with any it cannot be adopted."""
        return len(self.todo) + sum(len(entry.todo) for entry in self.obligations)
