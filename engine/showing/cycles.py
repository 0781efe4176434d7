"""The table of reporting and mandate cycles as a paper, and as rows for a spreadsheet: both from the same lines.

The marks say what changed since an earlier edition: the table of an earlier day, or a file that was written then.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.judgement.cells import csv_text
from duewatch.engine.judgement.naming import full_obligation, local_id
from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.engine.showing import axis
from duewatch.engine.showing.paper import Paper, Row, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.judgement.cycling import Cycles, Line

By = Literal["month", "organ", "topic", "bearer"]

TITLE: Final = "Reporting and mandate cycles"
NOTHING: Final = "-"
NEW: Final = "new"
GONE: Final = "no longer listed"
_KEY: Final = ("instrument", "obligation", "member")
_COMPARED: Final[Mapping[str, str]] = {  # column of the file -> how people call it
    "paragraph": "paragraph",
    "bearer": "bearer",
    "what": "what is due",
    "cycle": "cycle",
    "last_symbol": "last delivered",
    "last_delivered": "last delivered",
    "next_due": "next due",
    "mandate_end": "mandate end",
    "mandate": "mandate end",
    "remarks": "remarks",
}
COLUMNS: Final = ("group", "changed", *_KEY, *_COMPARED, "lateness", "as_of", "known_to")
_SHOWN_BEFORE: Final = ("cycle", "next_due", "mandate_end")  # of what changed: told as it was
_CHANGED: Final = (("changed", 5),)  # columns on paper, and which share of its width they take
_OWN: Final = (
    ("instrument", 4),
    ("paragraph", 4),
    ("what is due", 8),
    ("bearer", 5),
    ("cycle", 4),
    ("last delivered", 5),
    ("next due", 4),
    ("mandate end", 4),
    ("remarks", 7),
)
_LATENESS: Final = (("lateness", 6),)
_NONE_OF: Final[Mapping[By, str]] = {
    "month": "No day to come",
    "organ": "Owed to nobody by name",
    "topic": "Without a topic of its own",
    "bearer": "Nobody named",
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier edition: how people call it, and its lines as texts by instrument, obligation and member."""

    name: str
    lines: Mapping[tuple[str, ...], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The table as somebody asked for it."""

    cycles: Cycles
    by: By
    earlier: Earlier | None = None
    lateness: bool = False  # whether to say what is late


# ------------------------------------------------------------------ as texts
def texts_of(cycles: Cycles, line: Line) -> dict[str, str]:
    """Give a line as texts, one for each column that is no mark; days in ISO form."""
    parties = cycles.parties[line.instrument]
    return {
        "instrument": line.instrument,
        "obligation": line.obligation,
        "member": line.member,
        "paragraph": line.provision,
        "bearer": line.member or ", ".join(_name(one, parties) for one in line.bearers),
        "what": line.action,
        "cycle": line.cycle,
        "last_symbol": "" if line.last is None else line.last.symbol,
        "last_delivered": "" if line.last is None else line.last.day.isoformat(),
        "next_due": _iso(line.next_due),
        "mandate_end": "" if line.end is None else _iso(line.end.day),
        "mandate": "" if line.end is None or line.end.is_first else line.end.period,
        "remarks": "; ".join(line.remarks),
    }


def _name(party: str, parties: Mapping[str, object]) -> str:
    """Give the short name of a party, its name, or its id where it has neither."""
    one = parties.get(party)
    return str(getattr(one, "short", "") or getattr(one, "title", "") or party)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def in_words(iso: str) -> str:
    """Write an ISO day as people do, short: 30 Sep 2021."""
    return axis.in_words(date.fromisoformat(iso)) if iso else NOTHING


# ------------------------------------------------------------------ an earlier edition
def earlier_of(cycles: Cycles, name: str) -> Earlier:
    """Make an earlier edition of the table of an earlier day."""
    lines = (texts_of(cycles, line) for line in cycles.lines)
    return Earlier(name, {_key(one): one for one in lines})


def earlier_in(content: str, file: str) -> Earlier:
    """Read an earlier edition from the CSV that was written then; BadFile where it is none."""
    rows = csv.DictReader(io.StringIO(content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    lacking = [name for name in (*_KEY, *_COMPARED) if name not in (rows.fieldnames or ())]
    if lacking:
        wrong = f"this is no edition of the table: the column `{lacking[0]}` is missing"
        raise BadFile([Problem(Place(file, 1, 1), wrong, "give a file of `duewatch cycles --format csv`, or a day")])
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    reviewed = ""
    for row in rows:
        texts = {name: csv_text(row[name] or "") for name in (*_KEY, *_COMPARED)}
        lines[_key(texts)] = texts
        reviewed = reviewed or (row.get("as_of") or "")
    return Earlier(f"the edition of {in_words(reviewed)}" if _is_day(reviewed) else file, lines)


def under_present_names(earlier: Earlier, former: Mapping[str, str]) -> Earlier:
    """Give an edition with its entries under the names that they have now; `former` leads there, both in full."""
    lines: dict[tuple[str, ...], Mapping[str, str]] = {}
    for (symbol, name, member), texts in earlier.lines.items():
        now = local_id(former.get(full_obligation(symbol, name), name))
        lines[symbol, now, member] = texts
    return Earlier(earlier.name, lines)


def _key(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(texts[name] for name in _KEY)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def changed(now: Mapping[str, str], earlier: Earlier | None) -> str:
    """Say what of a line changed since an earlier edition; "" where nothing did, or where there is none."""
    if earlier is None:
        return ""
    then = earlier.lines.get(_key(now))
    if then is None:
        return NEW
    told: dict[str, str] = {}
    for name, words in _COMPARED.items():
        if now[name] != then[name]:
            told.setdefault(words, f" (was {_before(then[name])})" if name in _SHOWN_BEFORE else "")
    return ", ".join(f"{words}{before}" for words, before in told.items())


def _before(text: str) -> str:
    return in_words(text) if not text or _is_day(text) else text


def _gone(shown: Shown) -> list[Mapping[str, str]]:
    """Give the lines of the earlier edition that are not there any more."""
    if shown.earlier is None:
        return []
    here = {(line.instrument, line.obligation, line.member) for line in shown.cycles.lines}
    return [texts for key, texts in shown.earlier.lines.items() if key not in here]


# ------------------------------------------------------------------ groups
def groups_of(cycles: Cycles, by: By) -> list[tuple[str, list[Line]]]:
    """Put the lines into groups, each under its heading; what belongs to none comes last.

    A line that is owed to two organs, or has two topics or bearers, stands in both groups. Within a group the
    lines go by the next day, then as in the encoding.
    """
    found: dict[tuple[bool, str, str], list[Line]] = {}
    for line in sorted(cycles.lines, key=_by_day):
        for key in _groups(cycles, line, by) or [(True, "", _NONE_OF[by])]:
            found.setdefault(key, []).append(line)
    return [(heading, lines) for (_, _, heading), lines in sorted(found.items(), key=lambda one: one[0])]


def _by_day(line: Line) -> tuple[str]:
    """Sort by the next day; stable, so that the order of the encoding decides else."""
    return (_iso(line.next_due) or "9999",)


def _groups(cycles: Cycles, line: Line, by: By) -> list[tuple[bool, str, str]]:
    """Give the groups of a line, as (whether it is last, what sorts it, its heading)."""
    if by == "month":
        day = line.next_due or _ends(line)
        return [] if day is None else [(False, f"{day:%Y-%m}", f"{day:%B} {day.year}")]
    parties = cycles.parties[line.instrument]
    ids = line.organs if by == "organ" else line.bearers
    names = line.topics if by == "topic" else tuple(_full(one, parties) for one in ids)
    return [(False, name.casefold(), name) for name in dict.fromkeys(names)]


def _ends(line: Line) -> date | None:
    """Give the end of the mandate as the day of a line that is nothing but a mandate."""
    return line.end.day if line.end is not None and line.is_mandate else None


def _full(party: str, parties: Mapping[str, object]) -> str:
    return str(getattr(parties.get(party), "title", "") or party)


# ------------------------------------------------------------------ for a spreadsheet
def rows_of(shown: Shown) -> Iterator[dict[str, object]]:
    """Give the rows for a spreadsheet, with the columns of COLUMNS; what is gone comes last."""
    cycles = shown.cycles
    head = {"as_of": cycles.as_of.isoformat(), "known_to": said_known(cycles.known_to)}
    for heading, lines in groups_of(cycles, shown.by):
        for line in lines:
            texts = texts_of(cycles, line)
            late = "; ".join(line.lateness) if shown.lateness else ""
            yield {"group": heading, "changed": changed(texts, shown.earlier), **texts, "lateness": late, **head}


def said_known(known_to: date | datetime | None) -> str:
    """Say how far knowledge goes, in ISO form; "" where nothing is recorded."""
    if isinstance(known_to, datetime):
        return known_to.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if known_to is None else known_to.isoformat()


# ------------------------------------------------------------------ on paper
def paper_of(shown: Shown) -> Paper:
    """Put the table on paper: when it was reviewed, a table for each group, what is gone, and the short names."""
    cycles = shown.cycles
    sections = [
        Section(heading=heading, table=_table(shown, [_row(shown, line) for line in lines]))
        for heading, lines in groups_of(cycles, shown.by)
    ]
    gone = _gone(shown)
    if gone:
        rows = [Row(tuple(_cells(shown, texts, GONE, "")), is_marked=True) for texts in gone]
        sections.append(Section(heading="No longer listed", table=_table(shown, rows)))
    return Paper(title=TITLE, lines=tuple(_lines(shown)), sections=tuple(sections), names=_names(cycles))


def _lines(shown: Shown) -> Iterator[str]:
    cycles = shown.cycles
    known = cycles.known_to
    if known is None:
        told = "nothing is recorded"
    elif isinstance(known, datetime):
        there = known.astimezone(UTC)
        told = f"known to {in_words(there.date().isoformat())}, {there:%H:%M} UTC"
    else:
        told = f"known to {in_words(known.isoformat())}"
    entry = f" (entry {cycles.entries_known} of the ledger)" if cycles.entries_known else ""
    yield f"As of {in_words(cycles.as_of.isoformat())}; {told}{entry}."
    for end in cycles.moved_ends:
        was = "had no day" if end.given is None else f"was to end on {in_words(end.given.isoformat())}"
        by = f" ({end.symbol})" if end.symbol else ""
        yield f"The {end.period} of {end.instrument} {was}; it ends on {in_words(end.day.isoformat())}{by}."
    if shown.earlier is not None:
        marked = sum(bool(changed(texts_of(cycles, line), shown.earlier)) for line in cycles.lines)
        gone = len(_gone(shown))
        counted = "1 line has" if marked == 1 else f"{marked} lines have"
        rest = f", {gone} no longer listed" if gone else ""
        yield f"Since {shown.earlier.name}: {counted} changed{rest}; the first column says what."
    if not cycles.lines:
        yield "Nothing falls due, and no mandate ends."


def _row(shown: Shown, line: Line) -> Row:
    texts = texts_of(shown.cycles, line)
    mark = changed(texts, shown.earlier)
    return Row(tuple(_cells(shown, texts, mark, "; ".join(line.lateness))), is_marked=bool(mark))


def _cells(shown: Shown, texts: Mapping[str, str], mark: str, lateness: str) -> Iterator[str]:
    if shown.earlier is not None:
        yield mark
    yield from (texts["instrument"], texts["paragraph"], texts["what"], texts["bearer"] or "not named", texts["cycle"])
    symbol = f"{texts['last_symbol']}, " if texts["last_symbol"] else ""
    yield f"{symbol}{in_words(texts['last_delivered'])}"
    which = f" ({texts['mandate']})" if texts["mandate"] else ""
    yield from (in_words(texts["next_due"]), f"{in_words(texts['mandate_end'])}{which}", texts["remarks"])
    if shown.lateness:
        yield lateness


def _table(shown: Shown, rows: Sequence[Row]) -> Table:
    columns = [*(_CHANGED if shown.earlier is not None else ()), *_OWN, *(_LATENESS if shown.lateness else ())]
    names, widths = zip(*columns, strict=True)
    return Table(columns=names, rows=tuple(rows), widths=widths, heads=names.index("paragraph"))


def _names(cycles: Cycles) -> tuple[tuple[str, str], ...]:
    """Give the short names that the table uses, each with the full one."""
    used: Iterable[tuple[str, str]] = (
        (party.short, party.title)
        for line in cycles.lines
        for one in line.bearers
        if not line.member and (party := cycles.parties[line.instrument].get(one)) is not None and party.short
    )
    return tuple(sorted(set(used)))
