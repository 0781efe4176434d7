"""Steps: what was done to reach a date, one sentence each, with the authority that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Axis = Literal[
    "anchor",
    "anchor-day",
    "days",
    "month-end",
    "distance",
    "roll",
    "calendar",
    "inaccessible",
    "place",
    "least-working-days",
    "cut-off",
    "coverage",
    "extension",
    "session",
    "regime",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation."""

    words: str
    authority: str = ""  # a statute, a rule, "the clause", a file; "" where nothing but arithmetic was done

    def __str__(self) -> str:
        """Write the step as people read it."""
        return f"{self.words} [{self.authority}]" if self.authority else self.words


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that neither the clause nor a published rule settles."""

    axis: Axis
    words: str
    authority: str = ""


def said(steps: Iterable[Step]) -> tuple[str, ...]:
    """Write steps as people read them."""
    return tuple(map(str, steps))
