"""Conditions over the fields of a situation: their shape, their truth, their words.

A condition is a tree of `All`, `Any`, `Not` and `Atomic`, which holds one *atom*, such as
"days_left at_most lead"; every atom is a plain yes or no of one situation. Null satisfies
only `absent`, so "not below 0" is also true of what is not known. How a condition is read
from a file stands in `readings.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, Literal, assert_never

from duewatch.rules.fields import FIELDS

Operator = Literal["is", "in", "below", "at_most", "above", "at_least", "absent"]
ORDERING: Final[tuple[Operator, ...]] = ("below", "at_most", "above", "at_least")


@dataclass(frozen=True, slots=True)
class FieldRef:
    """An argument that is another field of the same situation."""

    name: str


Argument = int | str | tuple[int | str, ...] | FieldRef | None


@dataclass(frozen=True, slots=True)
class Atom:
    """One yes-or-no question about a situation: what the database computes, one bit each."""

    field: str
    operator: Operator
    argument: Argument = None

    def holds(self, situation: Mapping[str, object]) -> bool:
        """Whether it is so. Null satisfies only `absent`."""
        value = situation[self.field]
        if self.operator == "absent":
            return value is None
        argument = self.argument
        if isinstance(argument, FieldRef):
            return _compare(value, self.operator, situation[argument.name])
        if isinstance(argument, tuple):
            return value in argument
        return _compare(value, self.operator, argument)

    def fields(self) -> tuple[str, ...]:
        """Give the fields it looks at: one or two."""
        if isinstance(self.argument, FieldRef):
            return (self.field, self.argument.name)
        return (self.field,)

    def __str__(self) -> str:
        """Give it as people read it: "days left at most lead"."""
        return _worded(self, positive=True)


def _compare(value: object, operator: Operator, argument: object) -> bool:
    if value is None or argument is None:
        return False
    if operator == "is":
        return value == argument
    if not isinstance(value, int) or not isinstance(argument, int):
        raise TypeError(f"{value!r} and {argument!r} have no order")
    if operator == "below":
        return value < argument
    if operator == "at_most":
        return value <= argument
    if operator == "above":
        return value > argument
    return value >= argument


@dataclass(frozen=True, slots=True)
class Atomic:
    """An atom that must hold."""

    atom: Atom


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold; without parts it always does."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold; where it looks at something unknown, it does not."""

    part: Condition


Condition = Atomic | All | Any | Not
ALWAYS: Final = All()

# One way for a condition to hold: which atoms are so, and which are not.
Alternative = Mapping[Atom, bool]


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """Give every atom, in the order of the text, repetitions included."""
    match condition:
        case Atomic(atom):
            yield atom
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms_of(part)
        case Not(part):
            yield from atoms_of(part)
        case _:  # pragma: no cover
            assert_never(condition)


def holds(condition: Condition, truth: Callable[[Atom], bool]) -> bool:
    """Interpret it plainly: whether it holds, given the truth of its atoms."""
    match condition:
        case Atomic(atom):
            return truth(atom)
        case All(parts):
            return all(holds(part, truth) for part in parts)
        case Any(parts):
            return any(holds(part, truth) for part in parts)
        case Not(part):
            return not holds(part, truth)
        case _:  # pragma: no cover
            assert_never(condition)


def alternatives(condition: Condition, *, positive: bool = True) -> list[Alternative]:
    """Flatten it: it holds where one of these does, and each is a plain list of tests."""
    match condition:
        case Atomic(atom):
            return [{atom: positive}]
        case Not(part):
            return alternatives(part, positive=not positive)
        case All(parts) | Any(parts):
            flat = [alternatives(part, positive=positive) for part in parts]
            together = isinstance(condition, All) == positive
            return _joined(flat) if together else [one for some in flat for one in some]
        case _:  # pragma: no cover
            assert_never(condition)


def count_ways(condition: Condition, *, positive: bool = True) -> int:
    """Say how many alternatives a condition may come to, without flattening it."""
    match condition:
        case Atomic():
            return 1
        case Not(part):
            return count_ways(part, positive=not positive)
        case All(parts) | Any(parts):
            counts = [count_ways(part, positive=positive) for part in parts]
            return prod(counts) if isinstance(condition, All) == positive else sum(counts)
        case _:  # pragma: no cover
            assert_never(condition)


def _joined(flat: list[list[Alternative]]) -> list[Alternative]:
    """One of each, in every combination that does not contradict itself."""
    joined: list[Alternative] = []
    for combination in product(*flat):
        merged: dict[Atom, bool] = {}
        if all(merged.setdefault(atom, truth) == truth for one in combination for atom, truth in one.items()):
            joined.append(merged)
    return joined


# ------------------------------------------------------------------ in words
_SIGNS: Final[dict[Operator, tuple[str, str]]] = {
    "is": ("is", "is not"),
    "in": ("is", "is not"),
    "below": ("is below", "is not below"),
    "at_most": ("is at most", "is not at most"),
    "above": ("is above", "is not above"),
    "at_least": ("is at least", "is not at least"),
    "absent": ("is not known", "is known"),
}


def in_words(condition: Condition) -> str:
    """Say it as people read it: "kind is limit, and over is 1"; "always" where nothing is asked."""
    return _say(condition, positive=True) or "always"


def _say(condition: Condition, *, positive: bool) -> str:
    match condition:
        case Atomic(atom):
            return _worded(atom, positive=positive)
        case Not(part):
            return _say(part, positive=not positive)
        case All(parts) | Any(parts):
            said = [_say(part, positive=positive) for part in parts]
            together = isinstance(condition, All) == positive
            return ", and ".join(said) if together else "either " + " or ".join(f"({one})" for one in said)
        case _:  # pragma: no cover
            assert_never(condition)


def _worded(atom: Atom, *, positive: bool) -> str:
    if atom.field in FIELDS and FIELDS[atom.field].type == "flag" and atom.operator == "is":
        return _worded_flag(atom, positive=positive)
    sign = _SIGNS[atom.operator][0 if positive else 1]
    return " ".join(part for part in (_spaced(atom.field), sign, _argument(atom.argument)) if part)


def _worded_flag(atom: Atom, *, positive: bool) -> str:
    """Say a flag by its name; "is not no" leaves open that nobody knows."""
    name = _spaced(atom.field)
    if atom.argument == 1:
        return name if positive else f"not {name}"
    return f"{name} is no" if positive else f"{name} is not no"


def _argument(argument: Argument) -> str:
    match argument:
        case None:
            return ""
        case FieldRef(name):
            return _spaced(name)
        case tuple():
            *first, last = (str(one) for one in argument)
            return f"{', '.join(first)} or {last}" if first else last
        case _:
            return str(argument)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
