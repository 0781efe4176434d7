"""`duewatch slips`: the dates that moved, by how much, how often, before or after they had passed, and by whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import about_time, known_words, printed
from duewatch.console.progress import busy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from duewatch.engine.judgement.slipping import Move, Slipped, Slips

EPILOG: Final = """\b
Examples:
  duewatch slips
  duewatch slips --as-known 2021-10-01
  duewatch slips --format csv > slips.csv"""

COLUMNS: Final = (
    *(
        "provision",
        "occurrence",
        "was due",
        "now due",
        "days",
        "readings",
        "its day had passed",
        "moved by",
        "recorded",
    ),
)
FIELDS: Final = (
    *("occurrence", "provision", "bearer", "was", "now", "days", "readings", "is_default", "is_whole"),
    *("passed_when_granted", "passed_when_recorded"),
    *("cause", "fact", "granted_on", "granted_by", "symbol", "recorded_at", "recorded_by", "why"),
)
SUMS: Final = ("moves", "later", "earlier", "days in all", "longest", "after its day")


@click.command("slips", epilog=EPILOG)
@click.option("--bearer", metavar="B", help="Only what this party owes.")
@about_time
@printed("table", "csv")
def command(
    *, bearer: str | None, as_of: date | datetime | None, as_known: date | datetime | None, output: str
) -> None:
    """List every due date that moved, in the order in which that became known, with the readings under which it did.

    A date is moved by an extension, by the day of an event or its correction, by a ruling that makes another reading
    the default, by a delivery from which a series rolls on, and by another encoding. Each line says whether the old
    day had passed when the move was granted, and when it was recorded here. Then come the sums of the default reading.
    An entry that has another name now is followed under both.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.slipping import of_bearer, slips

    with opened() as house:
        question = house.question(as_of, as_known)
        with busy("asking"):
            found = slips(house.desk, question)
    if bearer is not None:
        known_words([bearer], {name for move in found.moves for name in move.bearers}, "bearer of a date that moved")
        found = of_bearer(found, bearer)
    if output == "json":
        head = {"as_of": question.as_of.isoformat(), "as_known": None if as_known is None else as_known.isoformat()}
        say(json.dumps(head | as_json(found), ensure_ascii=False, indent=2, default=str))
    elif output == "csv":
        print_csv(found)
    else:
        print_table(found)


def as_json(found: Slips) -> dict[str, Any]:
    """Give the moves and the sums."""
    return {
        "moves": [flat(move) for move in found.moves],
        "occurrences": [_sums(one) for one in found.occurrences],
        "bearers": [_sums(one) for one in found.bearers],
    }


def flat(move: Move) -> dict[str, Any]:
    """Give a move without depth: the fields of the JSON, and the columns of the CSV."""
    step = move.step
    return {
        "occurrence": move.occurrence,
        "provision": move.provision,
        "bearer": list(move.bearers),
        "was": None if move.was is None else move.was.isoformat(),
        "now": None if move.now is None else move.now.isoformat(),
        "days": move.days,
        "readings": list(move.readings),
        "is_default": int(move.is_default),
        "is_whole": int(move.is_whole),
        "passed_when_granted": int(move.passed_when_granted),
        "passed_when_recorded": int(move.passed_when_recorded),
        "cause": step.cause,
        "fact": step.fact,
        "granted_on": None if step.granted_on is None else step.granted_on.isoformat(),
        "granted_by": step.granted_by or None,
        "symbol": step.symbol or None,
        "recorded_at": step.recorded_at.isoformat(),
        "recorded_by": step.recorded_by,
        "why": step.why or None,
    }


def _sums(one: Slipped) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def print_csv(found: Slips) -> None:
    """Print a line for each move; the sums are left to the spreadsheet."""
    from duewatch.engine.judgement.cells import csv_sheet

    say(csv_sheet(FIELDS, [flat(move) for move in found.moves]))


def print_table(found: Slips) -> None:
    """Print the moves, then the sums by occurrence and by bearer."""
    from duewatch.console import tables

    if not found.moves:
        tables.print_lines(["No date has moved."])
        return
    tables.print_list([_row(move) for move in found.moves], COLUMNS)
    say("")
    tables.print_list(_rows_of(found.occurrences), ("occurrence", *SUMS))
    say("")
    rows = [(one.name, str(one.occurrences), *_numbers(one)) for one in found.bearers]
    tables.print_list(rows, ("bearer", "occurrences", *SUMS))
    say(f"\n{counted(len(found.moves), 'move')} of {counted(len(found.occurrences), 'occurrence')}")


def _rows_of(sums: Iterable[Slipped]) -> list[tuple[str, ...]]:
    from duewatch.engine.judgement.naming import local_id

    return [(local_id(one.name), *_numbers(one)) for one in sums]


def _numbers(one: Slipped) -> tuple[str, ...]:
    return (str(one.moves), str(one.later), str(one.earlier), f"{one.days:+d}", str(one.longest), str(one.after))


def _row(move: Move) -> tuple[str, ...]:
    from duewatch.engine.judgement.naming import local_id

    step = move.step
    who = step.granted_by or step.recorded_by
    what = step.cause if step.fact is None else f"{step.cause}, fact {step.fact}"
    return (
        move.provision,
        local_id(move.occurrence),
        str(move.was or "no day"),
        str(move.now or "no day"),
        "-" if move.days is None else f"{move.days:+d}",
        _readings(move),
        _passed(move),
        f"{who} ({what}{f', {step.symbol}' if step.symbol else ''})",
        f"{step.recorded_at:%Y-%m-%d} by {step.recorded_by}",
    )


def _readings(move: Move) -> str:
    """Say under which readings the date moved so; sums count what the default one does."""
    if move.is_whole:
        return "every"
    return ", ".join(move.readings) + ("" if move.is_default else " only")


def _passed(move: Move) -> str:
    """Say whether the old day had passed, on both axes of time."""
    if move.passed_when_granted:
        return "yes"
    return "only when recorded" if move.passed_when_recorded else "no"
