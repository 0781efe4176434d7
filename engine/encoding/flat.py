"""An entry written out flat: each field with its value as text, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.fields import ENTRY_FIELDS

if TYPE_CHECKING:
    from duewatch.engine.words import Obligation

_PLACES: Final = {one.name: place for place, one in enumerate(ENTRY_FIELDS)}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of an entry. `origin`: `entry`, `shared of GROUP`, `group GROUP`, `default` or `verbs TABLE`."""

    field: str
    text: str
    origin: str


def flat(obligation: Obligation) -> tuple[Line, ...]:
    """Give the fields of an entry in the order of the field table, those that hold without being written included."""
    names = sorted(obligation.flat, key=lambda name: _PLACES[name])
    return tuple(Line(name, as_text(obligation.flat[name]), obligation.origins[name]) for name in names)


def as_text(value: object) -> str:
    """Write plain data on one line, as YAML would have it inside braces."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {as_text(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_text(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else " ".join(str(value).split())
