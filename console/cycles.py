"""`duewatch cycles`: the table of reporting and mandate cycles, to be circulated."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.giving import give
from duewatch.console.options import Moment, about_time
from duewatch.console.progress import busy
from duewatch.engine.problems import BadFile, BadInput, Place, Problem

if TYPE_CHECKING:
    from duewatch.console.opening import House
    from duewatch.engine.showing.cycles import Earlier, Shown

EPILOG: Final = """\b
Examples:
  duewatch cycles
  duewatch cycles --by organ --format html -o cycles.html
  duewatch cycles --as-of 2021-10-05 --since 2021-09-01
  duewatch cycles --format csv -o edition-7.csv
  duewatch cycles --since edition-7.csv --format docx -o edition-8.docx

\b
A Word file wants the extra `documents`: pip install 'duewatch[documents]'"""


MOMENT_LIKE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?\Z")


class Edition(click.ParamType[Any]):
    """An earlier edition: a day or an instant, or the file that was written then."""

    name = "edition"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime | Path:  # noqa: ANN401 (click's signature)
        """Read what looks like a moment as one; everything else is the name of a file."""
        if isinstance(value, date | Path):
            return value
        return Moment().convert(value, param, ctx) if MOMENT_LIKE.match(value) else Path(value)


@click.command("cycles", epilog=EPILOG)
@click.option(
    "--by",
    type=click.Choice(["month", "organ", "topic", "bearer"]),
    default="month",
    show_default=True,
    help="What the lines are grouped by.",
)
@click.option(
    "--since",
    type=Edition(),
    metavar="EDITION",
    help="Mark what changed since then: a day or an instant, or a file of --format csv.",
)
@click.option("--lateness", is_flag=True, help="Say what is late, in a column of its own. Not said otherwise.")
@about_time
@click.option(
    "--format",
    "output",
    type=click.Choice(["markdown", "html", "csv", "docx"]),
    default="markdown",
    show_default=True,
    help="For a text, a browser or printer, a spreadsheet, or Word.",
)
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there."
)
def command(  # noqa: PLR0913 - one for each option
    *,
    by: Any,  # noqa: ANN401 (one of the choices)
    since: date | datetime | Path | None,
    lateness: bool,
    as_of: date | datetime | None,
    as_known: date | datetime | None,
    output: str,
    path: Path | None,
) -> None:
    """List what falls due, how often, what came last and what comes next, with the end of each mandate.

    One line for each entry that falls due or is owed to somebody, and for each permission that ends; what is only
    inventory is left out. The next day is that of the first occurrence still owed, whether it has passed or not.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.cycling import cycles
    from duewatch.engine.showing.cycles import Shown

    if output == "docx" and path is None and sys.stdout.isatty():
        raise BadInput("a Word file is nothing for a screen; say where to write it with -o FILE")
    with opened() as house, busy("asking"):
        question = house.question(as_of, as_known)
        refuse_later(since, question.as_of)
        earlier = None if since is None else earlier_edition(house, since)
        shown = Shown(cycles(house.desk, question), by, earlier, lateness)
        content = written(shown, output, house.now)
    give(content, path)


def refuse_later(since: date | datetime | Path | None, as_of: date | datetime) -> None:
    """BadInput for an edition of a day after that of the table: it cannot have changed since."""
    if since is None or isinstance(since, Path):
        return
    days = [when.date() if isinstance(when, datetime) else when for when in (since, as_of)]
    if days[0] > days[1]:
        raise BadInput(f"the edition of {days[0]} is later than the table, which is as of {days[1]}; turn them round")


def earlier_edition(house: House, since: date | datetime | Path) -> Earlier:
    """Give the edition of a day as it was known then, or read the one of a file; BadFile where that is none."""
    from duewatch.engine.judgement.renaming import present_names
    from duewatch.engine.ledger.database import reading
    from duewatch.engine.showing.cycles import under_present_names

    found = edition_of(house, since)
    with reading(house.desk.engine) as connection:
        return under_present_names(found, present_names(connection, house.desk.encoding))


def edition_of(house: House, since: date | datetime | Path) -> Earlier:
    """The same, with the entries under the names that they had then."""
    from duewatch.engine.judgement.cycling import edition_at
    from duewatch.engine.showing.cycles import earlier_in, earlier_of, in_words

    if not isinstance(since, Path):
        name = since.isoformat(sep=" ") if isinstance(since, datetime) else in_words(since.isoformat())
        return earlier_of(edition_at(house.desk, since), name)
    try:
        return earlier_in(since.read_text(encoding="utf-8"), str(since))
    except OSError as error:
        wrong = f"the file cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        wrong = "this is no text in UTF-8"
    raise BadFile([Problem(Place(str(since)), wrong, "give a file of `duewatch cycles --format csv`, or a day")])


def written(shown: Shown, output: str, now: datetime) -> bytes:
    """Write the table in the form that was asked for."""
    from duewatch.engine.judgement.cells import csv_sheet
    from duewatch.engine.showing.cycles import COLUMNS, paper_of, rows_of
    from duewatch.engine.showing.page import as_page
    from duewatch.engine.showing.paper import as_markdown

    if output == "csv":
        return f"{csv_sheet(COLUMNS, rows_of(shown))}\n".encode()
    paper = paper_of(shown)
    if output == "docx":
        from duewatch.engine.showing.wordfile import as_word

        return as_word(paper, stamp=now.astimezone(UTC))
    return f"{as_page(paper) if output == 'html' else as_markdown(paper)}\n".encode()
