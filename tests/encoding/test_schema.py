"""The schema is the parser's own field table: both accept the same files, and both see structural mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from duewatch.engine.encoding.declared import EVENT, INSTRUMENT, PARTY_RECORD, PERIOD
from duewatch.engine.encoding.fields import ENTRY_FIELDS, GROUP_FIELDS, OVERRIDABLE, READING_OWN, SHARED_FIELDS
from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.schema import json_schema
from duewatch.engine.encoding.sections import SECTIONS
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
GOOD = sorted((ROOT / "tests" / "cases" / "good").glob("*.yaml"))
BAD = [
    path
    for path in sorted((ROOT / "tests" / "cases" / "bad").glob("*.yaml"))
    if "# schema: refuses it too\n" in path.read_text("utf-8")
]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema)


def data_of(path: Path) -> object:
    return plain(read(path).root)


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_file_that_editors_read_is_this_schema(schema: dict[str, Any]) -> None:
    written = (ROOT / "docs" / "obligations.schema.json").read_text("utf-8")
    assert json.loads(written) == json.loads(json.dumps(schema)), (
        "write it anew: duewatch schema > docs/obligations.schema.json"
    )


def test_the_encoding_names_it_in_its_first_line() -> None:
    first = (ROOT / "obligations.yaml").read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found
    assert (ROOT / found[1]).is_file()


LATER = sorted((ROOT / "examples").glob("S-RES-*.yaml"))


@pytest.mark.parametrize("path", [*GOOD, *LATER, ROOT / "obligations.yaml"], ids=lambda path: path.stem)
def test_it_accepts_what_the_parser_accepts(path: Path, validator: Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(data_of(path))] == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_it_refuses_structural_mistakes(path: Path, validator: Draft202012Validator) -> None:
    assert not validator.is_valid(data_of(path))


def test_there_are_structural_cases() -> None:
    assert len(BAD) > 15


# ------------------------------------------------------------------ one table
def test_the_properties_are_the_fields_of_the_table(schema: dict[str, Any]) -> None:
    definitions = schema["$defs"]
    names = {field.name for field in ENTRY_FIELDS}
    assert set(schema["properties"]) == {field.name for field in SECTIONS}
    assert {f"field-{name}" for name in names} <= set(definitions)
    assert set(definitions["entry"]["properties"]) == set(definitions["member"]["properties"]) == names
    assert set(definitions["reading"]["properties"]) == {field.name for field in (*READING_OWN, *OVERRIDABLE)}
    assert set(definitions["group"]["properties"]) == {*(field.name for field in GROUP_FIELDS), "shared", "entries"}
    assert set(definitions["group"]["properties"]["shared"]["properties"]) == {field.name for field in SHARED_FIELDS}


@pytest.mark.parametrize(
    ("section", "fields"), [("events", EVENT.fields), ("periods", PERIOD.fields), ("parties", PARTY_RECORD.fields)]
)
def test_a_table_of_declarations_has_its_fields(schema: dict[str, Any], section: str, fields: Any) -> None:
    assert set(schema["properties"][section]["additionalProperties"]["properties"]) == {field.name for field in fields}
    assert set(schema["properties"]["instrument"]["properties"]) == {field.name for field in INSTRUMENT}


def test_no_mapping_of_the_schema_takes_unknown_fields(schema: dict[str, Any]) -> None:
    assert [one for one in mappings(schema) if one.get("additionalProperties", True) is True] == []


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    references = re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema))
    assert set(references) <= set(schema["$defs"])


def test_every_field_of_an_entry_is_explained(schema: dict[str, Any]) -> None:
    assert [field.name for field in ENTRY_FIELDS if not schema["$defs"][f"field-{field.name}"].get("description")] == []


def test_every_shape_of_a_field_says_what_it_wants() -> None:
    fields = (*SECTIONS, *INSTRUMENT, *ENTRY_FIELDS, *READING_OWN, *GROUP_FIELDS, *EVENT.fields, *PERIOD.fields)
    assert [field.name for field in fields if not field.shape.want] == []


def mappings(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from mappings(value)
    elif isinstance(node, list):
        for value in node:
            yield from mappings(value)


def test_each_field_that_is_misspelt_is_refused_by_both(validator: Draft202012Validator) -> None:
    """Where the schema misses a field, or takes one for a stranger, the parser does as well."""
    verbs = load_rules(None).verbs
    data = data_of(ROOT / "tests" / "cases" / "good" / "every-field.yaml")
    refused = 0
    for way in list(ways(data))[::3]:
        damaged = json.loads(json.dumps(data))
        holder = damaged
        for step in way[:-1]:
            holder = holder[step]
        holder["zzz"] = holder.pop(way[-1])
        if not validator.is_valid(damaged):
            refused += 1
            with pytest.raises(BadFile):
                read_instrument(json.dumps(damaged).encode(), verbs, name="damaged.yaml")
    assert refused > 30


def ways(node: object, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*above, key)
            yield from ways(value, (*above, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from ways(value, (*above, number))
