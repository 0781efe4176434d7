"""Where a reading of a file keeps what it finds: problems, notes, and names that must be declared somewhere.

One fault is said once, however many entries inherit it.
"""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from duewatch.engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from duewatch.engine.problems import Place

# What a name must be: an event or an end of a period; a period; a party; an entry; an entry, group or provision;
# a question. With "perhaps" it may also be words for people: only a slip of the pen is a fault.
Sort = Literal["moment", "period", "party", "perhaps-party", "entry", "link", "perhaps-link", "question"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name as it stands in the file, to be found among what the file declares."""

    sort: Sort
    name: str
    place: Place
    label: str


class Notebook:
    """Collects; raises nothing. `adopted` serves to guess the year of a date written without one."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.adopted: date | None = None
        self.references: list[Reference] = []
        self.has_unread = False  # the id of some entry could not be read: a name that is unknown may be that one
        self._label = ""
        self._problems: dict[tuple[Place, str], Problem] = {}
        self._notes: dict[tuple[Place, str], Problem] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What must be mended, in the order found."""
        return tuple(self._problems.values())

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What an author may want to know, in the order of the file."""
        return tuple(sorted(self._notes.values()))

    @contextmanager
    def about(self, label: str) -> Iterator[None]:
        """Put `label` (an entry's id) before what is said inside."""
        before, self._label = self._label, label
        try:
            yield
        finally:
            self._label = before

    def wrong(self, place: Place, wrong: str, right: str = "") -> None:
        """Note a problem."""
        self._problems.setdefault((place, wrong), Problem(place, self._labelled(wrong), right))

    def note(self, place: Place, what: str, right: str = "") -> None:
        """Note something that is not an error."""
        self._notes.setdefault((place, what), Problem(place, self._labelled(what), right))

    def add(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere, as they are."""
        for problem in problems:
            self._problems.setdefault((problem.place, problem.wrong), problem)

    def refer(self, sort: Sort, name: str, place: Place) -> None:
        """Note that `name` must be declared."""
        self.references.append(Reference(sort, name, place, self._label))

    def _labelled(self, text: str) -> str:
        return f"{self._label}: {text}" if self._label else text


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Give the name that `name` was probably meant to be, or an empty text; a greater `cutoff` (to 1) is stricter."""
    folded = {other.casefold().replace("_", "-"): other for other in names}
    found = difflib.get_close_matches(name.casefold().replace("_", "-"), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else ""


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "", cutoff: float = 0.6) -> str:
    """Give the remedy for a name that nobody knows: the nearest one, else `otherwise`."""
    found = nearest(name, names, cutoff)
    return f"did you mean `{found}`?" if found else otherwise


def one_of(names: Iterable[str]) -> str:
    """Write a choice: `one of: a, b, c`."""
    return "one of: " + ", ".join(names)
