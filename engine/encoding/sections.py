"""The top level of an encoding: its sections, in the order in which they are read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.declared import EVENTS, INSTRUMENT, PARTIES_TABLE, PERIODS, QUESTIONS
from duewatch.engine.encoding.earlier import EARLIER
from duewatch.engine.encoding.entries import read_entries
from duewatch.engine.encoding.records import Field, Named, Record, TableOf, Values, read_fields
from duewatch.engine.encoding.shapes import BROKEN, Amiss, Pattern, Text

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import MappingNode, Node
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.shapes import Schema


def _instrument(values: Values, book: Notebook) -> Values:
    """The day of the adoption serves to guess the year of dates that are written without one."""
    book.adopted = adopted_on(values)
    return values


def adopted_on(values: Values) -> date | None:
    """Give the day of the adoption, as far as it could be read."""
    adopted = values.get("adopted", Values)
    return None if adopted is None else adopted.get("date", date)


class _Obligations:
    """The list of entries and groups."""

    want = "a list of entries, each beginning with `- id:` or `- under:`"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the entries, groups opened; BROKEN where there is none."""
        return read_entries(node, book) or BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        whole = [Named(name, self.want, _Obligations).schema() for name in ("group", "entry")]
        return {"type": "array", "minItems": 1, "items": {"anyOf": whole}}


def _fingerprint(text: str, _: Notebook) -> str:
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", text):
        raise Amiss(f"`{text}` is not a fingerprint")
    return text


SET_ASIDE: Final = Listing(
    Record(
        "{provision: ..., words: [first, last], why: ...}",
        (
            Field("provision", Text('a provision such as "Art 30(a)"'), "where it stands", required=True),
            Field("words", Listing(Text(), exactly=2), "its first and its last words", required=True),
            Field("why", Text("the reason"), "why it is not encoded", required=True),
        ),
        lambda values, _: values,
    )
)
FINGERPRINTS: Final = TableOf(
    '{PROVISION: "sha256:..."}',
    Pattern(
        "`sha256:` and 64 hexadecimal digits, as `duewatch coverage --write-fingerprints` writes them",
        _fingerprint,
        r"^sha256:[0-9a-f]{64}$",
    ),
    Text('a provision such as "Art 30"'),
)
SECTIONS: Final[tuple[Field, ...]] = (
    Field(
        "instrument",
        Record("the document that binds: {symbol: ..., adopted: ..., zone: ...}", INSTRUMENT, _instrument, always=True),
        "the document that binds",
        required=True,
    ),
    Field("questions", QUESTIONS, "doubts that several entries share, each asked once"),
    Field("periods", PERIODS, "intervals with two ends; each gives the moments NAME.start and NAME.end"),
    Field("events", EVENTS, "named moments"),
    Field("parties", PARTIES_TABLE, "who may bear a norm or take part"),
    Field("earlier", EARLIER, "what this instrument does to earlier ones, provision by provision"),
    Field("obligations", _Obligations(), "the norms; an instrument that only changes earlier ones has none"),
    Field("set-aside", SET_ASIDE, "stretches of the text that the language cannot express, with the reason"),
    Field("fingerprints", FINGERPRINTS, "of each paragraph with all whitespace removed, as compared"),
)
SAYS_SOMETHING: Final = ("obligations", "earlier")  # an encoding has one of them at least
_ORDER: Final = {one.name: place for place, one in enumerate(SECTIONS)}


def read_sections(root: MappingNode, book: Notebook) -> Values:
    """Read the sections; what others are guessed from comes first, wherever it stands in the file."""
    entries = sorted(root.entries, key=lambda entry: _ORDER.get(entry[0].text, len(_ORDER)))
    sections = read_fields(replace(root, entries=tuple(entries)), SECTIONS, book)
    if all(sections.lacks(name) for name in SAYS_SOMETHING):
        book.wrong(root.place, "`obligations` is missing", f"add `obligations`: {_Obligations.want}")
        sections.given["obligations"] = BROKEN
    return sections
