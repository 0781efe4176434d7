"""A portfolio held against what was taken of it before and what is recorded: what to write, and what to ask.

Nothing is decided here that somebody has to answer for: a date that moved, a row that is gone and a delivery that is
taken back are questions, each with what probably happened. What is plainly new (a row, a first date, a day of
delivery) is written without asking. A difference that was answered once is not asked about again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from duewatch.engine.encoding.portfolio import Portfolio, Row
from duewatch.engine.judgement.naming import full_obligation, full_occurrence, local_id
from duewatch.engine.judgement.rekeying import fitting, likely, under_new_keys
from duewatch.engine.ledger import facts, texts
from duewatch.engine.problems import BadInput, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from duewatch.engine.ledger.facts import Entry

FORM: Final = "portfolio"  # of the document that each run records
_KEPT_FORM: Final = "duewatch portfolio 1"
_SHIFT: Final = 2  # days: as much as a weekend, a holiday or a zone moves a date by itself
_SATURDAY: Final = 5
_SHRUNK: Final = 4, 5  # so much of the rows of last time, or less, is too little to be taken without a word


@dataclass(frozen=True, slots=True)
class Kept:
    """A portfolio as it was taken: every row that it ever had, and which of them stood in the sheet."""

    file: str
    sha256: str
    as_of: date
    written: str  # when the file was last changed, ISO
    rows: tuple[Row, ...]
    absent: frozenset[str]  # keys of rows that the sheet no longer has

    def content(self) -> bytes:
        """Give the text that is kept."""
        told = {"form": _KEPT_FORM, **asdict(self), "absent": sorted(self.absent)}
        return (json.dumps(told, sort_keys=True, indent=0, default=str) + "\n").encode("ascii")

    def present(self) -> list[Row]:
        """Give the rows that stood in the sheet."""
        return [row for row in self.rows if row.key not in self.absent]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger says of a row."""

    event: Entry | None = None  # its date
    extension: Entry | None = None  # the latest one
    waiver: Entry | None = None
    done: Entry | None = None  # the judgement that it was delivered
    paper: Entry | None = None  # the document that was delivered
    is_ours: bool = True  # what says so was taken from a sheet

    @property
    def due(self) -> date | None:
        """The day on which it is due, as recorded."""
        by = self.extension or self.event
        return by.draft.date if by else None

    @property
    def done_on(self) -> date | None:
        """The day of the delivery; None where there is none."""
        return self.paper.draft.dated if self.paper else self.done.draft.effective if self.done else None

    @property
    def symbol(self) -> str:
        """The document that was delivered; "" where none is recorded."""
        return (self.paper.draft.symbol or "") if self.paper else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody has to answer for: what the ledger has, what the sheet says now, and what probably happened."""

    key: str
    about: str  # one of ABOUT
    was: date | None
    now: date | None
    proposed: str  # one of WHAT
    choices: tuple[str, ...]
    words: str  # what moved, for people
    place: Place
    why: str = ""  # a reason that can be seen from the days alone
    to: str = ""  # the key under which the row seems to stand now

    @property
    def group(self) -> tuple[str, str, int]:
        """What is likely to have one reason: the same sort of thing, by as many days."""
        moved = (self.now - self.was).days if self.was and self.now else 0
        return self.about, self.proposed, moved


@dataclass(frozen=True, slots=True)
class Plain:
    """What is written without asking: the first date of a row, the day on which it was done, the document of then."""

    row: Row
    about: str  # date | done | document
    day: date


@dataclass(slots=True)
class Comparison:
    """What comes of a sheet."""

    sheet: Portfolio
    kept: Kept  # what will be kept of it
    recorded: Mapping[str, Recorded]  # by id
    plain: list[Plain] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    new: list[str] = field(default_factory=list)  # keys
    notes: list[str] = field(default_factory=list)  # differences that stay, a line each
    renamed: dict[str, str] = field(default_factory=dict)  # the key that is gone -> the one that goes on with it
    papers: Mapping[str, Entry] = field(default_factory=dict)  # the documents that are recorded, by symbol
    is_first: bool = False
    is_same: bool = False  # this very sheet was taken already


# ------------------------------------------------------------------ what there is
def newest_entries(connection: Connection, symbol: str) -> list[Entry]:
    """Give the newest version of each fact of an instrument that stands, in ledger order."""
    found: dict[int, Entry] = {}
    for entry in facts.rows(connection, instrument=symbol):
        found[entry.root] = entry
    return [entry for entry in found.values() if not entry.gone]


def last_kept(connection: Connection, entries: Iterable[Entry]) -> Kept | None:
    """Give the portfolio that was taken last; None on the first run."""
    papers = [one.draft for one in entries if one.draft.kind == "document" and one.draft.form == FORM]
    if not papers:
        return None
    told = json.loads(texts.fetch(connection, papers[-1].evidence))
    rows = tuple(_row(row) for row in told["rows"])
    head = {name: told[name] for name in ("file", "sha256", "written")}
    return Kept(**head, as_of=date.fromisoformat(told["as_of"]), rows=rows, absent=frozenset(told["absent"]))


def _row(told: dict[str, Any]) -> Row:
    days = {name: _day(told[name]) for name in ("due", "done", "since")}
    return Row(**(told | days | {name: tuple(told.get(name, ())) for name in ("topics", "formerly")}))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def recorded_of(entries: Sequence[Entry], symbol: str, rows: Iterable[Row]) -> dict[str, Recorded]:
    """Give what the ledger says of each row, by id."""
    by_target: dict[str, list[Entry]] = {}
    for entry in entries:
        by_target.setdefault(local_id(entry.draft.target), []).append(entry)
    papers = {entry.root: entry for entry in entries if entry.draft.kind == "document"}
    sheets = {entry.draft.evidence for entry in papers.values() if entry.draft.form == FORM}
    found = {}
    for row in rows:
        names = (local_id(occurrence_of_row(symbol, one)) for one in row.ids)
        about = [entry for name in names for entry in by_target.get(name, ())]
        events = by_target.get(row.event, [])
        done = _latest(one for one in about if one.draft.finding == "fulfilled")
        number = done.draft.document if done else None
        paper = papers.get(number) if number else None
        found[row.id] = Recorded(
            event=_latest(one for one in events if one.draft.kind == "event"),
            extension=_latest(one for one in about if one.draft.kind == "extension"),
            waiver=_latest(one for one in about if one.draft.kind == "waiver"),
            done=done,
            paper=paper,
            is_ours=number is None or (paper is not None and paper.draft.evidence in sheets),
        )
    return found


def occurrence_of_row(symbol: str, name: str) -> str:
    """Give the occurrence of a row in full: each falls due once."""
    return full_occurrence(full_obligation(symbol, name), "", 1)


def _latest(entries: Iterable[Entry]) -> Entry | None:
    """As the clock has it: the latest effective day, and of several the one recorded last."""
    return max(entries, key=lambda one: (one.draft.effective or date.min, one.seq), default=None)


# ------------------------------------------------------------------ what is refused
def refuse_stale(sheet: Portfolio, last: Kept, as_of: date, *, said: bool) -> None:
    """BadInput for a sheet that is older than the one taken last; `said`: somebody gave the day."""
    before = datetime.fromisoformat(last.written)
    if as_of < last.as_of or (as_of == last.as_of and not said and sheet.written < before):
        raise BadInput(
            f"{sheet.name} is stale: it is of {as_of} (changed {sheet.written:%Y-%m-%d %H:%MZ}), and {last.file} of "
            f"{last.as_of} (changed {before:%Y-%m-%d %H:%MZ}) was taken already; give a newer sheet, or its day with "
            "--as-of; nothing was recorded"
        )


def refuse_shrunken(sheet: Portfolio, last: Kept) -> None:
    """BadInput for a sheet that lost a fifth of its rows, or of its dates: rather a broken export than the truth."""
    enough, of = _SHRUNK
    for what, now, before in (
        ("rows", list(sheet.rows), last.present()),
        ("dates", [one for one in sheet.rows if one.due], [one for one in last.present() if one.due]),
    ):
        if before and len(now) * of <= len(before) * enough:
            raise BadInput(
                f"{sheet.name} has shrunk: {len(now)} {what} where there were {len(before)}; look whether it is whole, "
                "and if it is, say so with --allow-fewer; nothing was recorded"
            )


# ------------------------------------------------------------------ the comparison
def compare(
    sheet: Portfolio,
    last: Kept | None,
    entries: Sequence[Entry],
    as_of: date,
    renamed: Mapping[str, str] | None = None,
) -> Comparison:
    """Hold a sheet against the one taken last and against the ledger.

    `renamed`: the keys that somebody says are others now ("" for the likely one); None: those that probably are.
    """
    guessed = likely(last, sheet.rows) if last else {}
    applied = guessed if renamed is None else fitting(last, sheet.rows, renamed) if last else {}
    then = under_new_keys(last, applied) if last else None
    before = {row.key: row for row in then.rows} if then else {}
    now = {row.key: _with_former(row, before) for row in sheet.rows}
    _refuse_same_ids(before, sheet)
    known = tuple((before | now).values())
    kept = Kept(
        sheet.name, sheet.sha256, as_of, sheet.written.isoformat(), known, frozenset(before.keys() - now.keys())
    )
    recorded = recorded_of(entries, sheet.mapping.symbol, known)
    papers = {one.draft.symbol or "": one for one in entries if one.draft.kind == "document"}
    found = Comparison(sheet, kept, recorded, is_first=last is None, renamed=dict(applied), papers=papers)
    found.new = [key for key in now if key not in before]
    found.is_same = last is not None and replace(kept, written=last.written) == last
    for old, new in applied.items():
        found.asked.append(_renaming(sheet, old, new, recorded[now[new].id]))
    for row in known:
        unlike = guessed.get(row.key, "") if row.key not in applied else ""
        _Row(found, row, before.get(row.key), then, unlike).compare()
    return found


def _with_former(row: Row, before: Mapping[str, Row]) -> Row:
    return replace(row, formerly=before[row.key].formerly) if row.key in before else row


def _renaming(sheet: Portfolio, old: str, new: str, recorded: Recorded) -> Asked:
    """The question whether a row that is gone goes on under another key."""
    settled = recorded.waiver is not None or recorded.done is not None
    choices = ("renamed", *(() if settled else ("waiver",)), "kept")
    words = f"the row is gone from the sheet, and {new} is new and says the same"
    place = sheet.places[new]["key"]
    return Asked(old, "row", recorded.due, None, "renamed", choices, words, place, to=new)


def _refuse_same_ids(before: Mapping[str, Row], sheet: Portfolio) -> None:
    keys = {name: row.key for row in before.values() for name in row.ids}
    for row in sheet.rows:
        if keys.get(row.id, row.key) != row.key:
            place = sheet.places[row.key]["key"]
            raise BadInput(
                f"{place}: the key `{row.key}` gives the id `{row.id}`, which is or was that of `{keys[row.id]}`; "
                "keys stay as they are, and a new row needs a new one"
            )


class _Row:
    """The comparison of one row."""

    def __init__(self, found: Comparison, row: Row, before: Row | None, last: Kept | None, unlike: str) -> None:
        self.found, self.row, self.before = found, row, before
        self.unlike = unlike  # the new key that says the same, and that somebody says is another row
        self.recorded = found.recorded[row.id]
        self.is_absent = row.key in found.kept.absent
        self.was_absent = last is not None and row.key in last.absent

    def compare(self) -> None:
        settled = self.recorded.waiver is not None or self.recorded.done is not None
        if self.is_absent:
            if self.unlike:
                self.found.asked.append(_renaming(self.found.sheet, self.row.key, self.unlike, self.recorded))
            elif not self.was_absent and not settled:
                words = "the row is gone from the sheet"
                others = ("renamed",) if self.found.new else ()
                self._ask("row", self.recorded.due, None, "waiver", ("waiver", *others, "kept"), words)
            return
        if self.was_absent and self.recorded.waiver is not None:
            words = "the row is back in the sheet, and stands as waived"
            self._ask("row", None, self.row.due, "retraction", ("retraction", "kept"), words)
        self._compare_due()
        self._compare_done()

    def _compare_due(self) -> None:
        now, was = self.row.due, self.recorded.due
        if now == was:
            return
        if now is not None and was is None:
            self.found.plain.append(Plain(self.row, "date", now))
        elif self.before is not None and self.before.due == now:
            self.found.notes.append(f"{self.row.key}: the sheet still says {now or 'no date'}; recorded is {was}")
        elif now is None:
            choices: tuple[str, ...] = ("waiver", "retraction", "kept")
            self._ask("date", was, None, "waiver", choices, f"the date {was} is gone from the sheet")
        elif was is not None:
            self._ask_moved(was, now)

    def _ask_moved(self, was: date, now: date) -> None:
        days = (now - was).days
        choices: tuple[str, ...] = ("extension", "correction", *(("shift",) if abs(days) <= _SHIFT else ()), "kept")
        proposed = "extension" if days > 0 and self.recorded.done is None else "correction"
        proposed = "shift" if abs(days) <= _SHIFT else proposed
        words = f"moved from {was} to {now} ({days:+d} days)"
        self._ask("date", was, now, proposed, choices, words, weekend(was, now) if proposed == "shift" else "")

    def _compare_done(self) -> None:
        now, entry, was = self.row.done, self.recorded.done, self.recorded.done_on
        said_before = self.before is not None and (self.before.done, self.before.symbol) == (now, self.row.symbol)
        if entry is None:
            if now is not None and not said_before:
                self.found.plain.append(Plain(self.row, "done", now))
            elif now is not None:
                self.found.notes.append(f"{self.row.key}: the sheet still says done on {now}; nothing is recorded")
        elif not self.recorded.is_ours:
            return  # a document that somebody recorded says more than a sheet
        elif now == was and self.row.symbol in {"", self.recorded.symbol}:
            return
        elif said_before:
            if now is not None:
                self.found.notes.append(f"{self.row.key}: the sheet still says done on {now}; recorded is {was}")
        elif now == was and not self.recorded.symbol:
            self.found.plain.append(Plain(self.row, "document", now or date.min))
        else:
            self._ask_done(was, now)

    def _ask_done(self, was: date | None, now: date | None) -> None:
        if now is None:
            words, what = f"the delivery of {was} is gone from the sheet", "retraction"
        elif now == was:
            words, what = f"what was delivered is {self.row.symbol} now, not {self.recorded.symbol}", "correction"
        else:
            words, what = f"the day of the delivery moved from {was} to {now}", "correction"
        self._ask("done", was, now, what, (what, "kept"), words)

    def _ask(  # noqa: PLR0913, PLR0917 - a question has these parts
        self,
        about: str,
        was: date | None,
        now: date | None,
        proposed: str,
        choices: tuple[str, ...],
        words: str,
        why: str = "",
    ) -> None:
        columns = {"date": "due", "done": "done", "row": ""}
        places = self.found.sheet.places.get(self.row.key, {})
        place = places.get(columns[about]) or Place(self.found.sheet.name)
        self.found.asked.append(Asked(self.row.key, about, was, now, proposed, choices, words, place, why))


def weekend(was: date, now: date) -> str:
    """Give the reason that the calendar shows: a day of a weekend became the working day beside it."""
    step = {5: {-1: "Friday before", 2: "Monday after"}, 6: {-2: "Friday before", 1: "Monday after"}}
    found = step.get(was.weekday(), {}).get((now - was).days)
    day = "Saturday" if was.weekday() == _SATURDAY else "Sunday"
    return f"{was} is a {day}; the {found} is meant" if found else ""


def first_since(comparison: Comparison, row: Row, due: date) -> date:
    """Give the day from which the first date of a row holds: what the sheet says, else as early as can be told."""
    if row.since is not None:
        return row.since
    adopted = comparison.sheet.mapping.adopted
    return adopted if comparison.is_first else max(adopted, min(comparison.kept.as_of, due))
