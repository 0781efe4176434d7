"""Finds the time words and the limiting words of a text that an encoding does not account for.

A word is accounted for where an entry quotes it (`phrase`, `limits`, `with`, a soft deadline, `not-a-clock`), or
where it prints a day, a number or a length of time that an entry, an event or a period of the encoding holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.encoding.coverage import declarations, flat, quoted_at
from duewatch.engine.encoding.quotations import clocks, printed, quotations
from duewatch.engine.encoding.source_text import parts_of
from duewatch.engine.encoding.stretches import claims_of, locate
from duewatch.engine.encoding.tongue import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.quotations import Printed
    from duewatch.engine.encoding.source_text import Passage, SourceText
    from duewatch.engine.encoding.tongue import Sought, Tongue
    from duewatch.engine.words import Obligation


@dataclass(frozen=True, slots=True)
class Word:
    """A time word or a limiting word of a text. `around`: a few words about it, for people."""

    rank: str  # must, should, may
    sort: str  # time, limiting
    provision: str  # its parts, `30(a)(iii) bullet 1`
    line: int
    words: str
    around: str
    at: range
    accounted: bool


def lint(encoding: Read, text: SourceText, tongue: Tongue) -> tuple[Word, ...]:
    """Give every time word and limiting word of a text, the gravest first; an overlapping graver or longer one wins."""
    instrument, tree = encoding.instrument, encoding.tree
    bound = {at for one in instrument.obligations for where in accounted(one, text, tongue) for at in where}
    bound |= {at for where in accounted_beside(tree, text, tongue) for at in where}
    found = [_word(text, sought, at, bound) for sought, at in sought_in(text, tongue)]
    return tuple(sorted(found, key=lambda one: (RANKS.index(one.rank), one.at.start)))


def sought_in(text: SourceText, tongue: Tongue) -> Iterator[tuple[Sought, range]]:
    """Give each phrase of the language with its letters; inside a longer phrase a shorter one does not count again."""
    letters, taken = text.letters.casefold(), set[int]()
    every = [
        (sought, range(found.start(), text.end_of_word(found.end()) if sought.goes_on else found.end()))
        for sought in tongue.sought
        for found in sought.pattern.finditer(letters)
        if text.bounded(*found.span()) or (sought.goes_on and text.bounded(found.start(), found.start()))
    ]
    for sought, at in sorted(every, key=lambda one: (RANKS.index(one[0].rank), -len(one[1]))):
        if taken.isdisjoint(at):
            taken.update(at)
            yield sought, at


def accounted(entry: Obligation, text: SourceText, tongue: Tongue) -> Iterator[range]:
    """Give the letters that an entry accounts for: what it quotes, and the days and numbers that it holds."""
    passage = text.passages.get(parts_of(entry.provision))
    if passage is None:
        return
    claim = claims_of([entry], (), "")[0]
    own = locate(claim, text)
    place = own if isinstance(own, range) else None
    for quoted in quotations(entry.flat):
        yield from quoted_at(quoted.words, place, passage, text)
    where = place or range(passage.start, passage.end)
    for value in printed(entry.flat, tongue):
        yield from printed_at(value, where, text)


def accounted_beside(tree: Mapping[str, object], text: SourceText, tongue: Tongue) -> Iterator[range]:
    """Give the letters that the events, periods and questions account for, in the provisions that they name."""
    for _, fields, field in declarations(tree):
        passage = text.passages.get(parts_of(str(fields.get("provision", "")))[:1])
        for value in clocks(field, flat(fields.get(field)), tongue) if passage else ():
            yield from printed_at(value, range(passage.start, passage.end) if passage else range(0), text)


def printed_at(value: Printed, where: range, text: SourceText) -> Iterator[range]:
    """Give where a day, a number or a length of time is printed."""
    for pattern in value.patterns:
        for found in re.compile(pattern).finditer(text.letters.casefold(), where.start, where.stop):
            yield range(*found.span())


def _word(text: SourceText, sought: Sought, at: range, bound: set[int]) -> Word:
    passage = text.passage_at(at.start)
    assert passage is not None  # noqa: S101 (no word is sought outside the provisions)
    around = range(max(passage.start, at.start - 40), min(passage.end, at.stop + 40))
    return Word(
        sought.rank,
        sought.sort,
        name_of(passage),
        text.lines[at.start],
        text.words(at),
        text.words(around),
        at,
        bound.issuperset(at),
    )


def name_of(passage: Passage) -> str:
    """Give the parts of a provision as lawyers cite them, without the word before them."""
    spaced = "".join(one if one.startswith("(") else f" {one}" for one in passage.parts)
    return spaced.strip()
