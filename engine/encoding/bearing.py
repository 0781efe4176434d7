"""Whom the text names in the stretch of an entry, and which entries name somebody else.

Only parties of the encoding are told, by their printed name or their short one; whoever is named otherwise is left
to the reader. A stretch without a verb of its own goes on under the entry whose verb governs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.drafting import bare_name
from duewatch.engine.encoding.quotations import mapping, sequence
from duewatch.engine.encoding.source_text import smooth
from duewatch.engine.encoding.verbal import verb_of
from duewatch.engine.encoding.verbs import strength_of
from duewatch.engine.encoding.whom import NO_VERB, Verb, Whom

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.engine.words import Obligation

_REMEDY: Final = "make it the bearer, or say what it has to do by `actor`, `with` or a reading"


def misplaced_bearers(
    encoding: Read, places: Mapping[str, range], text: SourceText, tongue: Tongue
) -> Iterator[tuple[Obligation, str]]:
    """Give the norms whose stretch names a party that is neither their bearer nor anybody who acts in them."""
    names, named = _names(encoding), _Named(encoding, text, tongue)
    named.whom.learn(names)
    there = sorted(
        (one for one in encoding.instrument.obligations if one.id in places), key=lambda one: places[one.id].start
    )
    for one in there:
        who = named.in_stretch(one, places[one.id])
        party = names.get(bare_name(who).casefold())
        if party is None or one.norms[0].modality == "statement" or (one.todo and "bearer" not in one.flat):
            continue
        if party not in _acting(one, encoding):
            yield one, f"`bearer`: the text names {who!r} here ({party}); {_REMEDY}"


def _names(encoding: Read) -> dict[str, str]:
    """Give the ids of parties by their names, short ones too, in small letters and without article."""
    parties = encoding.instrument.parties.items()
    return {bare_name(said).casefold(): party for party, one in parties for said in (one.title, one.short) if said}


def _acting(entry: Obligation, encoding: Read) -> set[str]:
    """Give everybody who acts in an entry, under any reading, and the members of groups of them."""
    found = {party for norm in entry.norms for party in norm.bearer.parties}
    found |= {str(entry.flat["actor"])} if "actor" in entry.flat else set()
    found |= {str(mapping(one).get("who", "")) for one in sequence(entry.flat.get("with"))}
    groups = encoding.instrument.parties
    return found | {member for party in found if party in groups for member in groups[party].members}


class _Named:
    """Finds whom the stretches of a text name, one after the other."""

    def __init__(self, encoding: Read, text: SourceText, tongue: Tongue) -> None:
        self.text, self.table = text, encoding.table
        verbs = (*map(verb_of, encoding.instrument.obligations), *encoding.verbs)
        self.pattern = tongue.verbs({smooth(verb) for verb in verbs if verb})
        self.whom = Whom(text, tongue, encoding.table)
        self.earlier: list[tuple[range, Obligation, Verb]] = []

    def in_stretch(self, entry: Obligation, at: range) -> str:
        """Give whom the verb of a stretch names, or the verb under which it goes on."""
        verb = self._verb(at)
        if verb.words:
            self.earlier.append((at, entry, verb))
            return self.whom.of(verb, at)
        passage = self.text.passage(entry.provision)
        reach = self.text.reach(passage) if passage else ()
        for above, other, carried in reversed(self.earlier):
            if other.norms[0].modality != "statement" and any(above.start in one for one in reach):
                return self.whom.of(carried, above)
        return ""

    def _verb(self, at: range) -> Verb:
        for found in self.text.matches(self.pattern, at):
            if self.text.bounded(found.start, found.stop):
                words = self.text.words(found).casefold()
                return Verb(found, words, strength_of(words, self.table) or "")
        return NO_VERB
