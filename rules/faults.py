"""Faults: what is wrong in a file of rules, where, and what would be right. Knows no files and no lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

Path = tuple[str | int, ...]
Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `path` leads to it through the plain data: keys and positions (from 0)."""

    path: Path
    wrong: str
    right: str = ""


class Faults:
    """The faults found so far; reading goes on after each, so that all are found in one run."""

    def __init__(self) -> None:
        """Start with none."""
        self.found: list[Fault] = []

    def add(self, path: Path, wrong: str, right: str = "") -> None:
        """Note one fault."""
        self.found.append(Fault(path, wrong, right))

    def mapping(self, data: object, path: Path, what: str, keys: Iterable[str] | None = None) -> Data:
        """Give `data` as a mapping whose keys are among `keys` (None: any); an empty one after a fault."""
        if not isinstance(data, Mapping):
            self.add(path, f"{what} is {said(data)}, not a mapping", "write `name: value` lines")
            return {}
        known = None if keys is None else tuple(keys)
        for key in data:
            if not isinstance(key, str):
                self.add((*path, str(key)), f"the key {said(key)} is not a text", "put it in quotes or rename it")
            elif known is not None and key not in known:
                self.add((*path, key), f"`{key}` is not a field of {what}", remedy(key, known))
        return cast("Data", {key: value for key, value in data.items() if isinstance(key, str)})

    def inner(self, data: Data, key: str, path: Path, what: str, keys: Iterable[str] | None = None) -> Data:
        """Give the mapping under `key`, which must be there; an empty one after a fault."""
        if key not in data:
            self.add(path, f"{what} has no `{key}`", f"add `{key}:`")
            return {}
        return self.mapping(data[key], (*path, key), f"`{key}`", keys)

    def listed(self, data: Data, key: str, path: Path, what: str) -> list[object]:
        """Give the list under `key`, which must be there; an empty one after a fault."""
        if key not in data:
            self.add(path, f"{what} has no `{key}`", f"add `{key}:` with one `- ...` for each")
            return []
        return self.sequence(data[key], (*path, key), f"`{key}`")

    def sequence(self, data: object, path: Path, what: str) -> list[object]:
        """Give `data` as a list with something in it; an empty one after a fault."""
        if not isinstance(data, list | tuple):
            self.add(path, f"{what} is {said(data)}, not a list", "write one `- ...` for each")
            return []
        if not data:
            self.add(path, f"{what} is empty", "write at least one, or leave the key out")
        return list(data)

    def text(self, data: Data, key: str, path: Path, what: str) -> str:
        """Give the text under `key`; an empty one after a fault."""
        if key not in data:
            self.add(path, f"{what} has no `{key}`", f"add `{key}: ...`")
            return ""
        value = data[key]
        if not isinstance(value, str) or not value.strip():
            self.add((*path, key), f"`{key}` is {said(value)}, not a text", f"write a text after `{key}:`")
            return ""
        return value

    def number(self, data: Data, key: str, path: Path, what: str) -> int:
        """Give the whole number under `key`; 0 after a fault."""
        if key not in data:
            self.add(path, f"{what} has no `{key}`", f"add `{key}: ` and a whole number")
            return 0
        value = data[key]
        if not isinstance(value, int) or isinstance(value, bool):
            self.add((*path, key), f"`{key}` is {said(value)}, not a whole number", "write digits only")
            return 0
        return value

    def flag(self, data: Data, key: str, path: Path) -> bool:
        """Give the truth under `key`, false where it is left out."""
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.add((*path, key), f"`{key}` is {said(value)}, not true or false", "write `true` or leave it out")
            return False
        return value


def said(value: object) -> str:
    """Say a value of plain data as people write it."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"`{value}`"


def remedy(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that is nearest to `word`, or list all of them."""
    words = list(known)
    close = get_close_matches(word, words, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return "use one of: " + ", ".join(words) if words else ""
