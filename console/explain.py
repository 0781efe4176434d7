"""`duewatch explain`: why an occurrence stands where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import say
from duewatch.console.options import about_time, printed, under_encoding
from duewatch.console.progress import busy

if TYPE_CHECKING:
    from datetime import date, datetime

EPILOG: Final = """\b
Examples:
  duewatch explain annual-report/1
  duewatch explain annual-report/1 --as-of 2021-10-01
  duewatch explain annual-report/1 --as-of 2021-10-05 --as-known 2021-10-03"""


@click.command("explain", epilog=EPILOG)
@click.argument("target", metavar="ID")
@about_time
@under_encoding
@printed()
def command(
    target: str, as_of: date | datetime | None, as_known: date | datetime | None, encoding: str | None, output: str
) -> None:
    """Explain the status of an occurrence, or of an entry that has none.

    Under each reading: the rule that decided, in words, and the one that would have been next. Then the facts
    with their ledger numbers, each step of the date's computation, and what would settle it.
    """
    from duewatch.console import tables
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.explaining import explain

    with opened(under=encoding) as house, busy("asking"):
        explanation = explain(house.desk, target, house.question(as_of, as_known))
    if output == "json":
        say(json.dumps(explanation.as_json(), ensure_ascii=False, indent=2))
    else:
        tables.print_sections(explanation.title, explanation.sections)
