"""Days, clock times, instants and time zones as shapes of the language."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, available_timezones

from duewatch.engine.encoding.civil import ISO_DAY, parse_clock, parse_day
from duewatch.engine.encoding.notebook import did_you_mean
from duewatch.engine.encoding.shapes import Amiss, Pattern

if TYPE_CHECKING:
    from duewatch.engine.encoding.notebook import Notebook

_OFFSET: Final = r"(?:Z|[+-]\d{2}:\d{2})"
INSTANT_PATTERN: Final = rf"{ISO_DAY}[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?{_OFFSET}"
_INSTANT: Final = re.compile(rf"{INSTANT_PATTERN}\Z", re.ASCII)
_ALMOST: Final = re.compile(rf"{ISO_DAY}[T ]\d", re.ASCII)


def parse_zone(text: str) -> str:
    """Read an IANA time zone. Amiss with the nearest name otherwise."""
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):  # not found, a folder, a path that leads elsewhere
        meant = did_you_mean(text, available_timezones(), "write an IANA name such as Europe/Paris")
        raise Amiss(f"`{text}` is not a time zone", meant) from None
    return text


def looks_like_instant(text: str) -> bool:
    """Say whether somebody meant a day with a clock time."""
    return bool(_ALMOST.match(text))


def parse_instant(text: str) -> datetime:
    """Read a day and a clock time with its offset from UTC. Amiss where the offset is missing, or it is no moment."""
    if not _INSTANT.match(text):
        raise Amiss(f"`{text}` is not an instant", 'write "2025-03-03T09:00Z" or "2025-03-03T09:00-05:00"')
    parse_day(text[:10])
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Amiss(f"`{text}` is not a clock time of that day", "write hours from 00 to 23, minutes to 59") from None


def _day(text: str, book: Notebook) -> date:
    return parse_day(text, book.adopted)


DAY: Final = Pattern('a date such as "2021-09-30"', _day, f"^{ISO_DAY}$")
CLOCK: Final = Pattern('a clock time such as "17:30"', lambda text, _: parse_clock(text), r"^([01]\d|2[0-3]):[0-5]\d$")
ZONE: Final = Pattern(
    "an IANA time zone such as Europe/Paris",
    lambda text, _: parse_zone(text),
    r"^[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*$",
)
