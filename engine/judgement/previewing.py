"""What adopting other encodings would move today: the answer before and after, line by line; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.asking import answer_of
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import adopted
from duewatch.engine.judgement.naming import local_id
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.tables import obligation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be adopted, and what would move, a line each."""

    encoding: str  # "sha256:..."
    is_in_force: bool  # it is what was adopted already
    lines: tuple[str, ...]


def preview(desk: Desk, sources: Sequence[Source], *, now: datetime, by: str) -> Preview:
    """Adopt `sources` in a transaction that is rolled back, and compare today's answers.

    Whatever encoding the desk names is not looked at: the one in force is. BadInput as for `adopt`.
    """
    with reading(desk.engine) as connection:
        edition = adopted(connection)
        before = answer_by_name(connection, replace(desk, encoding=edition.encoding), now) if edition else {}
        encoding = adopt(connection, sources, now=now, by=by)
        after = answer_by_name(connection, replace(desk, encoding=encoding), now)
        texts = _changed_texts(connection, edition.encoding, encoding) if edition else []
    lines = _first(after) if edition is None else [*moved(before, after), *texts]
    return Preview(encoding, edition is not None and edition.encoding == encoding, tuple(lines))


def answer_by_name(connection: Connection, desk: Desk, now: datetime) -> dict[str, Item]:
    """Answer what stands now, by occurrence, or by obligation where there is none."""
    question = Question(now)
    with judging(connection, desk, question) as judged:
        answer = answer_of(connection, desk, question, judged.k)
    return {item.occurrence or f"{item.instrument}#{item.obligation}": item for item in answer.items}


def _changed_texts(connection: Connection, old: str, new: str) -> list[str]:
    """Which fields of which entries differ between two encodings, as written; the links and places do not count."""
    query = select(obligation.c.encoding, obligation.c.obligation, obligation.c.flat).order_by(obligation.c.place)
    flats: dict[str, dict[str, dict[str, object]]] = {old: {}, new: {}}
    for row in connection.execute(query.where(obligation.c.encoding.in_((old, new)))):
        flats[row.encoding][row.obligation] = row.flat
    lines = []
    for name, flat in flats[new].items():
        was = flats[old].get(name)
        fields = [] if was is None else [one for one in {**was, **flat} if was.get(one) != flat.get(one)]
        if fields:
            lines.append(f"{local_id(name)}: the text of {', '.join(fields)} changes")
    return lines


def _first(after: Mapping[str, Item]) -> list[str]:
    """On an empty database everything is new; how much, is enough."""
    symbols = dict.fromkeys(item.instrument for item in after.values())
    of = {symbol: [item for item in after.values() if item.instrument == symbol] for symbol in symbols}
    return [f"{symbol}: {len({item.obligation for item in items})} entries" for symbol, items in of.items()]


def moved(before: Mapping[str, Item], after: Mapping[str, Item]) -> list[str]:
    """Say what differs between two answers, a line each: what moved, what is new, what is gone."""
    kept = [
        f"{local_id(name)}: {words}"
        for name in after
        if name in before and (words := _changed(before[name], after[name]))
    ]
    new = [f"{local_id(name)}: new, {_stands(item)}" for name, item in after.items() if name not in before]
    gone = [f"{local_id(name)}: gone, was {_stands(item)}" for name, item in before.items() if name not in after]
    return kept + new + gone


def _stands(item: Item) -> str:
    return f"{item.status or item.says}" + (f", due {item.due}" if item.due else "")


def _changed(old: Item, new: Item) -> str:
    """Say what differs between two answers on one thing: what people act on, no more."""
    pairs = (
        ("", old.status, new.status),
        ("due ", old.due, new.due),
        ("bearer ", ", ".join(old.bearer), ", ".join(new.bearer)),
        ("modality ", old.modality, new.modality),
        ("strength ", old.strength, new.strength),
        ("watch ", old.watch, new.watch),
        ("provision ", old.provision, new.provision),
        ("action ", old.action, new.action),
    )
    return ", ".join(f"{what}{was or 'none'} -> {now or 'none'}" for what, was, now in pairs if was != now)
