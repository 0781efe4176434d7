"""`duewatch schema`: the JSON Schema of the language of encodings, for editors."""

from __future__ import annotations

import json
from typing import Final

import click

from duewatch.console.errors import say

EPILOG: Final = """\b
Example:
  duewatch schema > obligations.schema.json

\b
Editors read it from the first line of an encoding:
  # yaml-language-server: $schema=obligations.schema.json"""


@click.command("schema", epilog=EPILOG)
def command() -> None:
    """Print the JSON Schema (draft 2020-12) of the language in which encodings are written."""
    from duewatch.engine.encoding.schema import json_schema

    say(json.dumps(json_schema(), ensure_ascii=False, indent=2))
