"""`duewatch load`: shows what a changed encoding moves, asks, and adopts it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.console.errors import counted, notice, say
from duewatch.console.progress import busy
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG: Final = """\b
Examples:
  duewatch load obligations.yaml
  duewatch load obligations.yaml others.yaml --yes
  duewatch load --drop COUNCIL/RES/1

\b
Texts of other instruments that were adopted stay: a file takes the place of the one with its symbol."""

MOST_LINES: Final = 60  # shown of what moves; the rest is counted


@click.command("load", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--drop", multiple=True, metavar="SYMBOL", help="An instrument that is to stand no longer. Repeatable.")
@click.option("--yes", is_flag=True, help="Adopt without asking, for scripts.")
@click.option("--by", metavar="NAME", help="Who adopts it. Default: your name on this machine.")
def command(files: tuple[Path, ...], drop: tuple[str, ...], yes: bool, by: str | None) -> None:  # noqa: FBT001 (click's signature)
    """Adopt encodings, each in place of the one with its symbol; those of other instruments stay.

    First it shows what moves today: dates, statuses, texts. Nothing of the earlier version is lost: `--encoding` of
    status, explain, history and receipt asks under it. Facts keep what they speak of; an id with recorded facts may
    not disappear, unless an entry says that it was `formerly` that.
    """
    from duewatch.console.opening import furnished, library_here, source_of
    from duewatch.engine.judgement.adopting import adopt
    from duewatch.engine.judgement.exemplifying import try_examples
    from duewatch.engine.judgement.loading import together
    from duewatch.engine.judgement.previewing import preview
    from duewatch.engine.ledger.database import reading, writing

    if not files and not drop:
        raise BadInput("nothing is to be loaded; give a FILE, or --drop SYMBOL")
    with furnished() as house:
        who = by or house.os_user
        given = [source_of(path, house.desk.rules, library_here(house.settings)) for path in files]
        with busy("trying the examples"):
            try_examples(house.desk.rules, given)
        with busy("comparing"):
            with reading(house.desk.engine) as connection:
                sources = together(connection, house.desk.rules, given, dropped=drop)
            found = preview(house.desk, sources, now=house.now, by=who)
        for note in found.notes:
            notice(note)
        if found.is_in_force:
            say("nothing moves: this is the encoding in force")
            return
        say(shown(found.lines))
        if not yes and not is_wanted():
            say("nothing was adopted")
            return
        with busy("adopting"), writing(house.desk.engine) as connection:
            encoding = adopt(connection, sources, now=house.now, by=who)
        say(f"adopted {encoding}")


def shown(lines: Sequence[str]) -> str:
    """Give what moves, a line each, and how much more there is."""
    if not lines:
        return "nothing moves today that people act on; the text differs"
    rest = len(lines) - MOST_LINES
    return "\n".join([*lines[:MOST_LINES], *([f"... and {counted(rest, 'more line')}"] if rest > 0 else [])])


def is_wanted() -> bool:
    """Ask whether to go on; where nobody can be asked it takes --yes."""
    if not sys.stdin.isatty():
        raise BadInput("nothing was adopted: nobody can be asked here; look at what moves, then add --yes")
    return click.confirm("Adopt it?")
