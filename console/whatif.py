"""`duewatch whatif`: what would move if something were so, side by side, without writing anything."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Day, Moment, about_time, printed
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.judgement.supposing import Moved, Supposed

MOST_NAMED: Final = 2  # readings in one row of the table

EPILOG: Final = """\b
Examples:
  duewatch whatif --event term.end=2022-12-31
  duewatch whatif --event term.end=2022-12-31 --since 2022-06-29 --as-of 2022-07-15
  duewatch whatif --fact 'waiver annual-report/1 --granted 2021-07-01 --granted-by council --symbol LETTER/3'"""


@click.command("whatif", epilog=EPILOG)
@click.option("--event", "events", multiple=True, metavar="NAME=DAY", help="An event, or the new end of a period.")
@click.option("--since", type=Day(), metavar="D", help="The day from which the events' days hold. Default: today.")
@click.option("--fact", "given", multiple=True, metavar="'KIND ...'", help="A fact, in the words of `record`.")
@about_time
@printed("table")
def command(  # noqa: PLR0913, PLR0917 (one for each option)
    events: tuple[str, ...],
    since: date | None,
    given: tuple[str, ...],
    as_of: date | datetime | None,
    as_known: date | datetime | None,
    output: str,
) -> None:
    """Show what would move if these facts were recorded now, beside where it stands. Nothing is written."""
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.supposing import suppose

    if as_known is not None:
        raise BadInput("what is supposed is not known yet: leave out --as-known")
    supposed = [*(an_event(text, since) for text in events), *(a_fact(text) for text in given)]
    if not supposed:
        raise BadInput("nothing is supposed; say --event NAME=DAY or --fact '...'")
    with opened() as house:
        found = suppose(house.desk, supposed, house.question(as_of, None), now=house.now)
    if output == "json":
        say(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        print_moved(found)


def an_event(text: str, since: date | None) -> Supposed:
    """Read NAME=DAY."""
    from duewatch.engine.judgement.supposing import Supposed

    name, equals, day = text.partition("=")
    if not equals:
        raise BadInput(f"`{text}` names no day; write it as {text}=2022-12-31")
    return Supposed("event", name.strip(), {"date": Moment().convert(day.strip(), None, None), "since": since})


def a_fact(text: str) -> Supposed:
    """Read the words that would follow `record`, but for whoever records."""
    from duewatch.console.kinds import KINDS
    from duewatch.console.record import build
    from duewatch.engine.judgement.supposing import Supposed

    kinds = {
        kind.name: kind
        for kind in KINDS
        if kind.name not in {"delivered", "sweep", "correction", "retraction", "document"}
    }
    try:
        name, *words = shlex.split(text)
    except ValueError as wrong:
        raise BadInput(f"`{text}` cannot be read: {wrong}") from None
    if name not in kinds:
        raise BadInput(f"`{name}` cannot be supposed; there are {', '.join(kinds)}")
    read: dict[str, Any] = build(kinds[name]).make_context(name, [*words, "--by", "-"]).params
    target = read.pop("target")
    options = {key: value for key, value in read.items() if key not in {"by", "output"}}
    return Supposed(name.replace("-", "_"), target, options)


def print_moved(found: tuple[Moved, ...]) -> None:
    """Print both sides of everything that moves, and how much that is."""
    from duewatch.console.tables import print_list

    if found:
        print_list([row(one) for one in found], ("provision", "occurrence", "now", "then", "moves under"))
    verdicts = sum(one.status[0] != one.status[1] for one in found)
    say(f"{counted(len(found), 'occurrence')} would move, {verdicts} of them to another status; nothing was written")


def row(one: Moved) -> tuple[str, ...]:
    """Give a row of the table."""
    from duewatch.engine.judgement.naming import local_id

    return (one.provision, local_id(one.occurrence), *sides(one), named(one))


def sides(one: Moved) -> Iterator[str]:
    """Say how it stands now, and how it would; in words where they alone differ."""
    if one.status[0] == one.status[1] and one.due[0] == one.due[1] and not one.readings:
        yield from one.says
        return
    for status, due in zip(one.status, one.due, strict=True):
        yield f"{(status or 'not owed').replace('_', ' ')}{f', {due}' if due else ''}"


def named(one: Moved) -> str:
    """Name the readings under which it moves."""
    rest = len(one.readings) - MOST_NAMED
    return ", ".join(one.readings[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
