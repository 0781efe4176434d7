"""Sessions of bodies: periods that many instruments share, as lists in `bodies/*.json` have them.

Dates are printed or recorded, or only expected; none is computed from a rule, because a published forecast made from
the rule was a week off four years running.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.reckoning.datafiles import each, open_reading
from duewatch.engine.words import Expected, Fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.reckoning.datafiles import Reading
    from duewatch.engine.reckoning.library import Library
    from duewatch.engine.words import Period

_SIDES: Final = ("start", "recess", "end")
_KEYS: Final = ("body", "title", "note", "sessions")
_SESSION_KEYS: Final = ("number", "title", "cancelled", *_SIDES)


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a session; `moment` None: the session was cancelled."""

    moment: Fixed | Expected | None
    certainty: str = "expected"
    source: str = ""


def side_of(session: str, side: str, library: Library) -> Side | None:
    """Give an end of the session BODY/NUMBER: start, recess or end. None where nobody has listed it."""
    body, _, number = session.partition("/")
    return library.sessions(body).get(number, {}).get(side)


def period_of(owner: str, periods: Mapping[str, Period]) -> Period | None:
    """Give the period of a name: its own, or the one that stands for the session BODY/NUMBER."""
    own = periods.get(owner)
    if own is not None or "/" not in owner:
        return own
    return next((period for period in periods.values() if period.session == owner), None)


def read_body(content: bytes, file: str) -> tuple[str, dict[str, dict[str, Side]]]:
    """Read the list of one body; BadFile with everything that is wrong with it."""
    reading = open_reading(content, file, _KEYS, "a list of sessions")
    sessions = each(reading, reading.data.get("sessions"), "sessions", lambda one: _session(reading, one))
    reading.finish()
    return str(reading.data.get("body", "")), dict(sessions)


def _session(reading: Reading, table: dict[str, Any]) -> tuple[str, dict[str, Side]]:
    reading.known(table, _SESSION_KEYS, "a session")
    number = str(table.get("number", ""))
    if table.get("cancelled"):
        gone = Side(None, "printed", str(table["cancelled"]))
        return number, dict.fromkeys(_SIDES, gone)
    return number, {side: _side(reading, table[side]) for side in _SIDES if side in table}


def _side(reading: Reading, table: Mapping[str, Any]) -> Side:
    source = str(table.get("source", ""))
    if "expected" in table:
        first, last = (reading.day(one) or date.min for one in table["expected"])
        return Side(Expected(first, last, source), "expected", source)
    day = reading.day(table.get("date"))
    return Side(Fixed(day or date.min), str(table.get("certainty", "printed")), source)
