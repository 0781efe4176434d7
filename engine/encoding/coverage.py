"""Holds an encoding against the text that it encodes: nothing left out, nothing misquoted, nothing misdated.

What the text prints is compared with the text. A day that it does not print (recorded or inferred elsewhere) must
at least be said once more in words, in its own `source` or `why`, so that a slip in either shows. Targets of our own
(`soft`, `lead`, `review`, `working-dates`) stand in no text, and are compared with none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.bearing import misplaced_bearers
from duewatch.engine.encoding.phrased import other_days
from duewatch.engine.encoding.provisions import paragraph
from duewatch.engine.encoding.quotations import clocks, figures, mapping, printed, quotations, sequence
from duewatch.engine.encoding.source_text import named, squeeze
from duewatch.engine.encoding.stretches import MISSING, Stretch, claims_of, locate, occurrences, stretches
from duewatch.engine.encoding.verbal import misplaced_verbs, verb_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.quotations import Printed
    from duewatch.engine.encoding.source_text import Passage, SourceText
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.engine.words import Instrument, Obligation

_OTHER_EVENTS: Final = ("source", "why", "how")
_ABOUT_READINGS: Final = ("default", "standing", "why")
_CITED: Final = re.compile(
    r"\b[A-Z][A-Za-z]*\.? \d{1,3}(?![\d,/])(?! \d{4})"
)  # "Art 18": the number of a place counts nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in which an encoding and its text differ. `about`: an entry, a section, or a provision."""

    place: str  # file:line:column of the encoding, as far as known
    about: str
    wrong: str

    def __str__(self) -> str:
        """Give the one line that people read."""
        return f"{self.place}: {self.about}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every stretch of a text in order, and everything in which the encoding differs from it."""

    stretches: tuple[Stretch, ...]
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[Stretch, ...]:
        """Give the stretches that nothing covers."""
        return tuple(one for one in self.stretches if one.state == MISSING)


def coverage(encoding: Read, text: SourceText, tongue: Tongue) -> Coverage:
    """Compare an encoding with a text."""
    instrument, tree = encoding.instrument, encoding.tree
    claims = claims_of(instrument.obligations, map(mapping, sequence(tree.get("set-aside"))), instrument.file)
    found = [(claim, locate(claim, text)) for claim in claims]
    located = [(claim, at) for claim, at in found if isinstance(at, range)]
    findings = [Finding(claim.place, claim.name, at) for claim, at in found if isinstance(at, str)]
    places = {claim.name: at for claim, at in located}
    findings += misplaced(instrument.obligations, places, text, tongue)
    findings += [idle for one in instrument.obligations for idle in idle_readings(one)]
    verbs = misplaced_verbs(
        instrument.obligations, places, text, verb_pattern(instrument.obligations, encoding.verbs, tongue)
    )
    findings += [Finding(one.place, one.id, wrong) for one, wrong in verbs]
    others = (*misplaced_bearers(encoding, places, text, tongue), *other_days(encoding, tongue))
    findings += [Finding(one.place, one.id, wrong) for one, wrong in others]
    findings += declared(tree, text, tongue, instrument.file)
    findings += fingerprints(tree, text, instrument.file)
    return Coverage(tuple(stretches(text, located, tongue.joining)), tuple(findings))


def counted(instrument: Instrument) -> dict[str, tuple[int, int]]:
    """Give for each numbered paragraph that is encoded its entries, and those of them that mark a stretch."""
    entries = Counter(paragraph(one.provision) for one in instrument.obligations)
    marked = Counter(paragraph(one.provision) for one in instrument.obligations if one.flat.get("words"))
    return {provision: (number, marked[provision]) for provision, number in entries.items()}


# ------------------------------------------------------------------ entries
def misplaced(
    entries: Iterable[Obligation], places: Mapping[str, range], text: SourceText, tongue: Tongue
) -> Iterator[Finding]:
    """Give the quotations, days and numbers of entries that do not stand where they are said to stand."""
    for one in entries:
        passage = text.passage(one.provision)
        if passage is None:
            continue
        for quoted in quotations(one.flat):
            where = places.get(one.id)
            if quoted_at(quoted.words, where, passage, text):
                continue
            for words in quoted.parts:
                if not quoted_at(words, where, passage, text):
                    yield Finding(one.place, one.id, f"`{quoted.field}` quotes {words!r}: not in {one.provision}")
        for value in printed(one.flat, tongue):
            wheres, told = _where(value, places.get(one.id), passage, text)
            if not prints(text, wheres, value) and not _said_again(one, value):
                yield Finding(
                    one.place, one.id, f"`{value.field}`: {value.shown} is not printed in {one.provision}{told}"
                )


def idle_readings(entry: Obligation) -> Iterator[Finding]:
    """Give the readings of an entry that change nothing of what the default says: a slip has made them alike."""
    readings = {name: mapping(one) for name, one in mapping(entry.flat.get("readings")).items()}
    said = {
        name: {field: value for field, value in {**entry.flat, **one}.items() if field not in _ABOUT_READINGS}
        for name, one in readings.items()
    }
    default = next((name for name, one in readings.items() if one.get("default")), "")
    for name in readings if default else ():
        if name != default and said[name] == said[default]:
            yield Finding(
                entry.place, entry.id, f"the reading `{name}` changes nothing: it says the same as `{default}`"
            )


def _where(value: Printed, own: range | None, passage: Passage, text: SourceText) -> tuple[tuple[range, ...], str]:
    """Give where a value must be printed, and words for it: the entry's own stretch, or the heads above it.

    A reading may take its day from another sentence of the paragraph.
    """
    whole = text.passages[passage.of]
    if own is None or (value.field.startswith("readings.") and not value.field.endswith(".target")):
        return (_inside(whole),), ""
    first = whole.start + len(whole.number)
    heads = (range(max(one.start, first), one.stop) for one in text.reach(passage)[:-1])
    return (range(max(own.start, first), own.stop), *heads), ", in the entry's own stretch"


def _inside(passage: Passage) -> range:
    """Give the letters of a provision without its number."""
    return range(passage.start + len(passage.number), passage.end)


def quoted_at(words: str, own: range | None, passage: Passage, text: SourceText) -> list[range]:
    """Give where some quoted words stand: inside the entry's own stretch, or else wherever its provision reaches."""
    sought = squeeze(words)
    wheres = ([own] if own else [], text.reach(passage))
    for where in wheres:
        found = [range(at, at + len(sought)) for one in where for at in occurrences(sought, text.letters, one)]
        if found:
            return found
    return []


def prints(text: SourceText, wheres: Iterable[range], value: Printed) -> bool:
    """Say whether some letters print a day, a number or a length of time."""
    letters = text.letters.casefold()
    found = {
        at.start()
        for where in wheres
        for one in value.patterns
        for at in _compiled(one).finditer(letters, where.start, where.stop)
    }
    return len(found) >= value.times


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _said_again(entry: Obligation, value: Printed) -> bool:
    """Say whether a reading that goes beyond the print says in its `why` what it comes to."""
    if not value.field.startswith("readings."):
        return False
    why = mapping(mapping(entry.flat["readings"]).get(value.field.split(".")[1])).get("why", "")
    return _says(str(why), value)


def _says(words: str, value: Printed) -> bool:
    letters = squeeze(_CITED.sub(" ", words)).casefold()
    return any(_compiled(pattern).search(letters) for pattern in value.patterns)


# ------------------------------------------------------------------ what the file declares beside its entries
def declared(tree: Mapping[str, object], text: SourceText, tongue: Tongue, file: str) -> Iterator[Finding]:
    """Give the days and lengths of time of the other sections that neither the text nor their own reasons confirm."""
    for name, fields, field in declarations(tree):
        provision = str(fields.get("provision", ""))
        passage = text.paragraph_of(provision)
        for value in clocks(field, flat(fields.get(field)), tongue):
            if passage is None and provision:
                yield Finding(file, name, f"the text has no {provision}")
            elif passage is None and not any(_says(str(fields.get(other, "")), value) for other in _OTHER_EVENTS):
                where = "`how` nor `source`" if name == "instrument.adopted" else "`source` nor `why`"
                yield Finding(file, name, f"`{field}`: neither {where} says {value.shown} once more in words")
            elif passage is not None and not prints(text, [_inside(passage)], value):
                yield Finding(file, name, f"`{field}`: {value.shown} is not printed in {provision}")
    for name, told in _told(tree):
        for value in figures(name, told, tongue):
            if not any(_compiled(value.patterns[0]).search(one.casefold()) for one in (text.letters, text.front)):
                yield Finding(file, name, f"{value.shown} is printed nowhere in the text")


def declarations(tree: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object], str]]:
    """Give each declaration with the field that holds its day or its length."""
    yield "instrument.adopted", mapping(mapping(tree.get("instrument")).get("adopted")), "date"
    for section, fields in (("events", ("date",)), ("periods", ("from", "until", "for", "renews"))):
        for name, one in mapping(tree.get(section)).items():
            yield from ((f"{section}.{name}", mapping(one), field) for field in fields)
    for question, answers in mapping(tree.get("questions")).items():
        for answer, one in mapping(answers).items():
            for field in ("sets", "deadline", "until"):
                yield f"questions.{question}.{answer}", mapping(one), field


def _told(tree: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Give the words of the file's head that may name days and numbers of the text."""
    yield "instrument.title", str(mapping(tree.get("instrument")).get("title", ""))
    for name, party in mapping(tree.get("parties")).items():
        yield f"parties.{name}", str(mapping(party).get("name", ""))
    for name, question in mapping(tree.get("questions")).items():
        yield f"questions.{name}", str(mapping(question).get("asks", ""))


def flat(value: object) -> str:
    """Give every value of a field in one line."""
    return " ".join(map(flat, value.values())) if isinstance(value, dict) else str(value or "")


def fingerprints(tree: Mapping[str, object], text: SourceText, file: str) -> Iterator[Finding]:
    """Give the paragraphs whose text is not the one with which the encoding was once compared."""
    taken = mapping(tree.get("fingerprints"))
    found = {provision: text.passage(provision) for provision in taken}
    known = {passage.parts: provision for provision, passage in found.items() if passage is not None}
    for one in text.paragraphs if taken else ():
        provision = known.get(one.parts, "")
        if not provision:
            yield Finding(file, "fingerprints", f"paragraph {named(one.parts)} of the text has none")
        elif taken[provision] != text.fingerprint(one):
            yield Finding(file, "fingerprints", f"the text of {provision} is not the one that was compared")
    for provision, passage in found.items():
        if passage is None:
            yield Finding(file, "fingerprints", f"the text has no {provision}")
