"""A YAML file as a tree of nodes with places. Knows no field of any language.

Keys are unique texts; scalars are typed already (see `scalars.py`). A scalar with
`broken` set was complained about where it was read: whoever meets it says nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duewatch.engine.problems import Place, Problem

Plain = str | int | bool | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One text, whole number, truth value or nothing."""

    place: Place
    value: Plain
    text: str  # as written
    quoted: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with their values, in the order of the file.

    `flow` = written inside `{...}`; `partial` = a key was refused and left out, so nothing is said to be missing.
    """

    place: Place
    entries: tuple[tuple[ScalarNode, Node], ...]
    flow: bool = False
    partial: bool = False

    def get(self, key: str) -> Node | None:
        """Give the value under `key`."""
        return next((value for name, value in self.entries if name.text == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys as texts."""
        return tuple(name.text for name, _ in self.entries)


Node = ScalarNode | SequenceNode | MappingNode


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its tree, its bytes, and what is wrong with it as YAML."""

    name: str
    root: Node
    problems: tuple[Problem, ...]
    content: bytes


def plain(node: Node) -> object:
    """Give the tree as plain Python data: dict, list, str, int, bool, None."""
    if isinstance(node, MappingNode):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return node.value


def locate(node: Node, path: Sequence[str | int]) -> Place:
    """Give the place that `path` (keys and list positions from `node`) leads to, as far as it can be followed.

    A path that ends in a key gives the place of the key; a key that is missing gives that of its mapping.
    """
    place = node.place
    for step in path:
        found = _step(node, step)
        if found is None:
            return place
        place, node = found
    return place


def _step(node: Node, step: str | int) -> tuple[Place, Node] | None:
    if isinstance(node, MappingNode):
        return next(((key.place, value) for key, value in node.entries if key.text == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step].place, node.items[step]
    return None


def places_of(name: str, document: Document) -> list[Place]:
    """Give each place where a name stands in a file as a value, alone or within a text of several words."""
    found = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
    return [one.place for one in _values(document.root) if found.search(one.text)]


def _values(node: Node) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case SequenceNode():
            for item in node.items:
                yield from _values(item)
        case MappingNode():
            for _, value in node.entries:
                yield from _values(value)
