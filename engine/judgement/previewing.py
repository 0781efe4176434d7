"""What adopting other encodings would move today: the answer before and after, line by line; nothing is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.encoding.joining import unmet
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.asking import answer_of
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import adopted
from duewatch.engine.judgement.naming import instruments_of, local_id, split_occurrence, symbol_of, typed_name
from duewatch.engine.judgement.recording import other_readings
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.judgement.wording import day_in_words
from duewatch.engine.ledger.database import rehearsing
from duewatch.engine.ledger.tables import effect, obligation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from duewatch.engine.judgement.adopting import Source
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk

_LONGEST: Final = 60  # characters of a text that are shown of a change
_LEAD: Final = 20  # of them before the first difference


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be adopted, what would move, a line each, and what the author may want to know."""

    encoding: str  # "sha256:..."
    is_in_force: bool  # it is what was adopted already
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def preview(desk: Desk, sources: Sequence[Source], *, now: datetime, by: str) -> Preview:
    """Adopt `sources` in a transaction that is rolled back, and compare today's answers.

    Whatever encoding the desk names is not looked at: the one in force is. BadInput as for `adopt`.
    """
    with rehearsing(desk.engine) as connection:
        edition = adopted(connection)
        old = edition.encoding if edition else ""
        before = answer_by_name(connection, replace(desk, encoding=old), now) if edition else {}
        encoding = adopt(connection, sources, now=now, by=by)
        after = answer_by_name(connection, replace(desk, encoding=encoding), now)
        lines = _first(after) if edition is None else list(_compared(connection, (old, encoding), before, after))
    notes = tuple(
        f"{note.place}: note: {note.wrong}; {note.right}" for note in unmet([one.instrument for one in sources])
    )
    return Preview(encoding, encoding == old, tuple(lines), notes)


def answer_by_name(connection: Connection, desk: Desk, now: datetime) -> dict[str, Item]:
    """Answer what stands now, by occurrence, or by obligation where there is none."""
    question = Question(now)
    with judging(connection, desk, question) as judged:
        answer = answer_of(connection, desk, question, judged.k)
    return {item.occurrence or f"{item.instrument}#{item.obligation}": item for item in answer.items}


def _first(after: Mapping[str, Item]) -> list[str]:
    """On an empty database everything is new; how much, is enough."""
    symbols = dict.fromkeys(item.instrument for item in after.values())
    of = {symbol: [item for item in after.values() if item.instrument == symbol] for symbol in symbols}
    return [f"{symbol}: {len({item.obligation for item in items})} entries" for symbol, items in of.items()]


def _compared(
    connection: Connection, encodings: tuple[str, str], before: Mapping[str, Item], after: Mapping[str, Item]
) -> Iterator[str]:
    """Everything that differs: instruments, names, where things stand, texts, and what instruments do to each other."""
    former = present_names(connection, encodings[1])
    symbols = [instruments_of(connection, encoding) for encoding in encodings]
    yield from (f"{one}: a new instrument, with {_entries(after, one)}" for one in symbols[1] if one not in symbols[0])
    yield from (f"{one}: no longer there, with {_entries(before, one)}" for one in symbols[0] if one not in symbols[1])
    renamed = dict.fromkeys(owner for name in before if (owner := split_occurrence(name)[0]) in former)
    yield from (f"{local_id(former[name])}: was called {local_id(name)}" for name in renamed)
    both = set(symbols[0]) & set(symbols[1])
    yield from moved({present(name, former): item for name, item in before.items()}, after, both)
    yield from _changed_texts(connection, encodings, former)
    yield from _changed_effects(connection, encodings)


def _entries(answer: Mapping[str, Item], symbol: str) -> str:
    number = len({item.obligation for item in answer.values() if item.instrument == symbol})
    return f"{number} {'entry' if number == 1 else 'entries'}"


# ------------------------------------------------------------------ where things stand
def moved(
    before: Mapping[str, Item], after: Mapping[str, Item], symbols: Collection[str] | None = None
) -> Iterator[str]:
    """Say what differs between two answers, a line each: what moved, what is new, what is gone.

    `symbols`: the instruments whose entries may come and go; None: all.
    """
    for name, item in after.items():
        if name in before and (words := _changed(before[name], item)):
            yield f"{typed_name(name, after)}: {words}"
    for name, item in after.items():
        if name not in before and (symbols is None or symbol_of(name) in symbols):
            yield f"{typed_name(name, after)}: new, {_stands(item)}"
    for name, item in before.items():
        if name not in after and (symbols is None or symbol_of(name) in symbols):
            yield f"{typed_name(name, before)}: gone, was {_stands(item)}"


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
    )
    changes = [f"{what}{was or 'none'} -> {now or 'none'}" for what, was, now in pairs if was != now]
    return ", ".join(changes or other_readings(old, new))


# ------------------------------------------------------------------ texts
_SEEN_ABOVE: Final = {"bearer", "modality", "strength", "watch", "provision", "formerly"}


def _changed_texts(connection: Connection, encodings: tuple[str, str], former: Mapping[str, str]) -> Iterator[str]:
    """Which fields of which entries differ, as written, with what they were and are."""
    query = select(obligation.c.encoding, obligation.c.obligation, obligation.c.flat).order_by(obligation.c.place)
    flats: dict[str, dict[str, dict[str, Any]]] = {encoding: {} for encoding in encodings}
    for row in connection.execute(query.where(obligation.c.encoding.in_(encodings))):
        name = row.obligation if row.encoding == encodings[1] else present(row.obligation, former)
        flats[row.encoding][name] = row.flat
    old, new = (flats[encoding] for encoding in encodings)
    for name, flat in new.items():
        was = old.get(name)
        fields = [] if was is None else [one for one in {**was, **flat} if was.get(one) != flat.get(one)]
        for one in fields:
            if was is not None and one not in {*_SEEN_ABOVE, "id"}:
                yield f"{typed_name(name, new)}: {one}: {_difference(_as_text(was.get(one)), _as_text(flat.get(one)))}"


def _as_text(value: object) -> str:
    """A field as people write it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_as_text(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_text, value)) + "]"
    return "not given" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _difference(old: str, new: str) -> str:
    """Both texts around the first place at which they differ."""
    same = next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    start = max(same - _LEAD, 0) if max(len(old), len(new)) > _LONGEST else 0
    return f"{_cut(old, start)} -> {_cut(new, start)}"


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _LONGEST]
    return f"{'...' if start else ''}{shown}{'...' if start + _LONGEST < len(text) else ''}"


# ------------------------------------------------------------------ what instruments do to each other
def _changed_effects(connection: Connection, encodings: tuple[str, str]) -> Iterator[str]:
    """What a later instrument says of an earlier one now, or says no longer: a line for each sort."""
    old, new = (_effects(connection, encoding) for encoding in encodings)
    yield from _counted(new - old)
    yield from (f"no longer: {line}" for line in _counted(old - new))


def _counted(said: Counter[tuple[str, int]]) -> Iterator[str]:
    for (words, is_event), number in said.items():
        yield words if is_event else f"{words}: {number} {'entry' if number == 1 else 'entries'}"


def _effects(connection: Connection, encoding: str) -> Counter[tuple[str, int]]:
    """What is said in words, and whether of an event."""
    query = select(effect).where(effect.c.encoding == encoding).order_by(effect.c.n)
    return Counter((_said(row), int(row.date is not None)) for row in connection.execute(query))


def _said(row: Row[tuple[object, ...]]) -> str:
    since = f"from {day_in_words(row.since)} on"
    if row.date is not None:
        return f"{row.instrument}: amends {row.target} to {day_in_words(row.date)} {since}"
    return f"{row.instrument}: {row.sort} {since}, of {symbol_of(row.target)}"
