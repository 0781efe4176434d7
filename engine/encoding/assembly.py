"""Puts together what was read: the declarations before the entries are looked at, the instrument at the end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

from duewatch.engine.encoding.declared import RESERVED, Asked, Declared, event_of, party_of, period_of
from duewatch.engine.encoding.earlier import effects_of
from duewatch.engine.encoding.examples import EXAMPLES_FIELD, without_examples
from duewatch.engine.encoding.fields import ENTRY_FIELDS, TODO
from duewatch.engine.encoding.hashing import tree_hash
from duewatch.engine.encoding.momenttext import ADOPTION
from duewatch.engine.encoding.nodes import MappingNode, plain
from duewatch.engine.encoding.readings import check_parts
from duewatch.engine.encoding.records import Values
from duewatch.engine.encoding.sections import SECTIONS, adopted_on
from duewatch.engine.words import DUTIES, CountsBy, Event, Instrument, Obligation, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.encoding.entries import Entry
    from duewatch.engine.encoding.nodes import Document
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.words import Norm

DEFAULT_REGIME: Final = "un-sc"
DEFAULT_VERBS: Final = "un-sc"
UNDECIDED_ZONE: Final = "UTC"  # of a draft, which is never adopted
_NEEDED_ONCE_NAMED: Final = {"parties": "party", "questions": "question"}


# ------------------------------------------------------------------ declarations
def declared_of(sections: Values, book: Notebook) -> Declared:
    """Make what the sections before the obligations declare; note what does not fit together."""
    declared = Declared(opaque={one.name for one in SECTIONS if sections.broken(one.name)})
    _places(declared, sections)
    head = sections.get("instrument", Values)
    if head is not None:
        _head(declared, head)
    tables = {name: sections.get(name, dict) or {} for name in ("events", "periods", "parties", "questions")}
    for section in ("events", "periods"):
        for name in tables[section].keys() & RESERVED:
            book.wrong(declared.places[section, name], f"`{name}` has a meaning of its own", "choose another name")
    declared.events = {
        name: event_of(name, value, declared.places["events", name], declared.zone, book)
        for name, value in tables["events"].items()
    }
    declared.periods = {name: period_of(name, value, book) for name, value in tables["periods"].items()}
    declared.parties = {name: party_of(name, value, book) for name, value in tables["parties"].items()}
    declared.questions = {name: value for name, value in tables["questions"].items() if isinstance(value, Asked)}
    _adoption(declared, head, book)
    declared.effects = effects_of(sections, declared, book)
    _missing_sections(declared, sections, tables["questions"], book)
    _check_questions(declared, book)
    return declared


def _places(declared: Declared, sections: Values) -> None:
    for section, node in sections.nodes.items():
        for key, _ in node.entries if isinstance(node, MappingNode) else ():
            declared.places[section, key.text] = key.place


def _head(declared: Declared, head: Values) -> None:
    declared.symbol = head.text("symbol")
    declared.title = head.text("title")
    declared.adopted = adopted_on(head) or date.min
    declared.zone = head.text("zone", "" if head.lacks(TODO) else UNDECIDED_ZONE)
    declared.regime = head.text("regime", DEFAULT_REGIME)
    declared.calendars = head.texts("calendar")
    declared.unsettled = head.texts("unsettled")
    declared.verbs = "" if head.broken("verbs") else head.text("verbs", DEFAULT_VERBS)
    declared.counts_by = cast("CountsBy", head.text("counts-by", "dated"))
    declared.topics = head.texts("topics")
    declared.todo = head.texts(TODO)


def _adoption(declared: Declared, head: Values | None, book: Notebook) -> None:
    """`instrument.adopted` gives the event `adoption`; where `events` has it too, the days must agree."""
    event = declared.events.get(ADOPTION)
    adopted = head.get("adopted", Values) if head is not None else None
    if event is None:
        source = "; ".join(filter(None, (adopted.text("source"), adopted.text("how")))) if adopted else ""
        day = None if declared.adopted == date.min else declared.adopted
        declared.events = {ADOPTION: Event(name=ADOPTION, day=day, source=source), **declared.events}
    elif event.day is not None and declared.adopted not in {date.min, event.day}:
        wrong = f"`{ADOPTION}` is {event.day} here and {declared.adopted} under `instrument`"
        book.wrong(declared.places["events", ADOPTION], wrong, "leave the event out, or mend the day")


def _missing_sections(declared: Declared, sections: Values, questions: dict[str, object], book: Notebook) -> None:
    """One section that is left out is one problem, however many names hang on it."""
    for section, sort in _NEEDED_ONCE_NAMED.items():
        names = dict.fromkeys(one.name for one in book.references if one.sort == sort)
        if names and sections.lacks(section):
            book.wrong(sections.place, f"`{section}` is missing", f"declare {', '.join(names)}")
            declared.opaque.add(section)
    if any(not isinstance(value, Asked) for value in questions.values()):
        declared.opaque.add("questions")


def _check_questions(declared: Declared, book: Notebook) -> None:
    used = {one.name for one in book.references if one.sort == "question"}
    for name, asked in declared.questions.items():
        with book.about(name):
            check_parts(asked.place, asked.answers, "answer", book)
        if name not in used and "obligations" not in declared.opaque:
            book.note(
                declared.places["questions", name],
                f"no entry names the question `{name}`",
                "name it under `questions` of an entry",
            )


# ------------------------------------------------------------------ the instrument
def instrument_of(
    declared: Declared, norms: Sequence[tuple[Entry, tuple[Norm, ...]]], document: Document
) -> Instrument:
    """Make the instrument of a file without problems."""
    return Instrument(
        symbol=declared.symbol,
        title=declared.title,
        adopted=declared.adopted,
        zone=declared.zone,
        regime=declared.regime,
        verbs=declared.verbs,
        counts_by=declared.counts_by,
        topics=declared.topics,
        events=declared.events,
        periods=declared.periods,
        parties=declared.parties,
        questions={name: _question(name, asked) for name, asked in declared.questions.items()},
        obligations=tuple(_obligation(entry, each, declared.verbs) for entry, each in norms),
        effects=declared.effects,
        file=document.name,
        tree_hash=tree_hash(without_examples(document.root)),
        todo=declared.todo,
    )


def _question(name: str, asked: Asked) -> Question:
    answers = {answer: value for answer, value in asked.answers.items() if isinstance(value, Values)}
    default = next(answer for answer, value in answers.items() if value.flag("default"))
    return Question(name=name, asks=asked.asks, answers=tuple(answers), default=default)


def _obligation(entry: Entry, norms: tuple[Norm, ...], table: str) -> Obligation:
    given = entry.fields.given
    written = {one.name: given[one.name] for one in ENTRY_FIELDS if one.name in given and one.name != EXAMPLES_FIELD}
    flat = {name: plain(value.node) for name, value in written.items()}
    origins = {name: value.origin for name, value in written.items()}
    for name, value, origin in _unwritten(norms[0], table):
        if name not in flat:
            flat[name], origins[name] = value, origin
    flat.update({"id": entry.id, "provision": entry.provision})
    origins.setdefault("provision", f"group {entry.groups[-1]}" if entry.groups else "entry")
    return Obligation(
        id=entry.id,
        provision=entry.provision,
        groups=entry.groups,
        place=str(entry.place),
        norms=norms,
        formerly=entry.fields.texts("formerly"),
        flat=flat,
        origins=origins,
    )


def _unwritten(norm: Norm, table: str) -> Iterable[tuple[str, object, str]]:
    """What holds without being written: (field, value, origin)."""
    yield "strength", norm.strength, f"verbs {table}"
    yield "modality", norm.modality, "default"
    yield "watch", norm.watch, "default"
    if norm.modality == "statement" or norm.kind == "content":
        return
    if norm.kind in DUTIES:
        yield "deadline", "none", "default"
        yield "lead", f"{norm.lead} days", "default"
        yield "after-breach", norm.after_breach, "default"
        yield "counts-by", norm.counts_by, "default"
    elif norm.review_days is not None:
        yield "review", f"{norm.review_days} days", "default"
    else:
        yield "review", "never", "default"
