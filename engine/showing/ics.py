"""An agenda as a calendar file (RFC 5545, RFC 7986): one all-day event for each occurrence.

Its id never changes, its sequence number grows when its days move, and its stamps are those of the ledger: the same
agenda is the same file, and a calendar that reads it again knows which events are newer than its own. What would be
stale tomorrow (how many days are left) is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from duewatch.engine.showing.agenda import USABLE
from duewatch.engine.showing.axis import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from duewatch.engine.showing.agenda import Entry

LONGEST_LINE: Final = 75  # octets without the line break: RFC 5545, 3.1
DAY: Final = "%Y%m%d"
SPECIAL: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})  # RFC 5545, 3.3.11


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry of the agenda with its past: how often its days moved, when they were first and last set down (UTC)."""

    entry: Entry
    moved: int
    created: datetime
    modified: datetime


def calendar(events: Sequence[Event], *, name: str) -> str:
    """Write a calendar. Lines end with CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//duewatch//agenda//EN", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H"]
    lines += [f"LAST-MODIFIED:{_stamp(max(one.modified for one in events))}"] if events else []
    for one in events:
        lines += _event(one)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def uid(occurrence: str) -> str:
    """Give the id of an occurrence's event: the same whatever date it moves to."""
    return f"{sha256(occurrence.encode()).hexdigest()[:32]}@duewatch"


def _event(event: Event) -> Iterator[str]:
    entry, item = event.entry, event.entry.item
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(item.occurrence or '')}"
    yield f"DTSTAMP:{_stamp(event.modified)}"  # without METHOD it is that of the last revision: 3.8.7.2
    yield f"CREATED:{_stamp(event.created)}"
    yield f"LAST-MODIFIED:{_stamp(event.modified)}"
    yield f"SEQUENCE:{event.moved}"
    yield f"DTSTART;VALUE=DATE:{entry.day.strftime(DAY)}"
    yield f"DTEND;VALUE=DATE:{_day_after(entry.day).strftime(DAY)}"  # the first day that no longer belongs to it
    sort = "Last day" if item.status == USABLE else "Due"
    yield f"SUMMARY:{_text(f'{sort}: {item.action} ({item.provision}, {item.instrument})')}"
    yield f"DESCRIPTION:{_text(_described(entry))}"
    yield f"CATEGORIES:{_text(item.instrument)}"
    yield f"STATUS:{'TENTATIVE' if entry.others else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _day_after(day: date) -> date:
    return day.fromordinal(day.toordinal() + 1)


def _described(entry: Entry) -> str:
    item = entry.item
    bearers = item.member or ", ".join(item.bearer) or "not named"
    whose = "Open to" if item.status == USABLE else "Owed by"
    lines = [f"{whose}: {bearers}", f"By the word: {item.verb}"]
    lines += [f"Under another reading: {', '.join(map(in_words, entry.others))}"] if entry.others else []
    return "\n".join([*lines, f"duewatch explain '{(item.occurrence or '').partition('#')[2]}'"])


def _text(words: str) -> str:
    clean = "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in words)
    return clean.translate(SPECIAL)


def _folded(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never inside a letter; each further one begins with a blank."""
    pieces, piece, room = [], "", LONGEST_LINE
    for sign in line:
        if len((piece + sign).encode()) > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece += sign
    return "\r\n ".join([*pieces, piece])
