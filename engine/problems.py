"""What can go wrong, said so that the reader can mend it. Imports nothing of ours.

Every error of the house grows from `DuewatchError`, which carries the exit code
of the command line. A `Problem` is one thing to mend, with its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; line and column count from 1, 0 when unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give `file:line:column`, as editors and compilers read it."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: where it is, what is wrong, and what would be right."""

    place: Place
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        """Give the one line that people read: `file:line:column: wrong; right`."""
        remedy = f"; {self.right}" if self.right else ""
        return f"{self.place}: {self.wrong}{remedy}"


class DuewatchError(Exception):
    """The root of our errors. `exit_code` is what the command line ends with."""

    exit_code = 2


class BadInput(DuewatchError):
    """A file, an argument or a setting is wrong; nothing was changed."""

    exit_code = 2


class BadFile(BadInput):
    """A file with problems; all of them, in the order of their places."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems sorted by place."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CannotTrust(DuewatchError):
    """The answer cannot be relied on (a broken chain, dead letters, no good run)."""

    exit_code = 4


class OurFault(DuewatchError):
    """Something of ours does not hold; please report it."""

    exit_code = 3
