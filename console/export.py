"""`duewatch export`: everything that the database knows, as files that need no duewatch."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.progress import busy

EPILOG: Final = """\b
Examples:
  duewatch export --everything handover
  python3 handover/verify.py"""


@click.command("export", epilog=EPILOG)
@click.option(
    "--everything",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write everything to this folder, which must be new or empty.",
)
def command(folder: Path) -> None:
    """Write everything that the database knows to a folder: texts, ledger, verdicts, messages.

    `verify.py` in it proves with Python alone that nothing was altered since. The addresses of those who were told are
    in it, as in their messages; only you can read the folder. Note the hash that is printed elsewhere.
    """
    from duewatch.console.opening import opened
    from duewatch.engine.judgement.exporting import export

    with opened() as house, busy("exporting"):
        done = export(house.desk, folder, now=house.now)
    say(f"{folder}: {counted(done.files, 'file')}, {counted(done.entries, 'entry')} of the ledger")
    say(f"its manifest is {done.manifest}; `python3 {folder}/verify.py` verifies it")
