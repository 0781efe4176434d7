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
from duewatch.engine.encoding.source_text import named
from duewatch.engine.encoding.stretches import claims_of, locate
from duewatch.engine.encoding.timewords import sought_in
from duewatch.engine.encoding.tongue import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.quotations import Printed
    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.timewords import Hit
    from duewatch.engine.encoding.tongue import Tongue
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
    found = [_word(text, one, bound, tongue) for one in sought_in(text, tongue, instrument.adopted, encoding.table)]
    return tuple(sorted(found, key=lambda one: (RANKS.index(one.rank), one.at.start)))


def accounted(entry: Obligation, text: SourceText, tongue: Tongue) -> Iterator[range]:
    """Give the letters that an entry accounts for: what it quotes, and the days and numbers that it holds."""
    passage = text.passage(entry.provision)
    if passage is None:
        return
    claim = claims_of([entry], (), "")[0]
    own = locate(claim, text)
    place = own if isinstance(own, range) else None
    for quoted in quotations(entry.flat):
        whole = quoted_at(quoted.words, place, passage, text)
        yield from whole or (at for words in quoted.parts for at in quoted_at(words, place, passage, text))
    where = place or range(passage.start, passage.end)
    for value in printed(entry.flat, tongue):
        yield from printed_at(value, where, text)


def accounted_beside(tree: Mapping[str, object], text: SourceText, tongue: Tongue) -> Iterator[range]:
    """Give the letters that the events, periods and questions account for, in the provisions that they name."""
    for _, fields, field in declarations(tree):
        passage = text.paragraph_of(str(fields.get("provision", "")))
        for value in clocks(field, flat(fields.get(field)), tongue) if passage else ():
            yield from printed_at(value, range(passage.start, passage.end) if passage else range(0), text)


def printed_at(value: Printed, where: range, text: SourceText) -> Iterator[range]:
    """Give where a day, a number or a length of time is printed."""
    for pattern in value.patterns:
        for found in re.compile(pattern).finditer(text.letters.casefold(), where.start, where.stop):
            yield range(*found.span())


def _heavy(text: SourceText, at: range, bound: set[int], tongue: Tongue) -> range:
    """Give the letters of a phrase that must be accounted for: small words before a known day need not."""
    first = next((place for place in at if place in bound), at.start)
    words = text.words(range(at.start, first)).casefold().split()
    return range(first, at.stop) if tongue.small.issuperset(words) else at


def _word(text: SourceText, hit: Hit, bound: set[int], tongue: Tongue) -> Word:
    at = hit.at
    passage = text.passage_at(at.start)
    assert passage is not None  # noqa: S101 (no word is sought outside the provisions)
    around = range(max(passage.start, at.start - 40), min(passage.end, at.stop + 40))
    return Word(
        hit.rank,
        hit.sort,
        named(passage.parts, sort=passage.sort),
        text.lines[at.start],
        text.words(at),
        text.words(around),
        at,
        bound.issuperset(_heavy(text, at, bound, tongue)),
    )
