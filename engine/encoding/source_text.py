"""The text of an instrument as a PDF gives it up -> its numbered provisions with their items and bullets.

Such text has page headers and links between its lines, and stray spaces and line ends inside its words.
Furniture is cut out first; then all whitespace is removed, so that only letters are compared. A position is
an index into these letters; the line of each is kept for people.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.provisions import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Parts = tuple[str, ...]  # ("30", "(a)", "bullet", "2"): a provision without the word that names its sort

BULLET: Final = "bullet"
_SYMBOL: Final = r"[A-Z]{1,4}(?:/[A-Z0-9.]+)+(?:\s?\(\d{4}\))?"
_FURNITURE: Final = re.compile(
    rf"\s*(?:https?://\S+|{_SYMBOL}|Page \d+|\d+/\d+(?:\s+\d\d-\d{{5}})?|\d\d-\d{{5}}(?:\s+\d+/\d+)?)\s*"
)
_FOOTNOTES: Final = re.compile(r"\s*_{5,}\s*")  # the rule above the footnotes of a page
_NUMBER: Final = re.compile(r"\s*(\d{1,3})\.\s")
_ITEM: Final = re.compile(r"\s*(?:\(([a-z]{1,5}|\d{1,2})\)|([–•▪]-?))(?=\s|$)")  # noqa: RUF001 (the dash of printed bullets)
_ENDING: Final = re.compile(r"[.;]\s*$")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
_FIGURES: Final = tuple(str(number) for number in range(1, 100))
_STYLES: Final = (_LETTERS, _ROMAN, _FIGURES)
Line = tuple[int, str]  # its number, counted from 1, and its words


@dataclass(frozen=True, slots=True)
class Passage:
    """A provision as the text has it, its sub-items included: letters `start` to `end`, those before items its head."""

    parts: Parts
    start: int
    end: int
    head_end: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The operative part of a text, squeezed; `passages` by their parts, in the order of the text."""

    letters: str
    gaps: frozenset[int]  # positions before which whitespace stood
    lines: tuple[int, ...]  # the line of each letter
    passages: Mapping[Parts, Passage]

    @property
    def paragraphs(self) -> tuple[Passage, ...]:
        """Give the numbered paragraphs."""
        return tuple(one for one in self.passages.values() if len(one.parts) == 1)

    def passage_at(self, place: int) -> Passage | None:
        """Give the innermost provision that holds a letter."""
        holding = (one for one in self.passages.values() if one.start <= place < one.end)
        return max(holding, key=lambda one: len(one.parts), default=None)

    def reach(self, passage: Passage) -> tuple[range, ...]:
        """Give where words of a provision may stand: the heads of what it lies under, then the provision itself."""
        names = (passage.parts[:size] for size in range(1, len(passage.parts)))
        above = (self.passages[name] for name in names if name in self.passages)
        return (*(range(one.start, one.head_end) for one in above), range(passage.start, passage.end))

    def bounded(self, start: int, end: int) -> bool:
        """Say whether some letters begin and end where words do."""
        return self._parted(start) and self._parted(end)

    def _parted(self, at: int) -> bool:
        """Say whether a word may end before this letter: whitespace stood there, or one side is no letter of a word."""
        if at in self.gaps or at in {0, len(self.letters)}:
            return True
        return not (self.letters[at - 1].isalnum() and self.letters[at].isalnum())

    def end_of_word(self, at: int) -> int:
        """Give where the word ends that goes on at a letter."""
        return next((end for end in range(at, len(self.letters)) if self._parted(end)), len(self.letters))

    def words(self, place: range) -> str:
        """Give some letters with the spaces that the text has between them."""
        return "".join(
            f" {self.letters[at]}" if at in self.gaps and at > place.start else self.letters[at] for at in place
        )

    def fingerprint(self, passage: Passage) -> str:
        """Give `sha256:...` of a provision with all whitespace removed."""
        letters = self.letters[passage.start : passage.end]
        return f"sha256:{hashlib.sha256(letters.encode()).hexdigest()}"


def squeeze(words: str) -> str:
    """Remove all whitespace."""
    return "".join(words.split())


def parts_of(provision: str) -> Parts:
    """Give the parts of a provision by which a text is searched: `Art 30(a)` -> `30`, `(a)`."""
    return parts(provision)[1:]


def split(document: str) -> SourceText:
    """Split a text into its provisions. The longest run of paragraphs numbered 1, 2, 3 ... is the operative part."""
    lines = tuple(_without_furniture(document))
    return _gather(_paragraphs(lines))


def _without_furniture(document: str) -> Iterator[Line]:
    """Leave out page headers and footers, links, and the footnotes at the foot of a page."""
    in_footnotes = False
    for number, line in enumerate(document.replace("\f", "\n").split("\n"), start=1):
        if _FURNITURE.fullmatch(line):
            in_footnotes = False
        elif _FOOTNOTES.fullmatch(line):
            in_footnotes = True
        elif not in_footnotes and line.strip():
            yield number, line


def _paragraphs(lines: Sequence[Line]) -> list[tuple[int, list[Line]]]:
    """Give number and lines of each paragraph; a line that begins with another number continues its paragraph."""
    numbers = [(at, int(found[1])) for at, (_, line) in enumerate(lines) if (found := _NUMBER.match(line))]
    runs = [_run(numbers[first:]) for first, (_, number) in enumerate(numbers) if number == 1]
    longest = max(runs, key=len, default=[])
    ends = [*longest[1:], len(lines)]
    return [
        (number, _without_heading(lines[start:end]))
        for number, (start, end) in enumerate(zip(longest, ends, strict=False), start=1)
    ]


def _run(numbers: Iterable[tuple[int, int]]) -> list[int]:
    """Give the lines at which a run of 1, 2, 3 ... goes on."""
    found: list[int] = []
    for at, number in numbers:
        if number == len(found) + 1:
            found.append(at)
    return found


def _without_heading(lines: Sequence[Line]) -> list[Line]:
    """Leave out the heading of the next part: what follows the last full stop or semicolon at the end of a line."""
    last = max((at for at, (_, line) in enumerate(lines) if _ENDING.search(line)), default=len(lines) - 1)
    return list(lines[: last + 1])


# ------------------------------------------------------------------ letters and items
@dataclass(slots=True)
class _Sheet:
    """What is gathered: the letters with their gaps and lines, and where each provision begins."""

    letters: list[str]
    gaps: set[int]
    lines: list[int]
    starts: list[tuple[Parts, int]]

    def add(self, number: int, line: str) -> None:
        """Add a line."""
        for word in line.split():
            self.gaps.add(len(self.letters))
            self.letters.extend(word)
            self.lines.extend([number] * len(word))


def _gather(paragraphs: Iterable[tuple[int, list[Line]]]) -> SourceText:
    sheet = _Sheet([], set(), [], [])
    for number, lines in paragraphs:
        here: Parts = (str(number),)
        sheet.starts.append((here, len(sheet.letters)))
        for place, line in lines:
            if found := _ITEM.match(line):
                here = _item(here, found[1])
                sheet.starts.append((here, len(sheet.letters)))
            sheet.add(place, line)
    return SourceText("".join(sheet.letters), frozenset(sheet.gaps), tuple(sheet.lines), dict(_passages(sheet)))


def _item(here: Parts, mark: str | None) -> Parts:
    """Give the provision that a mark opens: the next of an open list, or the first of a new one."""
    if mark is None:
        if here[-2:-1] == (BULLET,):
            return (*here[:-1], str(int(here[-1]) + 1))
        return (*here, BULLET, "1")
    for size in range(len(here), 1, -1):
        if here[size - 1].startswith("(") and _follows(here[size - 1][1:-1], mark):
            return (*here[: size - 1], f"({mark})")
    plain = here[:-2] if here[-2:-1] == (BULLET,) else here
    return (*plain, f"({mark})")


def _follows(earlier: str, later: str) -> bool:
    return any(
        earlier in style and later in style and style.index(later) == style.index(earlier) + 1 for style in _STYLES
    )


def _passages(sheet: _Sheet) -> Iterator[tuple[Parts, Passage]]:
    """Close each provision where the next one begins that does not lie under it."""
    for at, (name, start) in enumerate(sheet.starts):
        later = sheet.starts[at + 1 :]
        end = next((begin for other, begin in later if other[: len(name)] != name), len(sheet.letters))
        head_end = min(later[0][1], end) if later else end
        yield name, Passage(name, start, end, head_end)
