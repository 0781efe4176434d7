"""`duewatch backtest`: what encodings make of a recorded history, on a database of its own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Day, printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.backtesting import Backtest, Line, Measured, Stand

MOST_NAMED: Final = 3  # readings that agree, by name; the rest are counted

EPILOG: Final = """\b
Examples:
  duewatch backtest history.yaml
  duewatch backtest history.yaml --as-of 2022-06-30 --format json
  duewatch backtest history.yaml --encoding obligations.yaml --encoding changed.yaml"""


@click.command("backtest", epilog=EPILOG)
@click.argument("history", metavar="HISTORY", type=click.Path(path_type=Path))
@click.option(
    "--encoding",
    "encodings",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="An encoding to play it through; several are compared. Default: those of the settings, together.",
)
@click.option("--as-of", type=Day(), metavar="D", help="The day asked about. Default: the last of the history.")
@printed("table")
def command(history: Path, encodings: tuple[Path, ...], as_of: date | None, output: str) -> None:
    """Play a recorded history through an encoding, and show what it would have said.

    For each occurrence that the history speaks of: when it fell due, when it was delivered, how many days early or
    late, and its status under each reading. Your own database is neither read nor written. A row that cannot be
    recorded is listed with its place, and the rest is played.
    """
    from duewatch.console.opening import library_here, settings_here, source_of
    from duewatch.engine.encoding.rulefiles import load_rules
    from duewatch.engine.encoding.statements import read_statements
    from duewatch.engine.judgement.backtesting import backtest
    from duewatch.rules.rete import Decider

    statements = read_statements(history)
    settings = settings_here()
    rules, library = load_rules(settings.rules), library_here(settings)
    together: list[list[Source]] = [[source_of(path, rules, library)] for path in encodings]
    together = together or [[source_of(path, rules, library) for path in settings.obligations]]
    with Decider() as decider:
        tests = [backtest(rules, decider, sources, statements, as_of) for sources in together]
    if output == "json":
        say(json.dumps(as_json(tests), ensure_ascii=False, indent=2, default=str))
    else:
        print_tests(tests)


def as_json(tests: Sequence[Backtest]) -> dict[str, Any]:
    """Give what each encoding makes of the history, and where the first two differ."""
    from duewatch.engine.judgement.backtesting import differences

    shown = [
        {
            "files": test.files,
            "encoding": test.encoding,
            "occurrences": [_line_json(line) for line in test.lines],
            "measures": [_measure_json(one) for one in test.measures],
            "left_out": [{"place": str(one.place), "why": one.why} for one in test.left_out],
        }
        for test in tests
    ]
    return {
        "as_of": tests[0].as_of,
        "encodings": shown,
        "differences": [line for other in tests[1:] for line in differences(tests[0], other)],
    }


def _line_json(line: Line) -> dict[str, Any]:
    first = line.stands[0]
    readings = {
        name: {"due": one.due, "delivered": one.delivered, "days": one.days, "status": one.status}
        for one in line.stands
        for name in one.readings
    }
    return {
        "occurrence": line.occurrence,
        "provision": line.provision,
        "due": first.due,
        "delivered": first.delivered,
        "days": first.days,
        "status": line.status,
        "says": line.says,
        "readings": readings,
    }


def _measure_json(one: Measured) -> dict[str, Any]:
    return {
        "obligation": one.obligation,
        "provision": one.provision,
        "body": one.body,
        "day": one.day,
        "value": str(one.value),
        "of": None if one.of is None else str(one.of),
        "target": one.bound,
        "reached": one.reached,
    }


def print_tests(tests: Sequence[Backtest]) -> None:
    """Print the tables of each encoding, then where the others differ from the first."""
    from duewatch.engine.judgement.backtesting import differences

    for test in tests:
        say(f"{', '.join(test.files)}, as of {test.as_of}")
        _print_occurrences(test)
        _print_measures(test)
        for left in _left_out(test):
            say(left)
    for other in tests[1:]:
        say(f"\n{', '.join(other.files)} against {', '.join(tests[0].files)}:")
        say("\n".join(differences(tests[0], other)) or "nothing differs")


def _print_occurrences(test: Backtest) -> None:
    from duewatch.console.tables import print_list

    headings = ("provision", "occurrence", "due", "delivered", "early or late", "status", "reading")
    rows = [row for line in test.lines for row in _rows(line)]
    print_list(rows, headings)


def _rows(line: Line) -> Iterator[tuple[str, ...]]:
    """The default reading beside the name of the occurrence, and a line for each other outcome."""
    from duewatch.engine.judgement.backtesting import days_in_words
    from duewatch.engine.judgement.naming import local_id

    for place, stand in enumerate(line.stands):
        known = stand.status is not None
        yield (
            "" if place else line.provision,
            "" if place else local_id(line.occurrence),
            str(stand.due or "-"),
            str(stand.delivered or "-"),
            days_in_words(stand) if known else "-",
            (stand.status or "not known to it").replace("_", " "),
            _names(stand),
        )


def _names(stand: Stand) -> str:
    rest = len(stand.readings) - MOST_NAMED
    named = ", ".join(stand.readings[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return named if stand.arguable else f"{named} (noted)"


def _print_measures(test: Backtest) -> None:
    from duewatch.console.tables import print_list

    if test.measures:
        headings = ("provision", "body", "day", "measured", "target", "")
        print_list([_measure_row(one) for one in test.measures], headings)


def _measure_row(one: Measured) -> tuple[str, ...]:
    share = one.value if one.of is None else one.value / one.of
    exact = str(one.value) if one.of is None else f"{one.value}/{one.of} ({float(share):.1%})"
    verdict = {True: "reached", False: "not reached", None: "cannot say"}[one.reached]
    return (one.provision, one.body or "-", str(one.day or "not found"), exact, one.bound, verdict)


def _left_out(test: Backtest) -> Iterator[str]:
    notes = sum(one.why == "a note" for one in test.left_out)
    yield from (f"{one.place}: not played: {one.why}" for one in test.left_out if one.why != "a note")
    if notes:
        yield f"not played: {counted(notes, 'note')}"
