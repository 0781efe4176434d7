"""Reads conditions from plain data, typed by the fields that they may look at.

    when: {discharged_on: present, days_late: {above: 0}}
    when: {any: [{working_left: {below: 0}}, {days_left: {at_most: {field: lead}}}], not: {modality: task}}

Every part of a mapping must hold. One way of saying a thing leads to one atom: `present` is
"not absent", 0 of a flag that is never null is "not 1", a list of one word is that word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duewatch.rules.conditions import ALWAYS, ORDERING, All, Any, Atom, Atomic, Condition, FieldRef, Not, Operator
from duewatch.rules.faults import Data, Faults, Path, remedy, said
from duewatch.rules.fields import Field, Fields, moves

CONNECTIVES: Final = ("all", "any", "not")
_OPERATORS: Final = ("is", "in", *ORDERING)


class ConditionReader:
    """Reads conditions over `fields`, and notes what is wrong with them in `faults`."""

    def __init__(self, fields: Fields, faults: Faults) -> None:
        """Remember what may be looked at, and where faults are collected."""
        self.fields = fields
        self.faults = faults

    def read(self, data: object, path: Path) -> Condition:
        """Give the condition that `data` says; a harmless one in place of each faulty part."""
        mapping = self.faults.mapping(data, path, "a condition")
        if isinstance(data, Mapping) and not data:
            self.faults.add(path, "the condition is empty", "leave `when` out where nothing is asked")
        return _all([self._entry(key, value, (*path, key)) for key, value in mapping.items()])

    def _entry(self, key: str, value: object, path: Path) -> Condition:
        if key == "not":
            return Not(self.read(value, path))
        if key in CONNECTIVES:
            parts = self.faults.sequence(value, path, f"`{key}`")
            read = tuple(self.read(part, (*path, number)) for number, part in enumerate(parts))
            return All(read) if key == "all" or not read else Any(read)
        if key not in self.fields:
            self.faults.add(path, f"`{key}` is not a field of a situation", remedy(key, [*self.fields, *CONNECTIVES]))
            return ALWAYS
        return self._test(self.fields[key], value, path)

    def _test(self, field: Field, value: object, path: Path) -> Condition:
        if value in ("present", "absent") and value not in (field.values or ()):
            return self._presence(field, absent=value == "absent", path=path)
        if isinstance(value, list | tuple):
            return self._compared(field, "in", value, path)
        if isinstance(value, Mapping):
            tests = self.faults.mapping(value, path, f"the test of `{field.name}`", _OPERATORS)
            if not value:
                self.faults.add(path, f"the test of `{field.name}` is empty", "write `{at_most: 3}` or the like")
            return _all(
                [
                    self._compared(field, operator, tests[operator], (*path, operator))
                    for operator in _OPERATORS
                    if operator in tests
                ]
            )
        return self._compared(field, "is", value, path)

    def _presence(self, field: Field, *, absent: bool, path: Path) -> Condition:
        if not field.nullable:
            never = "absent" if absent else "anything but present"
            self.faults.add(path, f"`{field.name}` is never {never}", "leave the test out")
        atom = Atomic(Atom(field.name, "absent"))
        return atom if absent else Not(atom)

    def _compared(self, field: Field, operator: Operator, value: object, path: Path) -> Condition:
        if operator in ORDERING and field.type in ("word", "flag"):
            wrong = f"`{operator}` compares numbers, and `{field.name}` is a {field.type}"
            self.faults.add(path, wrong, "use `is` or a list")
            return ALWAYS
        if operator == "in":
            return self._among(field, value, path)
        if isinstance(value, Mapping):
            return self._reference(field, operator, value, path)
        constant = self._constant(field, value, path)
        return ALWAYS if constant is None else _flagged(field, operator, constant)

    def _among(self, field: Field, value: object, path: Path) -> Condition:
        parts = self.faults.sequence(value, path, f"the list of `{field.name}`")
        read = [self._constant(field, part, (*path, number)) for number, part in enumerate(parts)]
        known = [constant for constant in read if constant is not None]
        for number, constant in enumerate(read):
            if constant is not None and constant in read[:number]:
                self.faults.add((*path, number), f"`{constant}` is given twice", "keep one")
        if len(known) == 1:
            return _flagged(field, "is", known[0])
        return Atomic(Atom(field.name, "in", tuple(sorted(known, key=str)))) if known else ALWAYS

    def _reference(self, field: Field, operator: Operator, value: Data, path: Path) -> Condition:
        data = self.faults.mapping(value, path, "an argument", ("field",))
        name = self.faults.text(data, "field", path, "the argument")
        other = self.fields.get(name)
        if name and other is None:
            self.faults.add((*path, "field"), f"`{name}` is not a field of a situation", remedy(name, self.fields))
        elif other is not None and (other.type != field.type or field.type in ("word", "flag")):
            wrong = f"`{field.name}` is a {field.type} and `{name}` a {other.type}: they cannot be compared"
            self.faults.add((*path, "field"), wrong, "compare a number with a number, a day with a day")
        elif other is not None and moves(field) and moves(other):
            wrong = f"`{field.name}` and `{name}` both change from day to day: when they meet is not known in advance"
            self.faults.add((*path, "field"), wrong, "compare with a field that stays the same, such as `lead`")
        elif other is not None:
            return Atomic(Atom(field.name, operator, FieldRef(name)))
        return ALWAYS

    def _constant(self, field: Field, value: object, path: Path) -> int | str | None:
        """Give the value that a field can have, or None after a fault."""
        if field.type == "flag" and value in (0, 1) and isinstance(value, int):
            return int(value)
        if field.type == "number" and isinstance(value, int) and not isinstance(value, bool):
            return value
        if field.type == "word" and isinstance(value, str):
            return self._word(field, value, path)
        self.faults.add(path, *_mistyped(field, value))
        return None

    def _word(self, field: Field, value: str, path: Path) -> str | None:
        if field.values is None or value in field.values:
            return value
        self.faults.add(path, f"`{field.name}` is never `{value}`", remedy(value, field.values))
        return None


def _mistyped(field: Field, value: object) -> tuple[str, str]:
    right = {
        "flag": "write 0 or 1",
        "number": "write a whole number",
        "word": "write a word",
        "day": "a rule names no day: write `present`, `absent`, or compare it with `{field: ...}`",
    }[field.type]
    return f"`{field.name}` is a {field.type} and cannot be {said(value)}", right


def _all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _flagged(field: Field, operator: Operator, constant: int | str) -> Condition:
    if field.type == "flag" and not field.nullable and constant == 0:
        return Not(Atomic(Atom(field.name, operator, 1)))
    return Atomic(Atom(field.name, operator, constant))
