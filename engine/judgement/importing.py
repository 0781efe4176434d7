"""Importing: a file of statements becomes facts of the ledger, all of them or none.

A row that cites several provisions is as many facts. What cannot be a fact is left out aloud: a note, a delivery that
was looked for and not found, and whatever happened on a day that is written as not known: a day is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.judgement import drafting, naming
from duewatch.engine.judgement.addressing import Cited, Directory
from duewatch.engine.judgement.desktop import Desktop
from duewatch.engine.judgement.recording import draft_of, occurrence_of, recorded, redate_touched
from duewatch.engine.judgement.renaming import present, present_names
from duewatch.engine.ledger import facts
from duewatch.engine.problems import BadFile, BadInput, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.encoding.statements import Row, Statements
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.ledger.facts import Draft

_DOCUMENT_DAYS: Final = ("dated", "issued", "transmitted", "received")
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {  # one of these days, by kind
    "delivered": _DOCUMENT_DAYS, "document": _DOCUMENT_DAYS, "event": ("date", "day"),
}  # fmt: skip
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {  # what `finding` may be, by kind
    "looked": ("nothing", "cannot-say"), "judgement": ("fulfilled", "kept", "not-kept"),
}  # fmt: skip
_UNSAID: Final = ("target", "items", "recorded_by", "note")  # of a draft: what is compared otherwise, or not at all
_WILL: Final[Mapping[str, str]] = {"late": "late", "never": "never", "miss": "late"}  # to miss a day is to be late


@dataclass(frozen=True, slots=True, order=True)
class LeftOut:
    """A row, or a part of one, that became no fact, and why."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The ledger numbers in the order of the file, what moved, and what became no fact."""

    numbers: tuple[int, ...]
    moved: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    targets: tuple[str, ...] = ()  # what the facts are about, in full, each once


@dataclass(slots=True)
class _Progress:
    numbers: list[int] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    targets: dict[str, None] = field(default_factory=dict)
    dated: set[int] = field(default_factory=set)  # of the numbers, those whose datings are made already


def import_facts(  # noqa: PLR0913 - who records, when, by which hand
    desk: Desk, statements: Statements, *, by: str, now: datetime, os_user: str, lenient: bool = False
) -> Imported:
    """Record every row, or nothing at all: BadFile with each row that may not be recorded.

    `lenient` lists what may not be recorded instead of refusing the file: for rehearsals on a database of their own.
    """
    progress = _Progress()

    def work(connection: Connection) -> list[int]:
        writer = _Writer(desk, Desktop(connection, desk.encoding, now, by), os_user, progress)
        writer.write(statements)
        if progress.problems and not lenient:
            raise BadFile(progress.problems)
        return progress.numbers

    done = recorded(desk, now, work)
    refused = [LeftOut(problem.place, problem.wrong) for problem in progress.problems]
    left_out = tuple(sorted([*progress.left_out, *refused]))
    return Imported(done.numbers, done.moved, left_out, tuple(progress.targets))


def write_facts(desk: Desk, connection: Connection, statements: Statements, *, by: str, now: datetime) -> None:
    """Record every row in the caller's transaction and date anew what they touch, without a word of what moved.

    BadFile with each row that may not be recorded; what can be no fact (a note, a day that was not found) is one too.
    """
    progress = _Progress()
    _Writer(desk, Desktop(connection, desk.encoding, now, by), by, progress).write(statements)
    left_out = [Problem(one.place, f"this is recorded as no fact: {one.why}") for one in progress.left_out]
    if progress.problems or left_out:
        raise BadFile([*progress.problems, *left_out])
    redate_touched(desk, connection, [number for number in progress.numbers if number not in progress.dated])


class _Writer:
    """Writes rows in the order of the file, in the caller's transaction, and keeps what is wrong."""

    def __init__(self, desk: Desk, table: Desktop, os_user: str, progress: _Progress) -> None:
        self.desk, self.table, self.os_user, self.progress = desk, table, os_user, progress
        self.about: str | None = None
        self.said = _Said(table)
        self._directory: Directory | None = None  # read when something is cited, and anew after an event

    @property
    def directory(self) -> Directory:
        """Every occurrence by provision, as it is now."""
        if self._directory is None:
            self._directory = Directory(self.table.connection, self.table.encoding)
        return self._directory

    def write(self, statements: Statements) -> None:
        """Write what can be written; everything else is in the progress afterwards."""
        known = naming.instruments_of(self.table.connection, self.table.encoding)
        self.about = next((symbol for symbol in statements.about if symbol in known), None)
        if statements.about and self.about is None:
            raise BadInput(f"the file is about {statements.about[0]}; the encoding in force has {', '.join(known)}")
        for row in statements.rows:
            reason = _why_not(row)
            if reason is None:
                self._write_row(row)
            elif reason:
                self.progress.left_out.append(LeftOut(row.place, reason))
            else:
                days = " or ".join(f"`{name}`" for name in _needed(row))
                right = f"write {days}; null where it was not found"
                self.progress.problems.append(Problem(row.place, f"a row of kind {row.text('kind')} has no day", right))

    def _write_row(self, row: Row) -> None:
        try:
            options = _options(row)
        except BadInput as wrong:
            self._refuse(row.place, wrong)
            return
        if row.text("kind") == "delivered":
            self._deliver(row, options)
            return
        kind = str(row.text("kind")).replace("-", "_")
        for place, target in self._targets(row):
            try:
                self._append(draft_of(self.desk, self.table, kind, target, options))
            except BadInput as wrong:
                self._refuse(place, wrong)

    def _deliver(self, row: Row, options: Mapping[str, Any]) -> None:
        """Write the document once, and what it answers."""
        try:
            names = [occurrence_of(self.desk, self.table.connection, one) for _, one in self._targets(row)]
            if not names:
                return
            paper = drafting.document(self.table, naming.symbol_of(names[0]), options)
            answers = [drafting.answer(self.table, name, 0, options) for name in names]
        except BadInput as wrong:
            self._refuse(row.place, wrong)
            return
        number = self._append(paper)
        for answer in answers:
            self._append(replace(answer, document=number))

    def _append(self, draft: Draft) -> int:
        self.said.refuse_again(draft)
        number = facts.append(self.table.connection, draft, now=self.table.now, os_user=self.os_user)
        self.said.add(draft, number)
        self.progress.numbers.append(number)
        if draft.target:
            self.progress.targets[draft.target] = None
        if draft.kind == "event":  # it may bring occurrences into being, which a later row names
            redate_touched(self.desk, self.table.connection, [number])
            self.progress.dated.add(number)
            self._directory = None
        return number

    def _targets(self, row: Row) -> list[tuple[Place, str]]:
        """What a row is about, each with its place: what is named, else what the provisions mean."""
        column = next((name for name in ("event", "id") if row.text(name)), None)
        if column is not None:
            symbol = row.text("instrument") or self.about
            return [(row.where(column), _of_instrument(name, symbol)) for name in _parts(row.text(column))]
        if row.text("kind") == "document":
            return [(row.place, row.text("instrument") or self.about or "")]
        if row.text("kind") == "event":
            self._refuse(row.place, BadInput("the row names no event of the encoding; write `event` with its name"))
            return []
        return self._cited(row)

    def _cited(self, row: Row) -> list[tuple[Place, str]]:
        found = []
        provisions = _parts(row.text("provision"))
        if not provisions:
            self._refuse(row.place, BadInput("the row says nothing of what it is about; write `provision` or `id`"))
        for provision in provisions:
            n = row.text("n")
            symbol = row.text("instrument") or self.about
            cited = Cited(str(row.text("kind")), provision, int(n) if n else None, row.day("day"), symbol)
            try:
                found.append((row.where("provision"), self.directory.find(cited)))
            except BadInput as wrong:
                self._refuse(row.where("provision"), wrong)
        return found

    def _refuse(self, place: Place, wrong: BadInput) -> None:
        self.progress.problems.append(Problem(place, str(wrong)))


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _needed(row: Row) -> tuple[str, ...]:
    return _NEEDED.get(str(row.text("kind")), ("day",))


def _why_not(row: Row) -> str | None:
    """Say why a row is no fact; None: it is one; "": a day is missing without a word about it."""
    if row.text("kind") == "note":
        return "a note"
    if row.text("kind") == "delivered" and row.text("known") == "unknown":
        return "looked for and not found: nothing can be claimed"
    needed = _needed(row)
    if any(row.day(name) for name in needed):
        return None
    return "its day was not found, and is not guessed" if any(name in row.cells for name in needed) else ""


def _options(row: Row) -> dict[str, Any]:
    """The options that `record` would be given for the row; BadInput for a word that it would not know."""
    kind, finding = str(row.text("kind")), row.text("finding")
    if kind in _WORDS and finding and finding not in _WORDS[kind]:
        raise BadInput(f"`{finding}` is no finding of a row of kind {kind}; there are {', '.join(_WORDS[kind])}")
    if kind == "announced" and row.text("will") not in _WILL:
        raise BadInput(f"`{row.text('will')}` is not what somebody will do; there are {', '.join(_WILL)}")
    plain = ("symbol", "form", "contents", "evidence", "value", "of")
    given: dict[str, Any] = {name: row.text(name) for name in plain}
    given |= {name: row.day(name) for name in (*_DOCUMENT_DAYS, "to")}
    given |= {"why": row.text("why") or row.text("what"), "per": row.text("body"), "on": row.day("day")}
    given |= {"found": finding, "finding": finding, "will": _WILL.get(row.text("will") or "")}
    given |= {"granted": row.day("day"), "granted_by": row.text("granted-by")}
    if kind == "event":  # a day of its own, and the day from which that is so
        given |= {"date": row.day("date") or row.day("day"), "since": row.day("day") if row.day("date") else None}
    return given


def _of_instrument(name: str, symbol: str | None) -> str:
    """Give a name in full, for other instruments may have it too; a shared session belongs to none."""
    is_full = "#" in name
    is_shared = name.rpartition(".")[2] in {"start", "end", "recess"} and "/" in name
    return name if is_full or is_shared or not symbol else naming.full_obligation(symbol, name)


class _Said:
    """What stands in the ledger, by what it says: a file imported twice doubles nothing."""

    def __init__(self, table: Desktop) -> None:
        names = present_names(table.connection, table.encoding)
        newest = {entry.root: entry for entry in facts.rows(table.connection)}
        standing = (entry for entry in newest.values() if not entry.gone)
        self._facts = {_key(entry.draft, present(entry.draft.target, names)): entry.root for entry in standing}

    def refuse_again(self, draft: Draft) -> None:
        """Refuse what stands there already; documents are known by their symbols."""
        root = self._facts.get(_key(draft, draft.target)) if draft.target else None
        if root is not None:
            raise BadInput(f"this is recorded already, as fact {root}")

    def add(self, draft: Draft, number: int) -> None:
        self._facts[_key(draft, draft.target)] = number


def _key(draft: Draft, target: str) -> tuple[object, ...]:
    """All that a fact says, under the present name of what it is about; who recorded it and why is left out."""
    said = tuple(getattr(draft, one.name) for one in fields(draft) if one.name not in _UNSAID)
    return (target, frozenset(draft.items.items()), *said)
