"""The page Today: what is late, what comes, what nobody can say, what waits for a human, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from duewatch.engine.alerting.backlog import backlog
from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.moments import in_zone
from duewatch.engine.judgement.selecting import Filter
from duewatch.engine.judgement.selecting import select as selected
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import from_day, instant
from duewatch.engine.ledger.tables import fact, instrument, transition
from duewatch.engine.running.health import undelivered
from duewatch.engine.running.looks import last_run

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.alerting.backlog import Backlog
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk, Question

GROUPS: Final = ("late", "soon", "cannot-say")
DONE: Final = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change of status that an evaluation wrote: of what, on which day, from what to what, and why."""

    occurrence: str
    day: date
    old: str
    new: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Everything that stands on the page."""

    items: tuple[Item, ...]  # of GROUPS
    rest: int  # items that are on no list of this page
    needs: tuple[str, ...]  # what waits for a human, each a sentence
    changed: tuple[Changed, ...]  # since the beginning of yesterday
    last_run: tuple[int, int] | None  # number, and the instant that it asked about
    undelivered: int


def today(desk: Desk, question: Question, *, real_now: datetime) -> Today:
    """Gather the page for a moment with the whole ledger."""
    shown = selected(ask(desk, question).items, Filter())
    with reading(desk.engine) as connection:
        waiting = undelivered(connection, instant(real_now)).count
        needs = (*_from_messages(backlog(connection)), *_from_documents(connection), *_from_items(shown))
        return Today(
            items=tuple(item for item in shown if item.group in GROUPS),
            rest=sum(item.group not in GROUPS and item.status is not None for item in shown),
            needs=needs,
            changed=_changed(connection, desk, question),
            last_run=last_run(connection),
            undelivered=waiting,
        )


# ------------------------------------------------------------------ what waits for a human
def _from_messages(waiting: Backlog) -> list[str]:
    lines = []
    if waiting.unrouted:
        lines.append(f"{waiting.unrouted} of the alerts reached nobody: name somebody responsible in the contacts")
    if waiting.dead:
        lines.append(f"{waiting.dead} of the messages were given up: `duewatch health` says what to do")
    return lines


def _from_documents(connection: Connection) -> list[str]:
    """Find documents that nobody has judged yet: whether they answer anything is for a human to say."""
    newest = select(fact.c.root, func.max(fact.c.seq).label("seq")).group_by(fact.c.root).subquery("newest")
    standing = fact.c.seq == newest.c.seq
    judged = select(fact.c.document).join(newest, standing).where(fact.c.document.is_not(None), fact.c.gone == 0)
    query = (
        select(fact.c.symbol, fact.c.root)
        .join(newest, standing)
        .where(fact.c.kind == "document", fact.c.gone == 0, fact.c.root.not_in(judged))
        .order_by(fact.c.root)
    )
    return [
        f"document {row.symbol or ''} (fact {row.root}) is not judged yet: `duewatch record judgement --help`"
        for row in connection.execute(query)
    ]


def _from_items(items: tuple[Item, ...]) -> list[str]:
    """Find what was done and whose contents nobody has checked."""
    return [
        f"{(item.occurrence or '').partition('#')[2]}: {item.contents['unchecked']} of {item.contents['of']} contents"
        " unchecked"
        for item in items
        if item.group == DONE and item.contents["unchecked"]
    ]


# ------------------------------------------------------------------ what happened, and when
def _changed(connection: Connection, desk: Desk, question: Question) -> tuple[Changed, ...]:
    """Read the changes of status since the beginning of yesterday, in each instrument's zone; not what is new."""
    zones = select(instrument.c.symbol, instrument.c.zone).where(instrument.c.encoding == desk.encoding)
    days = {row.symbol: in_zone(question.as_of, row.zone).day for row in connection.execute(zones)}
    if not days:
        return ()
    since = min(days.values()) - 1
    rows = connection.execute(
        select(transition)
        .where(transition.c.day >= since, transition.c.old.is_not(None))
        .order_by(transition.c.seq.desc())
    ).mappings()
    return tuple(
        Changed(
            occurrence=row["occurrence"],
            day=from_day(row["day"]),
            old=row["old"],
            new=row["new"],
            cause=row["cause"],
        )
        for row in rows
        if (here := days.get(row["occurrence"].partition("#")[0])) is not None and here - 1 <= row["day"] <= here
    )
