"""Receipts: everything behind one verdict in one file, from which it can be computed again anywhere.

A receipt holds the texts of the encoding and of the rules, every fact of the instrument that was known, and the
situation under each reading with the rule that decided. Replaying it needs neither the database it came from nor
durable-rules: the plain interpreter of the rules decides.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import NAMES, VERBS, load_rules
from duewatch.engine.judgement import naming
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.asking import answer_of, readings_of, said
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.editions import edition_of
from duewatch.engine.judgement.horizons import extend, extended
from duewatch.engine.judgement.redating import create_occurrences
from duewatch.engine.judgement.renaming import present_names
from duewatch.engine.judgement.sources import scope_of
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger import chain, texts
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.tables import fact, fact_item, renamed
from duewatch.engine.problems import BadInput, CannotTrust, DuewatchError
from duewatch.engine.reckoning.library import Library
from duewatch.rules.fields import FIELDS
from duewatch.rules.interpreter import Interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Engine, RowMapping

    from duewatch.engine.encoding.rulefiles import Rules

FORM: Final = "duewatch receipt 1"
_SEAL: Final = "seal"  # SHA-256 of everything else in the receipt
_NOON: Final = time(12, tzinfo=UTC)
_SHAPE: Final = {  # what a replay needs, besides what is compared
    "occurrence": str,
    "as_of": str,
    "ledger": {"up_to": int, "zone": str},
    "encoding": {"hash": str, "files": [{"path": str, "text": str}]},
    "rules": {"hash": str, "files": dict},
    "facts": [{**{one.name: object for one in fact.c if not one.nullable}, "seq": int, "hash": str, "items": dict}],
    "verdict": {"status": str | None, "says": str, "readings": dict},
}
_DECIDED: Final = ("signature", "rule", "status", "next_rule")


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of the verdict where what is computed now is not what the receipt says."""

    place: str  # "status", "READING.due"
    then: object
    now: object


# ------------------------------------------------------------------ writing one
def receipt(desk: Desk, typed: str, question: Question) -> dict[str, Any]:
    """Give the receipt of the verdict on an occurrence, as plain data for JSON."""
    with extended(desk, question.as_of) as connection:
        name = naming.find_occurrence(connection, desk.encoding, typed)
        k, verdict = _verdict(connection, desk, name, question)
        content = {
            "form": FORM,
            "occurrence": name,
            "as_of": question.as_of.isoformat(),
            "as_known": said(question.as_known),
            "ledger": {"up_to": k, "zone": desk.zone},
            "encoding": {
                "hash": desk.encoding,
                "files": _files(connection, desk),
                "names": present_names(connection, desk.encoding),
            },
            "rules": {"hash": desk.rules.hash, "files": rule_files(desk.rules)},
            "facts": _facts(connection, naming.symbol_of(name), k),
            "verdict": verdict,
        }
    return {**content, _SEAL: _seal(content)}


def _verdict(connection: Connection, desk: Desk, name: str, question: Question) -> tuple[int, dict[str, Any]]:
    """The ledger number known, and the verdict with its situation under each reading."""
    scope = scope_of(connection, desk.encoding, naming.split_occurrence(name)[0])
    with judging(connection, desk, question, scope) as judged:
        items = answer_of(connection, desk, question, judged.k).items
        rows = readings_of(connection, desk).get(name, [])
    item = next((one for one in items if one.occurrence == name), None)
    readings = {row["reading"]: _situation(row) for row in rows}
    head = {"status": item.status if item else None, "due": item.due if item else None}
    return judged.k, {**head, "says": item.says if item else "not owed", "readings": readings}


def _situation(row: RowMapping) -> dict[str, Any]:
    names = ("standing", "is_default", *FIELDS, "doubt", *_DECIDED)
    return {name: row[name] for name in names}


def _files(connection: Connection, desk: Desk) -> list[dict[str, Any]]:
    files = edition_of(connection, desk.encoding).files
    return [
        {
            "path": one["path"],
            "text": texts.fetch(connection, one["sha256"]).decode(),
            "bound": {name: texts.fetch(connection, kept).decode() for name, kept in one.get("bound", {}).items()},
        }
        for one in files
    ]


def rule_files(rules: Rules) -> dict[str, str]:
    """The texts of the rules by their names in a folder of rules."""
    names = (*NAMES, *(f"{VERBS}/{name}.yaml" for name in rules.verbs))
    return {name: content.decode() for name, content in zip(names, rules.texts, strict=True)}


def _facts(connection: Connection, symbol: str, k: int) -> list[dict[str, Any]]:
    """Every version of every fact of the instrument that was known, with its hashes."""
    query = select(fact).where(fact.c.seq <= k, fact.c.instrument.in_((symbol, naming.SESSIONS))).order_by(fact.c.seq)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    items: dict[int, dict[str, str]] = {}
    for seq, item, state in connection.execute(select(fact_item).where(fact_item.c.seq <= k)):
        items.setdefault(seq, {})[item] = state
    return [{**row, "items": items.get(row["seq"], {})} for row in rows]


def _seal(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


# ------------------------------------------------------------------ playing it again
def replay(content: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Compute a verdict again from its receipt alone, and give what differs: nothing where it is the same.

    CannotTrust, with all that can be said of it, where the receipt was altered; BadInput where it is none.
    """
    _refuse_other_forms(content)
    broken = list(_broken(content))
    try:
        found = _computed_anew(content)
    except DuewatchError as error:
        if not broken:
            raise
        raise CannotTrust(f"the receipt was altered: {'; '.join([*broken, str(error)])}") from None
    if broken:
        told = [f"{one.place}: {one.then} in the receipt, {one.now} now" for one in found]
        rest = told or ["what it says besides holds together"]
        raise CannotTrust(f"the receipt was altered: {'; '.join([*broken, *rest])}")
    return found


def _refuse_other_forms(content: Mapping[str, Any]) -> None:
    if content.get("form") != FORM:
        raise BadInput(f"this is no receipt that can be replayed here: its form is not `{FORM}`")
    if misfit := next(_misfits(_SHAPE, content, ""), ""):
        raise BadInput(f"this is no whole receipt: {misfit}")
    bound = (file.get("bound", {}) for file in content["encoding"]["files"])
    for texts_by_name in (content["rules"]["files"], content["encoding"].get("names", {}), *bound):
        if not isinstance(texts_by_name, dict) or not all(isinstance(one, str) for one in texts_by_name.values()):
            raise BadInput("this is no whole receipt: what stands for a text is none")
    try:
        _moment(content["as_of"])
        ZoneInfo(content["ledger"]["zone"])
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise BadInput(f"this is no whole receipt: {error}") from None


def _misfits(shape: Any, found: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - plain data
    """Say where plain data has not the shape of a receipt; a list has one shape for all that is in it."""
    if isinstance(shape, dict) and isinstance(found, dict):
        for name, own in shape.items():
            if name not in found:
                yield f"`{place}{name}` is missing"
            else:
                yield from _misfits(own, found[name], f"{place}{name}.")
    elif isinstance(shape, list) and isinstance(found, list):
        for n, each in enumerate(found):
            yield from _misfits(shape[0], each, f"{place}{n}.")
    elif isinstance(shape, dict | list) or not isinstance(found, shape):
        yield f"`{place.removesuffix('.')}` is not what stands there"


def _broken(content: Mapping[str, Any]) -> Iterator[str]:
    """Say which hashes within the receipt do not fit."""
    rest = {name: value for name, value in content.items() if name != _SEAL}
    if content.get(_SEAL) != _seal(rest):
        yield "its seal does not fit what it says"
    for row in content["facts"]:
        columns = {name: value for name, value in row.items() if name != "items"}
        if chain.digest(columns, row["items"]) != row["hash"]:
            yield f"fact {row['seq']} is not what the ledger held, its hash does not fit"
    last, up_to = max((row["seq"] for row in content["facts"]), default=0), content["ledger"]["up_to"]
    if last > up_to:
        yield f"it names fact {last}, and knew the ledger up to {up_to} only"


def _computed_anew(content: Mapping[str, Any]) -> tuple[Difference, ...]:
    with tempfile.TemporaryDirectory(prefix="duewatch-") as folder:
        rules = _rules_of(content, Path(folder) / "rules")
        engine = open_database(f"sqlite:///{Path(folder) / 'receipt.db'}")
        try:
            encoding, now = _replayed(engine, rules, content)
        except IntegrityError as error:
            raise BadInput(f"this is no whole receipt: its facts do not fit together ({error.orig})") from None
        finally:
            engine.dispose()
    hashes = {
        "encoding.hash": (content["encoding"]["hash"], encoding),
        "rules.hash": (content["rules"]["hash"], rules.hash),
    }
    other = (Difference(place, then, there) for place, (then, there) in hashes.items() if then != there)
    return (*other, *_differences("", content["verdict"], now))


def _rules_of(content: Mapping[str, Any], folder: Path) -> Rules:
    """The rules of the receipt, from its own texts; those that are shipped need no second reading."""
    shipped = load_rules(None)
    if rule_files(shipped) == content["rules"]["files"]:
        return shipped
    for name, text in content["rules"]["files"].items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BadInput(f"`{name}` is no name of a file of rules")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return load_rules(folder)


def _replayed(engine: Engine, rules: Rules, content: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Lay the facts and the texts out in an empty database, and ask what was asked. Gives the encoding's hash too."""
    as_of = _moment(content["as_of"])
    now = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, _NOON)
    sources = [_source(file, rules) for file in content["encoding"]["files"]]
    with writing(engine) as connection:
        _lay_out(connection, content["facts"])
        _lay_out_names(connection, content["encoding"])
        encoding = adopt(connection, sources, now=now, by=FORM, library=_library(content["encoding"]["files"]))
    with Interpreter() as decider, reading(engine) as connection:
        desk = Desk(engine, rules, decider, encoding, content["ledger"]["zone"])
        extend(connection, desk, as_of)
        return encoding, _verdict(connection, desk, content["occurrence"], Question(as_of))[1]


def _library(files: Iterable[Mapping[str, Any]]) -> Library:
    """The regimes and calendars of the receipt, as they were."""
    held = {name: text.encode() for file in files for name, text in file.get("bound", {}).items()}
    return Library(held=tuple(sorted(held.items())))


def _source(file: Mapping[str, str], rules: Rules) -> Source:
    content = file["text"].encode()
    instrument, _notes = read_instrument(content, rules.verbs, name=file["path"])
    return Source(instrument, file["path"], content)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _lay_out(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put the facts back under their own numbers; the members that they name exist from then on."""
    for row in rows:
        connection.execute(insert(fact).values(**{name: value for name, value in row.items() if name in fact.c}))
        listed = [{"seq": row["seq"], "item": item, "state": state} for item, state in row["items"].items()]
        if listed:
            connection.execute(insert(fact_item), listed)
        if row["member"]:
            owner = naming.split_occurrence(row["target"])[0]
            create_occurrences(connection, {naming.full_occurrence(owner, row["member"], 1): owner})


def _lay_out_names(connection: Connection, encoding: Mapping[str, Any]) -> None:
    """Put back by what names the ledger calls what the encoding calls otherwise: also those of later versions."""
    names = encoding.get("names", {})
    rows = [{"encoding": encoding["hash"], "former": old, "obligation": new} for old, new in names.items()]
    if rows:
        connection.execute(insert(renamed), rows)


def _differences(place: str, then: object, now: object) -> Iterable[Difference]:
    """Give each leaf at which two trees of plain data differ."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*then, *now]):
            yield from _differences(f"{place}.{name}" if place else name, then.get(name), now.get(name))
    elif then != now:
        yield Difference(place, then, now)
