"""`duewatch lint`: the time words and limiting words of a text that its encoding does not account for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.coverage import alone, chosen, compared, read_here, tongue_of
from duewatch.console.errors import FINE, FOUND, counted, say
from duewatch.console.options import printed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duewatch.engine.encoding.lint import Word

EPILOG: Final = """\b
Examples:
  duewatch lint --source resolution.txt
  duewatch lint --source resolution.txt --all
  duewatch lint contrat.yaml --source contrat.txt --language fr --format json

\b
must: somebody may be late by it. should: it hurries, repeats or narrows. may: it only sounds like time.
Exit code 1 where a must is not accounted for."""


@click.command("lint", epilog=EPILOG)
@compared(required=True)
@click.option("--all", "everything", is_flag=True, help="List what is accounted for as well.")
@printed("table")
def command(encodings: tuple[Path, ...], source: Path, language: str | None, everything: bool, output: str) -> int:  # noqa: FBT001 (click's signature)
    """List each time word and limiting word of a text that no field, reading, limit or not-a-clock accounts for.

    A word is accounted for where an entry quotes it, or where it prints a date, a number or a length of time that
    the encoding holds. What sets no time goes under `not-a-clock` of an entry, with the reason.
    """
    from duewatch.engine.encoding.comparing import read_text
    from duewatch.engine.encoding.lint import lint

    encoding, known = read_here(alone(chosen(encodings))), tongue_of(source, language)
    words = lint(encoding, read_text(source), known)
    listed = [one for one in words if everything or not one.accounted]
    if output == "json":
        say(json.dumps({"found": len(words), "words": list(map(as_json, listed))}, ensure_ascii=False, indent=2))
    else:
        print_words(listed, words)
    return FOUND if any(one.rank == "must" and not one.accounted for one in words) else FINE


def as_json(word: Word) -> dict[str, object]:
    """Give a word as programs read it."""
    return {
        "rank": word.rank,
        "sort": word.sort,
        "provision": word.provision,
        "line": word.line,
        "words": word.words,
        "around": word.around,
        "accounted": word.accounted,
    }


def print_words(listed: Sequence[Word], words: Sequence[Word]) -> None:
    """Print words with their places, and how many were looked at."""
    from duewatch.console import tables

    if listed:
        rows = [
            (one.rank, one.sort, one.provision, str(one.line), one.words, f"... {one.around} ...") for one in listed
        ]
        tables.print_list(rows, ("rank", "sort", "paragraph", "line", "words", "in the text"))
    left = sum(not one.accounted for one in words)
    say(f"{counted(len(words), 'time or limiting word')}, {left} not accounted for")
