"""The readings under which an entry is evaluated: its own, times the answers of each question that it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.entries import ENTRY_LAYER, Given
from duewatch.engine.encoding.fields import DYNAMIC, OVERRIDABLE
from duewatch.engine.encoding.records import Values
from duewatch.engine.words import Moment, Setting, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duewatch.engine.encoding.declared import Asked
    from duewatch.engine.encoding.entries import Entry, Fields
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.problems import Place

MOST_ARGUABLE: Final = 16  # more is no doubt any more but a text that nobody understands
MOST_READINGS: Final = 256  # noted ones included
ALONE: Final = "default"  # the name where there is no doubt
READING_LAYER: Final = 2 * ENTRY_LAYER
_OVERRIDABLE: Final = frozenset(one.name for one in OVERRIDABLE)


@dataclass(frozen=True, slots=True)
class Part:
    """One reading of the entry's own, or one answer of a question."""

    name: str
    values: Values
    is_own: bool  # the entry's reading, not an answer

    @property
    def is_default(self) -> bool:
        """Whether it is the one that is followed."""
        return self.values.flag("default")

    @property
    def is_noted(self) -> bool:
        """Whether it is only noted for the record."""
        return self.values.text("standing") == "noted"


@dataclass(frozen=True, slots=True)
class Variant:
    """An entry under one reading: every field after the override."""

    reading: str
    is_default: bool
    standing: Standing
    why: str
    fields: Fields
    settings: tuple[Setting, ...]


def check_parts(place: Place, answers: Mapping[str, object], what: str, book: Notebook) -> None:
    """Note where not exactly one of the readings (or answers) is the default, or the default is only noted."""
    values = {name: value for name, value in answers.items() if isinstance(value, Values)}
    defaults = [name for name, value in values.items() if value.flag("default")]
    uncertain = len(values) < len(answers) or any(value.broken("default") for value in values.values())
    if len(defaults) > 1:
        second = values[defaults[1]].place_of("default")
        book.wrong(
            second,
            f"{len(defaults)} default {what}s: {', '.join(f'`{name}`' for name in defaults)}",
            "keep `default: true` in one",
        )
    elif not defaults and values and not uncertain:
        book.wrong(
            place,
            f"no default {what} among {', '.join(f'`{name}`' for name in values)}",
            "write `default: true` in exactly one",
        )
    for name in defaults:
        if values[name].text("standing") == "noted":
            book.wrong(
                values[name].place_of("standing"), f"the default {what} `{name}` is only noted", "a default is arguable"
            )


def variants(entry: Entry, questions: Mapping[str, Asked], book: Notebook) -> tuple[Variant, ...]:
    """Give the entry under every reading, the default first. Too many of them are noted, and only the default given."""
    doubts = list(_doubts(entry, questions, book))
    arguable = prod(sum(not part.is_noted for part in doubt) or 1 for doubt in doubts)
    total = prod(len(doubt) for doubt in doubts)
    if arguable > MOST_ARGUABLE or total > MOST_READINGS:
        most, count, sort = (
            (MOST_ARGUABLE, arguable, "arguable readings")
            if arguable > MOST_ARGUABLE
            else (MOST_READINGS, total, "readings")
        )
        book.wrong(
            entry.place,
            f"{count} {sort} (its own times the answers of its questions)",
            f"{most} is the most: name fewer questions, or mark some as noted",
        )
        doubts = [[_default_of(doubt)] for doubt in doubts]
    defaults = tuple(_default_of(doubt) for doubt in doubts)
    found = [_variant(entry, parts, book) for parts in product(*doubts)]
    chosen = next(n for n, parts in enumerate(product(*doubts)) if parts == defaults)
    return (replace(found[chosen], is_default=True), *found[:chosen], *found[chosen + 1 :])


def _doubts(entry: Entry, questions: Mapping[str, Asked], book: Notebook) -> Iterator[Sequence[Part]]:
    """The entry's own readings, then the answers of each question, as far as they could be read."""
    own = entry.fields.get("readings", dict)
    if own is not None:
        check_parts(entry.fields.place_of("readings"), own, "reading", book)
    names = entry.fields.texts("questions")
    for name in {name for name in names if names.count(name) > 1}:
        book.wrong(entry.fields.place_of("questions"), f"the question `{name}` is named twice", "keep one")
    asked = [questions[name].answers for name in dict.fromkeys(names) if name in questions]
    for is_own, answers in ((True, own or {}), *((False, answers) for answers in asked)):
        parts = [Part(name, value, is_own) for name, value in answers.items() if isinstance(value, Values)]
        if parts:
            yield parts


def _default_of(doubt: Sequence[Part]) -> Part:
    return next((part for part in doubt if part.is_default), doubt[0])


def _variant(entry: Entry, parts: tuple[Part, ...], book: Notebook) -> Variant:
    fields = entry.fields
    # The entry's own reading has the last word over the answers.
    for layer, part in enumerate(reversed(parts)):
        fields = fields.over(_overrides(part, READING_LAYER + layer))
    return Variant(
        reading="/".join(part.name for part in parts) or ALONE,
        is_default=False,
        standing="noted" if any(part.is_noted for part in parts) else "arguable",
        why=" ".join(_sentence(part.values.text("why")) for part in parts),
        fields=fields,
        settings=_settings(parts, book),
    )


def _overrides(part: Part, layer: int) -> dict[str, Given]:
    values = part.values
    return {
        name: Given(value, values.nodes[name], f"reading {part.name}", layer)
        for name, value in values.given.items()
        if name in _OVERRIDABLE and name in values.nodes
    }


def _settings(parts: tuple[Part, ...], book: Notebook) -> tuple[Setting, ...]:
    """What the parts set; of its own reading and an answer the reading stands, two answers contradict each other."""
    found: dict[str, Setting] = {}
    own = {target for part in parts if part.is_own for target in part.values.get("sets", dict) or {}}
    for part in parts:
        for target, value in (part.values.get("sets", dict) or {}).items():
            if target in own and not part.is_own:
                continue
            if target in found:
                book.wrong(
                    part.values.place_of("sets"),
                    f"`{target}` is set by two doubts of one entry",
                    "name only one of the questions",
                )
            elif value == DYNAMIC:
                found[target] = Setting(target=target, dynamic=True)
            elif isinstance(value, Moment):
                found[target] = Setting(target=target, moment=value)
    return tuple(found.values())


def _sentence(text: str) -> str:
    """End a reason with a full stop, so that several can stand side by side."""
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
