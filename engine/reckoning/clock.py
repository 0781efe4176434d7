"""Clock facts: the recorded facts that may move a date, and which of them count at one point.

A point is a pair (k, d): what had been recorded up to ledger number `k`, asked about day `d`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIRST_DAY: Final = -1_000_000  # the open ends of a rectangle: the same numbers as in the tables of the ledger
LAST_DAY: Final = 4_000_000
NO_KNOWLEDGE: Final = 0
ALL_KNOWLEDGE: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """One row of the ledger that may move a date; a correction or a retraction is a row too.

    `target` is the name of an event or of an end of a period ("term.end"), or the member
    and the ordinal of an occurrence of the obligation asked about ("" for nobody in particular).
    """

    seq: int  # ledger number of this version
    root: int  # ledger number of the first version
    kind: Literal["event", "extension", "delivery", "suspension", "resumption", "look"]
    target: str | tuple[str, int]
    effective: int  # the day from which it counts
    day: int  # event: its day; extension: the new due day; look: the last day for a notice; others: the day of it
    gone: bool = False  # this version retracts
    said: str = ""  # who says so, where that is a text that was adopted and no fact of the ledger
    instant: int | None = None  # of an event whose clock time is known
    mark: str = ""  # of an event: the symbol under which it was recorded; entries of one case share it

    def __str__(self) -> str:
        """Name the fact by its number, and by the number of the correction that made this version."""
        if self.said:
            return self.said
        return f"fact {self.root}" if self.seq == self.root else f"fact {self.root} as corrected by {self.seq}"


def live_at(facts: Iterable[ClockFact], k: int) -> list[ClockFact]:
    """Give the newest version of each fact that had been recorded by `k`, without the retracted ones, by number."""
    newest: dict[int, ClockFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.seq):
        if fact.seq <= k:
            newest[fact.root] = fact
    return sorted((fact for fact in newest.values() if not fact.gone), key=lambda fact: fact.seq)


def latest(facts: Sequence[ClockFact], target: str | tuple[str, int], kind: str) -> ClockFact | None:
    """Give the fact on `target` with the latest effective day; of several, the one recorded last."""
    found = [fact for fact in facts if fact.target == target and fact.kind == kind]
    return max(found, key=lambda fact: (fact.effective, fact.seq), default=None)
