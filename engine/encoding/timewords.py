"""The time words and limiting words of a text, each with its rank: must, should, may.

The phrases are data; here their rank is lowered by what stands about them: a day that has passed sets no term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.source_text import smooth
from duewatch.engine.encoding.tongue import NO_DAY, NO_MONTH
from duewatch.engine.encoding.verbs import strength_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.tongue import Sought, Tongue
    from duewatch.rules.strengths import Verbs

MUST: Final = "must"
_LOOK_BACK: Final = 240  # letters
_IN_YEAR: Final = "in {year}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the language that a text has, and its letters."""

    rank: str  # must, should, may
    sort: str  # time, limiting
    at: range


def sought_in(text: SourceText, tongue: Tongue, adopted: date, verbs: Verbs) -> Iterator[Hit]:
    """Give each phrase of the language with its letters; inside a longer phrase a shorter one does not count again.

    A day that had passed when the text was adopted (`date.min`: not known when) sets no term: it is no more than a may.
    """
    taken = set[int]()
    context = _Context(text, tongue, adopted, _noting(text, tongue, verbs), _budget_years(text, tongue))
    every = [
        (sought, range(at.start, text.end_of_word(at.stop) if sought.goes_on else at.stop))
        for sought in tongue.sought
        for at in text.matches(sought.pattern)
        if sought.goes_on or text.bounded(at.start, at.stop)
    ]
    for sought, at in sorted(every, key=lambda one: (one[0].order, -len(one[1]), one[0].rank == MUST)):
        if taken.isdisjoint(at):
            taken.update(at)
            yield Hit(_rank(context, sought, at), sought.sort, at)


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known of a text when its time words are ranked."""

    text: SourceText
    tongue: Tongue
    adopted: date
    noting: tuple[tuple[int, bool], ...]  # where verbs stand, and whether they only note
    budgets: frozenset[int]  # the years that it has a budget for

    def verb_before(self, at: int) -> tuple[int, bool]:
        """Give where the nearest verb before a letter stands, in the same paragraph, and whether it only notes."""
        passage = self.text.passage_at(at)
        start = self.text.passages[passage.of].start if passage else 0
        return next((one for one in reversed(self.noting) if start <= one[0] < at), (start, False))


def _noting(text: SourceText, tongue: Tongue, verbs: Verbs) -> tuple[tuple[int, bool], ...]:
    pattern = tongue.verbs({smooth(verb) for verb in verbs.verbs})
    found = (at for at in text.matches(pattern) if text.bounded(at.start, at.stop))
    return tuple((at.start, strength_of(text.words(at), verbs) == verbs.binds_nobody) for at in found)


def _budget_years(text: SourceText, tongue: Tongue) -> frozenset[int]:
    found = (at for pattern in tongue.budgets for at in text.matches(pattern))
    return frozenset(day[0] for at in found if (day := tongue.dated(smooth(text.letters[at.start : at.stop]))))


def _rank(context: _Context, sought: Sought, at: range) -> str:
    """Lower the rank of a must: what has passed, what has been done, what is foreseen, what is only noted.

    A bare year says little where it is that of the adoption, or of a budget.
    """
    text, tongue, adopted = context.text, context.tongue, context.adopted
    if sought.rank != MUST:
        return sought.rank
    own = smooth(text.letters[at.start : at.stop])
    day = tongue.dated(own)
    if day is not None and day < (adopted.year, adopted.month, adopted.day):
        return "may"
    passage = text.passage_at(at.start)
    start = max(at.start - _LOOK_BACK, passage.start if passage else 0)
    verb, noted = context.verb_before(at.start)
    before, since = text.words(range(start, at.start)), text.words(range(max(start, verb), at.start))
    is_year = day is not None and day[1:] == (NO_MONTH, NO_DAY)
    is_ahead = bool(tongue.looks_ahead.match(own)) or (day is not None and _is_to_come(day, adopted))
    is_done = tongue.after_done.search(before) or (noted and tongue.after_deeds.search(before))
    is_foreseen = tongue.after_forecasts.search(since) or tongue.after_happening.search(since)
    if (is_done and not is_ahead) or (is_foreseen and (is_year or sought.unless_noted)):
        return "may"
    vague = day is not None and is_year and sought.words == _IN_YEAR and day[0] in {adopted.year, *context.budgets}
    return "should" if vague or (sought.unless_noted and noted) else MUST


def _is_to_come(day: tuple[int, int, int], adopted: date) -> bool:
    """Say whether a day, or the whole of a month or year, lies after a known adoption: then no deed was done on it."""
    known = {NO_MONTH: 1, NO_DAY: 2}
    size = min((known[part] for part in day[1:] if part in known), default=3)
    return adopted.year > 1 and day[:size] > (adopted.year, adopted.month, adopted.day)[:size]
