"""What may be typed after an option: days, moments, lists of words. Each refusal says what to write.

Days are calendar days without a zone; a moment is a day (its last instant, in each instrument's zone)
or an instant with its offset from UTC.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

MOST_NAMED: Final = 20  # names listed where none is near

DAYS_OF_A_WEEK: Final = 7

_SPAN: Final = re.compile(r"([0-9]{1,4})([dw])")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1000, 9000  # beyond, no calendar of ours could count on
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?")


class Day(click.ParamType[date]):
    """A calendar day, written 2021-09-30."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 (click's signature)
        """Read the day; anything else than YYYY-MM-DD is refused."""
        if isinstance(value, date):
            return value
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar", param, ctx)
        return self.fail(f"{value!r} is not a day; write it as 2021-09-30", param, ctx)


class Moment(click.ParamType[date]):
    """A day (its last moment, in each instrument's zone), or an instant with its offset from UTC."""

    name = "day or instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:  # noqa: ANN401 (click's signature)
        """Read the day or the instant; an instant without an offset is refused, for it could be any of 26 hours."""
        if isinstance(value, date):
            return value
        if value[:4].isdecimal() and not _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR:
            self.fail(f"{value!r} is out of range; ask about the years {_FIRST_YEAR} to {_LAST_YEAR}", param, ctx)
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
            if _INSTANT.fullmatch(value):
                return self._aware(datetime.fromisoformat(value), value, param, ctx)
        except ValueError:
            self.fail(f"{value!r} is no moment of the calendar", param, ctx)
        return self.fail(f"{value!r} is neither a day (2021-09-30) nor an instant (2021-09-30T17:00-04:00)", param, ctx)

    def _aware(
        self, moment: datetime, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if moment.tzinfo is None:
            self.fail(f"{value!r} lacks its offset from UTC; write {value}Z or {value}-04:00", param, ctx)
        return moment


class Words(click.ParamType["tuple[str, ...]"]):
    """One or more words, divided by commas."""

    name = "word,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:  # noqa: ANN401, ARG002 (click's signature)
        """Split at the commas."""
        if isinstance(value, tuple):
            return value
        return tuple(word.strip() for word in value.split(",") if word.strip())


class Span(click.ParamType[int]):
    """A number of days, written 30d or 6w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 (click's signature)
        """Read the span; it gives days."""
        if isinstance(value, int):
            return value
        found = _SPAN.fullmatch(value)
        if not found:
            self.fail(f"{value!r} is not a span; write days or weeks: 30d or 6w", param, ctx)
        return int(found[1]) * (DAYS_OF_A_WEEK if found[2] == "w" else 1)


def about_time(command: Decorated) -> Decorated:
    """Give a command `--as-of` and `--as-known`, the two axes of every question."""
    known = click.option(
        "--as-known",
        type=Moment(),
        metavar="D",
        help="Use only what had been recorded by then. Default: the whole ledger.",
    )
    of = click.option(
        "--as-of",
        type=Moment(),
        metavar="D",
        help="The day asked about (its last moment, in the instrument's zone), or an instant. Default: now.",
    )
    return of(known(command))


def under_encoding(command: Decorated) -> Decorated:
    """Give a command `--encoding`, the third axis: which version of the texts the answer rests on."""
    return click.option(
        "--encoding",
        metavar="HASH",
        help="Ask under a version adopted earlier: the first digits of its hash. Default: the one in force.",
    )(command)


def printed(first: str = "text", *others: str) -> Callable[[Decorated], Decorated]:
    """Give a command `--format`: text (or a table) for people, json for programs, and `others`."""
    return click.option(
        "--format",
        "output",
        type=click.Choice([first, "json", *others]),
        default=first,
        show_default=True,
        help="For people or for programs.",
    )


def signed(command: Decorated) -> Decorated:
    """Give a command `--by`: whoever records says who they are; nothing is guessed."""
    return click.option("--by", required=True, metavar="NAME", help="Who records it.")(command)


def known_words(words: Iterable[str], known: Iterable[str], noun: str) -> tuple[str, ...]:
    """Give `words` back once each is known.

    Raises BadInput for the unknown ones, each with the nearest known word, or with all of them when none is near.
    """
    asked, names = tuple(words), sorted(set(known))
    wrong = [unknown(word, names, noun) for word in asked if word not in names]
    if wrong:
        raise BadInput("; ".join(wrong))
    return asked


def unknown(word: str, names: Sequence[str], noun: str) -> str:
    """Say that a word is not known, and which one was probably meant."""
    near = get_close_matches(word, names, n=2, cutoff=0.5)
    if near:
        return f"{word!r} is no {noun}; did you mean {' or '.join(near)}?"
    some = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
    return f"{word!r} is no {noun}; there are {some}" if names else f"{word!r} is no {noun}; there is none"
