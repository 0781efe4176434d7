"""`duewatch timeline`: occurrences over time by bearer, as a picture or as blocks in the terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from duewatch.console.errors import say
from duewatch.console.giving import give
from duewatch.console.options import Day, about_time
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from datetime import date, datetime

    from duewatch.engine.showing.chart import Chart

EPILOG: Final = """\b
Examples:
  duewatch timeline                                     (as blocks, here in the terminal)
  duewatch timeline --as-of 2021-10-05 -o timeline.svg
  duewatch timeline --watch own --from 2021-07-01 --until 2022-07-31 -o timeline.png

\b
The state is told by shape and by colour. A PNG wants the extra `pictures`: pip install 'duewatch[pictures]'"""

ENDINGS: Final = (".svg", ".png")
USUAL: Final = (100, 24)  # columns and lines where nobody says


class Asked(TypedDict):
    """The options as they were typed."""

    target: Path | None
    first: date | None
    last: date | None
    bearer: str | None
    owner: str | None
    instrument: str | None
    watch: str | None
    as_of: date | datetime | None
    as_known: date | datetime | None


@click.command("timeline", epilog=EPILOG)
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="A .svg or .png."
)
@click.option("--from", "first", type=Day(), metavar="D", help="Show nothing that is due before this day.")
@click.option("--until", "last", type=Day(), metavar="D", help="Show nothing that is due after this day.")
@click.option("--bearer", metavar="B", help="Only what this party owes.")
@click.option("--owner", metavar="P", help="Only what this person or role looks after.")
@click.option("--instrument", metavar="S", help="Only this instrument, by its symbol.")
@click.option("--watch", type=click.Choice(["own", "others", "inventory", "all"]), help="As in `duewatch status`.")
@about_time
def command(**asked: Unpack[Asked]) -> None:
    """Draw every occurrence that has a day, by bearer, with today as a line.

    Without -o it is drawn as blocks in the terminal. What has no day is not drawn, but counted.
    """
    target = asked["target"]
    if target is not None and target.suffix.lower() not in ENDINGS:
        raise BadInput(f"{target} is neither a picture we write nor one we know; end it in .svg or .png")
    drawn = chart_of(asked)
    if target is None:
        print_blocks(drawn)
    else:
        write(target, drawn)


def chart_of(asked: Asked) -> Chart:
    """Ask, and lay the answer out."""
    from duewatch.console.agenda import today_of
    from duewatch.console.opening import opened
    from duewatch.console.status import asked_of
    from duewatch.engine.showing.axis import in_words
    from duewatch.engine.showing.chart import chart

    with opened() as house:
        question = house.question(asked["as_of"], asked["as_known"])
        names = {name: asked[name] for name in ("bearer", "owner", "instrument", "watch")}
        _answer, shown = asked_of(house, question, **names)
        today = today_of(house, question.as_of)
    symbols = ", ".join(sorted({item.instrument for item in shown}))
    title = f"{symbols}, as of {in_words(today)}"
    return chart(shown, title=title, today=today, first=asked["first"], last=asked["last"])


def write(target: Path, drawn: Chart) -> None:
    """Write the picture, and say so on standard error."""
    from duewatch.engine.showing.png import png
    from duewatch.engine.showing.svg import svg

    text = svg(drawn)
    give(png(text) if target.suffix.lower() == ".png" else text.encode(), target)


def print_blocks(drawn: Chart) -> None:
    """Print the picture as signs; in ASCII where the terminal knows no others."""
    from duewatch.engine.showing.blocks import blocks, legend

    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    lines = blocks(drawn, shutil.get_terminal_size(USUAL).columns, plain=plain)
    drawing = [f"{line.label}{line.cells}".rstrip() for line in lines]
    say("\n".join([drawn.title, "", *drawing, "", legend(drawn, plain=plain)]))
