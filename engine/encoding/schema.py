"""The JSON Schema of an encoding, made from the parser's own field table. For editors; the parser knows more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.deadlines import DEADLINE_FORM
from duewatch.engine.encoding.fields import (
    ENTRY_FIELDS,
    GROUP_FIELDS,
    OVERRIDABLE,
    READING_OWN,
    READING_REF,
    SHARED_FIELDS,
)
from duewatch.engine.encoding.longer import LONGER
from duewatch.engine.encoding.moments import MOMENT
from duewatch.engine.encoding.parts import LIMITS, REFERS
from duewatch.engine.encoding.records import Named, record_schema
from duewatch.engine.encoding.sections import SAYS_SOMETHING, SECTIONS
from duewatch.engine.encoding.terms import TERMS

if TYPE_CHECKING:
    from duewatch.engine.encoding.records import Field
    from duewatch.engine.encoding.shapes import Schema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ALONE: Final = ("id", "provision", "verb", "action")  # what no group can give an entry that stands in none
_STATEMENT: Final[Schema] = {"properties": {"modality": {"const": "statement"}}, "required": ["modality"]}
_OF_DEADLINES: Final = tuple(one.shape for one in (*TERMS, *LONGER) if isinstance(one.shape, Named))
_SHARED_SHAPES: Final = (MOMENT, DEADLINE_FORM, LIMITS, REFERS, READING_REF, *_OF_DEADLINES)


def json_schema() -> Schema:
    """Give the schema (draft 2020-12)."""
    return {
        "$schema": DIALECT,
        "title": "An encoding of an instrument",
        **record_schema(SECTIONS),
        "anyOf": [{"required": [name]} for name in SAYS_SOMETHING],
        "$defs": {
            "group": _group(),
            "entry": {**_fields(ENTRY_FIELDS, _ALONE), "anyOf": [_STATEMENT, {"required": ["kind", "bearer"]}]},
            "member": _fields(ENTRY_FIELDS, ("id",)),
            **{shape.name: shape.make().schema() for shape in _SHARED_SHAPES},
            READING_REF.name: record_schema(READING_OWN, more=_references(OVERRIDABLE)),
            **{_name(field): {**field.shape.schema(), "description": field.says} for field in ENTRY_FIELDS},
        },
    }


def _group() -> Schema:
    """What a group holds; its entries may leave to it what entries that stand alone must say."""
    either = [{"$ref": "#/$defs/group"}, {"$ref": "#/$defs/member"}]
    return record_schema(
        GROUP_FIELDS,
        required=("under", "entries"),
        more={
            "shared": {**_fields(SHARED_FIELDS, ()), "minProperties": 1},
            "entries": {"type": "array", "minItems": 1, "items": {"anyOf": either}},
        },
    )


def _fields(fields: tuple[Field, ...], required: tuple[str, ...]) -> Schema:
    return record_schema((), required=required, more=_references(fields))


def _references(fields: tuple[Field, ...]) -> dict[str, Schema]:
    """A field of entries is defined once, and referred to wherever it may stand."""
    return {field.name: {"$ref": f"#/$defs/{_name(field)}"} for field in fields}


def _name(field: Field) -> str:
    return f"field-{field.name}"
