"""What may be recorded: from what somebody typed to a draft for the ledger, or one clear refusal.

Each kind of fact has one function here. It resolves the names, checks that the fact makes sense
for that norm, and sets the effective day: the day from which the fact counts.
"""

from __future__ import annotations

import difflib
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement import clockwork, naming
from duewatch.engine.judgement.desktop import required
from duewatch.engine.ledger import tables
from duewatch.engine.ledger.facts import Draft, newest
from duewatch.engine.ledger.quantities import parse_quantity
from duewatch.engine.problems import BadInput
from duewatch.engine.words import DUTIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duewatch.engine.judgement.desktop import Desktop

_STANDING: Final = ("maintain", "refrain")
_LARGEST: Final = 3_000_000_000  # cross-products of two such numbers fit in 64 bits
RESERVED: Final = {
    "ruling": "a ruling is written by `duewatch decide QUESTION ANSWER`; nothing was recorded",
    "carried": "what becomes of an entry is decided by `duewatch carry OLD NEW`; nothing was recorded",
}


DAYS: Final = ("dated", "transmitted", "issued", "received")  # of a document


def days_of_document(fields: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """The days on which a document was dated, transmitted, issued, received: at least one.

    One of them may have its clock time, as an instant: `at` holds it, and `date` says to which day it belongs. BadInput
    where two have one, and where two fall on that day, for then nobody could tell which of them the hour is of.
    """
    given = {name: fields[name] for name in DAYS if fields.get(name)}
    if not given:
        raise BadInput("a document needs a day: give --dated, --issued, --transmitted or --received")
    days: dict[str, Any] = {}
    hours: dict[str, Any] = {}
    for name, when in given.items():
        days[name], at = clockwork.day_and_instant(when, zone)
        hours |= {} if at is None else {name: at}
    if len(hours) > 1:
        raise BadInput(f"--{' and --'.join(hours)} both have a clock time; give that of the day that counts alone")
    for name, at in hours.items():
        same = [other for other, day in days.items() if other != name and day == days[name]]
        if same:
            raise BadInput(f"--{same[0]} is the same day as --{name}, which has a clock time; leave out --{same[0]}")
        days |= {"at": at, "date": days[name]}
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
        **days_of_document(fields, desk.zone(symbol)),
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
    if default.kind not in DUTIES or default.modality not in {"obligation", "task"}:
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


BUILDERS: Final[Mapping[str, Callable[[Desktop, str, Mapping[str, Any]], Draft]]] = {
    "judgement": judgement,
    "event": clockwork.event,
    "measure": measure,
    "looked": looked,
    "review": review,
    "announced": announced,
    "not_done": not_done,
    "waiver": clockwork.waiver,
    "extension": clockwork.extension,
    "suspension": clockwork.suspension,
    "resumption": clockwork.resumption,
}
