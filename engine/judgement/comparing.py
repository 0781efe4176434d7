"""A portfolio held against what was taken of it before and what is recorded: what to write, and what to ask.

Nothing is decided here that somebody has to answer for: a date that moved, a row that is gone and a delivery that is
taken back are questions, each with what probably happened. What is plainly new (a row, a first date, a day of
delivery) is written without asking. A difference that was answered once is not asked about again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.portfolio import Portfolio, Row, event_of
from duewatch.engine.judgement.naming import full_obligation, full_occurrence, local_id
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

    @property
    def due(self) -> date | None:
        """The day on which it is due, as recorded."""
        by = self.extension or self.event
        return by.draft.date if by else None

    @property
    def done_on(self) -> date | None:
        """The day of the delivery; None where there is none, or a document says it."""
        return self.done.draft.effective if self.done else None


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

    @property
    def group(self) -> tuple[str, str, int]:
        """What is likely to have one reason: the same sort of thing, by as many days."""
        moved = (self.now - self.was).days if self.was and self.now else 0
        return self.about, self.proposed, moved


@dataclass(frozen=True, slots=True)
class Plain:
    """What is written without asking: the first date of a row, or the day on which it was done."""

    key: str
    about: str  # date | done
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
    rows = tuple(Row(**(row | {name: _day(row[name]) for name in ("due", "done", "since")})) for row in told["rows"])
    head = {name: told[name] for name in ("file", "sha256", "written")}
    return Kept(**head, as_of=date.fromisoformat(told["as_of"]), rows=rows, absent=frozenset(told["absent"]))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def recorded_of(entries: Sequence[Entry], symbol: str, rows: Iterable[Row]) -> dict[str, Recorded]:
    """Give what the ledger says of each row, by id."""
    by_target: dict[str, list[Entry]] = {}
    for entry in entries:
        by_target.setdefault(local_id(entry.draft.target), []).append(entry)
    found = {}
    for row in rows:
        name = local_id(occurrence_of_row(symbol, row.id))
        about = by_target.get(name, [])
        events = by_target.get(event_of(row.id), [])
        found[row.id] = Recorded(
            event=_latest(one for one in events if one.draft.kind == "event"),
            extension=_latest(one for one in about if one.draft.kind == "extension"),
            waiver=_latest(one for one in about if one.draft.kind == "waiver"),
            done=_latest(one for one in about if one.draft.finding == "fulfilled"),
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
def compare(sheet: Portfolio, last: Kept | None, entries: Sequence[Entry], as_of: date) -> Comparison:
    """Hold a sheet against the one taken last and against the ledger."""
    before = {row.key: row for row in last.rows} if last else {}
    now = {row.key: row for row in sheet.rows}
    _refuse_same_ids(before, sheet)
    rows = tuple(now.get(key, before.get(key)) for key in {**before, **now})
    known = tuple(row for row in rows if row is not None)
    kept = Kept(
        sheet.name, sheet.sha256, as_of, sheet.written.isoformat(), known, frozenset(before.keys() - now.keys())
    )
    recorded = recorded_of(entries, sheet.mapping.symbol, known)
    found = Comparison(sheet, kept, recorded, is_first=last is None)
    found.is_same = last is not None and replace(kept, written=last.written) == last
    for row in known:
        _Row(found, row, before.get(row.key), last).compare()
    return found


def _refuse_same_ids(before: Mapping[str, Row], sheet: Portfolio) -> None:
    keys = {row.id: key for key, row in before.items()}
    for row in sheet.rows:
        if keys.get(row.id, row.key) != row.key:
            place = sheet.places[row.key]["key"]
            raise BadInput(
                f"{place}: the key `{row.key}` gives the id `{row.id}`, which is that of `{keys[row.id]}`; "
                "keys stay as they are, and a new row needs a new one"
            )


class _Row:
    """The comparison of one row."""

    def __init__(self, found: Comparison, row: Row, before: Row | None, last: Kept | None) -> None:
        self.found, self.row, self.before = found, row, before
        self.recorded = found.recorded[row.id]
        self.is_absent = row.key in found.kept.absent
        self.was_absent = last is not None and row.key in last.absent
        self.last_as_of = last.as_of if last else None

    def compare(self) -> None:
        settled = self.recorded.waiver is not None or self.recorded.done is not None
        if self.is_absent:
            if not self.was_absent and not settled:
                words = "the row is gone from the sheet"
                self._ask("row", self.recorded.due, None, "waiver", ("waiver", "kept"), words)
            return
        if self.before is None:
            self.found.new.append(self.row.key)
        elif self.was_absent and self.recorded.waiver is not None:
            words = "the row is back in the sheet, and stands as waived"
            self._ask("row", None, self.row.due, "retraction", ("retraction", "kept"), words)
        self._compare_due()
        self._compare_done()

    def _compare_due(self) -> None:
        now, was = self.row.due, self.recorded.due
        if now == was:
            return
        if now is not None and was is None:
            self.found.plain.append(Plain(self.row.key, "date", now))
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
        now, entry = self.row.done, self.recorded.done
        if entry is None and now is not None:
            if self.before is None or self.before.done != now:
                self.found.plain.append(Plain(self.row.key, "done", now))
            else:
                self.found.notes.append(f"{self.row.key}: the sheet still says done on {now}; nothing is recorded")
        if entry is None or entry.draft.document is not None or now == self.recorded.done_on:
            return  # a document that is recorded says more than a sheet
        if self.before is not None and self.before.done == now:
            if now is not None:
                self.found.notes.append(f"{self.row.key}: the sheet still says done on {now}")
            return
        was = self.recorded.done_on
        if now is None:
            words = f"the delivery of {was} is gone from the sheet"
            self._ask("done", was, None, "retraction", ("retraction", "kept"), words)
        else:
            words = f"the day of the delivery moved from {was} to {now}"
            self._ask("done", was, now, "correction", ("correction", "kept"), words)

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
