"""`duewatch history`: each change of status of an occurrence, and who first said so."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import say
from duewatch.console.options import about_time, printed, under_encoding
from duewatch.console.progress import busy

if TYPE_CHECKING:
    from datetime import date, datetime

EPILOG: Final = """\b
Examples:
  duewatch history annual-report/1
  duewatch history annual-report/1 --as-of 2022-06-30 --format json"""


@click.command("history", epilog=EPILOG)
@click.argument("target", metavar="ID")
@about_time
@under_encoding
@printed()
def command(
    target: str, as_of: date | datetime | None, as_known: date | datetime | None, encoding: str | None, output: str
) -> None:
    """Show every change of status of an occurrence up to a day, with its reason.

    It is computed from the facts, so it does not depend on the nights on which the machine was up; beside
    each change stands the run that first reported it.
    """
    from duewatch.console import tables
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.history import history

    with opened(under=encoding) as house, busy("walking through the days"):
        changes = history(house.desk, target, house.question(as_of, as_known))
    if output == "json":
        say(json.dumps([asdict(change) for change in changes], default=str, ensure_ascii=False, indent=2))
        return
    rows = [(str(one.day), one.status.replace("_", " "), one.said_by, one.because or one.says) for one in changes]
    tables.print_list(rows, ("day", "status", "first said by", "because"))
