"""What an earlier encoding lends a new one beside its entries: parties, events, periods, what is set aside, its head.

A day is kept only where the paragraph that prints it is the same; else it is unknown until somebody says it. Provisions
get the numbers of the new text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.likening import flow
from duewatch.engine.encoding.provisions import paragraph
from duewatch.engine.encoding.quotations import mapping, sequence
from duewatch.engine.encoding.source_text import parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.encoding.likening import Likeness
    from duewatch.engine.encoding.outline import Parts

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLACES: Final = ("provision", "defined-in")
_HEAD: Final = ("zone", "regime", "calendar", "unsettled", "counts-by", "topics")


def sections_of(likeness: Likeness, word: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Give the earlier parties, events and periods as YAML, and what is to decide of them."""
    tree, same = likeness.earlier.tree, {parts_of(one.provision) for one in likeness.same.values()}
    todo, events, periods = list[str](), dict[str, object](), dict[str, object]()
    for name, value in mapping(tree.get("events")).items():
        one = dict(mapping(value))
        if _is_dated(one.get("date")) and not _printed(one, same):
            todo.append(f"events.{name}: on which day? Earlier it was {one['date']}")
            one = {"date": "unknown", "why": f"earlier it was {one['date']}; to be said for this text"}
        events[name] = _placed(one, likeness, word)
    for name, value in mapping(tree.get("periods")).items():
        one = dict(mapping(value))
        for end in ("from", "until"):
            if _is_dated(one.get(end)) and not _printed(one, same):
                todo.append(f"periods.{name}: {end} which day? Earlier it was {one[end]}")
                why = f"earlier it was {one[end]}; to be said for this text"
                events[f"{name}-{end}"] = {"date": "unknown", "why": why}
                one[end] = f"{name}-{end}"
        periods[name] = _placed(one, likeness, word)
    parties = {
        name: _placed(mapping(one), likeness, word) if isinstance(one, dict) else one
        for name, one in mapping(tree.get("parties")).items()
    }
    every = {"periods": periods, "events": events, "parties": parties}
    return {name: {key: flow(one) for key, one in listed.items()} for name, listed in every.items() if listed}, todo


def head_of_earlier(likeness: Likeness) -> dict[str, str]:
    """Give what the earlier head says of how time is counted, as YAML: `check` of kept entries hangs on it."""
    head = mapping(likeness.earlier.tree.get("instrument"))
    return {name: flow(head[name]) for name in _HEAD if name in head}


def set_aside(likeness: Likeness, word: str) -> list[str]:
    """Give what was set aside of the paragraphs that are the same, as YAML, under their numbers in the new text."""
    same = {one.provision for one in likeness.same.values()}
    listed = (mapping(one) for one in sequence(likeness.earlier.tree.get("set-aside")))
    return [flow(_placed(one, likeness, word)) for one in listed if paragraph(str(one.get("provision"))) in same]


def _placed(one: Mapping[str, object], likeness: Likeness, word: str) -> dict[str, object]:
    """Give a declaration with its provisions as the new text numbers them; one that is gone is left out."""
    places = {name: likeness.place_of(str(one[name]), word) for name in _PLACES if name in one}
    return {name: places.get(name, value) for name, value in one.items() if places.get(name, name)}


def _is_dated(value: object) -> bool:
    return isinstance(value, str) and bool(_ISO.fullmatch(value))


def _printed(one: Mapping[str, object], same: set[Parts]) -> bool:
    return parts_of(paragraph(str(one.get("provision", "")))) in same if one.get("provision") else False
