"""`duewatch portfolio`: a portfolio that is kept in a spreadsheet, taken once and followed ever after."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import FINE, FOUND, counted, notice, say
from duewatch.console.options import Day
from duewatch.console.progress import busy
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from duewatch.console.opening import House
    from duewatch.engine.encoding.answers import Answer
    from duewatch.engine.encoding.portfolio import Portfolio
    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.comparing import Comparison
    from duewatch.engine.judgement.taking import Decided, Proposal
    from duewatch.engine.ledger.chain import Head

EPILOG: Final = """\b
Examples:
  duewatch portfolio contracts.csv --by jane --yes               (its mapping is contracts.yaml)
  duewatch portfolio contracts.xlsx --map contracts.yaml --by jane
  duewatch portfolio contracts.csv --by jane --propose > answers.yaml
  duewatch portfolio contracts.csv --by jane --answers answers.yaml --yes
  duewatch portfolio --list

\b
Exit codes: 0 taken, or nothing to take; 1 `--propose` found questions; 2 refused."""


@click.command("portfolio", epilog=EPILOG)
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help="List the portfolios that were taken.")
@click.option(
    "--map", "mapping", type=click.Path(path_type=Path), metavar="FILE", help="The mapping. Default: FILE with .yaml."
)
@click.option("--as-of", type=Day(), metavar="D", help="The day that the sheet speaks of. Default: that of the file.")
@click.option(
    "--answers", type=click.Path(path_type=Path), metavar="FILE", help="What happened to the dates that moved, and why."
)
@click.option("--propose", is_flag=True, help="Print what is asked, as a file for --answers, and take nothing.")
@click.option("--allow-fewer", "fewer", is_flag=True, help="Take a sheet that lost a fifth of its rows or dates.")
@click.option("--yes", is_flag=True, help="Take it without asking, for scripts.")
@click.option("--by", metavar="NAME", help="Who records it. Wanted for a FILE.")
def command(  # noqa: PLR0913, PLR0917 (click's signature)
    file: Path | None,
    listing: bool,  # noqa: FBT001
    mapping: Path | None,
    as_of: date | None,
    answers: Path | None,
    propose: bool,  # noqa: FBT001
    fewer: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
    by: str | None,
) -> int:
    """Take a portfolio that is kept as CSV or XLSX: each row is owed once, by its date.

    The first run makes the obligations. A later one compares: what is new is taken, and for each date that moved
    and each row that is gone it asks once what happened, and why. Nothing is overwritten; all of it is taken or
    nothing. A sheet that is older than the last one, or that has shrunk, is refused.
    """
    from duewatch.console.opening import furnished
    from duewatch.console.proposals import as_answers
    from duewatch.engine.encoding.answers import read_answers
    from duewatch.engine.encoding.mapping import read_mapping
    from duewatch.engine.encoding.portfolio import read_portfolio
    from duewatch.engine.judgement.portfolios import day_of_file, settle
    from duewatch.engine.judgement.taking import Proposal

    if listing:
        print_list()
        return FINE
    if file is None:
        raise BadInput("no sheet is named; give a FILE, or --list to see what was taken")
    if not by:
        raise BadInput("nobody is named as taking it; say who with --by NAME")
    chosen = mapping or file.with_suffix(".yaml")
    if mapping is None and not chosen.exists():
        raise BadInput(
            f"there is no {chosen}, which would say what the columns of {file} mean; name another with --map"
        )
    sheet = read_portfolio(file, read_mapping(chosen))
    given = read_answers(answers) if answers else None
    if as_of is None:
        last_changed = f"{day_of_file(sheet)}, the day on which the file was last changed"
        notice(f"duewatch: {sheet.name} is taken as of {last_changed}; --as-of D gives another day")
    with furnished() as house:
        looking = partial(look_at, house, sheet, as_of=as_of, fewer=fewer)
        comparison, head = looking(given)
        if propose:
            say(as_answers(comparison.asked))
            return FOUND if comparison.asked else FINE
        if comparison.is_same and not comparison.asked:
            say(f"nothing to take: this sheet of {comparison.kept.as_of} was taken already")
            return FINE
        if given is None and comparison.asked:
            given = asked_here(comparison, looking) if sys.stdin.isatty() else ()
            comparison, head = looking(given)
        decided = settle(comparison, given or ())
        others = first_others(house)
        proposal = Proposal(comparison, decided, by, house.now, house.os_user, head, others)
        return taken(house, proposal, yes=yes)


def look_at(
    house: House, sheet: Portfolio, answers: Sequence[Answer] | None, *, as_of: date | None, fewer: bool
) -> tuple[Comparison, Head]:
    """Compare the sheet under the keys that were answered to be others now; without answers, under likely ones."""
    from duewatch.engine.judgement.portfolios import look, renamed_by

    renamed = None if answers is None else renamed_by(answers)
    with busy("comparing"):
        return look(house.desk, sheet, as_of=as_of, now=house.now, fewer=fewer, renamed=renamed)


def asked_here(comparison: Comparison, looking: Callable[..., tuple[Comparison, Head]]) -> tuple[Answer, ...]:
    """Ask on the terminal: first which rows have another key now, for the other questions hang on it."""
    from duewatch.console.proposals import ask

    first = ask([one for one in comparison.asked if one.to])
    known = {(key, one.about) for one in first for key in one.keys}
    rest = looking(first)[0].asked
    return (*first, *ask([one for one in rest if (one.key, one.about) not in known]))


def taken(house: House, proposal: Proposal, *, yes: bool) -> int:
    """Show what moves, ask unless `yes`, and take it."""
    from duewatch.console.load import is_wanted, shown
    from duewatch.engine.judgement.portfolios import rehearse, take, take_at_once

    numbers: tuple[int, ...] = ()
    with busy("taking" if yes else "comparing"):
        if yes:
            numbers, moves = take_at_once(house.desk, proposal)
        else:
            moves = rehearse(house.desk, proposal)
    say("\n".join(told(proposal.comparison, proposal.decided)))
    say(shown(moves) if moves else "nothing moves")
    if not yes:
        if not is_wanted():
            say("nothing was taken")
            return FINE
        with busy("taking"):
            numbers = take(house.desk, proposal)
    last = f" to {numbers[-1]}" if numbers[1:] else ""
    say(f"taken: {counted(len(numbers), 'fact')}, {numbers[0]}{last}")
    return FINE


def print_list() -> None:
    """List the portfolios that were ever taken."""
    from duewatch.console import tables
    from duewatch.console.opening import furnished
    from duewatch.engine.judgement.portfolios import portfolios

    with furnished() as house:
        found = portfolios(house.desk.engine)
    if not found:
        tables.print_lines(["No portfolio was taken."])
        return
    rows = [
        (
            one.symbol,
            one.file,
            one.as_of.isoformat(),
            str(one.rows),
            str(one.gone),
            f"{one.taken_at:%Y-%m-%d} by {one.taken_by}",
            "yes" if one.stands else "no longer",
        )
        for one in found
    ]
    tables.print_list(rows, ("portfolio", "last sheet", "as of", "rows", "gone", "taken", "stands"))
    say("\n`duewatch load --drop PORTFOLIO` takes one away; what was recorded of it stays in the ledger.")


def told(comparison: Comparison, decided: Sequence[Decided]) -> list[str]:
    """Say what comes of the sheet, before what moves by it."""
    kept = comparison.kept
    counts = [counted(len(kept.present()), "row"), f"{len(comparison.new)} new", f"{len(kept.absent)} gone"]
    lines = [f"{kept.file} of {kept.as_of}: {', '.join(counts)}"]
    lines += [f"  {one.asked.key}: {one.asked.words}: {one.given.what}, {one.given.why}" for one in decided]
    return [*lines, *(f"  {note}" for note in comparison.notes)]


def first_others(house: House) -> tuple[Source, ...]:
    """Give the encodings of the settings that are there: on an empty database they are adopted with the portfolio."""
    from duewatch.console.opening import library_here, source_of
    from duewatch.engine.judgement.editions import adopted
    from duewatch.engine.ledger.database import reading

    with reading(house.desk.engine) as connection:
        if adopted(connection) is not None:
            return ()
    there = [path for path in house.settings.obligations if path.exists()]
    for path in there:
        notice(f"duewatch: {path} is adopted as well, for this database is empty")
    return tuple(source_of(path, house.desk.rules, library_here(house.settings)) for path in there)
