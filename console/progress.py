"""A sign of life on a terminal while something takes its time; nothing in a pipe, and nothing for what is quick."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET: Final = 0.6  # seconds before anything is shown
STEP: Final = 0.15  # seconds between two signs
SIGNS: Final = "|/-\\"
ERASE: Final = "\r\x1b[K"  # ECMA-48: to the beginning of the line, and clear it


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on a terminal that `what` is going on, until the block ends."""
    stream = sys.stderr
    if not stream.isatty():
        yield
        return
    done = Event()
    sign = Thread(target=_show, args=(stream, what, done), daemon=True)
    sign.start()
    try:
        yield
    finally:
        done.set()
        sign.join()


def _show(stream: TextIO, what: str, done: Event) -> None:
    if done.wait(QUIET):
        return
    turn = 0
    while not done.is_set():
        stream.write(f"{ERASE}{SIGNS[turn % len(SIGNS)]} {what} ...")
        stream.flush()
        turn += 1
        done.wait(STEP)
    stream.write(ERASE)
    stream.flush()
