"""What a person sees when something goes wrong: one clear message on standard error, and an exit code.

Bad input is told with its remedy (2), our own fault with a hint (3); a traceback is shown only where the
setting `DUEWATCH_DEBUG` asks for it.
"""

from __future__ import annotations

import errno
import os
import sys
import textwrap
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from duewatch.engine.problems import BadFile, DuewatchError

if TYPE_CHECKING:
    from collections.abc import Callable

FINE: Final = 0
FOUND: Final = 1  # the thing asked about was found
BAD_INPUT: Final = 2
OUR_FAULT: Final = 3
CANNOT_TRUST: Final = 4
LONGEST_MESSAGE: Final = 200  # characters of a fault of ours; databases put whole queries into theirs
UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
INTERRUPTED: Final = 130  # as shells report an interrupt from the keyboard


def run(work: Callable[[], object]) -> int:
    """Do `work`, tell what goes wrong, and give the exit code.

    `work` may return an exit code; anything else it returns means that all is fine.
    """
    try:
        answer = work()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        notice("stopped; nothing more was done")
        return INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        return BAD_INPUT
    except DuewatchError as wrong:
        notice(told(wrong))
        return wrong.exit_code
    except Exception as fault:  # noqa: BLE001 (the last door: whatever it is, people get one line)
        return last_words(fault)
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else FINE


def last_words(fault: Exception) -> int:
    """Tell of something that nobody expected: standard output that takes nothing, or a fault of ours."""
    # What is opened or sent by us tells its own troubles; what is left without a file's name is standard output.
    if isinstance(fault, OSError) and fault.errno in UNWRITABLE and fault.filename is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try once more, and complain
        notice(
            f"duewatch: standard output takes nothing ({fault.strerror}): the answer is lost, what was recorded is kept"
        )
        return BAD_INPUT
    notice(confessed(fault))
    return OUR_FAULT


def told(wrong: DuewatchError) -> str:
    """Give the message of a known error: problems one a line, as editors read them, and how many there are."""
    if isinstance(wrong, BadFile):
        return f"{wrong}\n{counted(len(wrong.problems), 'problem')}; nothing was changed"
    return f"duewatch: {wrong}"


def confessed(fault: Exception) -> str:
    """Say in one line what broke and where; the whole traceback where it is asked for."""
    if os.environ.get("DUEWATCH_DEBUG"):
        return "".join(traceback.format_exception(fault)).rstrip()
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    what = textwrap.shorten(str(fault), LONGEST_MESSAGE, placeholder=" ...") or "no message"
    return (
        f"duewatch: our fault, not yours: {type(fault).__name__}: {what} ({where}); "
        "nothing half done was kept; run it again with DUEWATCH_DEBUG=1 and report what it prints"
    )


def notice(text: str) -> None:
    """Write a message to standard error, where it cannot spoil an answer that a program reads."""
    click.echo(text, err=True)


def say(text: str) -> None:
    """Write to standard output; a reader who has gone away (`| head`) does not change the exit code."""
    try:
        click.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: `1 problem`, `2 problems`, `3 entries`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{number} {noun}s"
