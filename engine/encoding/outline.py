"""The paragraphs of a text: numbered ones, over sections and annexes that begin again at 1, and unnumbered ones.

A heading names what stands under it only where its numbers begin again: `Section II Art 3`, `Annex I Art 4`,
`Annex III Rule 7(2)`. Under a heading without numbers the whole text is one provision (`Annex III Rule 3`); in a
document without numbers each operative paragraph is counted. What comes before (a preamble, paragraph by paragraph
ending with a comma) is no provision.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.numbering import NEAR, Start, candidates, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duewatch.engine.encoding.pages import Line

Parts = tuple[str, ...]  # ("30", "(a)", "bullet", "2"): a provision without the words that name its sort

ANNEX, SECTION = "annex", "section"
ANNEXES: Final = (ANNEX, "annexe", "appendix", "appendice", "schedule")  # as texts call them
BULLETS: Final = "–—•▪●◦‣\uf0b7\uf0a7"  # noqa: RUF001 (as printed, and as the fonts of office programs come out of a PDF)
_LABEL: Final = r"\s+([IVXLC]{1,6}|[A-Z]|\d{1,2})"
_ANNEX: Final = re.compile(rf"(?:{'|'.join((*map(str.title, ANNEXES), *map(str.upper, ANNEXES)))})(?:{_LABEL})?")
_RULE: Final = re.compile(r"(Rule|Article|Règle)\s+(\d{1,3}[A-Za-z]?|[IVXLC]{1,6})\.?")
_CAPTION: Final = re.compile(
    r"(?:Part|Section|Chapter|Income section|Partie|Chapitre|Titre)\s+(?:\d{1,3}[A-Z]?|[IVXLC]{1,6})"
)
_NUMERAL: Final = re.compile(r"([IVXLC]{1,6})(?:\.|\.?$)(?:\s+[^\W\da-z_].*)?")
_LETTER: Final = re.compile(r"([A-Z])(?:\.|\.?$)(?:\s+[^\W\da-z_].*)?")
_ROMAN: Final = re.compile(r"(?:X[LC]|L?X{0,4})(?:I[XV]|V?I{0,3})")
_OPENING: Final = re.compile(r"(?:The|Le|La|L’)\s?[A-ZÉ][\w’ -]{3,60},?")  # noqa: RUF001 ("The General Assembly,")
_MARK: Final = r"[”’\")\]]*(?:\s*\d{1,3})?"  # noqa: RUF001 (quotation marks, and the number of a footnote)
_CLOSED: Final = re.compile(rf"[.;]{_MARK}$|[.;:,] ?(?:and|or|et|ou)$")
_LEADING_ON: Final = re.compile(rf":{_MARK}$")
_STOPPED: Final = re.compile(rf"[:,]{_MARK}$")
_UNDER_WAY: Final = re.compile(r"[a-zà-ÿ,]$")
_ITEM: Final = re.compile(rf"\([a-z0-9]{{1,5}}\)|(?:[a-z]|[ivx]{{1,5}})\)\s|[{BULLETS}]|-\s")
_SHORT: Final = 60  # letters of a line that may be a heading
_FEWEST: Final = 8  # words of an unnumbered paragraph of an annex; less is a line of a table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A provision with its lines. `parts` begin with what stands above it, where its number alone would not do."""

    parts: Parts
    lines: tuple[Line, ...]
    number: str = ""  # as printed before its words ("12."); "" where it has none
    sort: str = ""  # as the text calls it ("Rule"); "" where it only numbers it


@dataclass(slots=True, eq=False)
class _Chunk:
    """What stands between two headings. `starts` are the lines at which its numbered paragraphs begin."""

    start: int
    annex: Parts = ()
    numeral: str = ""
    letter: str = ""
    sort: str = ""
    rule: str = ""
    end: int = 0
    goes_on: bool = False  # its numbers continue those of the chunk before
    starts: list[Start] = field(default_factory=list)

    @property
    def section(self) -> tuple[Parts, str, str]:
        return self.annex, self.numeral, self.letter


def outline(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """Give the provisions of a text in order, each under a name of its own."""
    chunks = list(_chunks(lines))
    _number(chunks, lines)
    found = [one for chunk, name in zip(chunks, _names(chunks), strict=True) for one in _paragraphs(chunk, name, lines)]
    return tuple(_told_apart(found))


def is_open(line: Line, before: Line | None) -> bool:
    """Say whether something may begin at a line: it stands apart, or the line before it is short or came to a stop."""
    if line.apart or before is None or len(before.words) < _SHORT:
        return True
    return bool(_CLOSED.search(before.words) or _STOPPED.search(before.words))


# ------------------------------------------------------------------ headings
def _chunks(lines: Sequence[Line]) -> Iterator[_Chunk]:
    here = _Chunk(0)
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        opened = None if _is_under_way(line, before) else _opened(line.words, here)
        if opened is not None:
            here.end = opened.start = at
            yield here
            here = opened
    here.end = len(lines)
    yield here


def _is_under_way(line: Line, before: Line | None) -> bool:
    """Say whether a line goes on with a sentence: then it is no heading, whatever it looks like."""
    if line.apart or before is None or not _UNDER_WAY.search(before.words):
        return False
    return len(before.words) >= _SHORT or not before.words[:1].isupper() or before.words.endswith(",")


def _opened(words: str, here: _Chunk) -> _Chunk | None:
    if found := _ANNEX.fullmatch(words):
        return _Chunk(0, (ANNEX, found[1]) if found[1] else (ANNEX,))
    if found := _RULE.fullmatch(words):
        return replace(here, sort=found[1], rule=found[2], starts=[])
    if _CAPTION.fullmatch(words):
        return replace(here, sort="", rule="", starts=[])
    letter, numeral = _LETTER.fullmatch(words), _NUMERAL.fullmatch(words)
    if letter and here.letter and ord(letter[1]) == ord(here.letter) + 1:
        return _Chunk(0, here.annex, here.numeral, letter[1])
    if numeral and _ROMAN.fullmatch(numeral[1]) and value_of(numeral[1]) in {1, value_of(here.numeral) + 1}:
        return _Chunk(0, here.annex, numeral[1])
    return _Chunk(0, here.annex, here.numeral, "A") if letter and letter[1] == "A" and not here.letter else None


def value_of(numeral: str) -> int:
    """Give the number that a Roman numeral stands for; 0 for none.

    >>> value_of("XIV"), value_of("")
    (14, 0)
    """
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    found = [values[letter] for letter in numeral]
    return sum(-one if one < after else one for one, after in zip(found, [*found[1:], 0], strict=False))


# ------------------------------------------------------------------ numbers
def _number(chunks: Iterable[_Chunk], lines: Sequence[Line]) -> None:
    """Find the run of numbers in each chunk: going on from the last one, or from 1 on; the longest is taken."""
    last, annex, every = 0, Parts(), candidates(lines, is_open)
    for chunk in chunks:
        if chunk.annex != annex:
            last, annex = 0, chunk.annex
        numbers = [one for one in every if chunk.start <= one.at < chunk.end]
        going_on = run(numbers, last + 1) if last else []
        fresh = run(numbers, 1)
        chunk.goes_on = bool(going_on) and len(going_on) >= len(fresh)
        chunk.starts = going_on if chunk.goes_on else fresh
        if chunk.starts:
            last = chunk.starts[-1].number


def _names(chunks: Sequence[_Chunk]) -> Iterator[Parts]:
    """Give what stands before the numbers of each chunk: nothing where one series runs through the document."""
    fresh = [one for one in chunks if one.starts and not one.goes_on and not one.rule]
    series = Counter(one.annex for one in fresh)
    letters = Counter((one.annex, one.numeral) for one in fresh)
    before = Parts()
    for one in chunks:
        labels = (one.numeral, one.letter if not one.numeral or letters[one.annex, one.numeral] > 1 else "")
        section = ".".join(filter(None, labels))
        if one.goes_on:
            name = before
        elif one.rule:
            name = (*one.annex, one.rule)
        elif section and (not one.starts or series[one.annex] > 1):
            name = (*one.annex, SECTION, section)
        else:
            name = one.annex
        before = name if one.starts else before
        yield name


# ------------------------------------------------------------------ paragraphs
def _paragraphs(chunk: _Chunk, name: Parts, lines: Sequence[Line]) -> Iterator[Paragraph]:
    if not chunk.starts:
        yield from _unnumbered(chunk, name, list(_blocks(lines[chunk.start : chunk.end])))
    ends = [one.at for one in chunk.starts[1:]] + [chunk.end]
    for one, end in zip(chunk.starts, ends, strict=bool(chunk.starts)):
        own = f"({one.label})" if chunk.rule else one.label
        inside = _under_caption(one, _without_heading(lines[one.at : end]))
        yield Paragraph((*name, own), inside, one.printed, chunk.sort)


def _under_caption(one: Start, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Leave out the heading between `4.` and `4.1`: what stands under it has numbers of its own."""
    first = next((at for at, line in enumerate(lines[:NEAR]) if line.words.startswith(f"{one.number}.1")), 0)
    if not first or any(_CLOSED.search(line.words) or _LEADING_ON.search(line.words) for line in lines[:first]):
        return lines
    return (replace(lines[0], words=one.printed), *lines[first:])


def _without_heading(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out what follows the last full stop or semicolon at the end of a line: the heading of the next part."""
    last = max((at for at, line in enumerate(lines) if _CLOSED.search(line.words)), default=len(lines) - 1)
    return tuple(lines[: last + 1])


def _unnumbered(chunk: _Chunk, name: Parts, blocks: list[tuple[Line, ...]]) -> Iterator[Paragraph]:
    """Give the paragraphs of a chunk without numbers: one under a rule or a section, else one for each block."""
    if not chunk.start:
        opened = next((at for at, one in enumerate(blocks) if _OPENING.fullmatch(one[0].words)), len(blocks))
        blocks = [blocks[opened][1:], *blocks[opened + 1 :]] if opened < len(blocks) else []
    elif len(blocks) == 1:
        blocks = [blocks[0][1:]]
    else:
        blocks = blocks[1:]
    kept = [one for one in blocks if one and (_CLOSED.search(one[-1].words) or _LEADING_ON.search(one[0].words))]
    if chunk.rule or SECTION in name:
        if joined := tuple(line for one in kept for line in one):
            yield Paragraph(name, joined, "", chunk.sort)
    elif not chunk.start or chunk.annex:
        told = [one for one in kept if not chunk.start or sum(len(line.words.split()) for line in one) >= _FEWEST]
        for count, one in enumerate(told, start=1):
            yield Paragraph((*name, str(count)), one)


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Part lines at the empty ones; items, and words after a line that has not come to a stop, go on with a block."""
    block: list[Line] = []
    for line in lines:
        goes_on = _ITEM.match(line.words) or (block and _UNDER_WAY.search(block[-1].words) and line.words[:1].islower())
        if line.apart and block and not goes_on:
            yield tuple(block)
            block = []
        block.append(line)
    if block:
        yield tuple(block)


def _told_apart(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Give each paragraph a name of its own: a second `Annex Art 1` becomes `Annex part 2 Art 1`."""
    seen = Counter[Parts]()
    for one in paragraphs:
        seen[one.parts] += 1
        count = seen[one.parts]
        yield one if count == 1 else replace(one, parts=(*one.parts[:-1], f"part{count}", one.parts[-1]))
