"""One entry under one reading -> a norm: defaults filled in, and what does not fit its kind noted."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from duewatch.engine.encoding import provisions
from duewatch.engine.encoding.civil import days_in
from duewatch.engine.encoding.fields import TODO
from duewatch.engine.encoding.fitting import Bench, cycle_of, deadline, is_statement, strength
from duewatch.engine.encoding.nodes import MappingNode
from duewatch.engine.encoding.records import Values
from duewatch.engine.words import (
    AddsTo,
    ArmedBy,
    Bearer,
    Content,
    CountsBy,
    Doubtful,
    Every,
    Kind,
    Limit,
    Modality,
    Moment,
    Norm,
    Span,
    Target,
    Watch,
)

if TYPE_CHECKING:
    from duewatch.engine.encoding.entries import Entry, Fields
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.readings import Variant

LEAD_DAYS: Final = 14
SWEEP_DAYS: Final = 31  # a report is given this long after its cycle before what it reviews counts as stale
_NOT_THE_NORM: Final = frozenset({"reading", "is_default", "standing", "why", "bearer_only", "made"})


def norms_of(entry: Entry, variants: tuple[Variant, ...], bench: Bench) -> tuple[Norm, ...]:
    """Make the norms of an entry, the default first."""
    with bench.book.about(entry.label):
        found = [_norm(entry, variant, bench) for variant in variants]
    return (found[0], *(replace(norm, bearer_only=_differs_in_bearer_only(norm, found[0])) for norm in found[1:]))


def _differs_in_bearer_only(norm: Norm, default: Norm) -> bool:
    names = [one.name for one in fields_of(Norm) if one.name not in _NOT_THE_NORM]
    return [name for name in names if getattr(norm, name) != getattr(default, name)] == ["bearer"]


def _norm(entry: Entry, variant: Variant, bench: Bench) -> Norm:
    fields = variant.fields
    _check_required(entry, fields, bench.book)
    _check_kind(fields, bench.book)
    breach = fields.get("after-breach", Values)
    return Norm(
        reading=variant.reading,
        is_default=variant.is_default,
        standing=variant.standing,
        why=variant.why,
        modality=cast("Modality", fields.text("modality", "obligation")),
        verb=fields.text("verb"),
        strength=strength(fields, bench),
        kind=cast("Kind", fields.text("kind", "maintain")),  # only a statement may have none
        watch=cast("Watch", fields.text("watch", "own")),
        bearer=fields.get("bearer", Bearer) or Bearer(how="not-named"),
        action=fields.text("action"),
        deadline=deadline(fields, bench, entry.id),
        lead=_lead(fields),
        review_days=_review_days(fields, bench),
        after_breach=_after_breach(fields),
        counts_by=cast("CountsBy", fields.text("counts-by", bench.counts_by)),
        counterparty=fields.texts("counterparty"),
        replaced_by=breach.text("replaced_by") if breach else "",
        until=_moment(fields, "until"),
        armed_by=_armed_by(entry, fields, bench),
        target=fields.get("target", Target),
        says=fields.text("says") or _says_of_target(fields),
        phrase=fields.text("phrase"),
        contains=_contains(entry, fields),
        adds_to=fields.get("adds-to", AddsTo),
        limits=tuple(one for one in fields.get("limits", tuple) or () if isinstance(one, Limit)),
        working_dates=_working_dates(fields),
        settings=variant.settings,
        form=fields.text("form"),
        reviewed_by=fields.text("reviewed-by"),
        unsettled=_unsettled(fields, bench),
    )


# ------------------------------------------------------------------ what must be there
def _check_required(entry: Entry, fields: Fields, book: Notebook) -> None:
    """Note what is missing; an entry with something still to be decided may lack everything but its place."""
    if entry.fields.has(TODO):
        return
    for name, want in (("verb", "the operative verb as printed"), ("action", "what is to be done, in own words")):
        if not fields.has(name):
            book.wrong(entry.place, f"`{name}` is missing", f"add `{name}`: {want}")
    if is_statement(fields):
        return
    if not fields.has("kind"):
        book.wrong(
            entry.place,
            "`kind` is missing",
            "add `kind`: achieve, recur, maintain, refrain, limit, respond, permit or content",
        )
    if not fields.has("bearer"):
        book.wrong(entry.place, "`bearer` is missing", "add `bearer`: a party, or not-named")


_WANTED: Final = {
    "limit": (("target", "a target such as {count: WHAT, at-most: N}"),),
    "respond": (("armed-by", "{event: NAME} or {undone: ID, which: any, at: MOMENT}"),),
    "content": (("adds-to", "{entry: ID}"), ("item", "the name of the item")),
}


def _check_kind(fields: Fields, book: Notebook) -> None:
    kind = fields.text("kind")
    if is_statement(fields) or fields.has(TODO):
        return
    for name, want in _WANTED.get(kind, ()):
        if not fields.has(name):
            book.wrong(
                fields.place_of("kind"),
                f"kind `{kind}` needs `{name}`",
                f"add `{name}`: {want}, or choose another kind",
            )


# ------------------------------------------------------------------ the other fields
def _lead(fields: Fields) -> int:
    lead = fields.get("lead", int)
    return LEAD_DAYS if lead is None else lead


def _review_days(fields: Fields, bench: Bench) -> int | None:
    """Days after which nobody having looked counts: as given, else the cycle of the report that looks at it."""
    spans = fields.get("review", tuple)
    if spans is not None:
        return days_in(spans)
    report = fields.text("reviewed-by")
    if fields.has("review") or fields.text("watch") == "inventory" or report not in bench.index.entries:
        return None
    cycle = cycle_of(report, bench.index)
    if cycle is None and bench.index.default(report).fields.broken("deadline"):
        return None
    if cycle is None:
        right = "name a report of kind recur, or add `review`"
        bench.book.wrong(fields.place_of("reviewed-by"), f"`{report}` does not come regularly", right)
        return None
    return days_in((cycle.span,)) * (cycle.take if isinstance(cycle, Every) else 1) + SWEEP_DAYS


def _after_breach(fields: Fields) -> Literal["still_owed", "extinguished", "replaced_by"]:
    if fields.get("after-breach", Values) is not None:
        return "replaced_by"
    return "extinguished" if fields.text("after-breach") == "extinguished" else "still_owed"


def _moment(fields: Fields, name: str) -> Moment | None:
    value = fields.given[name].value if name in fields.given else None
    return value if isinstance(value, Moment) else None


def _armed_by(entry: Entry, fields: Fields, bench: Bench) -> ArmedBy | None:
    armed = fields.get("armed-by", ArmedBy)
    if armed is None or not armed.undone:
        return armed
    sources = bench.index.sources(armed.undone, besides=entry.id)
    named = bench.index.under(armed.undone)
    if named and not sources and not bench.book.has_unread:
        wrong = "it is armed by itself" if named == (entry.id,) else f"nothing at `{armed.undone}` can be left undone"
        bench.book.wrong(fields.place_of("armed-by"), wrong, "name obligations of kind achieve, recur or respond")
    return replace(armed, sources=sources)


def _says_of_target(fields: Fields) -> str:
    if fields.get("target", Target) is None:
        return ""
    node = fields.given["target"].node
    says = node.get("says") if isinstance(node, MappingNode) else None
    return "" if says is None else getattr(says, "text", "")


def _unsettled(fields: Fields, bench: Bench) -> tuple[Doubtful, ...]:
    """The entry's own points, else the instrument's; `none` says that here all is settled."""
    named = fields.texts("unsettled") if "unsettled" in fields.given else bench.unsettled
    return tuple(one for one in get_args(Doubtful) if one in named)


def _contains(entry: Entry, fields: Fields) -> tuple[Content, ...]:
    contents = (one for one in fields.get("contains", tuple) or () if isinstance(one, Content))
    return tuple(replace(one, provision=provisions.join(entry.provision, one.provision)) for one in contents)


def _working_dates(fields: Fields) -> tuple[tuple[str, Span], ...]:
    table = fields.get("working-dates", dict) or {}
    return tuple((str(name), span) for name, span in table.items() if isinstance(span, Span))
