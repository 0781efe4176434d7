"""No id means anything to the house: with every id and party of an encoding renamed, only the names differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tests.judgement.conftest import World

OBLIGATIONS = Path(__file__).parents[2] / "obligations.yaml"
DAYS = ("2021-07-16", "2021-10-03", "2022-03-20", "2022-07-01")


def names_in(entries: list[dict[str, Any]], above: tuple[str, ...] = ()) -> dict[str, str]:
    """Every id and group of a list of entries in full, with its new name."""
    found: dict[str, str] = {}
    for entry in entries:
        path = (*above, entry.get("under") or entry["id"])
        found[".".join(path)] = ".".join(f"z{part}" for part in path)
        found |= names_in(entry.get("entries", []), path)
    return found


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A copy in which every scalar that is a name is renamed, and so are ids, groups and parties."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return names.get(value, value) if isinstance(value, str) else value
    copy = {key: renamed(item, names) for key, item in value.items()}
    for own in ("id", "under"):
        if own in value:
            copy[own] = f"z{value[own]}"
    if "obligations" in value:  # the top of the file
        copy["parties"] = {f"z{name}": renamed(item, names) for name, item in value["parties"].items()}
    return copy


def test_renaming_every_id_and_party_changes_nothing_but_the_names(world: Callable[..., World]) -> None:
    text = OBLIGATIONS.read_text(encoding="utf-8")
    tree = yaml.safe_load(text)
    names = names_in(tree["obligations"]) | {name: f"z{name}" for name in tree["parties"]}
    first, second = world(text), world(yaml.safe_dump(renamed(tree, names), sort_keys=False, allow_unicode=True))
    for here, prefix in ((first, ""), (second, "z")):
        here.deliver(f"{prefix}op04.{prefix}b2.sequencing", dated=date(2022, 6, 1), symbol="R/1")
        here.record("measure", f"{prefix}op18.{prefix}military", value="13300", on=date(2021, 8, 1))
        here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    for day in DAYS:
        old, new = first.ask(day), second.ask(day)
        assert [(item.status, item.due, item.says, item.provision) for item in old.values()] == [
            (item.status, item.due, item.says, item.provision) for item in new.values()
        ]
        assert len(old) > 80
