"""What may be recorded: from what somebody typed to a draft for the ledger, or one clear refusal.

Each kind of fact has one function here. It resolves the names, checks that the fact makes sense
for that norm, and sets the effective day: the day from which the fact counts.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from duewatch.engine.judgement import naming
from duewatch.engine.judgement.effects import added_items
from duewatch.engine.judgement.renaming import all_names
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.days import day_at, from_day, instant, to_day
from duewatch.engine.ledger.facts import Draft, newest
from duewatch.engine.ledger.quantities import parse_quantity
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

_DUTIES: Final = ("achieve", "recur", "respond")
_STANDING: Final = ("maintain", "refrain")
_LARGEST: Final = 3_000_000_000  # cross-products of two such numbers fit in 64 bits
RESERVED: Final = {
    "ruling": "a ruling is written by `duewatch decide QUESTION ANSWER`; nothing was recorded",
    "carried": "what becomes of an entry is decided by `duewatch carry OLD NEW`; nothing was recorded",
}


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a draft is checked against: the adopted encoding, and the moment of recording."""

    connection: Connection
    encoding: str
    now: datetime
    by: str

    def zone(self, symbol: str) -> str:
        """The zone of an instrument; of what all instruments share, UTC."""
        query = select(tables.instrument.c.zone).where(
            tables.instrument.c.encoding == self.encoding, tables.instrument.c.symbol == symbol
        )
        return str(self.connection.scalar(query) or "UTC")

    def today(self, symbol: str) -> date:
        """The day of recording, in the zone of an instrument."""
        return from_day(day_at(instant(self.now), self.zone(symbol)))

    def norms(self, obligation: str) -> list[Any]:
        """The rows of an obligation's readings, the default first."""
        query = (
            select(tables.variant)
            .where(tables.variant.c.encoding == self.encoding, tables.variant.c.obligation == obligation)
            .order_by(tables.variant.c.is_default.desc())
        )
        return list(self.connection.execute(query))

    def items(self, occurrence: str) -> list[str]:
        """The items that this report must contain, under any reading, in the order of the file.

        Those that later instruments add to it come last.
        """
        obligation, _, ordinal = naming.split_occurrence(occurrence)
        query = (
            select(tables.need.c.item)
            .where(tables.need.c.encoding == self.encoding, tables.need.c.obligation == obligation)
            .order_by(tables.need.c.place)
        )
        added = added_items(self.connection, self.encoding, obligation, ordinal)
        return list(dict.fromkeys([*self.connection.scalars(query), *added]))

    def draft(self, kind: Any, target: str, **fields: Any) -> Draft:  # noqa: ANN401 - columns of the draft
        """A draft of this recorder on a target named in full."""
        member = naming.split_occurrence(target)[1]
        symbol = naming.symbol_of(target)
        return Draft(kind=kind, instrument=symbol, target=target, member=member, recorded_by=self.by, **fields)


def required(fields: Mapping[str, Any], *names: str) -> None:
    """Refuse where one of the options was not given."""
    missing = [name for name in names if fields.get(name) in {None, ""}]
    if missing:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise BadInput(f"{listed} is missing; nothing was recorded")


def days_of_document(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The days on which a document was dated, transmitted, issued, received: at least one."""
    days = {name: fields[name] for name in ("dated", "transmitted", "issued", "received") if fields.get(name)}
    if not days:
        raise BadInput("a document needs a day: give --dated, --issued, --transmitted or --received")
    return days


def document(desk: Desktop, symbol: str, fields: Mapping[str, Any]) -> Draft:
    """A report or a letter; `symbol` is the instrument's, the document's own stands in the fields."""
    required(fields, "symbol")
    _refuse_known_document(desk, symbol, str(fields["symbol"]))
    return Draft(
        kind="document",
        instrument=symbol,
        recorded_by=desk.by,
        symbol=fields["symbol"],
        form=fields.get("form"),
        note=fields.get("why") or "",
        evidence=fields.get("evidence") or "",
        **days_of_document(fields),
    )


def _refuse_known_document(desk: Desktop, instrument: str, symbol: str) -> None:
    fact = tables.fact
    query = select(fact.c.root).where(
        fact.c.kind == "document", fact.c.instrument == instrument, fact.c.symbol == symbol
    )
    for root in desk.connection.scalars(query.distinct()):
        entry = newest(desk.connection, root)
        if not entry.gone and entry.draft.symbol == symbol:
            raise BadInput(
                f"{symbol} is recorded already, as fact {root}; use `record judgement ... --document {root}`"
            )


def answer(desk: Desktop, occurrence: str, document_fact: int | None, fields: Mapping[str, Any]) -> Draft:
    """The judgement that a document, or what happened on a day, fulfils an occurrence."""
    obligation = naming.split_occurrence(occurrence)[0]
    default = desk.norms(obligation)[0]
    if default.kind not in _DUTIES or default.modality not in {"obligation", "task"}:
        raise BadInput(
            f"`{naming.local_id(obligation)}` is a {_sort(default)}: nothing falls due that could be delivered"
        )
    items = contents(desk.items(occurrence), fields.get("contents") or "unchecked")
    _want_reason(default, document_fact, items, fields)
    effective = None if document_fact is not None else fields.get("on")
    note = fields.get("why") or ""
    return desk.draft(
        "judgement",
        occurrence,
        document=document_fact,
        effective=effective,
        finding="fulfilled",
        items=items,
        note=note,
    )


def _want_reason(default: Any, document_fact: int | None, items: Mapping[str, str], fields: Mapping[str, Any]) -> None:  # noqa: ANN401 - a row
    """A judgement needs its why, except for a document in the form asked for, with nothing lacking."""
    if fields.get("why"):
        return
    asked = default.body["form"]
    if document_fact is None:
        raise BadInput("a judgement needs --why: why does this fulfil it?")
    if fields.get("form") and asked and fields["form"] != asked:
        raise BadInput(f"a {fields['form']} where a {asked} was asked for is a judgement; say --why it answers")
    if "missing" in items.values():
        raise BadInput("that something is lacking is a judgement; say --why")


def contents(known: list[str], typed: str) -> dict[str, Any]:
    """Read `unchecked`, `complete`, `lacks:a,b` or `has:a,b;lacks:c` into the items seen and missing."""
    if typed == "unchecked":
        return {}
    if typed == "complete":
        return dict.fromkeys(known, "seen")
    found: dict[str, Any] = {}
    for part in typed.split(";"):
        word, colon, names = part.strip().partition(":")
        if word not in {"lacks", "has"} or not colon or not names.strip():
            raise BadInput(
                f"`{typed}` is no statement of contents; write unchecked, complete, lacks:a,b or has:a;lacks:b"
            )
        for name in (one.strip() for one in names.split(",")):
            _known_item(known, name)
            found[name] = "missing" if word == "lacks" else "seen"
    return found


def _known_item(known: list[str], name: str) -> None:
    if name in known:
        return
    if not known:
        raise BadInput(f"`{name}` is no item: no contents are asked for here")
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the items are {', '.join(known)}"
    raise BadInput(f"`{name}` is no item that is asked for; {hint}")


def _sort(default: Any) -> str:  # noqa: ANN401 - a row
    if default.kind in _STANDING or default.kind == "limit":
        how = "`record measure`" if default.kind == "limit" else "`record judgement --finding kept|not-kept`"
        return f"standing norm ({default.kind}), for which there is {how}"
    return str(default.modality)


def judgement(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """A judgement on an occurrence (`fulfilled`), or on a standing norm (`kept`, `not-kept`)."""
    target = _occurrence_or_standing(desk, typed)
    obligation = naming.split_occurrence(target)[0]
    default = desk.norms(obligation)[0]
    finding = fields.get("finding")
    if default.kind not in _STANDING and default.kind != "limit":
        if finding not in {None, "fulfilled"}:
            raise BadInput(f"`{naming.local_id(obligation)}` falls due: the finding can only be `fulfilled`")
        if fields.get("document") is None:
            required(fields, "on")
        return answer(desk, target, _document_fact(desk, fields), fields)
    if default.kind == "limit":
        raise BadInput(f"`{naming.local_id(obligation)}` is measured: use `record measure`")
    if finding not in {"kept", "not-kept"}:
        raise BadInput("say --finding kept or --finding not-kept")
    required(fields, "on", "why")
    return desk.draft("judgement", target, effective=fields["on"], finding=finding, note=fields["why"])


def _document_fact(desk: Desktop, fields: Mapping[str, Any]) -> int | None:
    number = fields.get("document")
    if number is None:
        return None
    entry = newest(desk.connection, number)
    if entry.draft.kind != "document" or entry.gone:
        raise BadInput(f"fact {number} is no document" if not entry.gone else f"document {number} was retracted")
    return entry.root


def _occurrence_or_standing(desk: Desktop, typed: str) -> str:
    """An occurrence, or a whole standing norm that several members owe."""
    owner, member, ordinal = naming.split_occurrence(typed)
    if member or ordinal:
        return naming.find_occurrence(desk.connection, desk.encoding, typed)
    name = naming.find_obligation(desk.connection, desk.encoding, owner)
    default = desk.norms(name)[0]
    if default.modality == "statement" or default.kind == "content":
        return naming.find_occurrence(desk.connection, desk.encoding, typed)  # which says that it binds nobody
    several = default.body["bearer"]["how"] == "each"
    return (
        name if several and default.kind in _STANDING else naming.find_occurrence(desk.connection, desk.encoding, typed)
    )


def event(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """An event's day: one entry for a plain event, one for each announcement of one that may move."""
    required(fields, "date")
    known = _events(desk)
    target = naming.find_event(typed, known)
    symbol, local = naming.symbol_of(target), naming.local_id(target)
    declared = known[symbol][local]
    if declared.get("shared"):  # one entry for all instruments
        target = naming.full_obligation(naming.SESSIONS, declared["shared"])
    day, at = day_and_instant(fields["date"], desk.zone(symbol))
    since = fields.get("since") or min(day, desk.today(symbol))
    _refuse_second_entry(desk, target, declared, since)
    return desk.draft(
        "event",
        target,
        effective=since,
        date=day,
        at=at,
        symbol=fields.get("symbol"),
        note=fields.get("why") or "",
        evidence=fields.get("evidence") or "",
    )


def day_and_instant(when: date | datetime, zone: str) -> tuple[date, datetime | None]:
    """Take an event's moment apart: its day on the calendar of `zone`, and its instant where a clock time was given."""
    if not isinstance(when, datetime):
        return when, None
    at = when.astimezone(UTC).replace(microsecond=0)
    return from_day(day_at(instant(at), zone)), at


def _events(desk: Desktop) -> dict[str, dict[str, Any]]:
    query = select(tables.instrument.c.symbol, tables.instrument.c.body).where(
        tables.instrument.c.encoding == desk.encoding
    )
    events = {row.symbol: row.body["events"] for row in desk.connection.execute(query)}
    shared = {name: event for own in events.values() for name, event in own.items() if event.get("shared") == name}
    own = {symbol: {name: one for name, one in each.items() if name not in shared} for symbol, each in events.items()}
    return own | {naming.SESSIONS: shared}


def _refuse_second_entry(desk: Desktop, target: str, declared: Mapping[str, Any], since: date) -> None:
    name = naming.local_id(target)
    if declared["repeats"]:
        return
    if declared["printed"] and not declared["dynamic"]:
        raise BadInput(
            f"the day of `{name}` is given by the encoding ({declared['printed']}) and no reading lets it move"
        )
    query = select(tables.fact.c.root).where(tables.fact.c.kind == "event", tables.fact.c.target == target).distinct()
    for root in desk.connection.scalars(query):
        entry = newest(desk.connection, root)
        if entry.gone or (declared["dynamic"] and entry.draft.effective != since):
            continue
        raise BadInput(f"`{name}` is recorded already; correct fact {root}")


def measure(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """A measured value, exact; `of` is the whole of a share, `per` the body measured."""
    required(fields, "value", "on")
    target = naming.find_obligation(desk.connection, desk.encoding, typed)
    norms = [norm for norm in desk.norms(target) if norm.target_how]
    if not norms:
        raise BadInput(f"`{naming.local_id(target)}` has no target: nothing is measured")
    value = parse_quantity(str(fields["value"]))
    whole = whole_of(value, fields.get("of"), share=norms[0].target_form == "share")
    if fields.get("per") and not any(norm.target_per for norm in norms):
        raise BadInput(f"`{naming.local_id(target)}` is measured as a whole; leave out --per")
    return desk.draft(
        "measure",
        target,
        effective=fields["on"],
        value=str(fields["value"]),
        of=whole,
        per=fields.get("per"),
        note=fields.get("why") or "",
        symbol=fields.get("symbol"),
        evidence=fields.get("evidence") or "",
    )


def whole_of(value: Fraction, typed: str | None, *, share: bool) -> Fraction | None:
    """The whole of a share; a share may also be typed as `30%`, of 1. Refuses what would not fit in 64 bits."""
    if typed is not None and not share:
        raise BadInput("the target is a number, not a share; leave out --of")
    whole = parse_quantity(typed) if typed is not None else Fraction(1) if share else None
    if whole is not None and whole <= 0:
        raise BadInput("--of must be above 0")
    if whole is not None and not 0 <= value <= whole:
        raise BadInput(f"{value} is no share of {whole}; give --value and --of, such as --value 6 --of 28")
    ratio = value if whole is None else value / whole
    terms = [value.numerator, value.denominator, ratio.numerator, ratio.denominator]
    terms += [] if whole is None else [value.numerator * whole.denominator, value.denominator * whole.numerator]
    if max(abs(term) for term in terms) > _LARGEST:
        raise BadInput(f"{value} is too large or too fine to compare exactly; write it in a larger unit")
    return whole


def looked(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Somebody looked and found nothing, or could not say."""
    required(fields, "on", "found")
    target = _occurrence_or_standing(desk, typed)
    note, evidence = fields.get("why") or "", fields.get("evidence") or ""
    return desk.draft("looked", target, effective=fields["on"], finding=fields["found"], note=note, evidence=evidence)


def review(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """A standing norm was looked at for its period."""
    required(fields, "on")
    target = _occurrence_or_standing(desk, typed)
    return desk.draft("review", target, effective=fields["on"], note=fields.get("why") or "")


def announced(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """The bearer says that it will come late, or never."""
    required(fields, "on", "will")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    note, symbol = fields.get("why") or "", fields.get("symbol")
    return desk.draft("announced", target, effective=fields["on"], finding=fields["will"], note=note, symbol=symbol)


def not_done(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Positive evidence that it was not done."""
    required(fields, "on", "why")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    return desk.draft("not_done", target, effective=fields["on"], note=fields["why"], symbol=fields.get("symbol"))


def waiver(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Somebody with the authority lets go of an occurrence."""
    required(fields, "granted", "granted_by", "symbol")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    return _granted(desk, "waiver", target, fields)


def extension(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """Somebody with the authority moves the due day of one occurrence; the others stay."""
    required(fields, "to", "granted", "granted_by", "symbol")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    default = desk.norms(naming.split_occurrence(target)[0])[0]
    if default.kind not in _DUTIES:
        raise BadInput(f"`{naming.local_id(target)}` has no due day that could be extended")
    due = _due_on(desk, target, fields["granted"])
    if due is not None and fields["to"] <= due:
        raise BadInput(
            f"`{naming.local_id(target)}` is due on {due}: {fields['to']} is no later day, so nothing is extended; "
            "check --to, or correct the extension that was recorded before"
        )
    return replace(_granted(desk, "extension", target, fields), date=fields["to"])


def _due_on(desk: Desktop, occurrence: str, day: date) -> date | None:
    """The due day of an occurrence under its default reading, as it stood on a day by what is known now."""
    dating, variant, at = tables.dating, tables.variant, to_day(day)
    query = (
        select(dating.c.due)
        .join(variant, and_(variant.c.encoding == dating.c.encoding, variant.c.obligation == dating.c.obligation))
        .where(variant.c.reading == dating.c.reading, variant.c.is_default == 1, dating.c.encoding == desk.encoding)
        .where(dating.c.occurrence == occurrence, dating.c.k1 == ALL_KNOWLEDGE, dating.c.d0 <= at, dating.c.d1 > at)
    )
    due = desk.connection.scalar(query)
    return None if due is None else from_day(due)


def suspension(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """The clock of one occurrence stands still from a day on: that day does not count."""
    target, since = _of_its_clock(desk, typed, fields)
    if since is not None and not since[0]:
        raise BadInput(f"`{naming.local_id(target)}` is suspended already, by fact {since[1]}; record its resumption")
    return _clock_fact(desk, "suspension", target, fields)


def resumption(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> Draft:
    """The clock of one occurrence goes on: the day of the resumption counts again."""
    target, since = _of_its_clock(desk, typed, fields)
    if since is None or since[0]:
        raise BadInput(f"`{naming.local_id(target)}` is not suspended on {fields['on']}; there is nothing to resume")
    return _clock_fact(desk, "resumption", target, fields)


def _of_its_clock(desk: Desktop, typed: str, fields: Mapping[str, Any]) -> tuple[str, tuple[bool, int] | None]:
    """Find the occurrence, and the newest entry on its clock up to the day: whether it resumes, and its number."""
    required(fields, "on")
    target = naming.find_occurrence(desk.connection, desk.encoding, typed)
    fact = tables.fact
    names = all_names(desk.connection, desk.encoding, target)
    query = select(fact.c.root).where(fact.c.target.in_(names), fact.c.kind.in_(("suspension", "resumption")))
    entries = (newest(desk.connection, root) for root in desk.connection.scalars(query.distinct()))
    days = [(one.draft.effective, one.root, one.draft.kind) for one in entries if not one.gone and one.draft.effective]
    before = max((one for one in days if one[0] <= fields["on"]), default=None)
    return target, None if before is None else (before[2] == "resumption", before[1])


def _clock_fact(desk: Desktop, kind: str, target: str, fields: Mapping[str, Any]) -> Draft:
    return desk.draft(
        kind,
        target,
        effective=fields["on"],
        symbol=fields.get("symbol"),
        note=fields.get("why") or "",
        evidence=fields.get("evidence") or "",
    )


def _granted(desk: Desktop, kind: str, target: str, fields: Mapping[str, Any]) -> Draft:
    return desk.draft(
        kind,
        target,
        effective=fields["granted"],
        granted_by=fields["granted_by"],
        symbol=fields["symbol"],
        note=fields.get("why") or "",
    )


BUILDERS: Final[Mapping[str, Callable[[Desktop, str, Mapping[str, Any]], Draft]]] = {
    "judgement": judgement,
    "event": event,
    "measure": measure,
    "looked": looked,
    "review": review,
    "announced": announced,
    "not_done": not_done,
    "waiver": waiver,
    "extension": extension,
    "suspension": suspension,
    "resumption": resumption,
}
