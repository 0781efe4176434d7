"""The statuses that a file of rules declares: class, group, urgency."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from duewatch.rules.faults import Data, Faults, Path, remedy
from duewatch.rules.grammar import Outcome

# Two statuses have a meaning of their own: readings that disagree, and what a reading does not know.
CONTESTED: Final = "contested"
ABSENT: Final = "absent"
GROUPS: Final = ("late", "soon", "later", "done", "standing", "cannot-say", "asleep", "closed", "hidden")
CLASSES: Final = (
    *("pending", "undone", "done", "standing", "unseen", "undated", "awake", "asleep", "closed"),
    *(ABSENT, CONTESTED),
)
_KEYS: Final = ("class", "group", "undone", "urgency", "computed")


def read_outcomes(top: Data, faults: Faults) -> Mapping[str, Outcome]:
    """Read `statuses: {NAME: {class: pending, group: soon, urgency: 3}}`; no two urgencies are the same."""
    outcomes = {
        name: _outcome(name, body, ("statuses", name), faults)
        for name, body in faults.inner(top, "statuses", (), "the file").items()
    }
    by_urgency: dict[int, str] = {}
    for outcome in outcomes.values():
        if by_urgency.setdefault(outcome.urgency, outcome.name) != outcome.name:
            wrong = f"`{outcome.name}` is as urgent as `{by_urgency[outcome.urgency]}`"
            faults.add(("statuses", outcome.name, "urgency"), wrong, "give each status a number of its own")
    for needed in (CONTESTED, ABSENT):
        if needed not in outcomes:
            faults.add(("statuses",), f"the status `{needed}` is not declared", f"add `{needed}: ...`")
    return MappingProxyType(outcomes)


def _outcome(name: str, body: object, path: Path, faults: Faults) -> Outcome:
    data = faults.mapping(body, path, "a status", _KEYS)
    group = faults.text(data, "group", path, "the status")
    if group and group not in GROUPS:
        faults.add((*path, "group"), f"`{group}` is not a group", remedy(group, GROUPS))
    class_ = faults.text(data, "class", path, "the status")
    if class_ and class_ not in CLASSES:
        faults.add((*path, "class"), f"`{class_}` is not a class", remedy(class_, CLASSES))
    return Outcome(
        name=name,
        class_=class_,
        group=group,
        urgency=faults.number(data, "urgency", path, "the status"),
        undone=faults.flag(data, "undone", path),
        computed=faults.flag(data, "computed", path),
    )
