"""Regime files: JSON -> `Regime`, one for each version, with the regime's own published cases beside it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, get_args

from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.datafiles import each, open_reading
from duewatch.engine.reckoning.regimes import Regime
from duewatch.engine.reckoning.steps import Axis
from duewatch.engine.words import AnchorDay, AnchorHour, Days, Join, MonthEnd, Roll, ShortPeriod, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from duewatch.engine.reckoning.datafiles import Reading

KEYS: Final = ("regime", "title", "assumed", "versions", "cases", "note")
_VERSION_KEYS: Final = ("from", "until", "terms", "authority")
_Read = "Callable[[Reading, Any], Any]"


def _words(words: Any, what: str) -> Callable[[Reading, Any], Any]:  # noqa: ANN401 - a Literal
    return lambda reading, value: reading.word(value, words, what)


def _short(reading: Reading, value: Any) -> ShortPeriod | None:  # noqa: ANN401 - JSON
    if not isinstance(value, dict) or not isinstance(value.get("at-most"), int):
        reading.wrong("short-period", "a short period has a limit", 'write {"at-most": 5, "days": "working"}')
        return None
    return ShortPeriod(value["at-most"], reading.word(value.get("days", "working"), Days, "kind of day"))


def _distance(reading: Reading, value: Any) -> tuple[Span, ...]:  # noqa: ANN401 - JSON
    count, unit = reading.span(value)
    return (Span(count, unit),)  # type: ignore[arg-type]  # the pattern allows the units only


def _number(reading: Reading, value: Any) -> int:  # noqa: ANN401 - JSON
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    reading.wrong(value, f"`{value}` is no number", "write a whole one")
    return 0


_TERMS: Final[Mapping[str, Callable[[Reading, Any], Any]]] = {
    "anchor-day": _words(AnchorDay, "way to count the anchor's day"),
    "anchor-hour": _words(AnchorHour, "way to count the event's hour"),
    "days": _words(Days, "kind of day"),
    "short-period": _short,
    "month-end": _words(MonthEnd, "month-end policy"),
    "grace-month-end": _words(MonthEnd, "month-end policy"),
    "distance": _distance,
    "distance-from": _words(("unrolled", "rolled"), "day to add the distance to"),
    "roll": _words(Roll, "roll"),
    "roll-back": _words(Roll, "roll"),
    "roll-hours": _words(Roll, "roll"),
    "roll-fixed": _words((True, False), "answer"),
    "roll-extension": _words((True, False), "answer"),
    "calendar": lambda reading, value: reading.names(value),
    "roll-calendar": lambda reading, value: reading.names(value),
    "join": _words(Join, "way to join calendars"),
    "at-least-working-days": _number,
    "cut-off": lambda reading, value: reading.clock(value),
    "zone": lambda _, value: str(value),
}
_FIELDS: Final = {
    "calendar": "calendars",
    "roll-calendar": "roll_calendars",
    "at-least-working-days": "least_working_days",
}
_AUTHORITIES: Final = {"", *get_args(Axis)}


def read_regime(content: bytes, file: str) -> tuple[Regime, ...]:
    """Give the versions of a regime, the newest first; BadFile with everything that is wrong, each at its place."""
    reading = open_reading(content, file, KEYS, "a regime")
    data = reading.data
    versions = each(reading, data.get("versions"), "versions", lambda one: _version(reading, one))
    if not data.get("regime") or not versions:
        reading.wrong("", "a regime has a name and at least one version", 'write "regime": "NAME", "versions": [{...}]')
    reading.finish()
    return tuple(sorted(versions, key=lambda one: one.since or -(2**40), reverse=True))


def _version(reading: Reading, table: dict[str, Any]) -> Regime:
    reading.known(table, _VERSION_KEYS, "a version")
    terms = table.get("terms") or {}
    reading.known(terms, _TERMS, "the terms of a regime")
    cites = {str(key): str(value) for key, value in (table.get("authority") or {}).items()}
    reading.known(cites, sorted(_AUTHORITIES), "the authorities")
    if not cites.get(""):
        reading.wrong("authority", "the regime cites nothing", 'write "authority": {"": the law}')
    given = {_field(key): _TERMS[key](reading, value) for key, value in terms.items() if key in _TERMS}
    return Regime(
        name=str(reading.data.get("regime", "")),
        title=str(reading.data.get("title", "")),
        assumed=reading.data.get("assumed") is True,
        since=_day(reading.day(table.get("from"))),
        until=_day(reading.day(table.get("until"))),
        cites=cites,
        **given,
    )


def _field(key: str) -> str:
    name = _FIELDS.get(key, key.replace("-", "_"))
    return name if name in {one.name for one in fields(Regime)} else key


def _day(day: date | None) -> int | None:
    return None if day is None else to_day(day)
