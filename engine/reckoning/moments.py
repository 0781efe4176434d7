"""Moments: from a name, a printed day or an offset to a day, with each step in words.

What a moment resolves to depends on the facts in force at one point of knowledge and day, and on
what the reading sets for an event or an end of a period. Cutting the facts is the caller's part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.reckoning.civil import NEWEST, OLDEST, nth, say_after, say_day, say_spans, to_day
from duewatch.engine.reckoning.clock import latest
from duewatch.engine.reckoning.instants import day_at, instant_of, say_instant
from duewatch.engine.reckoning.library import Library, shipped
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.offsets import offset, offset_instant
from duewatch.engine.reckoning.regimes import Policy, policy
from duewatch.engine.reckoning.renewing import terms_after
from duewatch.engine.reckoning.sessions import period_of, side_of
from duewatch.engine.reckoning.steps import Step
from duewatch.engine.reckoning.stretches import day_of, say_day_of
from duewatch.engine.words import (
    AS_REGIME,
    At,
    DayOf,
    Deemed,
    Easter,
    Expected,
    Fixed,
    Known,
    Ref,
    Shifted,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.reckoning.clock import ClockFact
    from duewatch.engine.reckoning.workdays import WorkDays
    from duewatch.engine.words import Event, Instrument, Moment, Period, Setting, Terms

_SIDES: Final = ("start", "end", "recess")
_CLAUSE: Final = "the clause"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A day with the steps that led to it; without a day the last step says why."""

    day: int | None  # of a day known less exactly: the latest that it may be
    steps: tuple[Step, ...] = ()
    inferred: bool = False  # an inferred anchor stands behind it
    since: int | None = None  # the day from which the recorded fact behind it counts; None: no fact
    instant: int | None = None  # where the clock time is known too
    first: int | None = None  # the earliest day that it may be; None: it is just `day`
    expected: bool = False  # nobody has set it yet

    @property
    def earliest(self) -> int | None:
        """The earliest day that it may be."""
        return self.day if self.first is None else self.first

    def then(self, *steps: Step) -> Resolved:
        """Give the same with further steps."""
        return replace(self, steps=(*self.steps, *steps))


@dataclass(frozen=True, slots=True)
class View:
    """An instrument as one norm reads it, with the facts in force at one point of knowledge and day."""

    instrument: Instrument
    settings: tuple[Setting, ...] = ()
    facts: tuple[ClockFact, ...] = ()
    entry: ClockFact | None = None  # the entry of a repeating event that arms this occurrence; its name means it
    arming: Resolved | None = None  # the moment that arms the norm; None: it needs none
    library: Library = field(default_factory=shipped)
    place: str = ""  # what `{place}` in the name of a calendar stands for
    terms: Terms = AS_REGIME  # of the clause that is being counted
    calendars: tuple[str, ...] = ()  # for clauses that name none, in place of the regime's

    @property
    def zone(self) -> str:
        """The zone that days and clock times are local to."""
        return self.terms.zone or self.policy().regime.zone or self.instrument.zone

    def policy(self, on: int | None = None) -> Policy:
        """Give how the clause is counted, by the version of its regime that is in force on a day."""
        regime = self.library.regime(self.terms.regime or self.instrument.regime, on)
        if self.calendars:
            regime = replace(regime, calendars=self.calendars, roll_calendars=())
        return policy(self.terms, regime)

    def days(self, chosen: Policy, *, roll: bool = False) -> WorkDays:
        """Give the working days of a policy: those for counting, or those for rolling."""
        regime = chosen.regime
        names = (regime.roll_calendars if roll else ()) or regime.calendars
        return self.library.calendar(names, regime.join, self.place)


def resolve(moment: Moment, view: View) -> Resolved:
    """Find the day of `moment`.

    A printed day stands, whatever facts say, unless the reading reads it dynamically; an event without a
    printed day takes the newest fact in force.
    """
    return _resolve(moment, view, frozenset())


def moved(anchor: Resolved, spans: Sequence[Span], words: str, *notes: str, view: View | None = None) -> Resolved:
    """Count on from `anchor`, with a step "words: day (notes)"; no day without an anchor or outside the calendar."""
    if anchor.day is None:
        return anchor
    try:
        there = _offset(anchor, spans, view)
    except (OverflowError, CannotCount) as beyond:
        return replace(anchor, day=None, first=None, instant=None, steps=(*anchor.steps, Step(f"{words}: {beyond}")))
    note = ", ".join(note for note in notes if note)
    return there.then(Step(f"{words}: {say(there, view)}" + (f" ({note})" if note else "")))


def _offset(anchor: Resolved, spans: Sequence[Span], view: View | None) -> Resolved:
    """Move the day, the earliest day and the instant alike."""
    if any(span.unit in {"hours", "minutes"} for span in spans):
        if anchor.instant is None:
            raise CannotCount("hours are counted from a clock time, and only the day is known")
        there = offset_instant(anchor.instant, spans)
        return replace(anchor, instant=there, day=day_at(there, view.zone if view else "UTC"))
    chosen = None if view is None else view.policy(anchor.day)
    days = None if view is None or chosen is None else view.days(chosen)
    policy_ = "clip" if chosen is None else chosen.regime.month_end

    def on(day: int) -> int:
        there = offset(day, spans, policy_, days)
        if not OLDEST <= there <= NEWEST:
            raise OverflowError("outside the years 1 to 9999")
        return there

    first = None if anchor.first is None else on(anchor.first)
    instant = anchor.instant if not spans else None
    return replace(anchor, day=None if anchor.day is None else on(anchor.day), first=first, instant=instant)


def say(found: Resolved, view: View | None = None) -> str:
    """Write what was found: a day, a clock time on it, or between which days it lies."""
    if found.day is None:
        return "not known"
    if found.instant is not None and view is not None:
        return say_instant(found.instant, view.zone)
    if found.first is not None and found.first != found.day:
        return f"between {say_day(found.first)} and {say_day(found.day)}"
    return say_day(found.day)


def _resolve(moment: Moment, view: View, trail: frozenset[str]) -> Resolved:  # noqa: PLR0911 - a line for each form
    match moment:
        case Fixed():
            day = to_day(moment.day)
            return Resolved(day, (Step(f"{say_day(day)} (printed)"),))
        case Ref():
            return _named(moment.name, view, trail)
        case Shifted():
            return moved(_resolve(moment.base, view, trail), moment.spans, f"{say_after(moment.spans)} it", view=view)
        case At():
            instant = int(moment.instant.timestamp())
            return Resolved(
                day_at(instant, view.zone), (Step(f"{say_instant(instant, view.zone)} (printed)"),), instant=instant
            )
        case Known():
            return known(moment)
        case Expected():
            return expected(moment)
        case DayOf():
            return _day_of(moment, view, trail)
        case Easter():
            return _easter(moment)
        case Deemed():
            return _deemed(moment, view, trail)


def known(moment: Known) -> Resolved:
    """Give a day known only as one of several."""
    first, last = to_day(moment.first), to_day(moment.last)
    words = f"{moment.words}: " if moment.words else ""
    step = Step(f"{words}a day from {say_day(first)} to {say_day(last)}, no more is known")
    return Resolved(last, (step,), first=first)


def expected(moment: Expected) -> Resolved:
    """Give a day that nobody has set yet."""
    first, last = to_day(moment.first), to_day(moment.last)
    step = Step(f"expected from {say_day(first)} to {say_day(last)}, not set yet", moment.why)
    return Resolved(last, (step,), inferred=True, first=first, expected=True)


def _easter(moment: Easter) -> Resolved:
    from duewatch.engine.reckoning.holidays import easter

    day = easter(moment.year)
    return Resolved(day, (Step(f"Easter Sunday {moment.year}: {say_day(day)}"),))


def _day_of(moment: DayOf, view: View, trail: frozenset[str]) -> Resolved:
    base = _resolve(moment.containing, view, trail)
    if base.day is None:
        return base
    try:
        days = view.days(view.policy(base.day)) if moment.what == "working-day" else None
        day = day_of(moment, base.day, days)
        first = None if base.first is None else day_of(moment, base.first, days)
    except CannotCount as lacking:
        return replace(base, day=None, first=None, steps=(*base.steps, Step(str(lacking))))
    found = replace(base, day=day, first=first, instant=None)
    return found.then(Step(f"{say_day_of(moment)}: {say(found)}"))


def _deemed(moment: Deemed, view: View, trail: frozenset[str]) -> Resolved:
    """Find when it counts as received: see `words.Deemed`."""
    terms = replace(view.terms, zone=moment.zone or view.terms.zone, calendars=moment.calendars or view.terms.calendars)
    view = replace(view, terms=terms)
    base = _resolve(moment.base, view, trail)
    base = moved(base, moment.spans, f"{say_after(moment.spans)} it", view=view) if moment.spans else base
    if base.day is None:
        return base
    chosen = view.policy(base.day)
    try:
        days = view.days(chosen)
        day, why = _receipt(moment, base, view, days)
        notes = days.beyond(base.day, day)
    except CannotCount as beyond:
        return replace(base, day=None, steps=(*base.steps, Step(str(beyond))))
    words = f"deemed received {say_day(day)}" + (f" ({why})" if why else "")
    steps = (*base.steps, Step(words, chosen.authority("anchor")), *map(Step, notes))
    return replace(base, day=day, instant=None, first=None, steps=steps)


def _receipt(moment: Deemed, base: Resolved, view: View, days: WorkDays) -> tuple[int, str]:
    """Give the day of receipt, and why it is not the day itself."""
    day = base.day or 0
    if not days.is_working(day):
        return days.following(day), "the next working day"
    if base.instant is None or moment.cut_off is None:
        return day, ""
    limit = instant_of(day, moment.cut_off, view.zone)
    if base.instant < limit or (base.instant == limit and moment.at_cut_off == "in-time"):
        return day, ""
    return days.shift(day, 1), f"after {moment.cut_off:%H:%M}: the next working day"


# ------------------------------------------------------------------ names
def _named(name: str, view: View, trail: frozenset[str]) -> Resolved:
    """Resolve a name: this occurrence's own entry, then what the reading sets, then what is printed."""
    if view.entry is not None and view.entry.target == name:
        return _recorded(name, view.entry, view)
    setting = next((setting for setting in view.settings if setting.target == name), None)
    mark = f"set {name}"
    if setting is None or mark in trail:  # "one year after term.end" set for term.end means the printed one
        return _printed(name, view, trail)
    if setting.dynamic and (fact := latest(view.facts, name, "event")):
        return _recorded(name, fact, view)
    if setting.moment is None:
        return _printed(name, view, trail)
    found = _resolve(setting.moment, view, trail | {mark})
    return moved(found, (), f"{name} under this reading")


def _recorded(name: str, fact: ClockFact, view: View) -> Resolved:
    since = "" if fact.effective == fact.day else f", in force from {say_day(fact.effective)}"
    when = say_day(fact.day) if fact.instant is None else say_instant(fact.instant, view.zone)
    step = Step(f"{name}: {when} ({fact}{since})")
    return Resolved(fact.day, (step,), since=fact.effective, instant=fact.instant)


def _printed(name: str, view: View, trail: frozenset[str]) -> Resolved:
    event = view.instrument.events.get(name)
    if event is not None and event.day is not None:
        return _event(event, to_day(event.day), view)
    found = _awaited(event) if event is not None else _of_period(name, view, trail)
    if (found.day is None or found.expected) and (fact := _fact_on(name, view)):
        return _recorded(name, fact, view)
    return found


def _fact_on(name: str, view: View) -> ClockFact | None:
    """Give the newest fact on a name, or on the shared session that the name's period stands for."""
    owner, _, side = name.rpartition(".")
    period = period_of(owner, view.instrument.periods)
    names = [name] if period is None or not period.session else [f"{period.name}.{side}", f"{period.session}.{side}"]
    facts = [fact for one in names if (fact := latest(view.facts, one, "event")) is not None]
    return max(facts, key=lambda fact: (fact.effective, fact.seq), default=None)


def _event(event: Event, day: int, view: View) -> Resolved:
    source = f", {event.source}" if event.source else ""
    instant = None if event.instant is None else int(event.instant.timestamp())
    when = say_day(day) if instant is None else say_instant(instant, view.zone)
    day = day if instant is None else day_at(instant, view.zone)
    words = f"{event.name}: {when} ({event.certainty}{source})"
    return Resolved(day, (Step(words),), inferred=event.certainty == "inferred", instant=instant)


def _awaited(event: Event) -> Resolved:
    if event.cancelled:
        return Resolved(None, (Step(f"{event.name}: cancelled", event.source),))
    if event.known is not None:
        found = known(Known(*event.known))
        return replace(found, steps=(Step(f"{event.name}: {found.steps[0].words}", event.source),))
    if event.expected is not None:
        found = expected(Expected(*event.expected, event.source))
        return replace(found, steps=(Step(f"{event.name}: {found.steps[0].words}", event.source),))
    return Resolved(None, (Step(f"{event.name}: not known yet"),))


def _of_period(name: str, view: View, trail: frozenset[str]) -> Resolved:
    owner, _, side = name.rpartition(".")
    period = period_of(owner, view.instrument.periods)
    if name in trail:
        return Resolved(None, (Step(f"{name}: hangs on itself"),))
    if period is None or side not in _SIDES:
        return _of_session(name, owner, side, view)
    if period.cancelled:
        return Resolved(None, (Step(f"{owner}: cancelled", period.provision),))
    found = _side(name, period, side, view, trail | {name})
    if period.session and (found is None or found.day is None or found.expected):
        shared = _of_session(name, period.session, side, view)
        found = shared if found is None or shared.day is not None else found
    return found or Resolved(None, (Step(f"{name}: nothing declares it"),))


def _of_session(name: str, session: str, side: str, view: View) -> Resolved:
    """Give an end of a session as the list of its body has it; never one computed from a rule."""
    found = side_of(session, side, view.library)
    if found is None:
        words = "nothing declares it" if "/" not in session else "not known yet"
        return Resolved(None, (Step(f"{name}: {words}"),))
    if isinstance(found.moment, Expected):
        one = expected(found.moment)
        return replace(one, steps=(Step(f"{name}: {one.steps[0].words}", found.source),))
    day = None if found.moment is None else to_day(found.moment.day)
    if day is None:
        return Resolved(None, (Step(f"{name}: cancelled", found.source),))
    return Resolved(day, (Step(f"{name}: {say_day(day)} ({found.certainty})", found.source),))


def _side(name: str, period: Period, side: str, view: View, trail: frozenset[str]) -> Resolved | None:
    if side == "recess":
        return None if period.recess is None else _edge(name, period.recess, period, view, trail)
    if side == "start":
        start = period.start if period.start is not None or not period.parts else period.parts[0][0]
        return None if start is None else _edge(name, start, period, view, trail)
    return _end(name, period, view, trail)


def _end(name: str, period: Period, view: View, trail: frozenset[str]) -> Resolved | None:
    until = period.until if period.until is not None or not period.parts else period.parts[-1][1]
    if until is None and period.length is None and period.session:
        return None
    if until is not None:
        end = _edge(name, until, period, view, trail)
    else:
        start, length = _named(f"{period.name}.start", view, trail), period.length or ()
        end = moved(start, length, name, f"{say_spans(length)} from it", period.provision, view=view)
    if period.last_day == "excluded":
        end = moved(end, (Span(-1, "days"),), f"{name}, that day excluded")
    return _renewed(end, period, view)


def _renewed(end: Resolved, period: Period, view: View) -> Resolved:
    """Let a period go on for each look at which no notice in time is in force; unknown where that cannot be counted."""
    try:
        return _renewals(end, period, view)
    except CannotCount as reason:
        steps = (*end.steps, Step(f"whether {period.name}.end renews cannot be told: {reason}"))
        return replace(end, day=None, first=None, instant=None, steps=steps)


def _renewals(end: Resolved, period: Period, view: View) -> Resolved:
    renewal = period.renews
    if renewal is None or end.day is None:
        return end
    name = f"{period.name}.end"
    looked = {fact.day for fact in view.facts if fact.kind == "look" and fact.target == name}
    given = [fact for fact in view.facts if fact.kind == "event" and fact.target == renewal.unless]
    printed = None if given else resolve(Ref(renewal.unless), view)
    chosen = view.policy(end.day)
    found = end
    for n, (last_day, later) in enumerate(
        terms_after(end.day, period, chosen.regime.month_end, view.days(chosen)), start=1
    ):
        if printed is not None and printed.day is not None and not printed.expected and printed.day <= last_day:
            return found.then(*printed.steps, Step(f"{renewal.unless} in time: it does not renew"))
        notice = next((fact for fact in given if fact.day <= last_day), None)
        if notice is not None:
            words = f"{renewal.unless}: {say_day(notice.day)} ({notice})"
            return found.then(Step(f"{words}, in time: it does not renew"))
        if last_day not in looked:
            return found
        words = f"no {renewal.unless} by {say_day(last_day)}: {name} renews, the {nth(n)} time"
        found = replace(
            found, day=later, first=None, instant=None, steps=(*end.steps, Step(f"{words}: {say_day(later)}"))
        )
    return found


def _edge(name: str, moment: Moment, period: Period, view: View, trail: frozenset[str]) -> Resolved:
    """Resolve an end that a period declares; a printed day needs no step of its own."""
    if isinstance(moment, Fixed):
        return moved(Resolved(to_day(moment.day)), (), name, "printed", period.provision)
    return moved(_resolve(moment, view, trail), (), name, period.provision)
