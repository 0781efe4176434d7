"""The ladders of alerts: named stages, each so many days from a day of the occurrence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, cast

from duewatch.rules.faults import Data, Faults, Path, remedy
from duewatch.rules.grammar import NONE

Base = Literal["due", "changed"]
_BASES: Final = ("due", "changed")
_TAKEN: Final = ("closed", "moved", "reopened")  # what follows on a message that was sent has these names


@dataclass(frozen=True, slots=True)
class Ladder:
    """Stages in the order in which they are passed.

    Offsets are whole days from `base`: the due day, or the day on which the status changed.
    A stage is passed from the start of its day on; the newest one passed is the stage reached.
    """

    name: str
    base: Base
    stages: Mapping[str, int]


def read_ladders(top: Data, faults: Faults) -> dict[str, Ladder]:
    """Read `ladders: {NAME: {base: due, stages: {lead-14: -14, due: 0}}}`."""
    ladders: dict[str, Ladder] = {}
    for name, body in faults.inner(top, "ladders", (), "the file").items():
        path: Path = ("ladders", name)
        if name == NONE:
            faults.add(path, f"`{NONE}` means no ladder and cannot be the name of one", "give it another name")
        fields = faults.mapping(body, path, "a ladder", ("base", "stages"))
        base = faults.text(fields, "base", path, "the ladder") if fields else ""
        if base and base not in _BASES:
            faults.add((*path, "base"), f"`{base}` is not a day to count from", remedy(base, _BASES))
        ladders[name] = Ladder(name, cast("Base", base), _stages(fields, path, faults))
    return ladders


def _stages(ladder: Data, above: Path, faults: Faults) -> Mapping[str, int]:
    path: Path = (*above, "stages")
    fields = faults.inner(ladder, "stages", above, "the ladder") if ladder else {}
    if isinstance(ladder.get("stages"), Mapping) and not fields:
        faults.add(path, "`stages` is empty", "write at least one, such as `due: 0`")
    stages: dict[str, int] = {}
    for name in fields:
        if name.startswith(_TAKEN):
            faults.add(
                (*path, name), f"`{name}` is a name of messages that follow on others", "name the stage otherwise"
            )
        offset = faults.number(fields, name, path, "the ladder")
        if stages and offset <= max(stages.values()):
            faults.add((*path, name), f"`{name}` does not come after the stage before it", "sort the stages by days")
        stages[name] = offset
    return MappingProxyType(stages)
