"""Writes the mail of one delivery, in plain text: state first, then why, then what would close it.

Decides nothing and looks nothing up. The words of a state (`says`) come from the rules; every
number, date and fact comes from the verdict.
"""

from __future__ import annotations

import shlex
import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.alerting.routing import paragraph
from duewatch.engine.ledger.days import from_day
from duewatch.notifiers.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from duewatch.engine.alerting.words import Delivery, Notice

_WIDTH: Final = 72  # RFC 3676, section 4.2: short enough to be quoted
_STATE: Final = 100  # characters of a state that a subject shows
_ACTION: Final = 70  # characters of an action that a subject shows
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST: Final = 100  # items that one mail tells in full


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The lines of an explanation that a mail repeats, each a sentence without line breaks."""

    name: str  # the short form of the occurrence, as the command line takes it
    quotes: tuple[str, ...] = ()  # phrases of the text, without quotation marks
    limits: tuple[str, ...] = ()  # words that narrow the norm, quoted
    recorded: tuple[str, ...] = ()  # facts with their numbers, or that there are none
    steps: tuple[str, ...] = ()  # how the date was computed
    closes: tuple[str, ...] = ()  # what would discharge it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One occurrence as a mail tells it."""

    notice: Notice
    item: Mapping[str, Any]  # as in `duewatch status --format json`
    explained: Explained


def write(delivery: Delivery, told: Sequence[Told], *, to_name: str, date: datetime) -> Message:
    """Give the message of a delivery. `told` is not empty, the most urgent first; `date` is when it is written."""
    return Message(
        key=delivery.key,
        to_name=to_name,
        to_address=delivery.address,
        subject=subject(told),
        text=_text(delivery, told),
        date=date,
    )


def subject(told: Sequence[Told]) -> str:
    """Say the state first, then what, where, and when it was or is due: of several, that of the first and how many."""
    item = told[0].item
    more = len(told) - 1
    provision = paragraph(item["provision"]) if more else item["provision"]
    action = textwrap.shorten(item["action"], _ACTION, placeholder=" ...")
    what = f"{action} and {more} more" if more else action
    return f"{state(item)}: {what} ({provision}, {item['instrument']}){_due(item)}"


def state(item: Mapping[str, Any]) -> str:
    """Give the beginning of the rules' words: "Overdue by 1 day" of "overdue by 1 day: no delivery recorded"."""
    return _sentence(textwrap.shorten(item["says"].partition(":")[0], _STATE, placeholder=" ..."))


def day_in_words(iso: str) -> str:
    """Give an ISO date as people of any language read it without doubt: 15 Jul 2021."""
    return _day(date.fromisoformat(iso))


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _due(item: Mapping[str, Any]) -> str:
    """Give the due date for a subject. While the readings differ no date is called the one that passed."""
    if not item["due"]:
        return ""
    when = day_in_words(item["due"])
    if item["status"] == "contested":
        return f", {when} in the default reading"
    days = item["days_until_due"]
    return f", was due {when}" if item["days_late"] or (days is not None and days < 0) else f", due {when}"


# ------------------------------------------------------------------ the body
def _text(delivery: Delivery, told: Sequence[Told]) -> str:
    sections = [_one(each) for each in told[:_LONGEST]]
    if len(told) > _LONGEST:
        sections.append(f"... and {len(told) - _LONGEST} more; `duewatch status` lists them.")
    return "\n\n".join([*sections, _foot(delivery, told)]) + "\n"


def _foot(delivery: Delivery, told: Sequence[Told]) -> str:
    """Say why this person reads it, and by what name to ask for this very message."""
    reasons = "; ".join(sorted({each.notice.reason for each in told}))
    stages = sorted({f"{each.notice.stage} from {_day(from_day(each.notice.due))}" for each in told})
    reference = f"Reference: {delivery.key[:12]} ({', '.join(stages)})"
    return "\n".join(["-- ", _wrapped(f"You read this because you are {reasons}."), _wrapped(reference)])


def _one(told: Told) -> str:
    item, explained = told.item, told.explained
    parts = [
        f"{_sentence(item['says'])}\n{_wrapped(_what(item))}",
        _part("What was asked", [_asked(item), *map(_quoted, explained.quotes), *map(_narrowed, explained.limits)]),
        _part("What is recorded", [*(explained.recorded or ("Nothing is recorded.",)), *_looked(item)]),
        _part("Why this date" if item["due"] else "Why", [*explained.steps, _sentence(item["because"])]),
        _part("What would close it", explained.closes),
        f"More\n  duewatch explain {shlex.quote(explained.name)}",  # never wrapped: to be copied
    ]
    return "\n\n".join(part for part in parts if part)


def _what(item: Mapping[str, Any]) -> str:
    return f"{item['provision']}, {item['instrument']}: {item['action']}"


def _asked(item: Mapping[str, Any]) -> str:
    bearers = ", ".join([item["member"]] if item["member"] else item["bearer"]) or "nobody in particular"
    towards = f" (towards {', '.join(item['counterparty'])})" if item["counterparty"] else ""
    return f'"{item["verb"]}": {bearers}{towards}'


def _looked(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what is known of the contents, and how old the knowledge is."""
    looked = item["last_looked"]
    last = f"Last looked: {day_in_words(looked)}." if looked else "No look at it is recorded."
    contents = item["contents"]
    if not contents or not contents["of"]:
        return (last,)
    counts = ", ".join(f"{contents[each]} {each}" for each in ("seen", "missing", "unchecked"))
    return (f"Contents: {counts}.", last)


def _part(title: str, lines: Iterable[str]) -> str:
    """Give a titled part with its lines set in; nothing where there are no lines."""
    body = "\n".join(_wrapped(line, indent="  ") for line in lines if line)
    return f"{title}\n{body}" if body else ""


def _quoted(words: str) -> str:
    return f'By the words "{words}".'


def _narrowed(words: str) -> str:
    return f'Narrowed by "{words}".'


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _wrapped(line: str, indent: str = "") -> str:
    """Wrap at spaces only: a name that a reader may copy stays whole."""
    return textwrap.fill(
        line,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
