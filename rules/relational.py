"""Rules as SQL: the signature of every row at once, and the days on which it can turn.

Columns come in by the names of the fields; null means what it means to the interpreter: it
satisfies only `absent`. Works on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import add
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, and_, case, literal, or_

from duewatch.rules.conditions import Atom, FieldRef, Operator
from duewatch.rules.fields import DAY, moves
from duewatch.rules.grammar import GUARDS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from duewatch.rules.fields import Fields
    from duewatch.rules.grammar import Mask, Ruleset

    Columns = Mapping[str, ColumnElement[object]]

# A moving value meets a number on one day. The answer changes on that day or on the next: for a
# rising value, then for a falling one.
_SHIFTS: Final[Mapping[Operator, tuple[tuple[int, ...], tuple[int, ...]]]] = {
    "is": ((0, 1), (0, 1)),
    "in": ((0, 1), (0, 1)),
    "at_least": ((0,), (1,)),
    "below": ((0,), (1,)),
    "above": ((1,), (0,)),
    "at_most": ((1,), (0,)),
}
_COMPARED: Final[Mapping[Operator, Callable[[ColumnElement[object], object], ColumnElement[bool]]]] = {
    "is": lambda left, right: left == right,
    "below": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
    "above": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
}
_FLIPPED: Final[Mapping[Operator, Operator]] = {
    "below": "above",
    "above": "below",
    "at_most": "at_least",
    "at_least": "at_most",
}


def signature(ruleset: Ruleset, columns: Columns) -> ColumnElement[int]:
    """Give the signature of a row, as `Ruleset.signature_of` computes it."""
    bits = [
        case((predicate(atom, columns), literal(1 << place, BigInteger)), else_=literal(0, BigInteger))
        for place, atom in enumerate(ruleset.atoms)
    ]
    total = reduce(add, bits) if bits else literal(0, BigInteger)
    if not ruleset.masks:
        return total
    return total.bitwise_and(_mask(ruleset, columns))


def predicate(atom: Atom, columns: Columns) -> ColumnElement[bool]:
    """Whether one atom holds; unknown (null) where a value is unknown, which no CASE takes for true."""
    column = columns[atom.field]
    argument = atom.argument
    if atom.operator == "absent":
        return column.is_(None)
    if isinstance(argument, tuple):
        return column.in_(argument)
    other = columns[argument.name] if isinstance(argument, FieldRef) else argument
    return _COMPARED[atom.operator](column, other)


def _mask(ruleset: Ruleset, columns: Columns) -> ColumnElement[int]:
    """Give the bits that matter for the row's kind and modality; all of them where those are strangers."""
    ways = [(_concerns(mask, columns), literal(mask.bits, BigInteger)) for mask in ruleset.masks]
    return case(*ways, else_=literal((1 << len(ruleset.atoms)) - 1, BigInteger))


def _concerns(mask: Mask, columns: Columns) -> ColumnElement[bool]:
    kind, modality = (columns[name] for name in GUARDS)
    kinds: dict[tuple[str, ...], list[str]] = {}
    for one in dict.fromkeys(kind for kind, _ in mask.pairs):
        kinds.setdefault(tuple(m for k, m in mask.pairs if k == one), []).append(one)
    return or_(*(and_(kind.in_(some), modality.in_(modalities)) for modalities, some in kinds.items()))


def turning_days(ruleset: Ruleset, columns: Columns, day: ColumnElement[int]) -> list[ColumnElement[int]]:
    """Give the days on which an atom may turn by time alone: one expression each, null where there is none.

    Some of them lie before `day`, the day asked about. Only fields that move with the day turn
    by themselves; clock times, future facts and new dates are the caller's business.
    """
    everything: dict[str, ColumnElement[Any]] = {**columns, DAY: day}
    turns = {turn for atom in ruleset.atoms for turn in _turns(atom, ruleset.fields)}
    return [turn.expression(everything) for turn in sorted(turns, key=repr)]


@dataclass(frozen=True, slots=True)
class _Turn:
    """The day `base + slope * number + shift`; without a base, number + shift is itself a day."""

    base: str | None
    slope: int
    number: int | str  # a number, or the field that holds it
    shift: int

    def expression(self, columns: Mapping[str, ColumnElement[Any]]) -> ColumnElement[int]:
        number = columns[self.number] if isinstance(self.number, str) else literal(self.number)
        meeting: ColumnElement[int] = number if self.base is None else columns[self.base] + self.slope * number
        return meeting + self.shift


def _turns(atom: Atom, fields: Fields) -> Iterator[_Turn]:
    """Give the days on which one atom may turn."""
    moving, operator, numbers = fields[atom.field], atom.operator, _numbers(atom)
    if isinstance(atom.argument, FieldRef) and moves(fields[atom.argument.name]):
        moving, numbers = fields[atom.argument.name], (atom.field,)
        operator = _FLIPPED.get(operator, operator)
    if not moves(moving):
        return
    rising = moving.slope >= 0
    for number, shift in product(numbers, _SHIFTS[operator][0 if rising else 1] if numbers else ()):
        yield _Turn(moving.base, moving.slope, number, shift)
    if moving.after_base:
        yield _Turn(moving.base, moving.slope, 0, 1)


def _numbers(atom: Atom) -> tuple[int | str, ...]:
    """Say what the field is compared with: constants, or the name of a field."""
    if isinstance(atom.argument, FieldRef):
        return (atom.argument.name,)
    if isinstance(atom.argument, tuple):
        return atom.argument
    return () if atom.argument is None else (atom.argument,)
