"""`duewatch record`: writes a fact to the ledger, under somebody's name, and says what moved.

One subcommand for each kind of fact, all built from `kinds.py`. What a fact may say, and of what, the engine judges.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import say
from duewatch.console.kinds import KINDS, OPTIONS, Kind
from duewatch.console.options import printed, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duewatch.engine.judgement.recording import Recorded

EPILOG: Final = """\b
Examples:
  duewatch record delivered annual-report/1 --dated 2021-07-15 --symbol REPORT/7 --by jane
  duewatch record retraction 12 --why "recorded against the wrong report" --by jane"""


MOST_NAMED: Final = 3  # facts by number; of more, the first and the last


class InOrder(click.Group):
    """A group that lists its commands in the order in which they were added, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Give the names as they were added."""
        return list(self.commands)


@click.group("record", cls=InOrder, epilog=EPILOG)
def command() -> None:
    """Record a fact, under the name of whoever records it.

    Nothing recorded is ever changed: a slip is corrected or retracted by a further entry. Each command prints
    the numbers of its facts, and what moved.
    """


def build(kind: Kind) -> click.Command:
    """Make the subcommand of a kind."""
    options = [
        click.Option([f"--{name.replace('_', '-')}", name], required=name in kind.must, **OPTIONS[name])
        for name in (*kind.must, *kind.may)
    ]
    made = click.Command(
        kind.name,
        params=[argument(kind.about), *options],
        help=kind.words,
        short_help=kind.brief,
        epilog=f"\b\nExample:\n  duewatch record {kind.name} {kind.example} --by jane",
        callback=recorder(kind.name),
    )
    return signed(printed()(made))


def argument(about: str) -> click.Argument:
    """Make the argument from how the help names it: `ID`, `[ID]` where it may be left out, `ID...` for several."""
    if about.startswith("["):
        return click.Argument(["target"], required=False, default="", metavar=about)
    return click.Argument(["target"], required=True, nargs=-1 if about.endswith("...") else 1, metavar=about)


def recorder(name: str) -> Callable[..., None]:
    """Give what the subcommand does: record on the desk, and say what moved."""

    def work(*, by: str, output: str, **given: Any) -> None:  # noqa: ANN401 - the options of the kind
        from duewatch.console.opening import opened
        from duewatch.engine.judgement import recording

        target = given.pop("target")
        with opened() as house:
            write = (
                recording.delivered if name == "delivered" else partial(recording.record, kind=name.replace("-", "_"))
            )
            recorded = write(house.desk, typed=target, by=by, now=house.now, os_user=house.os_user, **given)
        say(as_json(recorded) if output == "json" else as_text(recorded))

    return work


def as_json(recorded: Recorded) -> str:
    """Give the ledger numbers, and what moved."""
    shown = {"facts": recorded.numbers, "moved": recorded.moved, "offers": recorded.offers}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def as_text(recorded: Recorded) -> str:
    """Say the ledger numbers, and what moved."""
    told = [f"  {line}" for line in recorded.moved or ("nothing moved",)]
    return "\n".join([f"recorded as {numbered(recorded.numbers)}", *told, *recorded.offers])


def numbered(numbers: Sequence[int]) -> str:
    """Name facts by their numbers; many that follow each other by the first and the last."""
    if len(numbers) == 1:
        return f"fact {numbers[0]}"
    joined = " to " if len(numbers) > MOST_NAMED else " and "
    ends = (numbers[0], numbers[-1]) if len(numbers) > MOST_NAMED else numbers
    return f"facts {joined.join(map(str, ends))}"


for one in KINDS:
    command.add_command(build(one))
