"""Regimes: how a legal order counts, with the authority of each rule, version by version.

A regime fills in what a clause leaves open. The clause's own words (`Terms`) always come first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.reckoning.steps import Axis
    from duewatch.engine.words import AnchorDay, AnchorHour, Days, Join, MonthEnd, Roll, ShortPeriod, Span, Terms

_CLAUSE: Final = "the clause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One version of a regime: every axis of `Terms` with a value, and some that only a regime settles."""

    name: str
    title: str = ""
    assumed: bool = False  # no published rule stands behind it
    since: int | None = None  # the days on which this version came into force and was last in force
    until: int | None = None
    anchor_day: AnchorDay = "excluded"
    anchor_hour: AnchorHour = "included"  # excluded: hours run from the next full hour on the local clock
    days: Days = "calendar"
    short_period: ShortPeriod | None = None
    month_end: MonthEnd = "clip"
    grace_month_end: MonthEnd | None = None  # of a grace period; None: as of any other
    distance: tuple[Span, ...] = ()
    distance_from: Literal["unrolled", "rolled"] = "unrolled"
    roll: Roll = "none"  # of a period counted forward
    roll_back: Roll = "none"  # of a period counted backward
    roll_hours: Roll = "none"  # of a period in hours: to the same clock time
    roll_fixed: bool = False  # a printed date is rolled too
    roll_extension: bool = True  # what was made longer is rolled again
    calendars: tuple[str, ...] = ()
    roll_calendars: tuple[str, ...] = ()
    join: Join = "any"
    inaccessible: tuple[date, ...] = ()  # only a clause names such days
    least_working_days: int = 0  # in every period of two days or more
    cut_off: time | None = None
    zone: str = ""
    cites: Mapping[str, str] = field(default_factory=dict, hash=False)  # axis -> authority; "" for all others

    def authority(self, axis: Axis) -> str:
        """Name what says so on an axis."""
        cited = self.cites.get(axis) or self.cites.get("", "")
        return f"{cited} ({self.name}, assumed)" if self.assumed else cited or self.name

    def __str__(self) -> str:
        """Name it."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one clause is counted: the clause's own terms over those of its regime."""

    regime: Regime  # with the clause's terms in place of its own
    by_clause: frozenset[str] = frozenset()  # the axes that the clause settles

    def authority(self, axis: Axis) -> str:
        """Name what settles an axis: the clause, or the regime's authority."""
        return _CLAUSE if axis in self.by_clause else self.regime.authority(axis)

    @property
    def rolls_everything(self) -> bool:
        """Whether a printed date is rolled as well."""
        return self.regime.roll_fixed or "roll" in self.by_clause


_AXES: Final[Mapping[str, tuple[Axis, str]]] = {  # field of Terms -> its axis, and the field of Regime
    "anchor_day": ("anchor-day", "anchor_day"),
    "anchor_hour": ("anchor-day", "anchor_hour"),
    "days": ("days", "days"),
    "short_period": ("days", "short_period"),
    "month_end": ("month-end", "month_end"),
    "distance": ("distance", "distance"),
    "roll": ("roll", "roll"),
    "calendars": ("calendar", "calendars"),
    "roll_calendars": ("calendar", "roll_calendars"),
    "join": ("calendar", "join"),
    "inaccessible": ("inaccessible", "inaccessible"),
    "least_working_days": ("least-working-days", "least_working_days"),
    "cut_off": ("cut-off", "cut_off"),
    "zone": ("cut-off", "zone"),
}


def policy(terms: Terms, regime: Regime) -> Policy:
    """Lay the clause's terms over the regime's.

    A clause that names a kind of day switches the regime's short periods off; a roll that it names holds in both
    directions and for hours; calendars that it names are those of its roll too.
    """
    given = {name: getattr(terms, name) for name in _AXES if getattr(terms, name) not in {None, "", ()}}
    if not given:
        return Policy(regime=regime)
    changes: dict[str, Any] = {_AXES[name][1]: value for name, value in given.items()}
    if "days" in given and "short_period" not in given:
        changes["short_period"] = None
    if "calendars" in given and "roll_calendars" not in given:
        changes["roll_calendars"] = ()
    if "roll" in given:
        changes |= _both_ways(given["roll"])
    return Policy(regime=replace(regime, **changes), by_clause=frozenset(_AXES[name][0] for name in given))


def _both_ways(roll: Roll) -> dict[str, Roll]:
    back: Roll = "preceding" if roll == "with-count" else roll
    return {"roll_back": back, "roll_hours": "following" if roll == "with-count" else roll}


def laid_over(upper: Terms, lower: Terms) -> Terms:
    """Lay the terms of an extension over those of the clause that it extends."""
    given = {one.name: value for one in fields(upper) if (value := getattr(upper, one.name)) not in {None, "", ()}}
    return replace(lower, **given)
