"""`duewatch import`: a file of facts goes into the ledger, all of it or nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import printed, signed

if TYPE_CHECKING:
    from duewatch.engine.judgement.importing import Imported

EPILOG: Final = """\b
Examples:
  duewatch import facts.yaml --by jane
  duewatch import facts.csv --by jane --format json

\b
A row of YAML, and the same of CSV:
  - {kind: delivered, provision: Art 7, n: 2, dated: "2021-10-01", symbol: REPORT/7}
  kind,provision,n,dated,symbol
  delivered,Art 7,2,2021-10-01,REPORT/7"""


@click.command("import", epilog=EPILOG)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@signed
@printed()
def command(file: Path, by: str, output: str) -> None:
    """Record every row of a file of facts, YAML or CSV, or nothing of it.

    A row says what `record` says, and may cite a provision and the place in its series instead of an id. Each row
    that may not be recorded is told with its place, and then nothing is. Notes, and rows whose day is written as
    not found, are left out and listed.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.encoding.statements import read_statements
    from duewatch.engine.judgement.importing import import_facts

    statements = read_statements(file)
    with opened() as house:
        done = import_facts(house.desk, statements, by=by, now=house.now, os_user=house.os_user)
    say(as_json(done) if output == "json" else as_text(done, statements.predecessor))


def as_json(done: Imported) -> str:
    """Give the ledger numbers, what moved, and what was left out."""
    left = [{"place": str(one.place), "why": one.why} for one in done.left_out]
    shown = {"facts": done.numbers, "moved": done.moved, "left_out": left}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(done: Imported, predecessor: int = 0) -> str:
    """Say how many facts were recorded, what moved, and what was left out."""
    lines = [f"recorded {counted(len(done.numbers), 'fact')}{_numbers(done.numbers)}"]
    lines += [f"  {line}" for line in done.moved or ("nothing moved",)]
    return "\n".join([*lines, *left_out(done, predecessor)])


def left_out(done: Imported, predecessor: int = 0) -> list[str]:
    """Say what became no fact: notes are counted, all else is listed with its place."""
    notes = Counter(one.why for one in done.left_out)["a note"]
    lines = [f"{one.place}: left out: {one.why}" for one in done.left_out if one.why != "a note"]
    if notes:
        lines.append(f"left out: {counted(notes, 'note')}")
    if predecessor:
        lines.append(f"left out: {counted(predecessor, 'row')} about an earlier instrument")
    return lines


def _numbers(numbers: tuple[int, ...]) -> str:
    return f": {numbers[0]} to {numbers[-1]}" if numbers else ""
