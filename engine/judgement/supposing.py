"""What if: facts supposed, in a transaction that is rolled back, and what would move, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.judgement.asking import answer_of
from duewatch.engine.judgement.desktop import Desktop
from duewatch.engine.judgement.horizons import extend
from duewatch.engine.judgement.recording import draft_of, redate_touched
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import rehearsing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk, Question

_SUPPOSED: Final = "what if"


@dataclass(frozen=True, slots=True)
class Supposed:
    """One fact that is supposed: its kind, what it is about, and the options of `record`."""

    kind: str
    target: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that would stand otherwise; a status or day of None: not owed, or without date."""

    occurrence: str  # in full
    provision: str
    status: tuple[str | None, str | None]  # now, and then
    due: tuple[str | None, str | None]
    says: tuple[str, str]
    readings: tuple[str, ...]  # the readings that move, by name


def suppose(desk: Desk, supposed: Sequence[Supposed], question: Question, *, now: datetime) -> tuple[Moved, ...]:
    """Give what would move if these facts were recorded, in their order; nothing is written.

    BadInput for a fact that could not be recorded so.
    """
    with rehearsing(desk.engine) as connection:
        extend(connection, desk, question.as_of)
        before = _answer(connection, desk, question)
        table = Desktop(connection, desk.encoding, now, _SUPPOSED)
        for one in supposed:
            draft = draft_of(desk, table, one.kind, one.target, one.options)
            number = facts.append(connection, draft, now=now, os_user=_SUPPOSED)
            redate_touched(desk, connection, [number])
        after = _answer(connection, desk, question)
    return tuple(_moved(before, after))


def _answer(connection: Connection, desk: Desk, question: Question) -> dict[str, Item]:
    with judging(connection, desk, question) as judged:
        items = answer_of(connection, desk, question, judged.k).items
    return {item.occurrence: item for item in items if item.occurrence}


def _moved(before: Mapping[str, Item], after: Mapping[str, Item]) -> list[Moved]:
    """What differs, in the order of the encoding."""
    found = []
    everything = {**before, **after}
    for name, item in sorted(everything.items(), key=lambda pair: (pair[1].place, pair[0])):
        old, new = before.get(name), after.get(name)
        differing = _readings(old, new)
        one = Moved(
            occurrence=name,
            provision=item.provision,
            status=(old.status if old else None, new.status if new else None),
            due=(old.due if old else None, new.due if new else None),
            says=(old.says if old else "not owed", new.says if new else "not owed"),
            readings=differing,
        )
        if differing or one.says[0] != one.says[1]:
            found.append(one)
    return found


def _readings(old: Item | None, new: Item | None) -> tuple[str, ...]:
    before, after = (one.readings if one else {} for one in (old, new))
    return tuple(name for name in {**before, **after} if _seen(before.get(name)) != _seen(after.get(name)))


def _seen(reading_of_item: Mapping[str, object] | None) -> tuple[object, object]:
    return (None, None) if reading_of_item is None else (reading_of_item["status"], reading_of_item["due"])
