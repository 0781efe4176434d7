"""Carrying over: what becomes of each open entry of an earlier instrument, decided one by one by a person.

A decision is a fact on the entry, of kind `carried`, with who decided and by whose authority; the later instrument, or
the entry of it that goes on, stands in its symbol. What the text of the later instrument says by itself is shown and
not asked. Nothing is decided by default: what nobody decided stays on the list.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import select

from duewatch.engine.encoding.decisions import LEAVES, MOVES, UNDECIDED
from duewatch.engine.judgement.asking import ask
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.effects import KIND, said_by
from duewatch.engine.judgement.naming import full_obligation, local_id, obligations_of, split_occurrence, symbol_of
from duewatch.engine.judgement.recording import Recorded, recorded
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.facts import Draft
from duewatch.engine.ledger.tables import instrument
from duewatch.engine.problems import BadFile, BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from duewatch.engine.encoding.decisions import Decision
    from duewatch.engine.judgement.asking import Item
    from duewatch.engine.judgement.desk import Desk

_CLOSED = ("done", "closed", "hidden")  # groups in which nothing is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An entry of the earlier instrument of which something is still open, and what was said of it so far."""

    entry: str  # its id
    provision: str
    action: str
    bearer: tuple[str, ...]
    stands: tuple[str, ...]  # each occurrence: its day, and what people read
    text: str = ""  # what the later instrument itself says of it; "": nothing
    decided: str = ""  # what a person decided, by which fact; "": nobody has

    @property
    def waits(self) -> bool:
        """Whether a person has to decide."""
        return not self.text and not self.decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """Two instruments, and the entries of the earlier one that are open, or that somebody has decided about.

    `since`: the day from which what ends or moves usually does.
    """

    old: str
    new: str
    since: date
    entries: tuple[Open, ...]

    @property
    def waiting(self) -> tuple[Open, ...]:
        """What nobody has decided, in the order of the file."""
        return tuple(one for one in self.entries if one.waits)


def carrying(desk: Desk, old: str, new: str, *, now: datetime) -> Carrying:
    """Give the open entries of `old` beside what `new` and people said of them. BadInput unless `new` is the later."""
    items = ask(desk, Question(now)).items
    with reading(desk.engine) as connection:
        since = _first_day(connection, desk.encoding, old, new)
        text = said_by(connection, desk.encoding, new)
        names = present_names(connection, desk.encoding)
        decided = {name: _in_words(one, names) for name, one in _decided(connection, desk.encoding, new).items()}
    entries: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.place):
        is_open = item.status is not None and item.group not in _CLOSED
        if item.instrument == old and (is_open or full_obligation(old, item.obligation) in decided):
            entries.setdefault(item.obligation, []).append(item)
    found = tuple(_open(name, own, text, decided) for name, own in entries.items())
    return Carrying(old=old, new=new, since=since, entries=found)


def _first_day(connection: Connection, encoding: str, old: str, new: str) -> date:
    """The day after the adoption of the later one: what fell due on that day itself fell due under the earlier one."""
    query = select(instrument.c.symbol, instrument.c.adopted).where(instrument.c.encoding == encoding)
    adopted = {row.symbol: from_day(row.adopted) for row in connection.execute(query)}
    for symbol in (old, new):
        if symbol not in adopted:
            near = difflib.get_close_matches(symbol, adopted, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(adopted)}"
            raise BadInput(f"`{symbol}` is no instrument that is loaded; {hint}")
    if old == new or adopted[old] > adopted[new]:
        raise BadInput(f"`{new}` is not later than `{old}`; name the earlier instrument first")
    return adopted[new] + timedelta(days=1)


def _open(name: str, items: Sequence[Item], text: dict[str, str], decided: dict[str, str]) -> Open:
    first = items[0]
    full = full_obligation(first.instrument, name)
    return Open(
        entry=name,
        provision=first.provision,
        action=first.action,
        bearer=tuple(first.bearer),
        stands=tuple(_stands(item) for item in items),
        text=text.get(full, ""),
        decided=decided.get(full, ""),
    )


def _stands(item: Item) -> str:
    which = split_occurrence(item.occurrence or "")[1:]
    name = "@".join(filter(None, (str(which[1]), which[0])))
    return f"{name}: {item.status}" + (f", due {item.due}" if item.due else "") + f": {item.says}"


def _decided(connection: Connection, encoding: str, new: str) -> dict[str, facts.Entry]:
    """The decisions that stand on account of the later instrument, by the full name of the entry."""
    names = present_names(connection, encoding)
    roots = {one.root: one for one in facts.rows(connection, kind=KIND)}
    standing = (one for one in roots.values() if not one.gone and symbol_of(one.draft.symbol or "") == new)
    return {present(one.draft.target, names): one for one in standing}


def _in_words(one: facts.Entry, names: Mapping[str, str]) -> str:
    draft = one.draft
    to = f" {local_id(present(draft.symbol or '', names))}" if draft.finding == MOVES else ""
    return f"{draft.finding}{to} from {draft.effective}, decided by {draft.granted_by} (fact {one.root})"


# ------------------------------------------------------------------ deciding
def carry(  # noqa: PLR0913 - who decides, who records and when are three things
    desk: Desk,
    old: str,
    new: str,
    decisions: Iterable[Decision],
    *,
    authority: str,
    by: str,
    now: datetime,
    os_user: str,
) -> Recorded:
    """Record decisions, all of them or none; what is decided so already is passed over.

    BadFile with every decision of a file that may not be recorded, BadInput for one that stands in no file.
    """
    if not authority.strip():
        raise BadInput("nobody is named by whose authority it is decided; say --authority")
    known = carrying(desk, old, new, now=now)
    entries = {one.entry: one for one in known.entries}

    def work(connection: Connection) -> list[int]:
        clerk = _Clerk(connection, desk, known, entries, authority, by)
        drafts, problems = [], []
        for one in decisions:
            try:
                drafts += clerk.drafts(one)
            except BadInput as bad:
                if one.place is None:
                    raise
                wrong, _, right = str(bad).partition("; ")
                problems.append(Problem(one.place, wrong, right))
        if problems:
            raise BadFile(problems)
        return [facts.append(connection, draft, now=now, os_user=os_user) for draft in drafts]

    return recorded(desk, now, work)


class _Clerk:
    """Makes the drafts of decisions, or refuses."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a decision is checked against
        self, connection: Connection, desk: Desk, known: Carrying, entries: dict[str, Open], authority: str, by: str
    ) -> None:
        self.known, self.entries, self.authority, self.by = known, entries, authority, by
        self.names = obligations_of(connection, desk.encoding)
        self.before = _decided(connection, desk.encoding, known.new)
        self.former = present_names(connection, desk.encoding)

    def drafts(self, one: Decision) -> list[Draft]:
        """One draft; none where it is not decided, or decided so already."""
        self._check(one)
        target = full_obligation(self.known.old, one.entry)
        draft = Draft(
            kind=KIND,
            instrument=self.known.old,
            target=target,
            recorded_by=self.by,
            effective=one.since or self.known.since,
            finding=one.does,
            symbol=full_obligation(self.known.new, one.to) if one.to else self.known.new,
            granted_by=self.authority,
            note=one.why,
        )
        old = self.before.get(target)
        if one.does == UNDECIDED or (old is not None and _same(_as_called_now(old.draft, self.former), draft)):
            return []
        if old is not None:
            raise BadInput(
                f"`{one.entry}` is decided otherwise, by fact {old.root}; "
                f"take that back first: duewatch record retraction {old.root}"
            )
        return [draft]

    def _check(self, one: Decision) -> None:
        found = self.entries.get(one.entry)
        if found is None:
            self._refuse(one.entry)
        if found.text and one.does != UNDECIDED:
            raise BadInput(f"`{one.entry}` is spoken of by the text: {found.text}; mend the encoding, if that is wrong")
        if one.since is not None and one.since < self.known.since - timedelta(days=1):
            day = self.known.since - timedelta(days=1)
            raise BadInput(f"{one.since} is before `{self.known.new}` was adopted; give a day from {day} on")
        if one.does != MOVES:
            return
        there = [local_id(name) for name in self.names if symbol_of(name) == self.known.new]
        if one.to not in there:
            near = difflib.get_close_matches(one.to, there, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(there) or 'none'}"
            raise BadInput(f"no entry `{one.to}` in `{self.known.new}`; {hint}")

    def _refuse(self, entry: str) -> NoReturn:
        """Say whether there is no such entry, or nothing of it that is open."""
        here = [local_id(name) for name in self.names if symbol_of(name) == self.known.old]
        if entry in here:
            raise BadInput(f"nothing of `{entry}` is open; leave it out")
        near = difflib.get_close_matches(entry, here, n=1)
        raise BadInput(f"no entry `{entry}` in `{self.known.old}`" + (f"; did you mean `{near[0]}`?" if near else ""))


def _as_called_now(draft: Draft, names: Mapping[str, str]) -> Draft:
    """Give a decision with the entry that goes on under its present name."""
    return replace(draft, symbol=present(draft.symbol or "", names))


def _same(old: Draft, new: Draft) -> bool:
    names = ("finding", "symbol") if new.finding == LEAVES else ("finding", "symbol", "effective")
    return all(getattr(old, name) == getattr(new, name) for name in names)
