"""The axes on which lawful readings of one clause may differ, and the clause as each reading has it.

An axis that the clause settles is no doubt. One that its regime settles by published law is none either, unless
the encoding says that it is unsettled. What a regime only assumes is always one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from duewatch.engine.encoding.underneath import rebuilt, simple_parts, with_terms
from duewatch.engine.reckoning.counting import in_hours
from duewatch.engine.words import (
    AtLeast,
    By,
    CountsFrom,
    Doubtful,
    Every,
    Extended,
    NotBefore,
    Schedule,
    Shifted,
    Span,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.reckoning.regimes import Policy
    from duewatch.engine.words import Deadline, Terms

WEEKEND: Final = "saturday-sunday"  # a calendar that closes on Saturdays and Sundays alone: where none is named
_COUNTED: Final = (Within, AtLeast, NotBefore)
_MONTHS: Final = {"months", "years"}
UTC: Final = "UTC"
_ONE_BACK: Final = (Span(-1, "days"),)


@dataclass(frozen=True, slots=True)
class Way:
    """One reading of an axis: the clause as it has it. The first way of an axis is the one followed."""

    id: str  # "roll-following"
    label: str  # for people
    deadline: Deadline
    authority: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis with its ways; the chosen one comes first."""

    name: Doubtful
    ways: tuple[Way, ...]
    chosen_by: Literal["clause", "regime", "assumption"]


def axes_of(deadline: Deadline, view: View, policy: Policy) -> Iterator[Axis]:
    """Yield the axes that this clause has; whether their ways differ for its anchor is not asked here."""
    for axis in (_anchor_day, _days, _month_end, _roll, _order, _last_date, _extension, _version, _end_of_day):
        found = axis(deadline, view, policy)
        if found is not None:
            yield found


# ------------------------------------------------------------------ axes of the terms
_SAYS: Final[dict[str, str]] = {
    "anchor-day-excluded": "the day of the event does not count",
    "anchor-day-included": "the day of the event counts",
    "anchor-day-next": "the period starts on the day after the event, as a day of its own",
    "days-calendar": "days are calendar days",
    "days-clear": "days are clear days: neither end counts",
    "days-working": "days are working days",
    "month-end-clip": "a day that the month lacks is the month's last day",
    "month-end-spill": "a day that the month lacks is the first day of the next month",
    "month-end-stick": "from the last day of a month to the last day of a month",
    "roll-none": "the last day stands, whatever day of the week it is",
    "roll-following": "a last day that is no working day moves to the next one",
    "roll-preceding": "a last day that is no working day moves to the one before",
}
# Who counts so: what the other side would cite.
_AUTHORITIES: Final[dict[str, str]] = {
    "anchor-day-excluded": "Regulation 1182/71 art. 3(1); section 187(1) BGB",
    "anchor-day-included": "section 187(2) BGB: where the beginning of a day decides",
    "anchor-day-next": "the reading refused in C-171/03, Toeters",
    "days-calendar": "Regulation 1182/71 art. 3(3)",
    "days-clear": "CPR 2.8(2)-(3)",
    "days-working": "CPR 2.8(4); Freedom of Information Act 2000 s 10(6)",
    "month-end-clip": "Regulation 1182/71 art. 3(2)(c); section 188(3) BGB",
    "month-end-spill": "dates-calc, rounding up (ESOP 2024)",
    "month-end-stick": "Companies Act 2006 s 443(3)-(4)",
    "roll-none": "Companies Act 2006 s 443",
    "roll-following": "Regulation 1182/71 art. 3(4); section 193 BGB; Fed. R. Civ. P. 6(a)",
    "roll-preceding": "Fed. R. Civ. P. 6(a)(5), counting backward",
}


def _anchor_day(deadline: Deadline, _: View, policy: Policy) -> Axis | None:
    parts = [part for part in simple_parts(deadline) if isinstance(part, _COUNTED) and not in_hours(part.spans)]
    if not parts:
        return None
    values = ("excluded", "included", "next")[: 2 if any(isinstance(part, AtLeast) for part in parts) else 3]
    return _by_terms(_Term("anchor-day", "anchor_day", policy.regime.anchor_day, values), deadline, policy)


def _days(deadline: Deadline, view: View, policy: Policy) -> Axis | None:
    parts = [part for part in simple_parts(deadline) if isinstance(part, _COUNTED)]
    in_days = [part for part in parts if any(span.unit == "days" for span in part.spans)]
    if not in_days or policy.regime.short_period is not None:
        return None
    clear = ("clear",) if any(not isinstance(part, Within) for part in in_days) else ()
    values = ("calendar", *clear, "working")
    return _by_terms(_Term("days", "days", policy.regime.days, values, _calendars(view, policy)), deadline, policy)


def _month_end(deadline: Deadline, _: View, policy: Policy) -> Axis | None:
    if not any(span.unit in _MONTHS for part in simple_parts(deadline) for span in _spans(part)):
        return None
    term = _Term("month-end", "month_end", policy.regime.month_end, ("clip", "spill", "stick"))
    return _by_terms(term, deadline, policy)


def _roll(deadline: Deadline, view: View, policy: Policy) -> Axis | None:
    parts = [part for part in simple_parts(deadline) if isinstance(part, (*_COUNTED, By, Every, Schedule))]
    if not parts or all(in_hours(_spans(part)) for part in parts):
        return None
    held = policy.regime.roll_back if all(isinstance(part, AtLeast) for part in parts) else policy.regime.roll
    if all(isinstance(part, By) for part in parts) and not policy.rolls_everything:
        held = "none"
    term = _Term("roll", "roll", held, ("none", "following", "preceding"), _calendars(view, policy))
    return _by_terms(term, deadline, policy)


@dataclass(frozen=True, slots=True)
class _Term:
    """One of the terms as an axis: the value that holds, all values, and the calendars that the others may need."""

    name: Doubtful
    field: str
    held: str
    values: tuple[str, ...]
    calendars: tuple[str, ...] = ()


def _by_terms(term: _Term, deadline: Deadline, policy: Policy) -> Axis:
    """Make an axis of one of the terms: the value that holds, and the others."""
    held = Way(f"{term.name}-{term.held}", _says(term, term.held), deadline, policy.authority(term.name))  # type: ignore[arg-type]
    others = (_other(term, value, deadline) for value in term.values if value != term.held)
    return Axis(term.name, (held, *others), _chosen_by(term.name, policy))


def _other(term: _Term, value: str, deadline: Deadline) -> Way:
    def change(terms: Terms) -> Terms:
        changes: dict[str, Any] = {term.field: value}
        if term.calendars and not terms.calendars:
            changes["calendars"] = term.calendars
        return replace(terms, **changes)

    way = f"{term.name}-{value}"
    return Way(way, _says(term, value), with_terms(deadline, change), _AUTHORITIES.get(way, ""))


def _says(term: _Term, value: str) -> str:
    return _SAYS.get(f"{term.name}-{value}", f"{term.name} {value}")


def _chosen_by(name: str, policy: Policy) -> Literal["clause", "regime", "assumption"]:
    if name in policy.by_clause:
        return "clause"
    return "assumption" if policy.regime.assumed else "regime"


def _calendars(view: View, policy: Policy) -> tuple[str, ...]:
    """The calendars that a roll would go by: those at hand, else one that knows weekends alone."""
    named = view.terms.calendars or view.calendars or policy.regime.roll_calendars or policy.regime.calendars
    return named or ((WEEKEND,) if WEEKEND in view.library.calendars() else ())


def _spans(part: Deadline) -> tuple[Span, ...]:
    if isinstance(part, _COUNTED):
        return part.spans
    return (part.span,) if isinstance(part, Every | Schedule) else ()


# ------------------------------------------------------------------ axes of the form
def _order(deadline: Deadline, _view: View, _policy: Policy) -> Axis | None:
    """Months and days do not commute: "2 months and 10 days" is not "10 days and 2 months"."""
    compound = [part for part in simple_parts(deadline) if len({span.unit in _MONTHS for span in _spans(part)}) > 1]
    if not compound:
        return None
    turned = rebuilt(deadline, _turned)
    ways = (
        Way("order-written", "the parts are added in the order in which they are written", deadline, "the clause"),
        Way(
            "order-turned",
            "the parts are added in the other order",
            turned,
            "arithmetic: months and days do not commute",
        ),
    )
    return Axis("order", ways, "clause")


def _turned(part: Deadline) -> Deadline:
    return replace(part, spans=part.spans[::-1]) if isinstance(part, _COUNTED) else part


def _last_date(deadline: Deadline, _view: View, policy: Policy) -> Axis | None:
    """Whether a date that falls on the very end of a series still belongs to it."""
    if not isinstance(deadline, Every) or deadline.until is None:
        return None
    shorter = replace(deadline, until=Shifted(deadline.until, _ONE_BACK))
    ways = (
        Way("last-date-kept", "a date that falls on the end still counts", deadline, policy.regime.authority("anchor")),
        Way("last-date-dropped", "a date that falls on the end does not count", shorter, "the end ends it"),
    )
    return Axis("last-date", ways, "assumption" if policy.regime.assumed else "regime")


_EXTENSIONS: Final[dict[CountsFrom, tuple[str, str]]] = {
    "anchor": ("the extension counts from the anchor", "MPEP 710.01(a); Companies Act 2006 s 442"),
    "unrolled": ("the extension counts from the due day before its roll", "EPC practice on grace periods"),
    "rolled": ("the extension counts from the due day after its roll", "Rule 12b-25 under the Exchange Act"),
}


def _extension(deadline: Deadline, _view: View, _policy: Policy) -> Axis | None:
    if not isinstance(deadline, Extended):
        return None
    order: dict[CountsFrom, None] = dict.fromkeys((deadline.counts_from, *_EXTENSIONS))
    ways = tuple(
        Way(f"extension-{side}", _EXTENSIONS[side][0], replace(deadline, counts_from=side), _EXTENSIONS[side][1])
        for side in order
    )
    return Axis("extension", ways, "clause")


def _version(deadline: Deadline, view: View, policy: Policy) -> Axis | None:
    """Which version of a regime counts: the one of the anchor's day, or the newest."""
    name = (view.terms.regime or view.instrument.regime).partition("@")[0]
    newest = view.library.regime(name)
    if newest.since == policy.regime.since or not any(isinstance(part, _COUNTED) for part in simple_parts(deadline)):
        return None
    day = newest.since
    other = with_terms(deadline, lambda terms: replace(terms, regime=_at(name, day)))
    ways = (
        Way("version-anchor", "the rules in force on the anchor's day", deadline, policy.regime.authority("regime")),
        Way("version-newest", "the rules in force now", other, newest.authority("regime")),
    )
    return Axis("version", ways, "regime")


def _end_of_day(deadline: Deadline, view: View, policy: Policy) -> Axis | None:
    """Where the last day ends: the date stays, the last moment moves by hours."""
    parts = list(simple_parts(deadline))
    if view.zone == UTC or not all(isinstance(part, (*_COUNTED, By, Every, Schedule)) for part in parts):
        return None
    if any(isinstance(part, NotBefore) or in_hours(_spans(part)) for part in parts):
        return None
    other = with_terms(deadline, lambda terms: replace(terms, zone=UTC))
    ways = (
        Way("end-of-day-local", f"its last day ends in {view.zone}", deadline, policy.authority("cut-off")),
        Way("end-of-day-utc", "its last day ends in UTC", other, "the clock of the world"),
    )
    return Axis("end-of-day", ways, _chosen_by("cut-off", policy))


def _at(name: str, day: int | None) -> str:
    from duewatch.engine.reckoning.civil import from_day

    return name if day is None else f"{name}@{from_day(day).isoformat()}"
