"""The vocabulary of the house: small frozen types, and nothing else.

Its neighbours `deadlines` and `moments` hold the words of time, and are given on from here: whoever needs a word
imports it from this page. Nothing else of ours is imported.

An *instrument* holds *obligations*. An obligation has one *norm* for each of its
*readings*: a whole obligation after the reading's override, so that nothing is
merged later. A norm's *deadline* is a tree of the types below.
Days without a clock time are `date`; a clock time is local to the instrument's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.deadlines import *  # noqa: F403 - who speaks of norms speaks of their deadlines
from duewatch.engine.moments import *  # noqa: F403

if TYPE_CHECKING:
    from duewatch.engine.deadlines import Deadline
    from duewatch.engine.moments import Doubtful, Moment, Span

Modality = Literal["obligation", "prohibition", "permission", "power", "intention", "task", "statement"]
Kind = Literal["achieve", "recur", "maintain", "refrain", "limit", "respond", "permit", "content"]
DUTIES: Final[tuple[Kind, ...]] = ("achieve", "recur", "respond")  # the kinds that may have a due day
FREE: Final[tuple[Modality, ...]] = ("permission", "power", "intention")  # whoever leaves it undone breaks nothing
Watch = Literal["own", "others", "inventory"]
Standing = Literal["arguable", "noted"]
CountsBy = Literal["dated", "transmitted", "issued", "received"]
Certainty = Literal["printed", "recorded", "inferred"]
BearerHow = Literal["one", "each", "together", "any-of", "not-named"]
EffectSort = Literal["ends", "moves-to", "leaves", "amends", "adds-item", "refers"]


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
    renews: Renewal | None = None  # it goes on by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How a period goes on by itself: by `length` each time, unless a notice came so long before its end."""

    length: tuple[Span, ...]
    unless: str  # the event of the notice
    notice: tuple[Span, ...]  # at least so long before the end then current
    times: int | None = None  # at most so often


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
    leaves: they stay as they were; what nobody speaks of is left as well. amends: an event or a norm gets
    another day, or a norm other words. adds-item: a report must contain one thing more. refers: it is only named.
    """

    earlier: str  # the symbol of the earlier instrument
    sort: EffectSort
    of: str  # an id, a group or a provision there; amends: also an event there
    since: date  # the first day on which it is so
    moves_to: str = ""  # the entry of this instrument that takes over
    day: date | None = None  # the day to which an event, or the due day or end of a norm, is moved
    item: str = ""
    ordinal: int | None = None  # the one date of a series that is meant; of an added item None: each from then on
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
