"""Where the entries of an encoding stand in its text, and what of the text no entry covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from duewatch.engine.encoding.outline import ANNEX, SECTION
from duewatch.engine.encoding.quotations import sequence
from duewatch.engine.encoding.source_text import named, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.source_text import Passage, SourceText
    from duewatch.engine.words import Obligation

State = Literal["encoded", "statement", "todo", "set aside", "MISSING"]
MISSING: Final = "MISSING"


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry, or a stretch that is set aside: the provision and the words that it covers."""

    name: str  # the id, or why it is set aside
    state: State
    provision: str
    words: tuple[str, ...]  # the first and the last ones
    place: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text, and who covers it. `at` are its letters."""

    provision: str
    state: State
    name: str
    at: range
    line: int
    words: str


def claims_of(entries: Iterable[Obligation], set_aside: Iterable[Mapping[str, object]], file: str) -> list[Claim]:
    """Give what the entries and the list of what is set aside cover."""
    return [
        *(
            Claim(
                one.id,
                _state(one),
                one.provision,
                tuple(map(str, sequence(one.flat.get("words")))),
                one.place,
            )
            for one in entries
        ),
        *(
            Claim(str(one["why"]), "set aside", str(one["provision"]), tuple(map(str, sequence(one["words"]))), file)
            for one in set_aside
        ),
    ]


def _state(entry: Obligation) -> State:
    if entry.todo:
        return "todo"
    return "statement" if entry.norms[0].modality == "statement" else "encoded"


def locate(claim: Claim, text: SourceText) -> range | str:
    """Give the letters that a claim covers, or what is wrong with its words."""
    passage = text.passage(claim.provision)
    if passage is None:
        return f"the text has no {claim.provision}"
    if not claim.words:
        return "`words` is missing: it is not said which stretch this covers"
    first, last = map(squeeze, claim.words)
    starts = list(beginnings(first, passage, text))
    if len(starts) != 1:
        found = "do not stand" if not starts else f"stand {len(starts)} times"
        return f"the words {claim.words[0]!r} {found} in {claim.provision}"
    end = text.letters.find(last, starts[0], passage.end)
    if end < 0:
        return f"the words {claim.words[1]!r} do not follow in {claim.provision}"
    return range(starts[0], end + len(last))


def beginnings(words: str, passage: Passage, text: SourceText) -> Iterator[int]:
    """Give each place inside what a provision reaches at which squeezed words begin; they may go on over its parts."""
    reach = text.reach(passage)
    anywhere = occurrences(words, text.letters, range(reach[0].start, passage.end))
    return (at for at in anywhere if any(at in one for one in reach))


def occurrences(words: str, letters: str, within: range) -> Iterator[int]:
    """Give each place at which squeezed words begin inside some letters."""
    return (found.start() for found in re.compile(re.escape(words)).finditer(letters, within.start, within.stop))


def stretches(text: SourceText, located: Sequence[tuple[Claim, range]], joining: re.Pattern[str]) -> Iterator[Stretch]:
    """Give every stretch of the text in order: those that are covered, and between them those that are not."""
    word = word_of(claim.provision for claim, _ in located)
    for paragraph in text.paragraphs:
        label = named(paragraph.parts, word, paragraph.sort)
        inside = [(claim, at) for claim, at in located if paragraph.start <= at.start < paragraph.end]
        covered = [_stretch(text, claim.provision, claim.state, claim.name, at) for claim, at in inside]
        left = uncovered(text, paragraph, [at for _, at in inside], joining)
        missing = [_stretch(text, label, "MISSING", "", at) for at in left]
        yield from sorted((*covered, *missing), key=lambda one: (one.at.start, one.at.stop))


def word_of(provisions: Iterable[str]) -> str:
    """Give the word that stands before the numbers of paragraphs: `OP`, `Art`."""
    first = (word for one in provisions for word in one.split()[:1])
    return next((word for word in first if word.casefold() not in {ANNEX, SECTION}), "")


def uncovered(
    text: SourceText, paragraph: Passage, covered: Iterable[range], joining: re.Pattern[str]
) -> Iterator[range]:
    """Give the letters of a paragraph that nothing covers and that are no joining words."""
    start = paragraph.start
    for at in (*sorted(covered, key=lambda one: one.start), range(paragraph.end, paragraph.end)):
        if at.start > start and not joining.fullmatch(text.letters[start : at.start].casefold()):
            yield range(start, at.start)
        start = max(start, at.stop)


def _stretch(text: SourceText, provision: str, state: State, name: str, at: range) -> Stretch:
    return Stretch(provision, state, name, at, text.lines[at.start], text.words(at))
