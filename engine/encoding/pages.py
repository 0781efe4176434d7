"""The lines of a text that was taken from a PDF, without what belongs to its pages: headers, footers, links, footnotes.

A running header is known by the page number beside it ("4/25", "25-13713") and by its words, which the first page has
too. Footnotes stand below a ruled line and end with their page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_JOB: Final = r"\d\d-\d{5}(?:\s+\([A-Z]\)(?:\s+\d{6})?)?"  # the number of the printing order
_SYMBOL: Final = re.compile(r"[A-Z]{1,8}(?:/[A-Za-z0-9.()-]+)+(?:\s?\(\d{4}\))?")
_LEAF: Final = re.compile(rf"(?:{_JOB}\s+)?(\d{{1,3}})/(\d{{1,3}})(?:\s+{_JOB})?")
_FURNITURE: Final = re.compile(rf"https?://\S+|Page \d+|{_JOB}|\*\d{{7}}\*")
_RULE: Final = re.compile(r"_{5,}")  # the line above the footnotes of a page
_COLUMNS: Final = re.compile(r"\s{2,}")
_TALL: Final = 9  # lines of a running header at most
_FRONT: Final = 90  # lines in which the title of a document stands


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: its number, counted from 1, its words, and whether an empty line stands before it."""

    number: int
    words: str
    apart: bool


def lines_of(document: str) -> tuple[Line, ...]:
    """Give the lines of a text that are its own, in order."""
    written = document.replace("\u00ad", "").split("\n")
    stripped = [line.strip() for line in written]
    furniture = _furniture(stripped)
    ends = furniture.ends | {at for at, line in enumerate(written) if "\f" in line}
    return tuple(_own(stripped, furniture.lines, ends))


def symbol_of(lines: Sequence[str]) -> str:
    """Give the symbol of a document: the first that stands alone in a line, or "" where none does."""
    found = (_SYMBOL.findall(line) for line in lines[:_FRONT] if _SYMBOL.fullmatch(line.rpartition("  ")[2].strip()))
    return next((every[-1] for every in found), "")


def _own(lines: Sequence[str], furniture: set[int], ends: set[int]) -> Iterator[Line]:
    in_footnotes, apart = False, True
    for at, line in enumerate(lines):
        if at in ends:
            in_footnotes = False
        if _RULE.fullmatch(line):
            in_footnotes = True
        elif not line:
            apart = apart or at not in furniture
        elif at not in furniture and not in_footnotes:
            yield Line(at + 1, line, apart)
            apart = False


# ------------------------------------------------------------------ headers and footers
@dataclass(frozen=True, slots=True)
class _Furniture:
    lines: set[int]
    ends: set[int]  # where a page ends, and with it its footnotes


def _furniture(lines: Sequence[str]) -> _Furniture:
    """Find the lines that belong to pages. Empty lines about a header belong to it: a sentence goes on over them."""
    symbol, pages = symbol_of(lines), _page_numbers(lines)
    front = _letters(lines[:_FRONT])
    found = {at for at, line in enumerate(lines) if _FURNITURE.fullmatch(line) or (symbol and line == symbol)} | pages
    if not symbol:
        found |= {at for at, line in enumerate(lines) if _SYMBOL.fullmatch(line)}
    found |= {at for at, line in enumerate(lines) if symbol and _is_header(line, symbol, front)}
    title = ""
    ends = set(pages) | {at for at in found if _is_alone(lines[at])}
    for page in sorted(pages):
        top = next((at for at in range(page - 1, max(page - _TALL, -1), -1) if lines[at] == symbol), None)
        if top is None:
            continue
        between = [at for at in range(top + 1, page) if lines[at] and at not in found]
        if _letters([lines[at] for at in between]) in front:
            found.update(between)
            title = _letters([lines[at] for at in between]) or title
        start = top if between else _first_of(title, lines, top)
        found.update(range(start, top))
        ends.add(start)
    return _Furniture(found | _beside(lines, found), ends)


def _is_header(line: str, symbol: str, front: str) -> bool:
    """Say whether a line has the symbol in one column, and in the others nothing that the first page has not."""
    columns = _COLUMNS.split(line)
    return symbol in columns and all(_letters([column]) in front for column in columns)


def _is_alone(line: str) -> bool:
    return re.fullmatch(_JOB, line) is not None


def _page_numbers(lines: Sequence[str]) -> set[int]:
    """Find the lines with nothing but a page number: those that agree on how many pages there are."""
    found = {
        at: leaf for at, line in enumerate(lines) if (leaf := _LEAF.fullmatch(line)) and int(leaf[1]) <= int(leaf[2])
    }
    total = Counter(leaf[2] for leaf in found.values()).most_common(1)
    return {at for at, leaf in found.items() if leaf[2] == total[0][0]}


def _first_of(title: str, lines: Sequence[str], top: int) -> int:
    """Give where a header begins whose title stands above the symbol."""
    for start in range(top - 1, max(top - _TALL, -1), -1):
        if title and _letters(lines[start:top]) == title:
            return start
    return top


def _beside(lines: Sequence[str], found: set[int]) -> set[int]:
    """Give the empty lines between the lines of a header, and the one above and below it."""
    beside: set[int] = set()
    for at in found:
        for step in (-1, 1):
            next_to = at + step
            while 0 <= next_to < len(lines) and not lines[next_to] and abs(next_to - at) <= 2:  # noqa: PLR2004 (a gap)
                beside.add(next_to)
                next_to += step
    return beside


def _letters(lines: Sequence[str]) -> str:
    return re.sub(r"[\s\u2010\u2011-]", "", "".join(lines)).casefold()
