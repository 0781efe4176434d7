"""`duewatch replay`: computes a verdict again from its receipt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from duewatch.console.errors import FINE, FOUND, say
from duewatch.engine.problems import BadFile, BadInput, Place, Problem

EPILOG: Final = """\b
Example:
  duewatch replay receipt.json

\b
Exit codes: 0 the same; 1 something differs; 2 no receipt; 4 the receipt was altered."""


@click.command("replay", epilog=EPILOG)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def command(file: Path) -> int:
    """Compute the verdict of a receipt again, from the receipt alone, and say whether it is the same.

    No database is opened and durable-rules has no part in it: the plain interpreter of the rules decides.
    """
    from duewatch.engine.judgement.receipts import replay

    content = content_of(file)
    differences = replay(content)
    verdict = content["verdict"]
    asked = f"{content['occurrence']}, as of {content['as_of']}"
    if not differences:
        say(f"same: {asked}: {verdict['status'] or 'not owed'}, {verdict['says']}")
        return FINE
    say(f"different: {asked}")
    for one in differences:
        say(f"  {one.place}: {one.then} in the receipt, {one.now} now")
    return FOUND


def content_of(file: Path) -> dict[str, Any]:
    """Read a receipt; BadFile or BadInput where it is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile([Problem(Place(str(file)), f"the file cannot be read: {error.strerror}")]) from None
    except ValueError as error:
        raise BadInput(f"{file} is no receipt: {error}") from None
    if not isinstance(content, dict):
        raise BadInput(f"{file} is no receipt")
    return content
