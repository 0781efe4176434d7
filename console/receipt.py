"""`duewatch receipt`: everything behind one verdict, in one file."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from duewatch.console.errors import say
from duewatch.console.options import about_time, under_encoding
from duewatch.engine.problems import BadInput

EPILOG: Final = """\b
Examples:
  duewatch receipt annual-report/1 -o receipt.json
  duewatch receipt annual-report/1 --as-of 2021-07-16 --as-known 2021-07-20 -o receipt.json"""


@click.command("receipt", epilog=EPILOG)
@click.argument("target", metavar="ID")
@click.option(
    "-o",
    "--output",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where it is written.",
)
@about_time
@under_encoding
def command(
    target: str, path: Path, as_of: date | datetime | None, as_known: date | datetime | None, encoding: str | None
) -> None:
    """Write what a verdict rests on: the texts, the facts with their hashes, the situation and the rule that decided.

    `duewatch replay` computes the verdict again from that file alone, on any machine and without durable-rules.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.receipts import receipt

    with opened(under=encoding) as house:
        content = receipt(house.desk, target, house.question(as_of, as_known))
    try:
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None
    verdict = content["verdict"]
    say(f"{path}: {verdict['status'] or 'not owed'}, {verdict['says']}; {content['seal']}")
