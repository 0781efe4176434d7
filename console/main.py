"""The command `duewatch`: its subcommands, found by name and imported only when called.

A start-up that imports a database for `--help` would be felt at every completion of a shell;
`COMMANDS` therefore says in words what each command is for, and `Commands` imports the one asked for.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from duewatch.console.errors import notice, run
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence


class Named(NamedTuple):
    """A subcommand as the list of `--help` shows it; `module` of this room holds it as `command`."""

    name: str
    module: str
    words: str


COMMANDS: Final = (
    Named("status", "status", "Show where every obligation stands, on any day."),
    Named("agenda", "agenda", "List what falls due within the next days; also as a calendar."),
    Named("timeline", "timeline", "Draw occurrences over time, as a picture or in the terminal."),
    Named("cycles", "cycles", "Write the table of reporting and mandate cycles, with what changed."),
    Named("explain", "explain", "Show why: rule, facts, dates and words behind one status."),
    Named("history", "history", "Show each change of status of one obligation, with its reason."),
    Named("readings", "readings", "List every doubt of the text, and from when it matters."),
    Named("decide", "decide", "Settle a question of the text, for every entry that names it."),
    Named("receipt", "receipt", "Write everything behind one verdict to a file."),
    Named("replay", "replay", "Compute the verdict of a receipt again."),
    Named("record", "record", "Record a fact: a delivery, an event, a measure, a waiver ..."),
    Named("import", "importing", "Record a whole file of facts, YAML or CSV, or nothing of it."),
    Named("portfolio", "portfolio", "Take a portfolio kept in a spreadsheet, and follow its dates."),
    Named("ledger", "ledger", "List the recorded facts, or verify that none was altered."),
    Named("slips", "slips", "List the dates that moved: by how much, how often, by whom."),
    Named("export", "export", "Write everything to a folder that verifies itself."),
    Named("whatif", "whatif", "Show what would move if something were so; writes nothing."),
    Named("backtest", "backtest", "Play a recorded history through an encoding."),
    Named("evaluate", "evaluate", "Evaluate now: write what changed, and the alerts it calls for."),
    Named("deliver", "deliver", "Send the alerts that are pending."),
    Named("run", "run", "Watch: evaluate and deliver by itself, until stopped."),
    Named("health", "health", "Tell whether the watch itself can be trusted."),
    Named("notify", "notify", "Try a channel, or let what was given up go once more."),
    Named("routes", "routes", "Ask who would hear of something, and why."),
    Named("deadline", "deadline", "Compute a deadline, with each step and its authority."),
    Named("calendar", "calendar", "Make a calendar of days off from an .ics file."),
    Named("ambiguities", "ambiguities", "Show where the words allow more than one date, and whether it matters."),
    Named("check", "check", "Check encodings, rules and contacts; list every problem."),
    Named("draft", "draft", "Write the skeleton of an encoding from a text, for a person to complete."),
    Named("coverage", "coverage", "Hold an encoding against its text, stretch by stretch."),
    Named("lint", "lint", "List the time words of a text that its encoding does not account for."),
    Named("load", "load", "Show what a changed encoding moves, and adopt it."),
    Named("carry", "carry", "Decide what becomes of what an earlier instrument left open."),
    Named("show", "show", "Print one entry of the encoding flat, with what it inherits."),
    Named("schema", "schema", "Print the JSON Schema of the language of encodings."),
)

EPILOG: Final = """\b
Examples:
  duewatch                              (the page Today: late, soon, cannot say, needs you)
  duewatch status --as-of 2021-07-16
  duewatch explain annual-report/1
  duewatch record delivered annual-report/1 --dated 2021-07-15 --symbol REPORT/7 --by jane

\b
Exit codes: 0 fine; 1 the thing asked about was found; 2 bad input or usage;
3 our fault; 4 the answer cannot be trusted, or something could not be sent."""


class Commands(click.Group):
    """A group whose subcommands are imported when they are called, and listed without being imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Give the names in the order in which an officer meets them."""
        return [named.name for named in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Import and give the command; None for an unknown name."""
        for named in COMMANDS:
            if named.name == cmd_name:
                found = import_module(f"duewatch.console.{named.module}").command
                assert isinstance(found, click.Command)  # noqa: S101 (a slip of ours, not of the user)
                return found
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name is told with the nearest known ones."""
        name = args[0]
        if name.startswith("-") or name in self.list_commands(ctx):
            return super().resolve_command(ctx, args)
        raise click.exceptions.NoSuchCommand(name, possibilities=self.list_commands(ctx), ctx=ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """Write the list of commands from `COMMANDS`, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(named.name, named.words) for named in COMMANDS])


def show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 (click's signature)
    """Print the version and end, when it was asked for."""
    if wanted and not ctx.resilient_parsing:
        click.echo(f"duewatch {import_module('duewatch').__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=show_version, help="Print the version."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Watch what an instrument obliges people to do, and when; say who is late, and why.

    Norms are read from obligations.yaml (or DUEWATCH_OBLIGATIONS), facts are kept in a database of
    their own (DUEWATCH_DATABASE_URL). Every question can be asked as of another day. Without a command it
    shows the page Today.
    """
    if ctx.invoked_subcommand is None:
        show_today()


def show_today() -> None:
    """Print the page Today; somebody who came here without an encoding is told where to begin."""
    try:
        import_module("duewatch.console.today").show()
    except BadInput:
        notice("duewatch: `duewatch --help` lists the commands")
        raise


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if getattr(sys, "stdout", None) is None:  # closed by whoever called us: the answer is not wanted
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
    sys.exit(run(lambda: cli.main(words, prog_name="duewatch", standalone_mode=False)))
