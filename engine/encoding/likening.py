"""The encoding of an earlier text beside a new one: what stays as it was, what changed, what is gone.

A paragraph is the same where its letters are, whatever its number: by its fingerprint, or by the earlier text. Its
entries are kept, without their readings. For a paragraph that changed the earlier entries are comments only.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.fields import ENTRY_FIELDS, TODO
from duewatch.engine.encoding.provisions import paragraph
from duewatch.engine.encoding.quotations import mapping, quotations, sequence
from duewatch.engine.encoding.skeleton import Block, written
from duewatch.engine.encoding.source_text import named, parts_of, squeeze
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.outline import Parts
    from duewatch.engine.encoding.source_text import Passage, SourceText
    from duewatch.engine.words import Obligation

_ALIKE, _QUOTED = 0.5, 0.3  # how much of a paragraph, or of what is quoted of it, is found in the one that follows it
_SAME_PLACE: Final = 0.1  # what the same number counts beside that
_CONTEXT: Final = 4  # words shown about a difference
_NOT_KEPT: Final = ("readings", "questions", TODO)
_ELSEWHERE: Final = ("continues", "why", "action", "title")  # what they cite is another instrument, or told freely
_NOT_WRITTEN: Final = ("id", "provision")
_CITED: Final = re.compile(r"(?<![\w.])(?:[A-Z][\w.]* )+\d{1,3}(?![\w.,/-]| \()")  # a provision, by its paragraph
_PLAIN: Final = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A paragraph of the earlier text: its provision and its entries."""

    provision: str
    entries: tuple[Obligation, ...]
    words: str = ""  # "" where the earlier text is not at hand
    print: str = ""


@dataclass(slots=True)
class Likeness:
    """What of an earlier encoding goes with which paragraph of a new text."""

    earlier: Read
    text: SourceText
    same: dict[Parts, Earlier] = field(default_factory=dict)
    changed: dict[Parts, Earlier] = field(default_factory=dict)
    dropped: list[Earlier] = field(default_factory=list)

    @property
    def every(self) -> tuple[Earlier, ...]:
        """Give every paragraph of the earlier encoding."""
        return (*self.same.values(), *self.changed.values(), *self.dropped)

    def place_of(self, provision: str, word: str) -> str:
        """Give where a provision of the earlier text stands in the new one; "" where its paragraph is gone.

        `word` stands before the numbers of the new one.
        """
        above = paragraph(provision)
        for found in (self.same, self.changed):
            for place, one in found.items():
                if parts_of(one.provision) == parts_of(above):
                    sort = self.text.passages[place].sort
                    return named(place, word, sort) + provision[len(above) :]
        return ""

    @property
    def parties(self) -> dict[str, str]:
        """Give the names of the earlier parties, by their ids."""
        return {name: one.title or name for name, one in self.earlier.instrument.parties.items()}


def liken(earlier: Read, earlier_text: SourceText | None, text: SourceText) -> Likeness:
    """Compare paragraph by paragraph. BadInput where the earlier encoding says nothing of its text to compare with."""
    prints = mapping(earlier.tree.get("fingerprints"))
    if not prints and earlier_text is None:
        raise BadInput(
            f"{earlier.instrument.file} has no fingerprints to compare with; give its text with --like-source, or write"
            " them first with `duewatch coverage --write-fingerprints`"
        )
    found = Likeness(earlier, text)
    left = list(_paragraphs(earlier, prints, earlier_text))
    for one in list(left):
        if (place := _same(one, found, text)) is not None:
            found.same[place] = one
            left.remove(one)
    rated = sorted(
        (
            (score, at, one.parts)
            for at, old in enumerate(left)
            for one in text.paragraphs
            if (score := _rate(old, one, text))
        ),
        key=lambda rating: -rating[0],
    )
    placed = set[int]()
    for _, at, place in rated:
        if at not in placed and place not in found.same and place not in found.changed:
            found.changed[place] = left[at]
            placed.add(at)
    found.dropped = [one for at, one in enumerate(left) if at not in placed]
    return found


def _paragraphs(earlier: Read, prints: Mapping[str, object], text: SourceText | None) -> Iterator[Earlier]:
    entries: dict[str, list[Obligation]] = defaultdict(list)
    for one in earlier.instrument.obligations:
        entries[paragraph(one.provision)].append(one)
    for aside in map(mapping, sequence(earlier.tree.get("set-aside"))):
        entries[paragraph(str(aside.get("provision", "")))] += []
    for provision, each in entries.items():
        passage = text.passage(provision) if text else None
        words = _words(text, passage) if text and passage else ""
        known = str(prints.get(provision, ""))
        yield Earlier(provision, tuple(each), words, text.fingerprint(passage) if text and passage else known)


def _same(one: Earlier, found: Likeness, text: SourceText) -> Parts | None:
    """Give the paragraph with the same words: that of the same number first, then any other."""
    own = text.passage(one.provision)
    others = [passage for passage in text.paragraphs if own is None or passage.parts != own.parts]
    number = f"{parts_of(one.provision)[-1].strip('()')}."
    for passage in ([own] if own else []) + others:
        letters = text.letters[passage.start + len(passage.number) : passage.end]
        numbers = (number, "") if passage.number else ("",)
        if passage.parts not in found.same and one.print in {_print(each + letters) for each in numbers}:
            return passage.parts
    return None


def _words(text: SourceText, passage: Passage) -> str:
    return text.words(range(passage.start + len(passage.number), passage.end))


def _print(letters: str) -> str:
    return f"sha256:{hashlib.sha256(letters.encode()).hexdigest()}"


def _rate(one: Earlier, passage: Passage, text: SourceText) -> float:
    """Say how much a paragraph is like an earlier one; 0 where it is too little to be its successor."""
    in_place = _SAME_PLACE * (parts_of(one.provision) == passage.parts)
    if one.words:
        words = _words(text, passage).casefold().split()
        matcher = SequenceMatcher(None, one.words.casefold().split(), words, autojunk=False)
        likely = matcher.quick_ratio() + in_place > _ALIKE
        return ratio + in_place if likely and (ratio := matcher.ratio()) + in_place > _ALIKE else 0
    quoted = set(_quoted(one))
    share = sum(squeeze(each) in text.letters[passage.start : passage.end] for each in quoted) / max(len(quoted), 1)
    return share + in_place if share and share + in_place > _QUOTED else 0


def _quoted(one: Earlier) -> Iterator[str]:
    for entry in one.entries:
        yield from map(str, sequence(entry.flat.get("words")))
        yield from (words for quoted in quotations(entry.flat) for words in quoted.parts)


# ------------------------------------------------------------------ what is kept
def kept(one: Earlier, place: Parts, likeness: Likeness, word: str) -> Iterator[Block]:
    """Give the earlier entries of a paragraph as they stand in the new file."""
    passage = likeness.text.passages[place]
    there = named(place, word, passage.sort)
    for entry in one.entries:
        own = entry.provision.removeprefix(one.provision)
        fields = [("id", entry.id), ("provision", written(there + own)), *_fields(entry)]
        doubts = [name for name in ("readings", "questions") if name in entry.flat]
        names = ", ".join(name for field in doubts for name in _names(entry.flat[field]))
        asked = [f"readings: earlier there were {names}; do they hold of this text?"] if doubts else []
        todo = (*entry.todo, *asked, *_renumbered(fields[2:], likeness, word))
        yield Block((f"as in {one.provision} of the earlier text",), tuple(fields), todo, passage.start)


def _renumbered(fields: Iterable[tuple[str, str]], likeness: Likeness, word: str) -> Iterator[str]:
    """Ask about each provision that a field names and that has another number now: the words may mean either."""
    for name, value in fields:
        if name in _ELSEWHERE:
            continue
        for cited in dict.fromkeys(_CITED.findall(value)):
            now = likeness.place_of(cited, word)
            if now != cited and any(one.provision == cited for one in likeness.every):
                yield f"{name}: {cited} of the earlier text is {now or 'gone'} now; which one is meant?"


def _names(value: object) -> Iterable[str]:
    return map(str, value if isinstance(value, dict | list) else ())


def _fields(entry: Obligation) -> Iterator[tuple[str, str]]:
    """Give the fields of an entry as somebody wrote them, inherited ones included."""
    for one in ENTRY_FIELDS:
        is_own = entry.origins.get(one.name, "").startswith(("entry", "shared"))
        if one.name in entry.flat and is_own and one.name not in (*_NOT_KEPT, *_NOT_WRITTEN):
            yield one.name, flow(entry.flat[one.name])


def flow(value: object) -> str:
    """Give plain data as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(str(name))}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) or value == "none" else written(str(value))


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else written(name)


# ------------------------------------------------------------------ what is only told
def told_of(one: Earlier, place: Parts, text: SourceText) -> Iterator[str]:
    """Give lines that tell how a paragraph was encoded before, and in which words it differs."""
    passage = text.passages[place]
    yield f"CHANGED since {one.provision} of the earlier text:"
    if one.words:
        yield from (f"  {line}" for line in differences(one.words, _words(text, passage)))
    else:
        gone = [
            words
            for words in dict.fromkeys(_quoted(one))
            if squeeze(words) not in text.letters[passage.start : passage.end]
        ]
        yield from (f"  quoted then, and not there now: {written(words)}" for words in gone)
        yield "  (with --like-source and the earlier text it is shown word by word)"
    yield from _as_encoded(one)


def _as_encoded(one: Earlier) -> Iterator[str]:
    for entry in one.entries:
        yield f"  earlier: - id: {entry.id}"
        yield f"             provision: {entry.provision}"
        yield from (f"             {name}: {value}" for name, value in _fields(entry))


def differences(before: str, after: str) -> Iterator[str]:
    """Give what differs word by word, with a few words about it: `report every [-three-] {+six+} months`."""
    old, new = before.split(), after.split()
    for tag, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        shown = [
            *(["..."] if start > _CONTEXT else []),
            *old[max(start - _CONTEXT, 0) : start],
            *([f"[-{' '.join(old[start:end])}-]"] if end > start else []),
            *([f"{{+{' '.join(new[start_new:end_new])}+}}"] if end_new > start_new else []),
            *old[end : end + _CONTEXT],
            *(["..."] if end + _CONTEXT < len(old) else []),
        ]
        yield " ".join(shown)


def farewell(dropped: Iterable[Earlier]) -> Iterator[str]:
    """Give lines that list what the new text no longer has."""
    for one in dropped:
        entries = ", ".join(entry.id for entry in one.entries) or "set aside"
        yield f"GONE: {one.provision} of the earlier text: {entries}"
