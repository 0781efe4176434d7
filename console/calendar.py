"""`duewatch calendar`: an .ics file of days off becomes a calendar of one's own."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Final

import click

from duewatch.console.errors import counted, notice, say
from duewatch.engine.problems import BadFile, BadInput, Place, Problem

EPILOG: Final = """\b
Example:
  mkdir -p library/calendars
  duewatch calendar examples/days-off.ics --name my-office --source "staff circular 3 of 2026" \\
    --covers 2026-01-01..2026-12-31 > library/calendars/my-office.json
  duewatch deadline "3 working days after 2026-03-12, calendar my-office" --library library"""

LARGEST: Final = 4 << 20  # bytes
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")


@click.command("calendar", epilog=EPILOG)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--name", required=True, metavar="NAME", help="What it is called: small letters, digits, `-`.")
@click.option("--source", required=True, metavar="TEXT", help="Who says so: a law, a circular, a page.")
@click.option("--covers", required=True, metavar="FIRST..LAST", help="The days that the file speaks of: no others.")
@click.option(
    "--weekend",
    default="saturday,sunday",
    show_default=True,
    metavar="DAYS",
    help="The weekly days of rest, with commas between; none for none.",
)
def command(file: Path, name: str, source: str, covers: str, weekend: str) -> None:
    """Make a calendar of working days from an .ics file whose events are days off.

    It is printed as JSON, to be kept as calendars/NAME.json in a folder that --library or DUEWATCH_LIBRARY names.
    Events that recur, last for days, have exceptions or were moved are followed. One that covers no whole day closes
    nothing, and is named on standard error.
    """
    from duewatch.engine.reckoning.calendarfiles import read_calendar
    from duewatch.engine.reckoning.icsfiles import read_ics

    first, last = _range(covers)
    if not _NAME.match(name):
        raise BadInput(f"--name: `{name}` is no name of a calendar; write small letters, digits and `-`")
    found = read_ics(_content(file), str(file), first, last)
    made = {
        "calendar": name,
        "title": found.title or name,
        "source": source,
        "covers": [first.isoformat(), last.isoformat()],
        "weekend": [] if weekend.strip() == "none" else [day.strip() for day in weekend.split(",")],
        "holidays": [day.isoformat() for day in found.days],
        "note": f"made from {file.name}",
    }
    text = json.dumps(made, ensure_ascii=False, indent=2)
    read_calendar(text.encode(), f"{name}.json")  # what is printed can be read
    for one in found.left_out:
        notice(f"duewatch: {one}: left out")
    if not found.days:
        raise BadInput(f"{file}: no event falls into {covers}; nothing is printed. Check --covers")
    notice(f"duewatch: {counted(len(found.days), 'day')} from {first} to {last}")
    say(text)


def _range(covers: str) -> tuple[date, date]:
    from duewatch.console.deadline import read_by
    from duewatch.engine.encoding.civil import parse_day

    start, dots, end = covers.partition("..")
    if not dots:
        raise BadInput(f"--covers: `{covers}` is no range of days; write 2026-01-01..2026-12-31")
    first, last = (read_by(parse_day, one.strip(), "--covers") for one in (start, end))
    if last < first:
        raise BadInput(f"--covers: the last day comes before the first: {covers}")
    return first, last


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadFile(
            [Problem(Place(str(file)), f"the file cannot be read: {error.strerror}", "check its name")]
        ) from None
    if len(content) > LARGEST:
        raise BadFile([Problem(Place(str(file)), f"the file is larger than {LARGEST} bytes", "cut it down")])
    return content
