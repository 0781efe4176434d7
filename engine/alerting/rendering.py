"""Writes the message of one delivery: the state first, then why, then what would close it and what comes next.

Decides nothing and looks nothing up. The words of a state (`says`) come from the rules; every
number, date and fact comes from the verdict. Channels give the parts their form; the plain text
stands here.
"""

from __future__ import annotations

import re
import shlex
import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.alerting.routing import paragraph
from duewatch.engine.alerting.words import CLOSED, MOVED, REOPENED, family
from duewatch.engine.ledger.days import from_day
from duewatch.notifiers.message import Matter, Message, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from duewatch.engine.alerting.words import Delivery, Notice
    from duewatch.notifiers.message import Picture, Tone

_WIDTH: Final = 72  # RFC 3676, section 4.2: short enough to be quoted
_STATE: Final = 70  # characters of a state that a subject shows
_ACTION: Final = 70  # characters of an action that a subject shows
_DIGITS: Final = 3  # a last part of a symbol with so many can stand for the whole
# Names of series, two at least before a number of several parts; then the number, and perhaps a year.
_NUMBERED: Final = re.compile(
    r"(?:[A-Z]+/[A-Z]+/(?:[A-Z]+/)*|[A-Z]+/(?!\d\w*/))(\d\w*(?:/\w+)*)\s*(?:\(\d{4}\))?\Z", re.IGNORECASE
)
_HASH: Final = 12  # characters of the ledger's head that are printed
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST: Final = 100  # items that one message tells in full
_TONES: Final[Mapping[str, Tone]] = {"late": "late", "soon": "soon", "done": "done"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The lines of an explanation that a message repeats, each a sentence without line breaks."""

    name: str  # the short form of the occurrence, as the command line takes it
    quotes: tuple[str, ...] = ()  # phrases of the text, without quotation marks
    limits: tuple[str, ...] = ()  # words that narrow the norm, quoted
    recorded: tuple[str, ...] = ()  # facts with their numbers, or that there are none
    steps: tuple[str, ...] = ()  # how the date was computed
    closes: tuple[str, ...] = ()  # what would discharge it
    heading: str = "What was asked"  # over the norm, as its tradition has it
    quoted: str = '"{verb}": {bearer}'  # who is asked or bound by which verb; `action` may be a gap too


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One occurrence as a message tells it."""

    notice: Notice
    item: Mapping[str, Any]  # as in `duewatch status --format json`
    explained: Explained
    next_stage: str = ""  # of the ladder; "": none
    next_day: int = 0
    others: tuple[str, ...] = ()  # who else is told, and how
    told_day: int | None = None  # what the person was told last as the date of it; None: nothing yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is about the message as a whole."""

    delivery: Delivery
    to_name: str
    date: datetime  # when it is written, aware
    about: datetime  # the moment that it speaks of, aware
    head: tuple[int, str]  # number and hash of the last entry of the ledger that it rests on; (0, ...): none
    follows: tuple[str, ...] = ()  # keys of earlier messages to the same person about the same
    picture: Picture | None = None
    language: str = "en"


def write(letter: Letter, told: Sequence[Told]) -> Message:
    """Give the message of a delivery. `told` is not empty, the most urgent first."""
    matters = tuple(_matter(each) for each in told[:_LONGEST])
    foot = tuple(_foot(letter, told))
    is_follow_up = family(told[0].notice.stage) != "ladder"
    return Message(
        key=letter.delivery.key,
        to_name=letter.to_name,
        to_address=letter.delivery.address,
        subject=subject(told, letter.about.date()),
        text=_text(matters, foot),
        date=letter.date,
        follows=letter.follows if is_follow_up else (),
        matters=matters,
        foot=foot,
        picture=letter.picture,
        language=letter.language,
    )


# ------------------------------------------------------------------ the subject
def subject(told: Sequence[Told], today: date) -> str:
    """Say the state first, then what, where, and when it was or is due: of several, that of the first and how many."""
    item = told[0].item
    more = len(told) - 1
    provision = paragraph(item["provision"]) if more else item["provision"]
    action = textwrap.shorten(item["action"], _ACTION, placeholder=" ...")
    what = f"{action} and {more} more" if more else action
    where = f"{provision}, {short_symbol(item['instrument'])}"
    return f"{_short_state(told[0], today)}: {what} ({where}){_due(told[0], today)}"


def short_symbol(symbol: str) -> str:
    """Give the number that people call an instrument by: `1234` of `X/1234 (2001)`, `12/34` of `Y/Z/12/34`.

    A symbol stays whole where no series stands before its number, or where the number is a short one.
    """
    found = _NUMBERED.match(symbol)
    return found[1] if found and len(re.findall(r"\d", found[1])) >= _DIGITS else symbol


def state(item: Mapping[str, Any]) -> str:
    """Give the beginning of the rules' words: "Overdue 1 day" of "overdue by 1 day: no delivery recorded"."""
    if item["status"] == "contested":
        return "Readings differ"
    beginning = re.split(r"[:;,] ", item["says"], maxsplit=1)[0]
    return _sentence(textwrap.shorten(re.sub(r"^overdue by ", "overdue ", beginning), _STATE, placeholder=" ..."))


def _short_state(told: Told, today: date) -> str:
    """Give the state for a subject; that of a follow-up says first what it follows on."""
    sort, item = family(told.notice.stage), told.item
    if sort == CLOSED:
        late = item["days_late"] or 0
        return f"Closed, {_days(late)} late" if late > 0 else "Closed"
    if sort == MOVED:
        return f"Date moved to {_short_day(item['due'], today)}" if item["due"] else "Date moved"
    if sort == REOPENED:
        return f"Open again, {state(item)[:1].lower()}{state(item)[1:]}"
    return state(item)


def _due(told: Told, today: date) -> str:
    """Give the due date for a subject. While the readings differ no date is called the one that passed."""
    item = told.item
    if family(told.notice.stage) == MOVED and told.told_day is not None:
        return f", was {_short_day(from_day(told.told_day).isoformat(), today)}"
    if not item["due"]:
        return ""
    when = _short_day(item["due"], today)
    if item["status"] == "contested":
        return f", {when} in the default reading"
    days = item["days_until_due"]
    passed = item["days_late"] or (days is not None and days < 0) or family(told.notice.stage) == CLOSED
    return f", was due {when}" if passed else f", due {when}"


def _short_day(iso: str, today: date) -> str:
    """Give a day without its year where it is of this year."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]}" if day.year == today.year else _day(day)


# ------------------------------------------------------------------ the parts
def _matter(told: Told) -> Matter:
    item = told.item
    sections = (
        Section(title=title, lines=tuple(line for line in lines if line))
        for title, lines in (
            ("What changed", _changed(told)),
            (told.explained.heading, _asked(told)),
            ("What is recorded", _recorded(told)),
            ("Why this date" if item["due"] else "Why", [*told.explained.steps, _sentence(item["because"])]),
            ("What would close it", list(map(_sentence, told.explained.closes))),
            ("What happens next", [_next(told)]),
            ("Who else is told", [", ".join(told.others) or "Nobody."]),
        )
    )
    command = Section(title="More", lines=(f"duewatch explain {shlex.quote(told.explained.name)}",), verbatim=True)
    return Matter(
        state=_sentence(item["says"]),
        what=f"{item['provision']}, {item['instrument']}: {item['action']}",
        tone=_TONES.get(item.get("group") or "", "plain"),
        sections=(*(each for each in sections if each.lines), command),
        data={"stage": told.notice.stage, "item": dict(item)},
    )


def _changed(told: Told) -> list[str]:
    """Say how this is no longer what the person was told; nothing where it is the first message."""
    sort = family(told.notice.stage)
    before = _day(from_day(told.told_day)) if told.told_day is not None else "another day"
    if sort == CLOSED:
        return ["You were told that this was due, or late. It is closed now."]
    if sort == REOPENED:
        return ["You were told that this was closed. It is open again."]
    if sort == MOVED:
        now = day_in_words(told.item["due"]) if told.item["due"] else "not known"
        return [f"You were told {before}. The date is {now} now."]
    return []


def _asked(told: Told) -> list[str]:
    item, explained = told.item, told.explained
    bearers = ", ".join([item["member"]] if item["member"] else item["bearer"]) or "nobody in particular"
    towards = f" (towards {', '.join(item['counterparty'])})" if item["counterparty"] else ""
    who = explained.quoted.format(verb=item["verb"], bearer=bearers, action=item["action"]) + towards
    quotes = [f'By the words "{words}".' for words in explained.quotes]
    return [who, *quotes, *(f'Narrowed by "{words}".' for words in explained.limits)]


def _recorded(told: Told) -> list[str]:
    """Say what is recorded, what is known of the contents, and how old the knowledge is."""
    item, recorded = told.item, [line for line in told.explained.recorded if line != "nothing"]
    looked = item["last_looked"]
    last = f"Last looked: {day_in_words(looked)}." if looked else "No look at it is recorded."
    contents = item["contents"]
    counts = ", ".join(f"{contents[each]} {each}" for each in ("seen", "missing", "unchecked")) if contents else ""
    listed = [f"Contents: {counts}."] if contents and contents["of"] else []
    return [*(map(_sentence, recorded) if recorded else ["Nothing is recorded."]), *listed, last]


def _next(told: Told) -> str:
    if family(told.notice.stage) == CLOSED:
        return "No more messages come about it, unless it is opened again."
    if not told.next_stage:
        return "No more messages come about it; it stays in `duewatch status` until a fact settles it."
    named = "" if told.item["status"] == "contested" else f" ({told.next_stage})"
    when = f"{_day(from_day(told.next_day))}{named}"
    return f"The next message comes on {when}, unless a fact settles it before."


def _foot(letter: Letter, told: Sequence[Told]) -> list[str]:
    """Say why this person reads it, and by what name to ask for this very message."""
    reasons = "; ".join(sorted({each.notice.reason for each in told}))
    stages = sorted({f"{_stage(each)} from {_day(from_day(each.notice.due))}" for each in told})
    rest = len(told) - _LONGEST
    number, digest = letter.head
    ledger = f"ledger up to entry {number}, {digest[:_HASH]}" if number else "ledger empty"
    return [
        *([f"... and {rest} more; `duewatch status` lists them."] if rest > 0 else []),
        f"You read this because you are {reasons}.",
        f"Reference: {letter.delivery.key[:_HASH]} ({', '.join(stages)}; {ledger})",
    ]


def _stage(told: Told) -> str:
    """Name the stage; while the readings differ nothing may be called overdue, not even by its stage."""
    contested = told.item["status"] == "contested" and family(told.notice.stage) == "ladder"
    return "readings differ" if contested else told.notice.stage


# ------------------------------------------------------------------ the plain text
def _text(matters: Sequence[Matter], foot: Sequence[str]) -> str:
    end = "\n".join(["-- ", *map(_wrapped, foot)])
    return "\n\n".join([*map(_plain, matters), end]) + "\n"


def _plain(matter: Matter) -> str:
    head = f"{_wrapped(matter.state)}\n{_wrapped(matter.what)}"
    return "\n\n".join([head, *map(_part, matter.sections)])


def _part(section: Section) -> str:
    """Give a titled part with its lines set in."""
    lines = [f"  {line}" if section.verbatim else _wrapped(line, indent="  ") for line in section.lines]
    return "\n".join([section.title, *lines])


def day_in_words(iso: str) -> str:
    """Give an ISO date as people of any language read it without doubt: 15 Jul 2021."""
    return _day(date.fromisoformat(iso))


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


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
