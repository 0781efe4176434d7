"""`duewatch ambiguities`: where the words allow more than one date, who chose, and whether the status hangs on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import about_time, printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from duewatch.engine.judgement.unsettled import Finding
    from duewatch.engine.reckoning.ambiguity import Ambiguity, Anywhere, Reading

EPILOG: Final = """\b
Examples:
  duewatch ambiguities
  duewatch ambiguities annual-report --as-of 2021-10-01
  duewatch ambiguities annual-report --any-anchor --format json"""

OPEN: Final = frozenset({"assumption", "nothing", "encoding"})
HOURS: Final = "end-of-day"  # shown for one entry, or where the status hangs on it
CHOSEN: Final = {
    "clause": "by the clause's own words",
    "regime": "by the regime",
    "assumption": "assumed: no published rule says so",
    "nothing": "by nobody: each way is an arguable reading",
    "encoding": "by the encoding",
    "person": "by a ruling",
}


@click.command("ambiguities", epilog=EPILOG)
@click.argument("target", metavar="[ID]", required=False)
@click.option("--any-anchor", is_flag=True, help="Compare over every anchor that there can be too, with a witness.")
@about_time
@printed()
def command(
    target: str | None,
    any_anchor: bool,  # noqa: FBT001 (click's signature)
    as_of: date | datetime | None,
    as_known: date | datetime | None,
    output: str,
) -> None:
    """Show on which points lawful readings of a date differ, for every entry or for one.

    Only what neither the clause nor published law settles is listed, and only where the readings give different
    dates; the JSON has every point. What an encoding declares `unsettled` is contested between its earliest and its
    latest date; what is merely assumed is not.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.unsettled import findings

    with opened() as house:
        question = house.question(as_of, as_known)
        found = findings(house.desk, question, target, now=house.now, any_anchor=any_anchor)
    if output == "json":
        say(json.dumps([finding_as_json(one) for one in found], ensure_ascii=False, indent=2))
    else:
        print_findings(found, alone=target is not None)


# ------------------------------------------------------------------ for people
def print_findings(found: Sequence[Finding], *, alone: bool) -> None:
    """Print what is open and matters, entry by entry; the rest is counted."""
    from duewatch.console import tables

    shown = [one for one in found if is_open(one) and (one.ambiguity.axis != HOURS or one.decides_status or alone)]
    entries = list(dict.fromkeys((one.provision, one.obligation) for one in shown))
    sections = [
        (
            f"{provision} {obligation}",
            [line for one in shown if one.obligation == obligation for line in lines_of(one)],
        )
        for provision, obligation in entries
    ]
    alike = [one for one in found if not one.ambiguity.differs and not one.decides_status]
    same = sum(one.ambiguity.is_compared for one in alike)
    hours = sum(is_open(one) for one in found) - len(shown)
    rest = f"{same} proved irrelevant, {len(found) - same - hours - len(shown)} settled"
    rest += f", {hours} only move the end of the last day by hours" if hours else ""
    tables.print_sections(f"{counted(len(shown), 'open point')} of {len(found)}; {rest}", sections)


def is_open(one: Finding) -> bool:
    """Say whether nobody has settled a point that matters."""
    return one.settled_by in OPEN and (one.ambiguity.differs or one.decides_status)


def lines_of(one: Finding) -> Iterator[str]:
    """Say one point of an entry."""
    yield from in_lines(one.ambiguity, one.settled_by)
    if one.statuses is None:
        return
    if not one.decides_status:
        yield f"  {one.occurrence} is {next(iter(one.statuses.values())) or 'not owed'} under each"
        return
    names: dict[str, list[str]] = {}
    for way, status in one.statuses.items():
        names.setdefault(status or "not owed", []).append(way)
    words = "; ".join(f"{status} under {', '.join(ways)}" for status, ways in names.items())
    yield f"  the status of {one.occurrence} hangs on it: {words}"


def in_lines(one: Ambiguity, settled_by: str | None = None) -> Iterator[str]:
    """Say one point: what differs, by how much, and what each reading gives."""
    spread = f", {counted(one.spread_days, 'day')} apart at most" if one.spread_days else ""
    from duewatch.engine.reckoning.steps import Step

    yield f"{one.axis}{spread}; chosen {CHOSEN[settled_by or one.chosen_by]}"
    if one.axis == "reading":
        yield from own_in_lines(one.readings)
    else:
        for place, reading in enumerate(one.readings):
            mark = " (followed)" if place == 0 else ""
            yield "  " + str(Step(f"{dates_of(reading)}: {reading.label}{mark}", reading.authority))
    if one.anywhere is not None:
        yield f"  {anywhere_in_words(one.anywhere)}"


def own_in_lines(readings: Sequence[Reading]) -> Iterator[str]:
    """Say which of the encoding's own readings give which dates; `duewatch readings` has their reasons."""
    names: dict[str, list[str]] = {}
    for place, reading in enumerate(readings):
        names.setdefault(dates_of(reading), []).append(f"{reading.id} (followed)" if place == 0 else reading.id)
    yield from (f"  {days}: {', '.join(those)}" for days, those in names.items())


def dates_of(reading: Reading) -> str:
    """Give the dates of a reading: the one, or the first and the last of a series."""
    days = reading.days
    if not days:
        return "no date yet"
    if len(days) == 1:
        return days[0].isoformat()
    return f"{days[0].isoformat()} to {days[-1].isoformat()} ({len(days)})"


def anywhere_in_words(found: Anywhere) -> str:
    """Say how often the readings differ over all anchors."""
    if found.witness is None:
        return "over all anchors: they never differ"
    share = f"{float(found.share):.2%}"
    return f"over all anchors: they differ for {share}, by {found.spread_days} days at most, as from {found.witness}"


# ------------------------------------------------------------------ for programs
def finding_as_json(one: Finding) -> dict[str, object]:
    """Give a point of an entry."""
    return {
        "instrument": one.instrument,
        "obligation": one.obligation,
        "provision": one.provision,
        "phrase": one.phrase,
        **as_plain(one.ambiguity),
        "chosen_by": one.settled_by,
        "occurrence": one.occurrence,
        "decides_status": one.decides_status,
        "status_under_each": None if one.statuses is None else dict(one.statuses),
    }


def as_plain(one: Ambiguity) -> dict[str, object]:
    """Give a point by itself; days in ISO form, the share of anchors as an exact fraction."""
    found = one.anywhere
    return {
        "axis": one.axis,
        "readings": [reading_as_json(reading) for reading in one.readings],
        "chosen": one.readings[0].id,
        "chosen_by": one.chosen_by,
        "differs": one.differs,
        "earliest": None if one.earliest is None else one.earliest.isoformat(),
        "latest": None if one.latest is None else one.latest.isoformat(),
        "spread_days": one.spread_days,
        "witness": None if found is None or found.witness is None else found.witness.isoformat(),
        "share_of_anchors": None if found is None else str(found.share),
    }


def reading_as_json(reading: Reading) -> dict[str, object]:
    """Give one reading with its steps."""
    return {
        "id": reading.id,
        "label": reading.label,
        "due": None if reading.due is None else reading.due.isoformat(),
        "days": None if reading.days is None else [day.isoformat() for day in reading.days],
        "steps": [str(step) for step in reading.steps],
        "authority": reading.authority,
    }
