"""How a norm is told: the heading over it, and who is asked or bound by which verb. By strength."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from duewatch.rules.templates import check_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duewatch.rules.faults import Data, Faults

OTHERWISE: Final = "else"  # for every strength that is not named
_NAMES: Final = ("verb", "bearer", "action")  # what a gap may name
_KEYS: Final = ("heading", "sentence", "quoted", "act", "refrain")


@dataclass(frozen=True, slots=True)
class Telling:
    """The words for norms of one strength; all but the heading have gaps."""

    heading: str
    sentence: str  # who, by which verb
    quoted: str  # the same where the verb stands in quotation marks
    act: str  # what is to be done
    refrain: str  # the same of a prohibition


def read_tellings(top: Data, strengths: Iterable[str], faults: Faults) -> Mapping[str, Telling]:
    """Read `norms: {else: {heading: ..., sentence: ...}, STRENGTH: {...}}`; `else` must be there."""
    names = tuple(strengths)
    data = faults.inner(top, "norms", (), "the file", (OTHERWISE, *names) if names else None)
    if data and OTHERWISE not in data:
        faults.add(("norms",), f"`norms` has no `{OTHERWISE}`", f"add `{OTHERWISE}:`, for strengths that are not named")
    found = {}
    for name in data:
        own = faults.inner(data, name, ("norms",), "`norms`", _KEYS)
        texts = {key: faults.text(own, key, ("norms", name), f"`{name}`") for key in _KEYS if own}
        for key, text in texts.items():
            check_template(text, {}, () if key == "heading" else _NAMES, ("norms", name, key), faults)
        if own:
            found[name] = Telling(**texts)
    return MappingProxyType(found)
