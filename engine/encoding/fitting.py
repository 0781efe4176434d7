"""What depends on more than one field: a verb's strength, a deadline that fits the kind, another entry's series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.momenttext import ADOPTION
from duewatch.engine.encoding.notebook import Notebook, did_you_mean, one_of
from duewatch.engine.encoding.readings import READING_LAYER
from duewatch.engine.encoding.seriesforms import Alike
from duewatch.engine.encoding.shapes import BROKEN
from duewatch.engine.encoding.underneath import counts_from_arming, laid_under
from duewatch.engine.encoding.verbs import nearest_verb, strength_of
from duewatch.engine.words import (
    CountsBy,
    Deadline,
    Every,
    EverySession,
    NoDate,
    Recurring,
    Ref,
    Schedule,
    Soft,
)

if TYPE_CHECKING:
    from duewatch.engine.encoding.entries import Fields
    from duewatch.engine.encoding.index import Index
    from duewatch.rules.strengths import Verbs

_LOOKED_AT: Final = frozenset({"maintain", "refrain"})  # a target of our own for them is that of a first look
_STANDING: Final = frozenset({"maintain", "refrain", "limit", "permit", "content"})


@dataclass(frozen=True, slots=True)
class Bench:
    """What every norm of the file needs at hand."""

    index: Index
    verbs: Verbs | None  # None: the table could not be had, which was noted
    verbs_name: str
    counts_by: CountsBy
    book: Notebook
    calendars: tuple[str, ...] = ()  # the instrument's
    unsettled: tuple[str, ...] = ()  # the same


def is_statement(fields: Fields) -> bool:
    """Say whether the entry binds nobody (or may, where its modality could not be read)."""
    return fields.broken("modality") or fields.text("modality") == "statement"


# ------------------------------------------------------------------ strength
def strength(fields: Fields, bench: Bench) -> str:
    """Give the strength of the verb, or the one that overrides it; empty once something was noted."""
    verb, table = fields.text("verb"), bench.verbs
    if fields.has("strength"):
        return _own_strength(fields, bench)
    if not verb or table is None:
        return ""
    found = strength_of(verb, table)
    if found is None:
        near = nearest_verb(verb, table)
        hint = f"did you mean `{near}`? Otherwise" if near else "check it against the text;"
        remedy = f"{hint} add `strength` ({', '.join(table.strengths)}) and `why`"
        bench.book.wrong(
            fields.place_of("verb"), f"the verb `{verb}` is not in the verb table {bench.verbs_name}", remedy
        )
    return found or ""


def _own_strength(fields: Fields, bench: Bench) -> str:
    strength, table = fields.text("strength"), bench.verbs
    if strength and table is not None and strength not in table.strengths:
        remedy = did_you_mean(strength, table.strengths, f"write {one_of(table.strengths)}")
        bench.book.wrong(
            fields.place_of("strength"), f"`{strength}` is not a strength of the verb table {bench.verbs_name}", remedy
        )
    if strength and fields.layer("strength") < READING_LAYER and not fields.has("why"):
        bench.book.wrong(fields.place_of("strength"), "`strength` overrides the verb without a reason", "add `why`")
    return strength


# ------------------------------------------------------------------ deadline
def deadline(fields: Fields, bench: Bench, own: str) -> Deadline:
    """Give the deadline of the entry `own`; note where it does not fit the kind of the norm."""
    given, kind = _resolved(fields, bench, own), fields.text("kind")
    if "deadline" not in fields.given and kind == "achieve" and fields.has("phrase"):
        right = "add `deadline`, or deadline: none where they set no date"
        bench.book.note(fields.place_of("phrase"), "words of time are quoted, and nothing is due by them", right)
    if given is None or not kind or is_statement(fields):
        return given or NoDate()
    first_look = kind in _LOOKED_AT and isinstance(given, Soft) and not given.again
    if kind in _STANDING and not isinstance(given, NoDate) and not first_look:
        return _without_date(fields, kind, given, bench.book)
    again = isinstance(given, SERIES) or (isinstance(given, Soft) and given.again)
    if kind == "recur" and not again:
        _misfit(fields, bench.book, kind, "write {every: SPAN, after: MOMENT}, or {regularly: {soft: SPAN}}")
    if kind in {"achieve", "respond"} and again:
        _misfit(fields, bench.book, kind, "write kind: recur, or a single date")
    if counts_from_arming(given) and not fields.has("armed-by"):
        bench.book.wrong(
            fields.place_of("deadline"),
            "`after: armed`, but nothing arms this norm",
            "add `armed-by`, or name an event",
        )
    if isinstance(given, Soft) and kind != "respond":
        return replace(given, after=Ref(ADOPTION))
    return laid_under(given, fields.text("regime"), fields.texts("calendar") or bench.calendars)


def _resolved(fields: Fields, bench: Bench, own: str) -> Deadline | None:
    """The deadline as written, with `with: ID` replaced by that series; None where it could not be read."""
    if not fields.has("deadline"):
        return NoDate()
    value = fields.given["deadline"].value
    if isinstance(value, Alike):
        return series_of(value, bench.index, bench.book, own)
    return value if isinstance(value, Deadline) else None


_SERIES_WANT: Final = "name an entry whose deadline is {every: SPAN, after: MOMENT}"
SERIES: Final = (Every, EverySession, Schedule, Recurring)


def series_of(alike: Alike, index: Index, book: Notebook, own: str = "") -> Every | None:
    """Give each `take`-th date of another entry's default series; None where there is none (noted, if it is known).

    What leads back to the entry itself (`own`) is a circle, under whatever reading it is written.
    """
    take, here, passed = 1, alike, {own}
    while here.entry in index.entries:
        if here.entry in passed:
            book.wrong(alike.place, f"`{alike.entry}` leads back to itself", _SERIES_WANT)
            return None
        passed.add(here.entry)
        take *= here.take
        fields = index.default(here.entry).fields
        value = fields.given["deadline"].value if fields.has("deadline") else None
        if isinstance(value, Every):
            return replace(value, take=value.take * take)
        if not isinstance(value, Alike):
            if value is not BROKEN and fields.text("kind") != "recur":
                book.wrong(here.place, f"`{here.entry}` has no series", _SERIES_WANT)
            return None
        here = value
    return None


def _without_date(fields: Fields, kind: str, given: Deadline, book: Notebook) -> Deadline:
    """A reading that turns a dated norm into a standing one drops the date; anything else is a slip."""
    if fields.layer("kind") >= READING_LAYER and fields.layer("deadline") != fields.layer("kind"):
        return NoDate()
    if isinstance(given, Soft):
        right = "make it kind: recur" if given.again and kind in _LOOKED_AT else "say the word under `not-a-clock`"
        _misfit(fields, book, kind, right)
    else:
        _misfit(fields, book, kind, "write `until` for its end, or deadline: none")
    return given


def _misfit(fields: Fields, book: Notebook, kind: str, right: str) -> None:
    place = fields.place_of("deadline" if fields.has("deadline") else "kind")
    wrong = f"this deadline does not fit kind `{kind}`" if fields.has("deadline") else f"kind `{kind}` needs a deadline"
    book.wrong(place, wrong, right)


def cycle_of(report: str, index: Index) -> Every | Soft | None:
    """Give the series (or soft cycle) of a report under its default reading; None where it has none."""
    fields = index.default(report).fields
    value = fields.given["deadline"].value if fields.has("deadline") else None
    if isinstance(value, Alike):
        return series_of(value, index, Notebook())  # what is wrong with it is said at that entry
    return value if isinstance(value, Every | Soft) else None
