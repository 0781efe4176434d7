"""The shapes that a value of the language may have. Each reads a node and describes itself as JSON Schema.

A shape gives the value, or BROKEN once it has noted what is wrong; nobody who meets BROKEN
says anything more. UNSET is the word `none` where a field may be un-set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from duewatch.engine.encoding.nodes import ScalarNode, SequenceNode
from duewatch.engine.encoding.notebook import did_you_mean, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook, Sort

Schema = dict[str, object]


class Mark(Enum):
    """Values that are none."""

    BROKEN = "broken"
    UNSET = "unset"


BROKEN: Final = Mark.BROKEN
UNSET: Final = Mark.UNSET

NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_-]*"
IDENTIFIER: Final = rf"{NAME}(?:\.{NAME})*"
_NAME: Final = re.compile(rf"{NAME}\Z")
_IDENTIFIER: Final = re.compile(rf"{IDENTIFIER}\Z")


class Shape(Protocol):
    """What a value may look like. `want` says it to a person: `a text`, `a date such as "2021-09-30"`."""

    @property
    def want(self) -> str:
        """What would be right, for people."""

    def read(self, node: Node, book: Notebook) -> object:
        """Give the value, or BROKEN once it was noted what is wrong."""

    def schema(self) -> Schema:
        """Describe it as JSON Schema."""


def scalar(node: Node, want: str, book: Notebook) -> ScalarNode | None:
    """Give the node if it is a scalar with a value; None once it was noted that it is not."""
    if isinstance(node, ScalarNode):
        if node.broken:
            return None
        if node.value is None:
            book.wrong(node.place, "a value is missing", f"write {want}")
            return None
        return node
    if isinstance(node, SequenceNode):
        book.wrong(node.place, "a list stands here", f"write {want}")
    else:
        book.wrong(node.place, "a mapping stands here", f"write {want}; a text that holds a colon needs double quotes")
    return None


def text_of(node: Node, want: str, book: Notebook, *, free: bool = False) -> str | None:
    """Give the text of a scalar, its spaces made single; None once it was noted that it is none.

    `free`: any text will do, so quotes are a remedy.
    """
    found = scalar(node, want, book)
    if found is None:
        return None
    if not isinstance(found.value, str):
        kind = "truth value" if isinstance(found.value, bool) else "number"
        quoted = f'; as a text it needs double quotes: "{found.text}"' if free else ""
        book.wrong(found.place, f"`{found.text}` is a {kind} here", f"write {want}{quoted}")
        return None
    text = " ".join(found.value.split())
    if not text:
        book.wrong(found.place, "the text is empty", f"write {want}")
        return None
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """Any text; line ends inside it become spaces."""

    want: str = "a text"
    most_words: int | None = None

    def read(self, node: Node, book: Notebook) -> object:
        """Give the text."""
        text = text_of(node, self.want, book, free=True)
        if text is None:
            return BROKEN
        if self.most_words is not None and len(text.split()) > self.most_words:
            book.wrong(
                node.place, f"a quotation of {len(text.split())} words", f"quote {self.most_words} words at most"
            )
            return BROKEN
        return text

    def schema(self) -> Schema:
        """Describe it."""
        if self.most_words is None:
            return {"type": "string", "pattern": r"\S"}
        return {"type": "string", "pattern": rf"^\s*\S+(\s+\S+){{0,{self.most_words - 1}}}\s*$"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of a certain form, read by `convert`, which gives the value or raises ValueError with (wrong, right)."""

    want: str
    convert: Callable[[str, Notebook], object]
    pattern: str  # for the schema

    def read(self, node: Node, book: Notebook) -> object:
        """Give the converted value."""
        text = text_of(node, self.want, book)
        if text is None:
            return BROKEN
        try:
            return self.convert(text, book)
        except Amiss as amiss:
            book.wrong(node.place, amiss.wrong, amiss.right or f"write {self.want}")
            return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": self.pattern}


class Amiss(ValueError):
    """A text that does not have the form asked for."""

    def __init__(self, wrong: str, right: str = "") -> None:
        """Keep both halves of the message."""
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    choices: tuple[str, ...]

    @property
    def want(self) -> str:
        """The choice, for people."""
        return one_of(self.choices) if len(self.choices) > 1 else f"`{self.choices[0]}`"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the word."""
        text = text_of(node, self.want, book)
        if text is None or text in self.choices:
            return BROKEN if text is None else text
        book.wrong(
            node.place, f"`{text}` is not a word of this field", did_you_mean(text, self.choices, f"write {self.want}")
        )
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"enum": list(self.choices)}


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""

    want: str = "`true` or `false`"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the truth value."""
        found = scalar(node, self.want, book)
        if found is None:
            return BROKEN
        if isinstance(found.value, bool):
            return found.value
        book.wrong(found.place, f"`{found.text}` is not a truth value", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name to be declared: letters, digits, `-` and `_`; with `dotted` also dots between them."""

    want: str = "a name of letters, digits, `-` and `_`"
    dotted: bool = False

    def read(self, node: Node, book: Notebook) -> object:
        """Give the name."""
        text = text_of(node, self.want, book, free=True)
        if text is None or self.fits(text):
            return BROKEN if text is None else text
        book.wrong(node.place, f"`{text}` is not a name", f"write {self.want}")
        return BROKEN

    def fits(self, text: str) -> bool:
        """Say whether `text` has the form of such a name."""
        return bool((_IDENTIFIER if self.dotted else _NAME).match(text))

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": f"^{IDENTIFIER if self.dotted else NAME}$"}


@dataclass(frozen=True, slots=True)
class Refer:
    """A name that must be declared elsewhere in the file; words in `also` stand for themselves."""

    sort: Sort
    want: str
    also: tuple[str, ...] = ()

    def read(self, node: Node, book: Notebook) -> object:
        """Give the name, and note that it must be declared."""
        text = text_of(node, self.want, book)
        if text is None:
            return BROKEN
        if text not in self.also:
            book.refer(self.sort, text, node.place)
        return text

    def schema(self) -> Schema:
        """Describe it."""
        return {"type": "string", "pattern": r"\S"}


@dataclass(frozen=True, slots=True)
class Plainly:
    """A text, a whole number or a truth value, of the types listed; given as it is."""

    want: str
    types: tuple[type, ...]

    def read(self, node: Node, book: Notebook) -> object:
        """Give the value."""
        found = scalar(node, self.want, book)
        if found is None:
            return BROKEN
        if type(found.value) in self.types and found.value != "":
            return found.value
        book.wrong(found.place, f"`{found.text}` stands here", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        names = {str: "string", int: "integer", bool: "boolean"}
        return {"type": [names[one] for one in self.types]}
