"""What a portfolio that was looked at writes: facts and, where rows came or changed their words, a new encoding.

The encoding of a portfolio stands beside the others of the edition in force and names each row for ever; an entry
whose row is gone stays. Every date is a fact, so that what moved it can be read in the ledger, as known on any day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.encoding.answers import GRANTED
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.portfolio import encoding_of
from duewatch.engine.judgement import drafting
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.comparing import FORM, Comparison, Recorded, first_since, occurrence_of_row
from duewatch.engine.judgement.desktop import Desktop
from duewatch.engine.judgement.editions import adopted, library_of
from duewatch.engine.judgement.loading import adopted_source
from duewatch.engine.judgement.naming import full_obligation
from duewatch.engine.judgement.redating import redate
from duewatch.engine.ledger import facts, texts
from duewatch.engine.ledger.facts import Draft
from duewatch.engine.reckoning.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from duewatch.engine.encoding.answers import Given
    from duewatch.engine.encoding.portfolio import Portfolio, Row
    from duewatch.engine.judgement.comparing import Asked, Plain
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.editions import Edition
    from duewatch.engine.ledger.chain import Head
    from duewatch.engine.ledger.facts import Entry, FactKind
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


def _counting(connection: Connection, edition: Edition) -> Library:
    """The regimes and calendars by which the other encodings were adopted: taking a sheet moves none of their dates."""
    bound = {name: sha256 for file in edition.files for name, sha256 in file.get("bound", {}).items()}
    return Library(held=tuple((name, texts.fetch(connection, sha256)) for name, sha256 in sorted(bound.items())))


def path_of(sheet: Portfolio) -> str:
    """Give the name by which the encoding of a sheet stands among the adopted files."""
    return f"the encoding of {sheet.name}"


class Writer:
    """Writes one run, in the caller's transaction."""

    def __init__(self, connection: Connection, desk: Desk, proposal: Proposal) -> None:
        """Keep what was taken of the sheet: its hash is the evidence of every fact."""
        self.connection, self.desk, self.proposal = connection, desk, proposal
        self.comparison = proposal.comparison
        self.mapping = proposal.comparison.sheet.mapping
        self.numbers: list[int] = []
        self.waiting: list[Draft] = []  # not numbered yet: several thousand facts are written at once
        self.touched: set[str] = set()  # ids of rows whose date may have moved
        self.evidence = texts.keep(connection, "portfolio", self.comparison.kept.content())

    def write(self) -> str:
        """Write everything, and give the encoding that is in force then."""
        self._document()
        for plain in self.comparison.plain:
            if plain.about == "date":
                self._date(plain)
        self._flush()
        encoding, instrument = self._adopt()
        self._deliveries([plain for plain in self.comparison.plain if plain.about != "date"])
        table = Desktop(self.connection, encoding, self.proposal.now, self.proposal.by)
        rows = {row.key: row for row in self.comparison.kept.rows}
        for one in self.proposal.decided:
            if one.given.what != "renamed":
                row = rows[one.asked.key]
                self.touched.add(row.id)
                self._decided(table, one, row, self.comparison.recorded[row.id])
        self._flush()
        edition = adopted(self.connection)
        chosen = [entry for entry in instrument.obligations if entry.id in self.touched]
        if chosen and edition is not None:
            library = library_of(self.connection, instrument.symbol)
            redate(self.connection, encoding, instrument, chosen, horizon=edition.horizon, library=library)
        return encoding

    def _append(self, draft: Draft) -> None:
        self.waiting.append(draft)

    def _flush(self) -> list[int]:
        """Write what waits, in the order in which it came, and give the numbers."""
        now, os_user = self.proposal.now, self.proposal.os_user
        numbers = facts.append_all(self.connection, self.waiting, now=now, os_user=os_user)
        self.numbers += numbers
        self.waiting.clear()
        return numbers

    def _draft(self, kind: FactKind, **fields: Any) -> Draft:  # noqa: ANN401 - columns of the draft
        given: dict[str, Any] = {"recorded_by": self.proposal.by, "evidence": self.evidence, **fields}
        return Draft(kind=kind, instrument=self.mapping.symbol, **given)

    def _document(self) -> None:
        """The sheet itself: what was taken of it is kept under the hash that is its evidence."""
        kept = self.comparison.kept
        digest = self.evidence.removeprefix("sha256:")[:_DIGITS]
        symbol = f"{kept.file[:_LONGEST_NAME]} of {kept.as_of} ({digest})"
        note = "\n".join([f"{len(kept.present())} rows", *self._answers()])
        self._append(self._draft("document", symbol=symbol, form=FORM, dated=kept.as_of, note=note))

    def _answers(self) -> Iterable[str]:
        """What somebody answered that is no fact of its own."""
        for one in self.proposal.decided:
            if one.given.what == "kept":
                yield f"{one.asked.key}: {one.asked.words}; kept as recorded: {one.given.why}"
            elif one.given.what == "renamed":
                yield f"{one.asked.key} is {one.asked.to} now: {one.given.why}"

    def _date(self, plain: Plain) -> None:
        self.touched.add(plain.row.id)
        target = full_obligation(self.mapping.symbol, plain.row.event)
        since = first_since(self.comparison, plain.row, plain.day)
        self._append(self._draft("event", target=target, effective=since, date=plain.day))

    # -------------------------------------------------------------- what was delivered
    def _deliveries(self, plains: Sequence[Plain]) -> None:
        """The documents first, each once, then the judgements that they, or what happened on a day, fulfil the rows."""
        known = {symbol: entry.root for symbol, entry in self.comparison.papers.items()}
        new = {plain.row.symbol: plain.day for plain in plains if plain.row.symbol not in {"", *known}}
        for symbol, day in new.items():
            self._append(self._draft("document", symbol=symbol, dated=day))
        known |= zip(new, self._flush(), strict=True)
        for plain in plains:
            document = known.get(plain.row.symbol)
            entry = self.comparison.recorded[plain.row.id].done
            if plain.about == "document" and entry is not None:
                why = f"{self.comparison.kept.file} of {self.comparison.kept.as_of} names the document"
                self._new_version(entry, document=document, effective=None, note=why)
            else:
                self._append(self._fulfilled(plain, document))
        self._flush()

    def _fulfilled(self, plain: Plain, document: int | None) -> Draft:
        kept = self.comparison.kept
        return self._draft(
            "judgement",
            target=occurrence_of_row(self.mapping.symbol, plain.row.id),
            finding="fulfilled",
            document=document,
            effective=plain.day if document is None else None,
            note=f"{kept.file} of {kept.as_of} says that it was done",
        )

    # -------------------------------------------------------------- what somebody answered for
    def _decided(self, table: Desktop, one: Decided, row: Row, recorded: Recorded) -> None:
        what, given = one.given.what, one.given
        if what in GRANTED:
            fields: dict[str, Any] = {"granted": given.granted, "granted_by": given.granted_by, "symbol": given.symbol}
            fields |= {"why": given.why, "to": one.asked.now}
            draft = drafting.BUILDERS[what](table, occurrence_of_row(self.mapping.symbol, row.id), fields)
            self._append(replace(draft, evidence=self.evidence))
        elif what in {"correction", "shift"}:
            why = f"mechanical shift: {given.why}" if what == "shift" else given.why
            self._correct(one, row, recorded, why)
        elif what == "retraction":
            self._retract(one, recorded)

    def _correct(self, one: Decided, row: Row, recorded: Recorded, why: str) -> None:
        """A complete new version of the fact that says the old day."""
        if one.asked.about == "done":
            self._correct_delivery(one, row, recorded, why)
            return
        entry = recorded.extension or recorded.event
        assert entry is not None  # noqa: S101 - it is what moved
        self._new_version(entry, date=one.asked.now, note=why)

    def _correct_delivery(self, one: Decided, row: Row, recorded: Recorded, why: str) -> None:
        """A new version of the document, once however many rows it answers; of the judgement where there is none."""
        if recorded.paper is None:
            assert recorded.done is not None  # noqa: S101 - its day moved
            self._new_version(recorded.done, effective=one.asked.now, note=why)
            return
        known = facts.newest(self.connection, recorded.paper.root).draft
        said: dict[str, Any] = {"dated": one.asked.now, "symbol": row.symbol or recorded.symbol}
        if any(getattr(known, name) != value for name, value in said.items()):
            self._new_version(recorded.paper, **said, note=why)

    def _new_version(self, entry: Entry, **fields: Any) -> None:  # noqa: ANN401 - columns of the draft
        self._flush()
        draft = replace(entry.draft, recorded_by=self.proposal.by, evidence=self.evidence, **fields)
        now, os_user = self.proposal.now, self.proposal.os_user
        self.numbers.append(facts.correct(self.connection, entry.root, draft, now=now, os_user=os_user))

    def _retract(self, one: Decided, recorded: Recorded) -> None:
        self._flush()
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
        path = path_of(self.comparison.sheet)
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
