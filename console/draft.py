"""`duewatch draft`: the skeleton of an encoding, for a person to complete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, say
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from duewatch.engine.encoding.starting import Drafted

EPILOG: Final = """\b
Examples:
  duewatch draft resolution.txt -o resolution.yaml
  duewatch draft resolution.txt --like last-year.yaml -o this-year.yaml
  duewatch draft resolution.txt --like last-year.yaml --like-source last-year.txt -o this-year.yaml

\b
The text is what `pdftotext resolution.pdf` gives. Then: `duewatch check FILE` counts the `todo` that are left,
`duewatch coverage FILE --source resolution.txt` and `duewatch lint` hold what you write against the text."""


@click.command("draft", epilog=EPILOG)
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path))
@click.option(
    "--like", type=click.Path(path_type=Path), metavar="FILE", help="The encoding of an earlier, similar text."
)
@click.option(
    "--like-source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="That earlier text, to show what differs. Default: the .txt beside it.",
)
@click.option(
    "-o",
    "--output",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where it is written.",
)
@click.option("--verbs", metavar="NAME", help="The table of verbs. Default: the one whose verbs begin most paragraphs.")
@click.option("--language", metavar="L", help="The language of the text: en or fr. Default: told by its words.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(  # noqa: PLR0913 (click's signature)
    *,
    source: Path,
    like: Path | None,
    like_source: Path | None,
    path: Path,
    verbs: str | None,
    language: str | None,
    force: bool,
) -> None:
    """Write the skeleton of an encoding from a text: provisions, verbs, stretches, fingerprints, and what is to decide.

    It proposes who is asked and quotes time words; it decides no date, no kind and no reading: that stands under
    `todo`. With --like, paragraphs with the same words keep their entries without readings, changed ones have the
    earlier entry as a comment, and those that are gone are listed. A file with a `todo` is checked like any other,
    and cannot be adopted.
    """
    from duewatch.console.opening import settings_here
    from duewatch.engine.encoding.rulefiles import load_rules
    from duewatch.engine.encoding.starting import Wanted, draft

    if like_source and not like:
        raise BadInput("--like-source is the text of the encoding after --like: name both")
    like_source = like_source or beside(like)
    refuse_to_overwrite(path, (source, like, like_source), force=force)
    drafted = draft(Wanted(source, language, verbs, like, like_source), load_rules(settings_here().rules).verbs)
    write(path, drafted.content)
    say(told(path, drafted, like_source))


def beside(like: Path | None) -> Path | None:
    """Give the text that lies beside an earlier encoding under the same name: `last-year.txt` for `last-year.yaml`."""
    text = like.with_suffix(".txt") if like else None
    return text if text and text.is_file() else None


def refuse_to_overwrite(path: Path, sources: tuple[Path | None, ...], *, force: bool) -> None:
    """Raise BadInput where a file is there that would be lost."""
    if path.exists() and any(one and one.exists() and one.samefile(path) for one in sources):
        raise BadInput(f"{path} is read here; write to another file")
    if path.exists() and not force:
        raise BadInput(f"{path} is there already; choose another name, or write over it with --force")


def write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(content, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput(f"{path} cannot be written: {error.strerror}") from None


def told(path: Path, drafted: Drafted, like_source: Path | None) -> str:
    """Say what was written."""
    what = f"{counted(drafted.paragraphs, 'paragraph')}, {counted(drafted.entries, 'entry')}, {drafted.todo} `todo`"
    lines = [f"{path}: {what}; verbs {drafted.verbs}"]
    if found := drafted.likeness:
        by_words = "" if like_source else " (without the earlier text: by quotations, not word by word)"
        sums = f"{len(found.same)} as before, {len(found.changed)} changed, {len(found.dropped)} gone"
        lines.append(f"paragraphs: {sums}{by_words}")
    return "\n".join(lines)
