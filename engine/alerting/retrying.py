"""When a failed delivery is tried again, and when it is given up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.notifiers.message import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duewatch.notifiers.message import NotSent

_ASKED_AT_MOST: Final = 6 * 3600  # however long the far side wants us to wait
_DOUBLINGS: Final = 20  # beyond any cap; keeps the number small after months of tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The times of the outbox, in seconds of the real clock."""

    wall: float = 30  # for one conversation with the far side
    lease: int = 120  # for one delivery in the hands of one process; well above `wall`
    base: int = 60  # the first wait, doubled with every try
    longest: int = 3600  # the longest wait
    tries: int = 14  # given up after so many tries
    age: int = 36 * 3600  # and so long after the first of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The tries of a delivery that came to nothing; those that met a closed channel do not count."""

    times: int
    since: int | None  # when the first of them was
    broken_off: bool = False  # nobody came back from the last one

    def exhausts(self, patience: Patience, now: int) -> bool:
        """Tell whether it is time to give up."""
        return self.times >= patience.tries and self.since is not None and now - self.since >= patience.age

    def and_again(self, now: int) -> Tried:
        """Count one more."""
        return Tried(times=self.times + 1, since=now if self.since is None else self.since)

    def is_deadly(self, patience: Patience, now: int) -> bool:
        """Tell whether it is time to give up without another try, because it ends whoever tries."""
        return self.broken_off and self.exhausts(patience, now)


def tried(attempts: Iterable[tuple[int, str, int]]) -> Tried:
    """Count the rows (number, outcome, instant) of a delivery's attempts.

    A start without an outcome is a try during which a process died.
    """
    rows = list(attempts)
    started = {n: at for n, outcome, at in rows if outcome == "start"}
    ended = {n: outcome for n, outcome, _ in rows if outcome != "start"}
    counted = [at for n, at in started.items() if ended.get(n) != "paused"]
    return Tried(
        times=len(counted), since=min(counted, default=None), broken_off=max(started, default=0) > max(ended, default=0)
    )


def wait(before: Tried, trouble: NotSent | None, patience: Patience, chance: Callable[[], float]) -> int:
    """Give the seconds until the next try: at least one, so that a pass ends.

    Full jitter: anything up to the doubled wait, so that those who failed together do not come back
    together. Where the far side said how long, that long, and a little more for the same reason.
    """
    asked = trouble.retry_after if isinstance(trouble, Refused) else None
    if asked is not None:
        return max(1, round(min(asked, _ASKED_AT_MOST) + chance()))
    return max(1, round(chance() * pause_for(before.times, patience)))


def pause_for(times: int, patience: Patience) -> int:
    """Give the longest wait, in seconds, after so many earlier ones in a row."""
    return min(patience.longest, patience.base << min(times, _DOUBLINGS))
