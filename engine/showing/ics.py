"""An agenda as a calendar file (RFC 5545): one all-day event for each occurrence, under an id that never changes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from duewatch.engine.showing.axis import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from duewatch.engine.showing.agenda import Entry

LONGEST_LINE: Final = 75  # octets without the line break: RFC 5545, 3.1
DAY: Final = "%Y%m%d"
SPECIAL: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})  # RFC 5545, 3.3.11


def calendar(entries: Iterable[Entry], *, name: str, stamp: datetime) -> str:
    """Write a calendar; `stamp` is when it was made, in UTC. Lines end with CRLF."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//duewatch//agenda//EN", "CALSCALE:GREGORIAN"]
    lines = [*head, f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry, stamp)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def uid(occurrence: str) -> str:
    """Give the id of an occurrence's event: the same whatever date it moves to."""
    return f"{sha256(occurrence.encode()).hexdigest()[:32]}@duewatch"


def _event(entry: Entry, stamp: datetime) -> Iterator[str]:
    item = entry.item
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(item.occurrence or '')}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.day.strftime(DAY)}"
    yield f"DTEND;VALUE=DATE:{_day_after(entry.day).strftime(DAY)}"  # the first day that no longer belongs to it
    yield f"SUMMARY:{_text(f'Due: {item.action} ({item.provision}, {item.instrument})')}"
    yield f"DESCRIPTION:{_text(_described(entry))}"
    yield f"CATEGORIES:{_text(item.instrument)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day_after(day: date) -> date:
    return day.fromordinal(day.toordinal() + 1)


def _described(entry: Entry) -> str:
    item = entry.item
    bearers = item.member or ", ".join(item.bearer) or "not named"
    lines = [item.says, f"Owed by: {bearers}", f"By the word: {item.verb}"]
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
