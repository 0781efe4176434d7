"""The export: everything that a database knows, as files that need no duewatch to be read or verified.

What is exported is a function of the database and of the instant asked about, byte for byte. The folder appears
whole or not at all. It holds the addresses of people, as their messages do, and is theirs alone to read who made it;
passwords and URLs of webhooks are settings and never stood in the database.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement import standalone
from duewatch.engine.judgement.asking import answer_of, readings_of
from duewatch.engine.judgement.cells import csv_cell
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import instrument_of, library_of
from duewatch.engine.judgement.evidence import live
from duewatch.engine.judgement.horizons import extended
from duewatch.engine.judgement.naming import SESSIONS, full_obligation, instruments_of
from duewatch.engine.judgement.receipts import rule_files
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger import chain, tables, texts
from duewatch.engine.ledger.days import from_day
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from duewatch.engine.judgement.desk import Desk

FORM: Final = "duewatch export 1"
MANIFEST: Final = "manifest.json"
_MAIL: Final = "email"  # the channel whose bytes are a mail; all others send JSON or plain text
_PASSING: Final = ("raw", "lease_until", "owner")  # of a delivery: its bytes are a file, the others a moment's state
_INSTANTS: Final = ("adopted_at", "as_of", "next_at", "at", "finished_at")
_DAYS: Final = ("day", "due", "raised_day", "horizon")
_VERDICT: Final = ("as_of", "occurrence", "reading", "is_default", "standing", "status", "due", "rule", "says", "facts")
_OCCURRENCE: Final = ("occurrence", "obligation", "member", "ordinal")
_TRANSITION: Final = ("seq", "occurrence", "day", "run", "old", "new", "cause", "k")
_README: Final = """\
An export of duewatch. `python3 verify.py` (Python 3.9 or newer, nothing else) says whether it is as it was made.

texts/            every text that was kept, under the SHA-256 of its bytes: encodings, regimes, calendars, portfolios,
                  contacts
rules/            the rules that decided
editions.jsonl    which texts were adopted, when and by whom
ledger.jsonl      every recorded fact, in order, each with the hash of the one before it; days count from 1970-01-01
occurrences.csv   everything that was ever due or may be
verdicts.csv      where each stands as of the instant of the export; `reading` is empty for the verdict over all;
                  `facts` are the numbers of what is recorded about it, of the events that its dates hang on, and of
                  the rulings on its questions
transitions.csv   what the watch said, and when
runs.jsonl        each evaluation: when, how far it knew the ledger, and by which contacts it routed
alerts.jsonl      the stages that were reached
messages.jsonl    the messages, with addresses, attempts and Message-ID; their bytes are in messages/
manifest.json     the SHA-256 of each file
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many files, how many entries of the ledger, and the hash to note elsewhere."""

    files: int
    entries: int
    manifest: str  # SHA-256 of the manifest, which names the hash of every other file


def export(desk: Desk, folder: Path, *, now: datetime) -> Exported:
    """Write everything to a new folder, or to an empty one. BadInput where it is neither, or cannot be written."""
    _refuse_full(folder)
    with extended(desk, now) as connection:
        files, entries = _everything(connection, desk, now), chain.head(connection).seq
    _write_whole(folder, files)
    return Exported(len(files), entries, _hash(files[MANIFEST]))


def _everything(connection: Connection, desk: Desk, now: datetime) -> dict[str, bytes]:
    """Every file of the export by its name."""
    as_of = now.astimezone(UTC).replace(microsecond=0)
    files = {
        "README.txt": _README.encode(),
        "verify.py": Path(standalone.__file__).read_bytes(),
        "editions.jsonl": _lines(_plain(row) for row in _rows(connection, tables.edition)),
        "ledger.jsonl": _lines(_entries(connection)),
        "alerts.jsonl": _lines(_plain(row) for row in _rows(connection, tables.alert)),
        "transitions.csv": _sheet(_TRANSITION, (_plain(row) for row in _rows(connection, tables.transition))),
        "runs.jsonl": _lines(_plain(row) for row in _rows(connection, tables.run)),
        "occurrences.csv": _sheet(_OCCURRENCE, _rows(connection, tables.occurrence)),
        "verdicts.csv": _sheet(_VERDICT, _verdicts(connection, desk, as_of)),
    }
    files |= {f"rules/{name}": content.encode() for name, content in rule_files(desk.rules).items()}
    files |= {f"texts/{name.removeprefix('sha256:')}": content for name, content in texts.everything(connection)}
    files |= _messages(connection)
    head = chain.head(connection)
    manifest = {
        "form": FORM,
        "as_of": as_of.isoformat(),
        "encoding": desk.encoding,
        "rules": desk.rules.hash,
        "ledger": {"entries": head.seq, "head": head.hash},
        "files": {name: _hash(content) for name, content in files.items()},
    }
    return files | {MANIFEST: (json.dumps(manifest, sort_keys=True, indent=1) + "\n").encode()}


# ------------------------------------------------------------------ the ledger and what was said
def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    """All rows of a table, by its key."""
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _entries(connection: Connection) -> Iterable[dict[str, Any]]:
    """The entries as they were hashed: what is null is left out, the items are within."""
    items: dict[int, dict[str, str]] = defaultdict(dict)
    for row in _rows(connection, tables.fact_item):
        items[row["seq"]][row["item"]] = row["state"]
    for row in _rows(connection, tables.fact):
        yield {name: value for name, value in row.items() if value is not None} | {"items": items.get(row["seq"], {})}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its days and instants in ISO form."""
    told = dict(row)
    for name in _INSTANTS:
        if told.get(name) is not None:
            told[name] = datetime.fromtimestamp(told[name], UTC).isoformat()
    for name in _DAYS:
        if told.get(name) is not None:
            told[name] = from_day(told[name]).isoformat()
    return told


def _messages(connection: Connection) -> dict[str, bytes]:
    """The list of messages, and the bytes of each that were frozen."""
    tried = sorted(_rows(connection, tables.attempt), key=lambda row: (row["n"], row["outcome"] != "start"))
    attempts, notices = _by_delivery(tried), _by_delivery(_rows(connection, tables.notice))
    told, files = [], {}
    for row in _rows(connection, tables.delivery):
        key, raw = row["key"], row["raw"]
        line = _plain({name: value for name, value in row.items() if name not in _PASSING})
        line |= {"attempts_made": attempts.get(key, []), "notices": notices.get(key, []), "file": None}
        if raw is not None:
            mail = row["channel"] == _MAIL
            line["file"] = f"messages/{key}.{'eml' if mail else 'txt'}"
            line["message_id"] = BytesHeaderParser().parsebytes(raw)["Message-ID"] if mail else None
            files[line["file"]] = raw
        told.append(line)
    return {"messages.jsonl": _lines(told), **files}


def _by_delivery(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.pop("delivery")].append(_plain(row))
    return found


# ------------------------------------------------------------------ where everything stands
def _verdicts(connection: Connection, desk: Desk, as_of: datetime) -> list[dict[str, object]]:
    """A row for each occurrence and reading, and one, without a reading, for the verdict over all of them."""
    question = Question(as_of)
    rows: list[dict[str, object]] = []
    with judging(connection, desk, question) as judged:
        facts = _facts_about(connection, desk, judged.k)
        items = {item.occurrence: item for item in answer_of(connection, desk, question, judged.k).items}
        decided = readings_of(connection, desk)
    for name in sorted(decided):
        first = decided[name][0]
        about = sorted({*facts[name], *facts[first["obligation"]]})
        head = {"as_of": as_of.isoformat(), "occurrence": name, "facts": " ".join(map(str, about))}
        if (item := items.get(name)) is not None:
            whole = {"reading": "", "status": item.status, "due": item.due, "rule": item.rule, "says": item.says}
            rows.append({**head, **whole})
        for row in decided[name]:
            one = {column: row[column] for column in ("reading", "is_default", "standing", "status", "rule")}
            rows.append({**head, **one, "due": None if row["due"] is None else from_day(row["due"]).isoformat()})
    return rows


def _facts_about(connection: Connection, desk: Desk, k: int) -> defaultdict[str, list[int]]:
    """The ledger numbers of what stands recorded, by what it is about.

    With an answer goes the document behind it; with an obligation the events that its dates hang on under any reading,
    and the rulings on the questions that it names.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in connection.execute(select(live(k, desk.encoding))):
        if row.target:
            found[row.target] += [row.seq] if row.document is None else [row.seq, row.document]
    asked = select(tables.answer.c.obligation, tables.answer.c.question).where(
        tables.answer.c.encoding == desk.encoding
    )
    questions = {(row.obligation, row.question) for row in connection.execute(asked.distinct())}
    behind = [*questions, *_events_behind(connection, desk)]
    numbers = [(obligation, [*found[name]]) for obligation, name in behind if name in found]
    for obligation, own in numbers:
        found[obligation] += own
    return found


def _events_behind(connection: Connection, desk: Desk) -> Iterable[tuple[str, str]]:
    """Give each obligation with each event that its dates hang on, both in full."""
    for symbol in instruments_of(connection, desk.encoding):
        one, library = instrument_of(connection, desk.rules, symbol), library_of(connection, symbol)
        for entry in one.obligations:
            for name in names_of(entry, one, library):
                shared = full_obligation(SESSIONS, name)
                yield full_obligation(symbol, entry.id), shared if "/" in name else full_obligation(symbol, name)


# ------------------------------------------------------------------ files
def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(f"{json.dumps(row, sort_keys=True)}\n" for row in rows).encode("ascii")


def _sheet(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: csv_cell(row.get(name)) for name in names} for row in rows)
    return sheet.getvalue().encode()


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _refuse_full(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise BadInput(f"{folder} is there already and not empty; name a new folder")
    if not folder.absolute().parent.is_dir():
        raise BadInput(f"{folder.absolute().parent} is no folder; make it first")


def _write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write beside the place, readable by this user only, and move there at the end."""
    place = folder.absolute()
    beside: Path | None = None
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(content)
        beside.rename(place)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}") from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
