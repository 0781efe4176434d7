"""A text -> the pieces that an encoding of it begins with: one for each operative verb, with what is proposed for it.

Proposed are words of the text only: who is asked, the time words, the limiting words. Nothing is decided: not a date,
not a kind, not a reading.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.outline import ANNEX, BULLETS, SECTION
from duewatch.engine.encoding.source_text import BULLET, is_labelled, named, smooth
from duewatch.engine.encoding.stretches import beginnings
from duewatch.engine.encoding.timewords import MUST, sought_in
from duewatch.engine.encoding.verbs import strength_of
from duewatch.engine.encoding.whom import MOST_WORDS, NO_VERB, Verb, Whom

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from duewatch.engine.encoding.source_text import Passage, SourceText
    from duewatch.engine.encoding.timewords import Hit
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.rules.strengths import Verbs

_FEWEST_WORDS: Final = 3  # of those that mark a stretch
_FURTHER: Final = 5  # words that a quotation goes on after "until" or "prior to"
_APART: Final = 4  # letters between two time words that are quoted as one
_LINKED: Final = 160  # letters before a verb in which its linking words stand
_LOOK_BACK: Final = 600  # letters before a verb in which its sentence begins
_SENTENCE: Final = re.compile(r"[a-zà-ÿ)\]”’]{2}[.;]\d{0,3}\s+(?=[A-ZÀ-Ý“\"])((?:[^.;]|[.;](?!\d{0,3}\s))*)$")  # noqa: RUF001
_MARK: Final = re.compile(rf"\(?[a-z0-9]{{1,5}}\)|\d+(?:\.\d+)+\.?|[{BULLETS}]-?|-")
_ARTICLE: Final = re.compile(
    r"^(?:(?:the|all|its|le|la|les|au|aux|tous|toutes)\s+|l’|à l’|à la\s+)+",  # noqa: RUF001 (printed apostrophes)
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch under one operative verb."""

    parts: tuple[str, ...]
    provision: str
    at: int  # the letter at which it begins
    line: int
    words: tuple[str, str] | None  # the first and the last ones; None where none would be found again
    verb: str  # as printed, small; "" where the table has none of the stretch
    strength: str
    who: str  # as printed; "" where nobody is named
    times: tuple[str, ...]  # quotations: what sets a term
    hints: tuple[str, ...]  # quotations: what hurries, repeats, or only may be a term
    limits: tuple[str, ...]


def tradition_of(text: SourceText, symbol: str, tongue: Tongue, tables: Mapping[str, Verbs]) -> str:
    """Give the name of the table whose verbs begin most paragraphs.

    Among equals it is the one that has such symbols, or whose word for a paragraph the text has most ("clause 4").
    """

    def fit(name: str) -> tuple[int, bool, int]:
        table = tables[name]
        pattern = tongue.verbs(map(smooth, table.verbs))
        begun = sum(_begins_with(text, one, pattern) for one in text.paragraphs)
        called = sum(one.sort.startswith(table.paragraph) for one in text.paragraphs)
        named_so = len(re.findall(rf"{table.paragraph.lower()}[a-z]*\d", text.smooth.small))
        return begun, any(map(symbol.startswith, table.symbols)), called + named_so

    return max(sorted(tables), key=fit)


def _begins_with(text: SourceText, passage: Passage, verbs: re.Pattern[str]) -> bool:
    start = passage.start + len(passage.number)
    found = next(text.matches(verbs, range(start, passage.end)), None)
    return found is not None and found.start == start and text.bounded(found.start, found.stop)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of a provision. `carried` is the verb of the head above it, inside the letters `head`."""

    passage: Passage
    at: range
    carried: Verb
    head: range


def pieces_of(text: SourceText, tongue: Tongue, adopted: date, verbs: Verbs) -> tuple[Piece, ...]:
    """Give the pieces of a text in order; together they leave nothing over but joining words."""
    draft = _Draft(text, tongue, verbs, sorted(sought_in(text, tongue, adopted, verbs), key=lambda hit: hit.at.start))
    inside = defaultdict(list)
    for _, passage in text.starts:
        inside[passage.of].append(passage)
    cuts = [cut for one in text.paragraphs for cut in draft.cuts(inside[one.parts])]
    draft.whom.learn([bare_name(draft.who(cut)).casefold() for cut in cuts])
    found = list[Piece]()
    for cut in cuts:
        before = found[-1].who if found and found[-1].parts == cut.passage.parts else ""
        found.append(draft.piece(cut, draft.who(cut) or (before if draft.goes_on(cut) else "")))
    return tuple(found)


def bare_name(who: str) -> str:
    """Give the name of whom a verb asks, without its article."""
    return _ARTICLE.sub("", who)


class _Draft:
    def __init__(self, text: SourceText, tongue: Tongue, verbs: Verbs, hits: Sequence[Hit]) -> None:
        self.text, self.tongue, self.table, self.hits = text, tongue, verbs, hits
        self.pattern = tongue.verbs({smooth(verb) for verb in verbs.verbs})
        self.whom = Whom(text, tongue, verbs)

    # ------------------------------------------------------------------ stretches
    def cuts(self, inside: Iterable[Passage]) -> Iterator[_Cut]:
        """Cut a paragraph; a head that leads on to items ends in the first of them: its last stretch goes on there."""
        carried, head, waiting = NO_VERB, range(0), None
        for one in inside:
            leads_on = one.head_end < one.end
            stretches = list(self.stretches(range(self.after_mark(one), one.head_end)))
            if waiting is not None and stretches:
                stretches[0] = range(waiting.start, stretches[0].stop)
            elif waiting is not None:
                stretches = [range(waiting.start, one.head_end)]
            waiting = stretches.pop() if leads_on and stretches else None
            if waiting is not None and (found := self.verb_in(waiting)):
                carried, head = found, waiting
            for at in self.told_apart(one, stretches):
                yield _Cut(one, at, carried, head)

    def who(self, cut: _Cut) -> str:
        """Give whom the verb of a stretch names; under a head without a verb of its own, whom the head names."""
        if verb := self.verb_in(cut.at):
            return self.whom.of(verb, cut.at)
        return self.whom.of(cut.carried, cut.head, leads_on=True)

    def told_apart(self, passage: Passage, stretches: Iterable[range]) -> list[range]:
        """Join a stretch that no words mark, for they stand in the provision twice, to the one before it."""
        kept: list[range] = []
        for at in stretches:
            if kept and self.marks(passage, at) is None and self.marks(passage, range(kept[-1].start, at.stop)):
                kept[-1] = range(kept[-1].start, at.stop)
            else:
                kept.append(at)
        return kept

    def goes_on(self, cut: _Cut) -> bool:
        """Say whether a stretch begins with a verb that binds: then it binds whom the stretch before it names."""
        verb = self.verb_in(cut.at)
        return verb is not None and verb.at.start == cut.at.start and self.whom.is_bound_before(verb, cut.at)

    def after_mark(self, passage: Passage) -> int:
        """Give where the words of a provision begin, after its number or its mark."""
        start = passage.start + len(passage.number)
        mark = _MARK.match(self.text.letters, start, passage.end)
        return mark.end() if mark and passage.parts != passage.of else start

    def stretches(self, at: range) -> Iterator[range]:
        """Part some letters where an operative verb begins after a comma or a joining word, which are left out."""
        starts = [at.start]
        for verb in self.verbs_in(at):
            if (start := self.begins(verb, at)) > starts[-1]:
                starts.append(start)
        for start, end in zip(starts, [*starts[1:], at.stop], strict=True):
            kept = self.tongue.trailing.sub("", self.text.words(range(start, end)))
            if kept:
                yield range(start, start + len("".join(kept.split())))

    def verbs_in(self, at: range) -> Iterator[Verb]:
        for found in self.text.matches(self.pattern, at):
            if self.text.bounded(found.start, found.stop):
                words = self.text.words(found).casefold()
                yield Verb(found, words, strength_of(words, self.table) or "")

    def verb_in(self, at: range) -> Verb | None:
        """Give the first verb of a stretch: the one that `coverage` will look for."""
        return next(self.verbs_in(at), None)

    def begins(self, verb: Verb, at: range) -> int:
        """Give where the stretch of a verb begins, with its linking words; the start of all where it begins none."""
        before = self.text.words(range(max(at.start, verb.at.start - _LOOK_BACK), verb.at.start))
        link = self.tongue.linking.search(f"{before[-_LINKED:]} ")
        if link is None and verb.words.split()[0] in self.tongue.after_bearer:
            sentence = _SENTENCE.search(before)  # whom it binds stands before it
            return verb.at.start - len("".join(sentence[1].split())) if sentence else at.start
        if link is None or (not link["stop"] and verb.strength in self.table.strengths[-2:]):
            return at.start  # "supports and encourages" is one act
        return verb.at.start - len("".join(link["link"].split()))

    # ------------------------------------------------------------------ one piece
    def piece(self, cut: _Cut, who: str) -> Piece:
        at, passage = cut.at, cut.passage
        verb = self.verb_in(at) or cut.carried
        first, last = (bisect_left(self.hits, place, key=lambda hit: hit.at.start) for place in (at.start, at.stop))
        hits = self.hits[first:last]
        times = [hit for hit in hits if hit.sort == "time"]
        return Piece(
            passage.parts,
            named(passage.parts, self.table.paragraph, passage.sort),
            at.start,
            self.text.lines[at.start],
            self.marks(passage, at),
            verb.words,
            verb.strength,
            who,
            tuple(self.quoted([hit for hit in times if hit.rank == MUST], at)),
            tuple(self.quoted([hit for hit in times if hit.rank == "should"], at)),
            tuple(self.quoted([hit for hit in hits if hit.sort == "limiting" and hit.rank != "may"], at)),
        )

    def marks(self, passage: Passage, at: range) -> tuple[str, str] | None:
        """Give the first and the last words of a stretch, as many as it takes to find them again."""
        text = self.text
        starts = [place for place in at if place in text.gaps or place == at.start]
        for size in range(_FEWEST_WORDS, MOST_WORDS + 1):
            first = range(at.start, starts[size] if size < len(starts) else at.stop)
            if len(list(beginnings(text.letters[first.start : first.stop], passage, text))) == 1:
                break
        else:
            return None
        for size in range(min(_FEWEST_WORDS, len(starts)), min(MOST_WORDS, len(starts)) + 1):
            last = range(starts[-size], at.stop)
            if text.letters.find(text.letters[last.start : last.stop], at.start) == last.start:
                return text.words(first), text.words(last)
        return None

    def quoted(self, hits: Iterable[Hit], at: range) -> Iterator[str]:
        """Quote time words, those beside each other in one; what ends in "until" or "prior to" goes on a little."""
        spans: list[range] = []
        for hit in hits:
            if spans and hit.at.start - spans[-1].stop <= _APART:
                spans[-1] = range(spans[-1].start, hit.at.stop)
            else:
                spans.append(hit.at)
        for span in spans:
            words = self.text.words(self.going_on(span, at)).split()
            yield " ".join(words[:MOST_WORDS])

    def going_on(self, span: range, at: range) -> range:
        if self.text.words(span).casefold().split()[-1] not in self.tongue.open_ended:
            return span
        stop, text = span.stop, self.text
        for _ in range(_FURTHER):
            if stop >= at.stop or text.letters[stop] in ".,;:" or text.letters[stop - 1] in ".,;:":
                break
            stop = min(text.end_of_word(stop + 1), at.stop)
        return range(span.start, stop)


def id_of(parts: Sequence[str], word: str) -> str:
    """Give an id that sorts like the text; `word` stands before the numbers of paragraphs.

    >>> id_of(("4", "(b)", "bullet", "2"), "Art"), id_of(("section", "II", "5 bis"), "Art"), id_of(("6", ".2"), "cl")
    ('art04.b.b2', 'sII.art05bis', 'cl06-02')
    """
    said, at = [], 0
    while at < len(parts):
        part = parts[at]
        if part == BULLET:
            said.append(f"b{parts[at + 1]}")
            at += 1
        elif part[:1].isdecimal():
            number = "".join(takewhile(str.isdecimal, part))
            said.append(f"{word.casefold()}{number:>02}{part[len(number) :].strip()}")
        elif part.startswith(".") and said:
            said[-1] += f"-{part[1:]:>02}"
        elif part in {ANNEX, SECTION}:
            labelled = is_labelled(parts, at)
            said.append((part[0] if part == SECTION else part) + (parts[at + 1].replace(".", "-") if labelled else ""))
            at += labelled
        else:
            said.append(re.sub(r"[^A-Za-z0-9_-]", "", part))
        at += 1
    return ".".join(said)
