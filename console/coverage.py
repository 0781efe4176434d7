"""`duewatch coverage`: holds encodings against their text, stretch by stretch."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import FINE, FOUND, counted, say
from duewatch.console.options import printed
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.coverage import Coverage
    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.stretches import State, Stretch
    from duewatch.engine.encoding.tongue import Tongue

EPILOG: Final = """\b
Examples:
  duewatch coverage
  duewatch coverage --source resolution.txt
  duewatch coverage contract.yaml --source contract.txt --format json
  duewatch coverage --source resolution.txt --write-fingerprints

\b
The text is what `pdftotext resolution.pdf` gives. Exit code 1 where something is missing or differs."""

COVERED: Final[tuple[State, ...]] = ("encoded", "statement", "todo", "set aside")
MOST_WORDS: Final = 9  # shown of a stretch
FEW: Final = 4  # of them from its end


def compared(required: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: FBT001 (one flag, named)
    """Give a command the encoding, `--source` and `--language`."""
    files = click.argument("encodings", nargs=-1, metavar="[ENCODING]...", type=click.Path(path_type=Path))
    source = click.option(
        "--source", type=click.Path(path_type=Path), metavar="FILE", required=required, help="The text, out of its PDF."
    )
    language = click.option(
        "--language", metavar="L", help="The language of the text: en or fr. Default: told by its words."
    )
    return lambda command: files(source(language(command)))


@click.command("coverage", epilog=EPILOG)
@compared(required=False)
@click.option("--write-fingerprints", "write", is_flag=True, help="Write the text's fingerprints into the encoding.")
@printed("table")
def command(encodings: tuple[Path, ...], source: Path | None, language: str | None, write: bool, output: str) -> int:  # noqa: FBT001 (click's signature)
    """Compare encodings with their text; without ENCODING those of the settings.

    Every stretch of every numbered paragraph is encoded, a statement, set aside with a reason, or MISSING.
    Verbs and quotations must stand where the entry says, dates and numbers must be printed there, and the
    paragraphs must still be those whose fingerprints the encoding holds. Without --source the entries and
    their stretches are counted, and nothing is compared.
    """
    from duewatch.engine.encoding.comparing import read_text

    paths = chosen(encodings)
    if source is None:
        if write:
            raise BadInput("--write-fingerprints wants the text: add --source FILE")
        print_counts(paths, output)
        return FINE
    path, encoding, text = alone(paths), read_here(alone(paths)), read_text(source)
    if write:
        say(written(path, encoding, text))
        encoding = read_here(path)
    return shown(encoding, text, tongue_of(source, language), output)


def tongue_of(source: Path, language: str | None) -> Tongue:
    """Give the language that is named, or that of the text."""
    from duewatch.engine.encoding.comparing import read_file
    from duewatch.engine.encoding.tongue import language_of, tongue

    return tongue(language or language_of(read_file(source), source))


def chosen(encodings: tuple[Path, ...]) -> tuple[Path, ...]:
    """Give the encodings that are meant: the named ones, or those of the settings."""
    from duewatch.console.opening import settings_here

    return encodings or settings_here().obligations


def alone(paths: Sequence[Path]) -> Path:
    """Give the one encoding that goes with a text; BadInput where there are several."""
    if len(paths) != 1:
        raise BadInput(f"one text goes with one encoding; name one of {', '.join(map(str, paths))}")
    return paths[0]


def read_here(path: Path) -> Read:
    """Read an encoding with the verbs of the settings."""
    from duewatch.console.opening import settings_here
    from duewatch.engine.encoding.comparing import read_encoding
    from duewatch.engine.encoding.rulefiles import load_rules

    return read_encoding(path, load_rules(settings_here().rules).verbs)


def written(path: Path, encoding: Read, text: SourceText) -> str:
    """Write the fingerprints into the file of an encoding, and say so."""
    from duewatch.engine.encoding.fingerprinting import with_fingerprints

    content = path.read_text(encoding="utf-8")
    path.write_text(with_fingerprints(content, encoding.instrument, text), encoding="utf-8")
    return f"{path}: {counted(len(text.paragraphs), 'fingerprint')} written"


# ------------------------------------------------------------------ without a text
def print_counts(paths: Sequence[Path], output: str) -> None:
    """Print how many entries and stretches each paragraph has."""
    from duewatch.console import tables
    from duewatch.engine.encoding.coverage import counted as counts_of

    found = {path: counts_of(read_here(path).instrument) for path in paths}
    rows = [(str(path), name, *numbers) for path, each in found.items() for name, numbers in each.items()]
    if output == "json":
        names = ("encoding", "provision", "entries", "stretches")
        say(json.dumps({"source": None, "provisions": [dict(zip(names, row, strict=True)) for row in rows]}, indent=2))
        return
    tables.print_list([(name, str(entries), str(marked)) for _, name, entries, marked in rows], HEADS)
    say("no text was compared; add --source FILE")


HEADS: Final = ("provision", "entries", "stretches")


# ------------------------------------------------------------------ with a text
def shown(encoding: Read, text: SourceText, known: Tongue, output: str) -> int:
    """Compare, print what comes out, and give the exit code."""
    from duewatch.engine.encoding.coverage import coverage

    found = coverage(encoding, text, known)
    if output == "json":
        say(json.dumps(as_json(encoding.instrument.file, found), ensure_ascii=False, indent=2))
    else:
        print_coverage(found)
    return FOUND if found.missing or found.findings else FINE


def as_json(file: str, found: Coverage) -> dict[str, object]:
    """Give the comparison as programs read it."""
    return {
        "encoding": file,
        "missing": len(found.missing),
        "stretches": [
            {
                "provision": one.provision,
                "state": one.state,
                "entry": one.name,
                "line": one.line,
                "words": shortened(one),
            }
            for one in found.stretches
        ],
        "findings": [{"place": one.place, "about": one.about, "wrong": one.wrong} for one in found.findings],
    }


def print_coverage(found: Coverage) -> None:
    """Print every stretch, then every difference, then the sum."""
    from duewatch.console import tables

    rows = [(one.provision, one.state, one.name, f"{one.line}", shortened(one)) for one in found.stretches]
    tables.print_list(rows, ("provision", "state", "entry", "line of the text", "words"))
    if found.findings:
        tables.print_lines(["", *map(str, found.findings)])
    sums = Counter(one.state for one in found.stretches)
    told = ", ".join(f"{sums[state]} {state}" for state in COVERED if state != "todo" or sums[state])
    say(f"\n{told}, {len(found.missing)} MISSING; {counted(len(found.findings), 'difference')}")


def shortened(stretch: Stretch) -> str:
    """Give the first and the last words of a stretch."""
    words = stretch.words.split()
    if len(words) <= MOST_WORDS:
        return " ".join(words)
    return " ".join((*words[: MOST_WORDS - FEW], "...", *words[-FEW:]))
