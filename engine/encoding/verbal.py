"""Which operative verb governs each stretch of a text, and which entries name another one.

The verb of an entry is the first one inside its own stretch. A stretch without a verb of its own goes on under the
verb of the nearest entry before it, inside what its provision reaches; a norm does not go on under a statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewatch.engine.encoding.source_text import smooth

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.engine.words import Obligation


def misplaced_verbs(
    entries: Sequence[Obligation], places: Mapping[str, range], text: SourceText, verbs: re.Pattern[str]
) -> Iterator[tuple[Obligation, str]]:
    """Give the entries whose verb does not govern their stretch, and what is wrong. `verbs`: see `verb_pattern`."""
    printed: list[tuple[int, Obligation, str]] = []
    there = sorted((one for one in entries if one.id in places), key=lambda one: places[one.id].start)
    for one in there:
        at = places[one.id]
        verb = first_verb(text, at, verbs)
        if verb:
            printed.append((at.start, one, verb))
        if one.todo and not verb_of(one):
            continue
        governing = verb or _carried(one, printed, text)
        if smooth(verb_of(one)) != governing:
            wrong = f"`verb` is {verb_of(one)!r}, and its stretch stands under "
            yield one, wrong + (repr(_spaced(governing, entries)) if governing else "none that the encoding names")


def verb_of(entry: Obligation) -> str:
    """Give the verb of an entry in small letters; "" where that is still to be found."""
    return str(entry.flat.get("verb", "")).casefold()


def verb_pattern(entries: Iterable[Obligation], table: Iterable[str], tongue: Tongue) -> re.Pattern[str]:
    """Give the pattern of every verb that the encoding or the table of its tradition names, the longest first."""
    return tongue.verbs({smooth(verb) for verb in (*map(verb_of, entries), *table) if verb})


def first_verb(text: SourceText, at: range, verbs: re.Pattern[str]) -> str:
    """Give the first verb among some letters, squeezed; "" where there is none."""
    found = (one for one in text.matches(verbs, at) if text.bounded(one.start, one.stop))
    return next((smooth(text.letters[one.start : one.stop]).casefold() for one in found), "")


def _carried(entry: Obligation, printed: Sequence[tuple[int, Obligation, str]], text: SourceText) -> str:
    passage = text.passage(entry.provision)
    reach = text.reach(passage) if passage else ()
    is_statement = entry.norms[0].modality == "statement"
    for start, other, verb in reversed(printed):
        if (is_statement or other.norms[0].modality != "statement") and any(start in one for one in reach):
            return verb
    return ""


def _spaced(verb: str, entries: Sequence[Obligation]) -> str:
    return next((verb_of(one) for one in entries if smooth(verb_of(one)) == verb), verb)
