"""Portfolios: what a sheet means becomes facts and, where rows came or changed their words, a new encoding.

The encoding of a portfolio stands beside the others of the edition in force and names each row for ever; an entry
whose row is gone stays. Every date is a fact, so that what moved it can be read in the ledger, as known on any day.
All of a run is written in one transaction, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.encoding.answers import GRANTED
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.portfolio import encoding_of, event_of
from duewatch.engine.judgement import drafting
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.comparing import (
    FORM,
    Comparison,
    Recorded,
    compare,
    first_since,
    last_kept,
    newest_entries,
    occurrence_of_row,
    refuse_shrunken,
    refuse_stale,
)
from duewatch.engine.judgement.desktop import Desktop
from duewatch.engine.judgement.editions import adopted, library_of
from duewatch.engine.judgement.loading import adopted_source
from duewatch.engine.judgement.naming import full_obligation
from duewatch.engine.judgement.previewing import answer_by_name, moved
from duewatch.engine.judgement.redating import redate
from duewatch.engine.ledger import chain, facts, texts
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import day_at, from_day, instant
from duewatch.engine.ledger.facts import Draft
from duewatch.engine.problems import BadFile, BadInput, Problem
from duewatch.engine.reckoning.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from duewatch.engine.encoding.answers import Answer, Given
    from duewatch.engine.encoding.portfolio import Portfolio
    from duewatch.engine.judgement.comparing import Asked, Plain
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.editions import Edition
    from duewatch.engine.ledger.chain import Head
    from duewatch.engine.words import Instrument

_LONGEST_NAME: Final = 100  # characters of a file's name in the symbol of its document
_DIGITS: Final = 8  # of a hash, to tell two sheets of one day apart


@dataclass(frozen=True, slots=True)
class Decided:
    """A question with what somebody says happened."""

    asked: Asked
    given: Given


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be written, and by whom; `head` is the ledger that it was worked out on."""

    comparison: Comparison
    decided: tuple[Decided, ...]
    by: str
    now: datetime
    os_user: str
    head: Head
    others: tuple[Source, ...]  # adopted with it on an empty database


# ------------------------------------------------------------------ what to ask
def look(
    desk: Desk, sheet: Portfolio, *, as_of: date | None, now: datetime, fewer: bool = False
) -> tuple[Comparison, Head]:
    """Compare a sheet with the ledger. BadInput where it is stale, of a day to come, or has shrunk."""
    zone = sheet.mapping.zone
    of = as_of or from_day(day_at(instant(sheet.written), zone))
    if of > from_day(day_at(instant(now), zone)):
        raise BadInput(f"{sheet.name} is of {of}, a day to come; give the day that it speaks of with --as-of")
    _refuse_foreseen(sheet, of)
    with reading(desk.engine) as connection:
        entries = newest_entries(connection, sheet.mapping.symbol)
        last = last_kept(connection, entries)
        _refuse_foreign(connection, sheet, is_first=last is None)
        comparison, head = compare(sheet, last, entries, of), chain.head(connection)
    if last is not None and not comparison.is_same:
        refuse_stale(sheet, last, of, said=as_of is not None)
        if not fewer:
            refuse_shrunken(sheet, last)
    return comparison, head


def _refuse_foreseen(sheet: Portfolio, of: date) -> None:
    """Nothing was done on a day that the sheet cannot know yet."""
    right = "mend the day, or give the day of the sheet with --as-of"
    ahead = [
        Problem(sheet.places[row.key]["done"], f"{row.key}: done on {row.done}, and the sheet is of {of}", right)
        for row in sheet.rows
        if row.done is not None and row.done > of
    ]
    if ahead:
        raise BadFile(ahead)


def _refuse_foreign(connection: Connection, sheet: Portfolio, *, is_first: bool) -> None:
    """Refuse to put a portfolio in the place of an instrument that was never one."""
    edition = adopted(connection)
    symbol = sheet.mapping.symbol
    if is_first and edition is not None:
        for file in edition.files:
            if file["instrument"] == symbol and file["path"] != _path_of(sheet):
                raise BadInput(
                    f"`{symbol}` is the instrument of {file['path']}; give the portfolio a symbol of its own"
                )


def settle(comparison: Comparison, answers: Sequence[Answer]) -> tuple[Decided, ...]:
    """Bring questions and answers together. BadFile with every question left open, and every answer to none."""
    problems: list[Problem] = []
    open_ones = {(one.key, one.about): one for one in comparison.asked}
    found: dict[tuple[str, str], Decided] = {}
    for answer in answers:
        for key in answer.keys:
            asked = open_ones.get((key, answer.about))
            if asked is None:
                wrong = f"nothing is asked about the {answer.about} of `{key}`"
                problems.append(Problem(answer.place, wrong, "`--propose` writes what is asked"))
            elif (key, answer.about) in found:
                problems.append(Problem(answer.place, f"`{key}` is answered twice", "keep one answer"))
            elif answer.given.what not in asked.choices:
                wrong = f"{key}: {asked.words}; that is no {answer.given.what}"
                problems.append(Problem(answer.place, wrong, f"it can be: {', '.join(asked.choices)}"))
            else:
                found[key, answer.about] = Decided(asked, answer.given)
    answered = {(key, one.about) for one in answers for key in one.keys}
    for name, asked in open_ones.items():
        if name not in answered:
            right = f"say what happened, in a file for --answers (`--propose` begins one); perhaps: {asked.proposed}"
            problems.append(Problem(asked.place, f"{asked.key}: {asked.words}", right))
    if problems:
        raise BadFile(problems)
    return tuple(found[name] for name in open_ones)


# ------------------------------------------------------------------ what would move, and writing it
def rehearse(desk: Desk, proposal: Proposal) -> tuple[str, ...]:
    """Write it in a transaction that is rolled back, and say what would move, a line each."""
    with reading(desk.engine) as connection:
        edition = adopted(connection)
        now = proposal.now
        before = answer_by_name(connection, replace(desk, encoding=edition.encoding), now) if edition else {}
        encoding = _Writer(connection, desk, proposal).write()
        after = answer_by_name(connection, replace(desk, encoding=encoding), now)
    return tuple(moved(before, after))


def take(desk: Desk, proposal: Proposal) -> tuple[int, ...]:
    """Write it, and give the ledger numbers. BadInput where something else was recorded since the comparison."""
    with writing(desk.engine) as connection:
        chain.hold(connection)
        if chain.head(connection) != proposal.head:
            raise BadInput("something was recorded meanwhile; nothing of the sheet was taken, run it again")
        writer = _Writer(connection, desk, proposal)
        writer.write()
        return tuple(writer.numbers)


def _counting(connection: Connection, edition: Edition) -> Library:
    """The regimes and calendars by which the other encodings were adopted: taking a sheet moves none of their dates."""
    bound = {name: sha256 for file in edition.files for name, sha256 in file.get("bound", {}).items()}
    return Library(held=tuple((name, texts.fetch(connection, sha256)) for name, sha256 in sorted(bound.items())))


def _path_of(sheet: Portfolio) -> str:
    return f"the encoding of {sheet.name}"


class _Writer:
    """Writes one run, in the caller's transaction."""

    def __init__(self, connection: Connection, desk: Desk, proposal: Proposal) -> None:
        self.connection, self.desk, self.proposal = connection, desk, proposal
        self.comparison = proposal.comparison
        self.mapping = proposal.comparison.sheet.mapping
        self.numbers: list[int] = []
        self.touched: set[str] = set()  # ids of rows whose date may have moved
        self.evidence = texts.keep(connection, "portfolio", self.comparison.kept.content())

    def write(self) -> str:
        """Write everything, and give the encoding that is in force then."""
        self._document()
        rows = {row.key: row for row in self.comparison.kept.rows}
        for plain in self.comparison.plain:
            if plain.about == "date":
                self._date(plain)
        encoding, instrument = self._adopt()
        table = Desktop(self.connection, encoding, self.proposal.now, self.proposal.by)
        for plain in self.comparison.plain:
            if plain.about == "done":
                self._done(table, plain)
        for one in self.proposal.decided:
            row = rows[one.asked.key]
            self.touched.add(row.id)
            self._decided(table, one, row.id, self.comparison.recorded[row.id])
        edition = adopted(self.connection)
        chosen = [entry for entry in instrument.obligations if entry.id in self.touched]
        if chosen and edition is not None:
            library = library_of(self.connection, instrument.symbol)
            redate(self.connection, encoding, instrument, chosen, horizon=edition.horizon, library=library)
        return encoding

    def _append(self, draft: Draft) -> None:
        now, os_user = self.proposal.now, self.proposal.os_user
        self.numbers.append(facts.append(self.connection, draft, now=now, os_user=os_user))

    def _document(self) -> None:
        """The sheet itself: what was taken of it is kept under the hash that is its evidence."""
        kept = self.comparison.kept
        stays = [f"{one.asked.key}: {one.asked.words}; kept as recorded: {one.given.why}" for one in self._kept()]
        digest = self.evidence.removeprefix("sha256:")[:_DIGITS]
        self._append(
            Draft(
                kind="document",
                instrument=self.mapping.symbol,
                recorded_by=self.proposal.by,
                symbol=f"{kept.file[:_LONGEST_NAME]} of {kept.as_of} ({digest})",
                form=FORM,
                dated=kept.as_of,
                evidence=self.evidence,
                note="\n".join([f"{len(kept.present())} rows", *stays]),
            )
        )

    def _kept(self) -> Iterable[Decided]:
        return (one for one in self.proposal.decided if one.given.what == "kept")

    def _date(self, plain: Plain) -> None:
        row = next(row for row in self.comparison.kept.rows if row.key == plain.key)
        self.touched.add(row.id)
        self._append(
            Draft(
                kind="event",
                instrument=self.mapping.symbol,
                recorded_by=self.proposal.by,
                target=full_obligation(self.mapping.symbol, event_of(row.id)),
                effective=first_since(self.comparison, row, plain.day),
                date=plain.day,
                evidence=self.evidence,
            )
        )

    def _done(self, table: Desktop, plain: Plain) -> None:
        row = next(row for row in self.comparison.kept.rows if row.key == plain.key)
        kept = self.comparison.kept
        given = {"on": plain.day, "why": f"{kept.file} of {kept.as_of} says that it was done"}
        draft = drafting.answer(table, occurrence_of_row(self.mapping.symbol, row.id), None, given)
        self._append(replace(draft, evidence=self.evidence))

    # -------------------------------------------------------------- what somebody answered for
    def _decided(self, table: Desktop, one: Decided, name: str, recorded: Recorded) -> None:
        what, given = one.given.what, one.given
        if what in GRANTED:
            fields: dict[str, Any] = {"granted": given.granted, "granted_by": given.granted_by, "symbol": given.symbol}
            fields |= {"why": given.why, "to": one.asked.now}
            draft = drafting.BUILDERS[what](table, occurrence_of_row(self.mapping.symbol, name), fields)
            self._append(replace(draft, evidence=self.evidence))
        elif what in {"correction", "shift"}:
            why = f"mechanical shift: {given.why}" if what == "shift" else given.why
            self._correct(one, recorded, why)
        elif what == "retraction":
            self._retract(one, recorded)

    def _correct(self, one: Decided, recorded: Recorded, why: str) -> None:
        """A complete new version of the fact that says the old day."""
        done = one.asked.about == "done"
        entry = recorded.done if done else recorded.extension or recorded.event
        assert entry is not None  # noqa: S101 - it is what moved
        day: dict[str, Any] = {"effective" if done else "date": one.asked.now}
        draft = replace(entry.draft, recorded_by=self.proposal.by, note=why, evidence=self.evidence, **day)
        now, os_user = self.proposal.now, self.proposal.os_user
        self.numbers.append(facts.correct(self.connection, entry.root, draft, now=now, os_user=os_user))

    def _retract(self, one: Decided, recorded: Recorded) -> None:
        of = {
            "date": (recorded.extension, recorded.event),
            "done": (recorded.done,),
            "row": (recorded.waiver,),
        }
        for entry in of[one.asked.about]:
            if entry is not None:
                who: dict[str, Any] = {"by": self.proposal.by, "now": self.proposal.now}
                who["os_user"] = self.proposal.os_user
                self.numbers.append(facts.retract(self.connection, entry.root, why=one.given.why, **who))

    # -------------------------------------------------------------- the encoding
    def _adopt(self) -> tuple[str, Instrument]:
        """Adopt the encoding of the rows beside the others where it differs from what is in force."""
        content = encoding_of(self.comparison.kept.rows, self.mapping)
        path = _path_of(self.comparison.sheet)
        instrument = read_instrument(content, self.desk.rules.verbs, name=path)[0]
        edition = adopted(self.connection)
        files = edition.files if edition else ()
        mine = [file for file in files if file["instrument"] == instrument.symbol]
        if edition is not None and mine and mine[0]["tree"] == instrument.tree_hash:
            return edition.encoding, instrument
        others = [file for file in files if file["instrument"] != instrument.symbol]
        sources = [adopted_source(self.connection, self.desk.rules, file) for file in others]
        sources = [*(sources or self.proposal.others), Source(instrument, path, content)]
        library = _counting(self.connection, edition) if edition else None
        encoding = adopt(self.connection, sources, now=self.proposal.now, by=self.proposal.by, library=library)
        self.touched.clear()  # all was dated anew
        return encoding, instrument
