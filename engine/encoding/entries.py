"""Groups are opened here: entries with everything that they inherit, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from duewatch.engine.encoding import provisions
from duewatch.engine.encoding.fields import ENTRY_FIELDS, GROUP_FIELDS, SHARED_FIELDS
from duewatch.engine.encoding.nodes import MappingNode, Node, ScalarNode, SequenceNode
from duewatch.engine.encoding.records import Field, Unread, mapping_of, read_fields
from duewatch.engine.encoding.shapes import BROKEN, UNSET, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.records import Values
    from duewatch.engine.problems import Place

T = TypeVar("T")
ENTRY_LAYER: Final = 100  # fields of groups have smaller numbers, those of answers and readings greater ones
_LIST: Final = "a list of entries, each beginning with `- id:` or `- under:`"
_OF_GROUPS: Final = ("under", "shared", "entries")
_GROUP: Final = (
    *GROUP_FIELDS,
    Field("shared", Unread("the fields that all entries share")),
    Field("entries", Unread(_LIST), required=True),
)
_ENTRY_NAMES: Final = frozenset(one.name for one in ENTRY_FIELDS)


@dataclass(frozen=True, slots=True)
class Given:
    """A field's value with the node that gave it; of two, the one with the higher `layer` stands."""

    value: object
    node: Node
    origin: str
    layer: int


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an entry, or of an entry under one reading."""

    place: Place
    given: dict[str, Given]

    def get(self, name: str, sort: type[T]) -> T | None:
        """Give a field's value if it was given, could be read, and is a `sort`."""
        found = self.given.get(name)
        return found.value if found is not None and isinstance(found.value, sort) else None

    def text(self, name: str, default: str = "") -> str:
        """Give a text field, or `default`."""
        return self.get(name, str) or default

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a field that holds a tuple of texts."""
        return tuple(str(value) for value in self.get(name, tuple) or ())

    def has(self, name: str) -> bool:
        """Say whether a field stands here, readable or not; `none` un-sets it."""
        return name in self.given and self.given[name].value is not UNSET

    def broken(self, name: str) -> bool:
        """Say whether a field was given and could not be read."""
        return name in self.given and self.given[name].value is BROKEN

    def place_of(self, name: str) -> Place:
        """Give the place of a field's value, or of the entry."""
        return self.given[name].node.place if name in self.given else self.place

    def layer(self, name: str) -> int:
        """Give the layer that a field comes from; -1 where it is not given."""
        return self.given[name].layer if name in self.given else -1

    def over(self, upper: dict[str, Given]) -> Fields:
        """Give these fields with `upper` laid over them."""
        return Fields(self.place, {**self.given, **upper})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file: absolute id (empty where it could not be read) and provision, and its fields."""

    id: str
    place: Place
    groups: tuple[str, ...]
    provision: str
    fields: Fields

    @property
    def label(self) -> str:
        """What to call it in messages."""
        return self.id or self.provision


@dataclass(frozen=True, slots=True)
class _Chapeau:
    """What the groups above an entry give it."""

    id: str = ""
    provision: str = ""
    groups: tuple[str, ...] = ()
    shared: dict[str, Given] = field(default_factory=dict)
    is_known: bool = True  # False: the name of a group could not be read, so no id below it is known

    def full(self, name: str) -> str:
        if not self.is_known:
            return ""
        return f"{self.id}.{name}" if self.id and name else name


def read_entries(node: Node, book: Notebook) -> tuple[Entry, ...]:
    """Read the list of entries and groups, in the order of the file."""
    return tuple(_entries(node, _Chapeau(), book))


def _entries(node: Node, above: _Chapeau, book: Notebook) -> Iterator[Entry]:
    if not isinstance(node, SequenceNode):
        book.has_unread = True
        if isinstance(node, MappingNode) or scalar(node, _LIST, book) is not None:
            what = "a mapping" if isinstance(node, MappingNode) else "a text"
            book.wrong(node.place, f"{what} stands here", f"write {_LIST}")
        return
    if not node.items:
        book.wrong(node.place, "an empty list", f"write {_LIST}")
    for item in node.items:
        mapping = mapping_of(item, "an entry `{id: ..., action: ...}` or a group `{under: ..., entries: [...]}`", book)
        if mapping is None:
            book.has_unread = True
        elif any(key in mapping.keys for key in _OF_GROUPS):
            yield from _group(mapping, above, book)
        else:
            yield _entry(mapping, above, book)


def _group(node: MappingNode, above: _Chapeau, book: Notebook) -> Iterator[Entry]:
    with book.about(above.full(_raw(node, "under"))):
        values = read_fields(node, _GROUP, book, others=_misplaced(node, book))
        inner = _inner(values, above, book)
        shared, entries = values.nodes.get("shared"), values.nodes.get("entries")
        if shared is not None:
            inner = replace(inner, shared={**inner.shared, **_shared(shared, inner, book)})
    if entries is None:
        book.has_unread = True
    else:
        yield from _entries(entries, inner, book)


def _misplaced(node: MappingNode, book: Notebook) -> list[str]:
    """Note fields of entries that stand beside `under` instead of in `shared`."""
    own = {one.name for one in GROUP_FIELDS}
    found = [key for key, _ in node.entries if key.text in _ENTRY_NAMES - own]
    for key in found:
        remedy = "write `under` for a group's name" if key.text == "id" else "put it into `shared`, or into the entries"
        book.wrong(key.place, f"`{key.text}` stands beside the group's own fields", remedy)
    return [key.text for key in found]


def _inner(values: Values, above: _Chapeau, book: Notebook) -> _Chapeau:
    provision = _provision(values, above, book)
    name = above.full(values.text("under"))
    if not name:
        book.has_unread = True
        return replace(above, provision=provision, is_known=False)
    return _Chapeau(name, provision, (*above.groups, name), above.shared)


def _shared(node: Node, inner: _Chapeau, book: Notebook) -> dict[str, Given]:
    mapping = mapping_of(node, "the fields that all entries share", book)
    if mapping is None:
        return {}
    values = read_fields(mapping, SHARED_FIELDS, book)
    return _given(values, mapping, f"shared of {inner.id}", len(inner.groups))


def _given(values: Values, node: Node, origin: str, layer: int) -> dict[str, Given]:
    return {name: Given(value, values.nodes.get(name, node), origin, layer) for name, value in values.given.items()}


def _entry(node: MappingNode, above: _Chapeau, book: Notebook) -> Entry:
    with book.about(above.full(_raw(node, "id")) or _raw(node, "provision")):
        values = read_fields(node, ENTRY_FIELDS, book)
        name = values.text("id")
        if above.id and (name == above.id or name.startswith(f"{above.id}.")):
            book.wrong(
                values.place_of("id"), f"`{name}` repeats the group's name", "leave out what the group already gives"
            )
        provision = _provision(values, above, book)
        if not provision and values.lacks("provision"):
            book.wrong(node.place, "`provision` is missing", 'add `provision`: a provision such as "Art 30(a)"')
    fields = {**above.shared, **_given(values, node, "entry", ENTRY_LAYER)}
    book.has_unread = book.has_unread or not above.full(name)
    return Entry(above.full(name), node.place, above.groups, provision, Fields(node.place, fields))


def _provision(values: Values, above: _Chapeau, book: Notebook) -> str:
    own = values.text("provision")
    first, outer = provisions.parts(own)[:1], provisions.parts(above.provision)
    if own.count("(") != own.count(")") or (own and not first):
        book.wrong(values.place_of("provision"), f"`{own}` has a bracket that is not closed", "close it")
    elif first and first == outer[:1] and not provisions.at_or_under(own, above.provision):
        book.wrong(
            values.place_of("provision"),
            f"`{own}` does not lie under the group's `{above.provision}`",
            "write what follows the group's provision, or move the entry",
        )
    return provisions.join(above.provision, own)


def _raw(node: MappingNode, name: str) -> str:
    """The text of a field before anything is checked: for messages only."""
    found = node.get(name)
    return found.text.strip() if isinstance(found, ScalarNode) and found.value is not None else ""
