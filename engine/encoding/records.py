"""Mappings of the language: records of named fields, a choice among such records, tables of names.

The same `Field` objects serve the parser, the suggestions for a misspelt field, and the schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from duewatch.engine.encoding.nodes import MappingNode, Node, ScalarNode
from duewatch.engine.encoding.notebook import Notebook, did_you_mean, nearest
from duewatch.engine.encoding.reader import COMMA
from duewatch.engine.encoding.shapes import BROKEN, Name, Schema, Shape, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from duewatch.engine.problems import Place

T = TypeVar("T")
_LIKE, _SURE = 0.6, 0.8  # how like a field a stranger must be; words with a space are rather the end of a text
_MOST_LISTED = 12
QUOTE_WHOLE = "put the whole text in double quotes"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. `says` is its meaning for people (the schema shows it in editors)."""

    name: str
    shape: Shape
    says: str = ""
    required: bool = False
    unless: str = ""  # another field that excuses this one, where it is required
    shared: bool = True  # of an entry: may stand in `shared` of a group
    overridable: bool = False  # of an entry: may stand in a reading or an answer


@dataclass(frozen=True, slots=True)
class Unread:
    """Anything: whoever asks reads the node by himself."""

    want: str

    def read(self, node: Node, _: Notebook) -> object:
        """Give the node."""
        return node

    def schema(self) -> Schema:
        """Describe nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of one mapping as read: values (or BROKEN) with the nodes they were read from."""

    place: Place
    given: dict[str, object] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)

    def get(self, name: str, sort: type[T]) -> T | None:
        """Give the value of a field if it was given, could be read, and is a `sort`."""
        value = self.given.get(name)
        return value if isinstance(value, sort) else None

    def text(self, name: str, default: str = "") -> str:
        """Give a text field, or `default`."""
        return self.get(name, str) or default

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a field that holds a tuple of texts."""
        return tuple(str(value) for value in self.get(name, tuple) or ())

    def flag(self, name: str) -> bool:
        """Give a truth value; false where it is not given."""
        return self.given.get(name) is True

    def has(self, name: str) -> bool:
        """Say whether a field was given, readable or not."""
        return name in self.nodes

    def lacks(self, name: str) -> bool:
        """Say whether a field is missing, and not perhaps one that was misspelt or refused."""
        return name not in self.given

    def broken(self, name: str) -> bool:
        """Say whether a field was given and could not be read, or was misspelt or refused."""
        return self.given.get(name) is BROKEN

    def place_of(self, name: str) -> Place:
        """Give the place of a field's value, or of the whole mapping."""
        return self.nodes[name].place if name in self.nodes else self.place


def read_fields(node: MappingNode, fields: Sequence[Field], book: Notebook, *, others: Collection[str] = ()) -> Values:
    """Read the fields of a mapping; keys in `others` are the caller's business.

    What was misspelt or refused is BROKEN too, so that nobody says that it is missing.
    """
    values = Values(node.place)
    known = {one.name: one for one in fields}
    for key, value in node.entries:
        name = key.text
        if name in known:
            values.nodes[name] = value
            values.keys[name] = key.place
            values.given[name] = known[name].shape.read(value, book)
        elif name not in others:
            meant = _unknown(node, key, value, known, book)
            if meant and meant not in node.keys:
                _take_as_meant(values, known[meant], (key, value), book)
    if node.partial:
        values.given.update((one.name, BROKEN) for one in fields if one.name not in values.given)
    for one in fields:
        if one.required and one.name not in values.given and one.unless not in values.given:
            book.wrong(node.place, f"`{one.name}` is missing", f"add `{one.name}`: {one.shape.want}")
            values.given[one.name] = BROKEN
    return values


def _take_as_meant(values: Values, meant: Field, given: tuple[ScalarNode, Node], book: Notebook) -> None:
    """Read a field that was only just misspelt as what it was meant to be, if its value fits; else it is BROKEN."""
    key, value = given
    attempt = Notebook()
    attempt.adopted = book.adopted
    meant.shape.read(value, attempt)
    if attempt.problems or not nearest(key.text, [meant.name], _SURE):
        values.given[meant.name] = BROKEN
        return
    values.nodes[meant.name], values.keys[meant.name] = value, key.place
    values.given[meant.name] = meant.shape.read(value, book)


def _unknown(node: MappingNode, key: ScalarNode, value: Node, known: Iterable[str], book: Notebook) -> str:
    """Note a key that no field has; give the field that was probably meant."""
    names = list(known)
    is_empty = isinstance(value, ScalarNode) and value.value is None and not value.broken
    first, _, rest = key.text.partition(" ")
    if is_empty and rest and first in names:
        book.wrong(key.place, f"`{key.text}` has no colon", f"write `{first}: {rest}`")
        return first
    meant = nearest(key.text, names, _SURE if node.flow and rest else _LIKE)
    if node.flow and (is_empty or (rest and not meant)):
        book.wrong(key.place, f"{COMMA} (`{key.text}` is read as a field)", QUOTE_WHOLE)
    else:
        book.wrong(key.place, f"unknown field `{key.text}`", did_you_mean(key.text, names, _listed(names)))
    return meant


def _listed(names: list[str]) -> str:
    few = len(names) <= _MOST_LISTED
    return f"the fields here are {', '.join(names)}" if few else "`duewatch schema` lists the fields"


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with certain fields, made into a value by `build` once every required one could be read.

    `always` builds whatever could be read; `may_be_empty` accepts `{}`.
    """

    want: str
    fields: tuple[Field, ...]
    build: Callable[[Values, Notebook], object]
    always: bool = False
    may_be_empty: bool = False

    def read(self, node: Node, book: Notebook) -> object:
        """Give what `build` makes of the fields."""
        if self.may_be_empty and isinstance(node, MappingNode) and not node.entries:
            return self.build(Values(node.place), book)
        mapping = mapping_of(node, self.want, book)
        if mapping is None:
            return BROKEN
        values = read_fields(mapping, self.fields, book)
        if not self.always and any(values.given.get(one.name) is BROKEN for one in self.fields if one.required):
            return BROKEN
        return self.build(values, book)

    def schema(self) -> Schema:
        """Describe it."""
        return record_schema(self.fields)


def record_schema(
    fields: Iterable[Field], *, required: Iterable[str] | None = None, more: dict[str, Schema] | None = None
) -> Schema:
    """Describe a mapping with these fields (and `more` properties) and no others."""
    listed = tuple(fields)
    musts = [one.name for one in listed if one.required and not one.unless] if required is None else list(required)
    excused: dict[str, list[str]] = {}
    for one in listed:
        if one.required and one.unless:
            excused.setdefault(one.unless, []).append(one.name)
    properties = {one.name: {**one.shape.schema(), **({"description": one.says} if one.says else {})} for one in listed}
    found: Schema = {"type": "object", "properties": {**properties, **(more or {})}, "additionalProperties": False}
    if excused:
        found["allOf"] = [{"anyOf": [{"required": names}, {"required": [other]}]} for other, names in excused.items()]
    return {**found, "required": musts} if musts else found


def mapping_of(node: Node, want: str, book: Notebook) -> MappingNode | None:
    """Give the node if it is a mapping; None once it was noted that it is none."""
    if isinstance(node, MappingNode):
        if node.entries or node.partial:
            return node
        book.wrong(node.place, "an empty mapping", f"write {want}, or leave it out")
        return None
    if not isinstance(node, ScalarNode):
        book.wrong(node.place, "a list stands here", f"write {want}")
    elif scalar(node, want, book) is not None:
        book.wrong(node.place, f"`{node.text}` stands here", f"write {want}")
    return None


@dataclass(frozen=True, slots=True)
class Forms:
    """One of several records, told apart by their first field; an earlier form wins over a later one."""

    want: str
    forms: tuple[Record, ...]

    def read(self, node: Node, book: Notebook) -> object:
        """Read by the form whose first field is there."""
        mapping = mapping_of(node, self.want, book)
        if mapping is None:
            return BROKEN
        tags = {form.fields[0].name: form for form in self.forms}
        form = next((form for tag, form in tags.items() if tag in mapping.keys), None)
        if form is None:
            return self._without_form(mapping, tags, book)
        own = {one.name for one in form.fields}
        rivals = [key for key, _ in mapping.entries if key.text in tags and key.text not in own]
        for key in rivals:
            book.wrong(key.place, f"`{key.text}` does not go with `{form.fields[0].name}`", "keep one of them")
        value = form.read(
            replace(mapping, entries=tuple(entry for entry in mapping.entries if entry[0] not in rivals)), book
        )
        return BROKEN if rivals else value

    def _without_form(self, node: MappingNode, tags: dict[str, Record], book: Notebook) -> object:
        known = {one.name for form in self.forms for one in form.fields}
        strangers = [(key, value) for key, value in node.entries if key.text not in known]
        for key, value in strangers:
            _unknown(node, key, value, tags, book)
        if not strangers and not node.partial:
            book.wrong(
                node.place, "it is not said which form this is", f"write one of {', '.join(f'`{tag}`' for tag in tags)}"
            )
        return BROKEN

    def schema(self) -> Schema:
        """Describe it."""
        return {"anyOf": [form.schema() for form in self.forms]}


_NAME = Name()


@dataclass(frozen=True, slots=True)
class TableOf:
    """A mapping of names to values of one shape. Gives a dict that keeps the names of broken values too."""

    want: str
    shape: Shape
    key: Shape = _NAME

    def read(self, node: Node, book: Notebook) -> object:
        """Give name -> value."""
        mapping = mapping_of(node, self.want, book)
        if mapping is None:
            return BROKEN
        found: dict[str, object] = {}
        for key, value in mapping.entries:
            if self.key.read(key, book) is not BROKEN:
                found[key.text] = self.shape.read(value, book)
        return found

    def schema(self) -> Schema:
        """Describe it."""
        return {
            "type": "object",
            "propertyNames": self.key.schema(),
            "additionalProperties": self.shape.schema(),
            "minProperties": 1,
        }


@dataclass(frozen=True, slots=True)
class Named:
    """A shape with a name of its own in the schema; `make` is called late, so that shapes may hold themselves."""

    name: str
    want: str
    make: Callable[[], Shape]

    def read(self, node: Node, book: Notebook) -> object:
        """Read by the shape itself."""
        return self.make().read(node, book)

    def schema(self) -> Schema:
        """Refer to the definition."""
        return {"$ref": f"#/$defs/{self.name}"}
