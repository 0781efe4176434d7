"""A file -> an instrument, or everything that is wrong with the file. The door of this room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.assembly import declared_of, instrument_of
from duewatch.engine.encoding.examples import examples_of
from duewatch.engine.encoding.fitting import Bench
from duewatch.engine.encoding.index import index_of
from duewatch.engine.encoding.links import check_circles, check_references
from duewatch.engine.encoding.nodes import Document, MappingNode, SequenceNode
from duewatch.engine.encoding.norms import norms_of
from duewatch.engine.encoding.notebook import Notebook, did_you_mean
from duewatch.engine.encoding.reader import MEBIBYTE, read
from duewatch.engine.encoding.readings import variants
from duewatch.engine.encoding.sections import SECTIONS, read_sections
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duewatch.engine.encoding.declared import Declared
    from duewatch.engine.encoding.entries import Entry
    from duewatch.engine.encoding.examples import Example
    from duewatch.engine.encoding.records import Values
    from duewatch.engine.problems import Problem
    from duewatch.engine.words import Instrument, Norm
    from duewatch.rules.strengths import Verbs

MOST_BYTES: Final = 4 * MEBIBYTE  # an encoding; every other file of the house is smaller


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a file says: what holds, notes for its author, and the examples that it must pass."""

    instrument: Instrument
    notes: tuple[Problem, ...]
    examples: tuple[Example, ...]


def read_instrument(
    source: Path | bytes, verbs: Mapping[str, Verbs], *, name: str = ""
) -> tuple[Instrument, tuple[Problem, ...]]:
    """Read an encoding from a file, or from its bytes (then called `name`); `verbs` are the tables of verbs by name.

    Gives the instrument and notes for its author (a question that nobody asks, a provision not encoded yet).
    Raises BadFile with all problems of the file.
    """
    whole = read_whole(source, verbs, name=name)
    return whole.instrument, whole.notes


def read_whole(source: Path | bytes, verbs: Mapping[str, Verbs], *, name: str = "") -> Whole:
    """The same with the examples, which nobody has run yet."""
    return _whole(read(source, name, MOST_BYTES), verbs)


def parse_document(document: Document, verbs: Mapping[str, Verbs]) -> tuple[Instrument, tuple[Problem, ...]]:
    """The same as `read_instrument` for a file that is already read."""
    whole = _whole(document, verbs)
    return whole.instrument, whole.notes


def _whole(document: Document, verbs: Mapping[str, Verbs]) -> Whole:
    book = Notebook()
    book.add(document.problems)
    sections = _sections(document, book)
    declared = declared_of(sections, book)
    entries: list[Entry] = list(sections.get("obligations", tuple) or ())
    table = _verbs(declared, verbs, document, book)
    norms = _norms(entries, declared, table, book)
    if book.problems:
        raise BadFile(book.problems)
    return Whole(instrument_of(declared, norms, document), book.notes, examples_of(entries))


def _sections(document: Document, book: Notebook) -> Values:
    root = document.root
    if isinstance(root, MappingNode) and root.entries:
        return read_sections(root, book)
    what = (
        "a list"
        if isinstance(root, SequenceNode)
        else "a mapping without fields"
        if isinstance(root, MappingNode)
        else "a text"
    )
    names = ", ".join(f"`{one.name}:`" for one in SECTIONS)
    book.wrong(root.place, f"the top level is {what}, not the sections of an encoding", f"write {names}")
    raise BadFile(book.problems)


def _verbs(declared: Declared, verbs: Mapping[str, Verbs], document: Document, book: Notebook) -> Verbs | None:
    if "instrument" in declared.opaque or not declared.verbs:
        return None
    if declared.verbs not in verbs:
        place = declared.places.get(("instrument", "verbs"), document.root.place)
        book.wrong(
            place,
            f"no verb table `{declared.verbs}`",
            did_you_mean(declared.verbs, verbs, f"the tables are {', '.join(verbs) or 'missing'}"),
        )
    return verbs.get(declared.verbs)


def _norms(
    entries: list[Entry], declared: Declared, table: Verbs | None, book: Notebook
) -> list[tuple[Entry, tuple[Norm, ...]]]:
    readings = {}
    for position, entry in enumerate(entries):
        with book.about(entry.label):
            readings[position] = variants(entry, declared.questions, book)
    index = index_of(entries, readings, book)
    check_references(declared, index, book)
    bench = Bench(index, table, declared.verbs, declared.counts_by, book, declared.calendars, declared.unsettled)
    norms = [(entry, norms_of(entry, readings[position], bench)) for position, entry in enumerate(entries)]
    check_circles(declared, index, {entry.id: each for entry, each in norms if entry.id}, book)
    return norms
