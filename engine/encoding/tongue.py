"""What the house knows of a language, to compare an encoding with a text: dates, numbers, time words, limiting words.

The lists are data (`rules/phrases/`). All patterns are for text without whitespace and without capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.source_text import squeeze
from duewatch.engine.problems import BadFile, BadInput, Problem
from duewatch.rules import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

_FOLDER: Final = Path(outcomes.__file__).parent / "phrases"
RANKS: Final = ("must", "should", "may")
SORTS: Final = ("time", "limiting")
_GROUP: Final = 3  # figures between two commas of a large number
_GAP: Final = re.compile(r"\{(\w+)\}|(\*)")


@dataclass(frozen=True, slots=True)
class Sought:
    """A phrase that a text is searched for. `goes_on`: its last word may be longer."""

    words: str
    sort: str  # time, limiting
    rank: str  # must, should, may
    pattern: re.Pattern[str]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: `data` is its file, `sought` its phrases, the longest first."""

    data: Mapping[str, object]
    sought: tuple[Sought, ...]

    def day(self, day: date) -> Iterator[str]:
        """Give the patterns of a day as a text prints it."""
        month = self._texts("months")[day.month - 1]
        values = {"day": str(day.day), "month": month, "year": str(day.year)}
        for form in self._texts("days"):
            if "{year}" in form:
                yield _pattern(form, {name: re.escape(value.casefold()) for name, value in values.items()})

    def number(self, number: int) -> str:
        """Give the pattern of a whole number: figures, figures in groups, or a word."""
        words = self._texts("numbers")
        forms = {str(number), f"{number:,}", *words[number - 1 : number][: number > 0]}
        group = r"(?<!\d,)" if len(str(number)) == _GROUP else ""
        either = "|".join(map(re.escape, sorted(forms)))
        return rf"(?<!\d)(?<!\d\.){group}(?:{either})(?!\d|\.\d|,\d{{3}}(?!\d))"

    def share(self, percent: int) -> str:
        """Give the pattern of a whole number of hundredths."""
        return _either(_pattern(form, {"number": self.number(percent)}) for form in self._texts("percent"))

    def span(self, count: int, unit: str) -> str:
        """Give the pattern of a length of time: `three months`, `18-month`."""
        return rf"{self.number(count)}-?{_either(map(re.escape, self._units()[unit]))}"

    def verbs(self, verbs: Iterable[str]) -> re.Pattern[str]:
        """Give the pattern of operative verbs, squeezed, with the words that may stand before them."""
        before = "".join(f"(?:{re.escape(word)})?" for word in self._texts("before-verbs"))
        return re.compile(before + _either(map(re.escape, verbs)))

    @property
    def joining(self) -> re.Pattern[str]:
        """Give what may stand between the stretches of a paragraph: marks, numbers of items, and joining words."""
        words = _either(re.escape(word) for word in self._texts("joining"))
        return re.compile(rf"(?:\d+\.|\([a-z]{{1,5}}\)|{words}|[,;.:–•-])*")  # noqa: RUF001 (the dash of printed bullets)

    def _texts(self, name: str) -> list[str]:
        listed = self.data[name]
        return [str(one) for one in listed] if isinstance(listed, list) else []

    def _units(self) -> dict[str, list[str]]:
        units = self.data["units"]
        return {str(name): [squeeze(str(one)) for one in each] for name, each in _items(units)}


@lru_cache(maxsize=4)
def tongue(language: str) -> Tongue:
    """Read what the house knows of a language, named as its file; BadInput where it knows nothing of it."""
    known = sorted(path.stem for path in _FOLDER.glob("*.yaml"))
    if language not in known:
        raise BadInput(f"{language!r} is no language with a list of phrases; there are {', '.join(known)}")
    document = read(_FOLDER / f"{language}.yaml")
    data = plain(document.root)
    if document.problems or not isinstance(data, dict):
        raise BadFile(document.problems or [Problem(document.root.place, "no phrases")])
    bare = Tongue(data, ())
    found = [_sought(bare, words, sort, rank) for sort in SORTS for rank, words in _ranked(data[sort])]
    return Tongue(data, tuple(sorted(found, key=lambda one: (-len(one.words), one.words))))


def _items(data: object) -> Iterable[tuple[object, list[object]]]:
    return data.items() if isinstance(data, dict) else ()


def _ranked(data: object) -> Iterator[tuple[str, str]]:
    yield from ((str(rank), str(one)) for rank, each in _items(data) for one in each)


def _sought(bare: Tongue, words: str, sort: str, rank: str) -> Sought:
    units = [unit for each in bare._units().values() for unit in each]  # noqa: SLF001 (of the class of this module)
    gaps = {
        "number": rf"(?:\d[\d,.]*|{_either(map(re.escape, bare._texts('numbers')))})",  # noqa: SLF001 (the same)
        "unit": rf"{_either(map(re.escape, units))}(?:s|es)?",
        "day": r"(?<!\d)\d{1,2}",
        "month": _either(re.escape(month.casefold()) for month in bare._texts("months")),  # noqa: SLF001 (the same)
        "year": r"(?:19|20)\d\d",
        "*": r"\w{1,40}",
    }
    goes_on = words.endswith("*")
    return Sought(words, sort, rank, re.compile(_pattern(words.removesuffix("*"), gaps)), goes_on)


def _pattern(form: str, gaps: Mapping[str, str]) -> str:
    """Put patterns into the gaps of a form, and take all else by its letters."""
    found, last = "", 0
    for gap in _GAP.finditer(form):
        found += re.escape(squeeze(form[last : gap.start()]).casefold()) + gaps[gap[1] or gap[2]]
        last = gap.end()
    return found + re.escape(squeeze(form[last:]).casefold())


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"
