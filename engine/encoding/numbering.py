"""The numbers at which paragraphs begin: `12.`, `OP12.`, `12 bis.`, `12a.`, and headings such as `4 Payment`.

Numbers stand elsewhere too: in tables, in words that are quoted, at the beginning of a line by chance. The longest
run of numbers is taken, and of runs as long as each other the one whose lines look most like paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from duewatch.engine.encoding.pages import Line

ADDED: Final = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies")  # numbers that were put in later
_NUMBER: Final = re.compile(rf"(?:OP\s?)?([1-9]\d{{0,2}})(?:\s?({'|'.join(ADDED)})|([a-z]))?\.(?:\s|$)", re.IGNORECASE)
_HEADING: Final = re.compile(r"([1-9]\d?)\s+[^\W\d_][^.;:]{0,60}")
_FIRST_UNDER: Final = re.compile(r"([1-9]\d?)\.1\.?(?:\s|$)")
_CELLS: Final = re.compile(r"\S\s{3,}\S")
_FEW: Final = 4  # words; a paragraph has more
_LITTLE: Final = 0.01  # what few words take from the weight of a line
_LIKELY: Final = 0.9  # the weight of a line that looks like a paragraph
NEAR: Final = 4  # lines from a heading to what stands under it, at most


@dataclass(frozen=True, slots=True)
class Start:
    """A line at which a paragraph begins. `label`: its number as lawyers cite it; `printed`: without spaces."""

    at: int
    number: int
    added: str = ""
    printed: str = ""
    weight: float = 1.0  # how much the line looks like a paragraph

    @property
    def label(self) -> str:
        """Give the number as lawyers cite it: `1`, `1 bis`, `1a`."""
        return f"{self.number}{' ' if self.added in ADDED else ''}{self.added}"


def candidates(lines: Sequence[Line], is_open: Callable[[Line, Line | None], bool]) -> list[Start]:
    """Give every line that begins with a number, in order, each with its weight."""
    quoted, found = _in_quotation(lines), list(_numbered(lines))
    ends = [one.at for one in found[1:]] + [len(lines)]
    return [
        Start(one.at, one.number, one.added, one.printed, _weight(one, end, lines, is_open, quoted))
        for one, end in zip(found, ends, strict=bool(found))
    ]


def _numbered(lines: Sequence[Line]) -> Iterator[Start]:
    for at, line in enumerate(lines):
        if found := _NUMBER.match(line.words):
            added = (found[2] or found[3] or "").lower()
            yield Start(at, int(found[1]), added, "".join(found[0].split()))
        elif found := _HEADING.fullmatch(line.words):
            below = (_FIRST_UNDER.match(one.words) for one in lines[at + 1 : at + 1 + NEAR])
            if any(one and one[1] == found[1] for one in below):
                yield Start(at, int(found[1]), "", found[1])


def _in_quotation(lines: Iterable[Line]) -> list[bool]:
    """Say of each line whether it begins inside quotation marks."""
    found, inside = [], False
    for line in lines:
        found.append(inside)
        opened, closed = (max(map(line.words.rfind, marks)) for marks in ("“„«", "”»"))
        inside = inside if opened == closed else opened > closed
    return found


def _weight(
    one: Start,
    end: int,
    lines: Sequence[Line],
    is_open: Callable[[Line, Line | None], bool],
    quoted: Sequence[bool],
) -> float:
    """Say how much a line looks like the beginning of a paragraph: at most 1, the number of words aside."""
    line, before = lines[one.at], lines[one.at - 1] if one.at else None
    words = sum(len(each.words.split()) for each in lines[one.at : end])
    halves = sum((quoted[one.at], bool(_CELLS.search(line.words.partition(".")[2])), not is_open(line, before)))
    return 0.5**halves - _LITTLE * (words <= _FEW)


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of numbers up to its last one."""

    last: Start
    before: _Run | None
    weight: float


def run(numbers: Iterable[Start], first: int) -> list[Start]:
    """Give the heaviest run of numbers from `first` on; the earliest of those that weigh the same."""
    best: dict[int, _Run] = {}  # by the number with which it ends
    for one in numbers:
        earlier = best.get(one.number if one.added else one.number - 1)
        if earlier is None and (one.added or one.number != first):
            continue
        if one.added and (one.weight < _LIKELY or (earlier and _rank(earlier.last) >= _rank(one))):
            continue
        longer = _Run(one, earlier, one.weight + (earlier.weight if earlier else 0))
        if one.number not in best or longer.weight > best[one.number].weight:
            best[one.number] = longer
    at, found = max(best.values(), key=lambda each: each.weight, default=None), list[Start]()
    while at is not None:
        found.append(at.last)
        at = at.before
    return found[::-1]


def _rank(one: Start) -> tuple[int, str]:
    """Give the order of what was put in after one number: `4`, `4a`, `4b`, `4 bis`, `4 ter`."""
    return (ADDED.index(one.added) + 1, "") if one.added in ADDED else (0, one.added)
