"""Shapes made of other shapes: an un-settable field, a list, a choice by the form of the node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.encoding.nodes import MappingNode, ScalarNode, SequenceNode
from duewatch.engine.encoding.shapes import BROKEN, UNSET, Schema, Shape, scalar

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.encoding.notebook import Notebook


@dataclass(frozen=True, slots=True)
class OrNone:
    """Another shape, or the word `none`, which un-sets the field."""

    shape: Shape

    @property
    def want(self) -> str:
        """The other shape's wish."""
        return f"{self.shape.want}, or none"

    def read(self, node: Node, book: Notebook) -> object:
        """Give the value, or UNSET."""
        if isinstance(node, ScalarNode) and node.value == "none" and not node.quoted:
            return UNSET
        return self.shape.read(node, book)

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [{"const": "none"}, self.shape.schema()]}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of one thing; with `single` one such thing may also stand alone. Gives a tuple."""

    shape: Shape
    single: bool = False
    exactly: int | None = None

    @property
    def want(self) -> str:
        """The wish, for people."""
        many = (
            f"a list of {self.exactly}, each {self.shape.want}"
            if self.exactly
            else f"a list, each item {self.shape.want}"
        )
        return f"{self.shape.want}, or a list of several" if self.single else many

    def read(self, node: Node, book: Notebook) -> object:
        """Give the items that can be read; BROKEN where none can."""
        if self.single and not isinstance(node, SequenceNode):
            value = self.shape.read(node, book)
            return BROKEN if value is BROKEN else (value,)
        if not isinstance(node, SequenceNode):
            return self._refuse(node, book)
        if not node.items or (self.exactly is not None and len(node.items) != self.exactly):
            wrong = f"a list of {len(node.items)}" if node.items else "an empty list"
            book.wrong(node.place, wrong, f"write {self.want}, or leave the field out")
            return BROKEN
        values = [self.shape.read(item, book) for item in node.items]
        good = tuple(value for value in values if value is not BROKEN)
        return good or BROKEN

    def _refuse(self, node: Node, book: Notebook) -> object:
        if isinstance(node, MappingNode) or scalar(node, self.want, book) is not None:
            what = "a mapping" if isinstance(node, MappingNode) else "a single value"
            book.wrong(node.place, f"{what} stands where a list should be", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        item = self.shape.schema()
        many: Schema = {"type": "array", "items": item, "minItems": self.exactly or 1}
        if self.exactly is not None:
            many["maxItems"] = self.exactly
        return {"anyOf": [item, many]} if self.single else many


@dataclass(frozen=True, slots=True)
class Either:
    """A scalar of one shape, or a mapping of another; `lists` is for list values."""

    want: str
    scalars: Shape | None = None
    mappings: Shape | None = None
    lists: Shape | None = None

    def read(self, node: Node, book: Notebook) -> object:
        """Read by the shape that the node's form asks for."""
        if isinstance(node, MappingNode):
            shape = self.mappings
        elif isinstance(node, SequenceNode):
            shape = self.lists
        else:
            shape = self.scalars
        if shape is not None:
            return shape.read(node, book)
        if not isinstance(node, ScalarNode) or scalar(node, self.want, book) is not None:
            what = {MappingNode: "a mapping", SequenceNode: "a list"}.get(type(node), f"`{getattr(node, 'text', '')}`")
            book.wrong(node.place, f"{what} stands here", f"write {self.want}")
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [shape.schema() for shape in (self.scalars, self.mappings, self.lists) if shape is not None]}
