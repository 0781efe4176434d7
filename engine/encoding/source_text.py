"""The text of an instrument as a PDF gives it up -> its provisions with their items and bullets.

Such text has page headers and links between its lines, and stray spaces and line ends inside its words.
Furniture is cut out first; then all whitespace is removed, so that only letters are compared. A position is
an index into these letters; the line of each is kept for people.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.numbering import ADDED
from duewatch.engine.encoding.outline import ANNEX, ANNEXES, BULLETS, SECTION, Paragraph, Parts, is_open, outline
from duewatch.engine.encoding.pages import lines_of
from duewatch.engine.encoding.provisions import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.pages import Line

BULLET: Final = "bullet"
_ITEM: Final = re.compile(
    rf"(?:\((?P<mark>[a-z]{{1,5}}|\d{{1,2}})\)|(?P<half>[a-z]|[ivx]{{1,5}})\)|(?P<bullet>[{BULLETS}]-?|-))(?=\s|$)"
)
_UNDER: Final = re.compile(r"(\d{1,3})((?:\.\d{1,2}){1,4})\.?(?=\s|$)")  # "4.2" under the number 4
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_LETTERS: Final = (*"abcdefghijklmnopqrstuvwxyz", *(f"{one}{one}" for one in "abcdefghijkl"))
_FIGURES: Final = tuple(str(number) for number in range(1, 100))
_STYLES: Final = (_LETTERS, _ROMAN, _FIGURES)
_NOTED: Final = re.compile(r"(?<![\d/.,-])((?:19|20)\d\d)(?=\d{1,3}(?!\d))|[a-z]{3}[.,;”]?(?=\d{1,3}(?!\d))")
_HYPHENS: Final = "-\u2010\u2011"
_DEEPEST: Final = 8  # lists within one another; what goes further is no list but a fault of the text
_NAMED: Final = re.compile(r"[^\W\d_]{2,}")
_NUMERAL: Final = re.compile(r"[IVXLC]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A provision as the text has it, its sub-items included: letters `start` to `end`, those before items its head."""

    parts: Parts
    start: int
    end: int
    head_end: int
    of: Parts  # the paragraph that it is, or that holds it
    number: str = ""  # of a paragraph, as printed before its words ("12.")
    sort: str = ""  # what the text calls it ("Rule")


@dataclass(frozen=True, slots=True)
class SourceText:
    """The operative part of a text, squeezed; `passages` by their parts, in the order of the text."""

    letters: str
    gaps: frozenset[int]  # positions before which whitespace stood, or the number of a footnote begins
    lines: tuple[int, ...]  # the line of each letter
    passages: Mapping[Parts, Passage]
    front: str = ""  # the letters of the lines before the first provision: title, symbol, days
    smooth: Smooth = field(init=False)
    paragraphs: tuple[Passage, ...] = field(init=False)  # what has a number of its own, or none
    starts: tuple[tuple[int, Passage], ...] = field(init=False)  # where the provisions begin, in order

    def __post_init__(self) -> None:
        """Make the letters in which words are sought, and the order in which provisions are."""
        passages = self.passages.values()
        object.__setattr__(self, "smooth", _smoothed(self.letters))
        object.__setattr__(self, "paragraphs", tuple(one for one in passages if one.parts == one.of))
        starts = sorted(((one.start, one) for one in passages), key=lambda start: start[0])
        object.__setattr__(self, "starts", tuple(starts))

    def passage(self, provision: str) -> Passage | None:
        """Give what the text has at a provision as lawyers cite it."""
        sought = parts_of(provision)
        shorter = sought[1:] if sought[:1] == (SECTION,) else sought  # `Section 5` of a text whose numbers run through
        return self.passages.get(sought) or self.passages.get(shorter)

    def paragraph_of(self, provision: str) -> Passage | None:
        """Give the paragraph in which a provision lies, whether or not the text has the provision itself."""
        sought = parts_of(provision)
        names = (sought[at:size] for at in (0, 1) for size in range(len(sought), at, -1))
        found = next((self.passages[name] for name in names if name in self.passages), None)
        return None if found is None else self.passages[found.of]

    def passage_at(self, place: int) -> Passage | None:
        """Give the innermost provision that holds a letter: the last that began, or one above it."""
        at = bisect_right(self.starts, place, key=lambda start: start[0]) - 1
        last = self.starts[at][1].parts if at >= 0 else ()
        above = (self.passages.get(last[:size]) for size in range(len(last), 0, -1))
        return next((one for one in above if one is not None and one.start <= place < one.end), None)

    def reach(self, passage: Passage) -> tuple[range, ...]:
        """Give where words of a provision may stand: the heads of what it lies under, then the provision itself."""
        names = (passage.parts[:size] for size in range(1, len(passage.parts)))
        above = (self.passages[name] for name in names if name in self.passages)
        return (*(range(one.start, one.head_end) for one in above), range(passage.start, passage.end))

    def matches(self, pattern: re.Pattern[str], within: range | None = None) -> Iterator[range]:
        """Give what a pattern for smooth letters finds from where a word begins, inside some or all letters.

        A pattern that tells no capitals is sought among small letters: that is many times as quick.
        """
        smooth = self.smooth
        letters = smooth.letters if pattern.flags & re.IGNORECASE else smooth.small
        at, end = (0, len(letters)) if within is None else (smooth.at(within.start), smooth.at(within.stop))
        while found := pattern.search(letters, at, end):
            start = smooth.places[found.start()] if found.end() > found.start() else None
            begins = start is not None and self._parted(start)
            at = found.end() if begins else found.start() + 1
            if begins and start is not None:
                yield range(start, smooth.places[found.end() - 1] + 1)

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
            f" {self.letters[at]}"
            if at in self.gaps and at > place.start and not self._is_broken(at)
            else self.letters[at]
            for at in place
        )

    def _is_broken(self, at: int) -> bool:
        """Say whether a word goes on at a letter over the end of a line."""
        return (
            self.letters[at - 1] in _HYPHENS and self.letters[at - 2 : at - 1].isalpha() and self.letters[at].isalpha()
        )

    def fingerprint(self, passage: Passage) -> str:
        """Give `sha256:...` of a provision with all whitespace removed."""
        letters = self.letters[passage.start : passage.end]
        return f"sha256:{hashlib.sha256(letters.encode()).hexdigest()}"


def squeeze(words: str) -> str:
    """Remove all whitespace."""
    return "".join(words.split())


def parts_of(provision: str) -> Parts:
    """Give the parts of a provision by which a text is searched, without the words that only name its sort.

    >>> parts_of("Art 30(a)"), parts_of("Section II Art 3"), parts_of("Annex III Rule 7(2)"), parts_of("Art 1 bis(a)")
    (('30', '(a)'), ('section', 'II', '3'), ('annex', 'III', '7', '(2)'), ('1 bis', '(a)'))
    """
    first, *others = (ANNEX if one.casefold() in ANNEXES else one for one in parts(provision) or ("",))
    kept = [first.casefold()] if first.casefold() in {ANNEX, SECTION} else []
    for one in others:
        if one.casefold() in {ANNEX, SECTION, BULLET}:
            kept.append(one.casefold())
        elif one.casefold() in ADDED and kept and kept[-1].isdecimal():
            kept[-1] += f" {one.casefold()}"
        elif not _NAMED.fullmatch(one) or _NUMERAL.fullmatch(one):
            kept.append(one)
    return tuple(kept)


def named(parts: Parts, word: str = "", sort: str = "") -> str:
    """Give parts as lawyers cite them; `word` stands before the number of a paragraph, or the text's own `sort`.

    >>> named(("section", "II", "3", "(a)"), "Art"), named(("annex", "7", "(2)"), "Art", "Rule")
    ('Section II Art 3(a)', 'Annex Rule 7(2)')
    """
    said, at = [], 0
    while at < len(parts) and parts[at] in {ANNEX, SECTION}:
        labelled = is_labelled(parts, at)
        said += [parts[at].title(), *(parts[at + 1 : at + 2] if labelled else ())]
        at += 1 + labelled
    own = "".join(f" {one}" if one[:1] not in {"(", "."} else one for one in parts[at:])
    if own.startswith("("):
        return " ".join(said) + own
    return " ".join(filter(None, (*said, (own and sort) or (own and word), own.strip())))


def is_labelled(parts: Sequence[str], at: int) -> bool:
    """Say whether an annex or a section has a label of its own: `Annex II`, `Annex 2 Art 1`, not `Annex Art 2`."""
    label, below = [*parts[at + 1 : at + 3], "", ""][:2]
    is_number = label.isdecimal() and not below.isdecimal()
    return bool(label) and (parts[at] == SECTION or not (is_number or label.startswith("(")))


def split(document: str) -> SourceText:
    """Split a text into its provisions."""
    found = _gather(outline(lines_of(document)))
    first = found.lines[0] - 1 if found.lines else 0
    return replace(found, front=squeeze("".join(document.split("\n")[:first])))


@dataclass(frozen=True, slots=True)
class Smooth:
    """The letters in which words are sought: without hyphens, so that a word broken at the end of a line is found.

    `small` are the same without capitals; `places` are the positions of these letters in the text.
    """

    letters: str
    small: str
    places: tuple[int, ...]

    def at(self, place: int) -> int:
        """Give the smooth letter that stands at a letter of the text, or next after it."""
        return bisect_left(self.places, place)


def _smoothed(letters: str) -> Smooth:
    kept = [at for at, letter in enumerate(letters) if letter not in _HYPHENS]
    found = "".join(letters[at] for at in kept).replace("\u2019", "'")
    small = found.lower()
    if len(small) != len(found):  # a capital whose small form has two letters
        small = "".join(one if len(one.lower()) > 1 else one.lower() for one in found)
    return Smooth(found, small, tuple(kept))


def smooth(words: str) -> str:
    """Give words as they are sought: without spaces and hyphens, with a plain apostrophe."""
    return "".join(letter for letter in squeeze(words) if letter not in _HYPHENS).replace("\u2019", "'")


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
            start = len(self.letters)
            self.gaps.update({start, *(start + found.end() for found in _NOTED.finditer(word))})
            self.letters.extend(word)
            self.lines.extend([number] * len(word))


def _gather(paragraphs: Iterable[Paragraph]) -> SourceText:
    sheet = _Sheet([], set(), [], [])
    told: dict[Parts, Paragraph] = {}
    opened_before = set[Parts]()
    for one in paragraphs:
        here = one.parts
        told[here] = one
        sheet.starts.append((here, len(sheet.letters)))
        for before, line in pairwise((None, *one.lines)):
            assert line is not None  # noqa: S101 (only the first of all is)
            opened = _opened(here, one, line.words, before) if is_open(line, before) else None
            if opened is not None and opened not in opened_before and len(opened) - len(one.parts) <= _DEEPEST:
                here = opened
                opened_before.add(here)
                sheet.starts.append((here, len(sheet.letters)))
            sheet.add(line.number, line.words)
    passages = dict(_passages(sheet, told))
    return SourceText("".join(sheet.letters), frozenset(sheet.gaps), tuple(sheet.lines), passages)


def _opened(here: Parts, paragraph: Paragraph, words: str, before: Line | None) -> Parts | None:
    """Give the provision that a line opens; None where it opens none."""
    if found := _UNDER.match(words):
        under = tuple(f".{number}" for number in found[2].split(".")[1:])
        is_next = paragraph.number.rstrip(".") == found[1] and _comes_next(here[len(paragraph.parts) :], under)
        return (*paragraph.parts, *under) if is_next else None
    found = _ITEM.match(words)
    if found is None:
        return None
    leads_on = before is not None and before.words.endswith(":")
    opened = _item(here, len(paragraph.parts), found["mark"] or found["half"], leads_on=leads_on)
    if found["half"] and f"({found['half']})" not in {"(a)", "(i)"} and not _goes_on(here, opened):
        return None  # "x) of the Statute"
    return opened


def _comes_next(here: Parts, under: Parts) -> bool:
    """Say whether `4.2` follows what is open under 4: the next of its list, or the first of a new one."""
    open_numbers = [int(one[1:]) for one in here if one.startswith(".")]
    wanted = [int(one[1:]) for one in under]
    *above, last = wanted
    if open_numbers[: len(above)] != above:
        return False
    return last == 1 + (open_numbers[len(above)] if len(open_numbers) > len(above) else 0)


def _goes_on(here: Parts, opened: Parts) -> bool:
    """Say whether an item follows one of an open list."""
    earlier = here[len(opened) - 1 : len(opened)]
    return bool(earlier) and here[: len(opened) - 1] == opened[:-1] and _follows(earlier[0][1:-1], opened[-1][1:-1])


def _item(here: Parts, depth: int, mark: str | None, *, leads_on: bool) -> Parts:
    """Give the provision that a mark opens: the next of an open list, or the first of a new one.

    `depth`: how many parts the paragraph itself has. `leads_on`: the words before the mark end with a colon.
    """
    if mark is None:
        if here[-2:-1] == (BULLET,):
            return (*here[:-1], str(int(here[-1]) + 1))
        return (*here, BULLET, "1")
    plain = here[:-2] if here[-2:-1] == (BULLET,) else here
    if mark == _ROMAN[0] and leads_on:
        return (*plain, f"({mark})")
    for size in range(len(here), depth, -1):
        if here[size - 1].startswith("(") and _follows(here[size - 1][1:-1], mark):
            return (*here[: size - 1], f"({mark})")
    return (*plain, f"({mark})")


def _follows(earlier: str, later: str) -> bool:
    return any(
        earlier in style and later in style and style.index(later) == style.index(earlier) + 1 for style in _STYLES
    )


def _passages(sheet: _Sheet, told: Mapping[Parts, Paragraph]) -> Iterator[tuple[Parts, Passage]]:
    """Close each provision where the next one begins that does not lie under it."""
    ends, open_ones = [len(sheet.letters)] * len(sheet.starts), list[int]()
    for at, (name, start) in enumerate(sheet.starts):
        while open_ones and name[: len(above := sheet.starts[open_ones[-1]][0])] != above:
            ends[open_ones.pop()] = start
        open_ones.append(at)
    for at, (name, start) in enumerate(sheet.starts):
        end = ends[at]
        later = sheet.starts[at + 1][1] if at + 1 < len(sheet.starts) else end
        of = next(name[:size] for size in range(len(name), 0, -1) if name[:size] in told)
        number = told[of].number if of == name else ""
        yield name, Passage(name, start, end, min(later, end), of, number, told[of].sort)
