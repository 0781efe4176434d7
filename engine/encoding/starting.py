"""`duewatch draft`: a text, and perhaps the encoding of an earlier one -> the file to begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.carried import head_of_earlier, sections_of, set_aside
from duewatch.engine.encoding.comparing import read_encoding, read_file, read_text, text_in
from duewatch.engine.encoding.drafting import Piece, pieces_of, tradition_of
from duewatch.engine.encoding.heading import NO_DAY, head_of
from duewatch.engine.encoding.likening import Likeness, farewell, kept, liken, told_of
from duewatch.engine.encoding.parse import MOST_BYTES, parse_document
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.skeleton import Skeleton, blocks_of, file_of, parties_of, party_name, written
from duewatch.engine.encoding.tongue import language_of, tongue
from duewatch.engine.problems import BadFile, BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.engine.problems import Problem
    from duewatch.rules.strengths import Verbs

_MOST_ROUNDS: Final = 50  # of mending what is carried over
_NEEDED: Final = ("id", "provision")
_KEY: Final = re.compile(r"(?:- |  )([a-z-]+): ")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to draft from: the text, its language, a table of verbs, and an earlier encoding with its text."""

    source: Path
    language: str | None  # None: told by its words
    verbs: str | None = None
    like: Path | None = None
    like_source: Path | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it will be written, and what is in it; `likeness` is None where nothing earlier was compared with."""

    content: str
    verbs: str
    paragraphs: int
    entries: int
    todo: int
    likeness: Likeness | None


def draft(wanted: Wanted, tables: Mapping[str, Verbs]) -> Drafted:
    """Draft an encoding of a text. BadInput where a file cannot be read, BadFile with every problem of `like`."""
    content = read_file(wanted.source)
    known = tongue(wanted.language or language_of(content, wanted.source))
    text, head = text_in(content, wanted.source), head_of(content, known)
    if wanted.verbs is not None and wanted.verbs not in tables:
        raise BadInput(f"there is no table of verbs `{wanted.verbs}`; there are {', '.join(sorted(tables))}")
    name = wanted.verbs or tradition_of(text, head.symbol, known, tables)
    skeleton = Skeleton(head, wanted.source.name, name, tables[name].paragraph, text, known.say(head.adopted))
    pieces = _pieces(skeleton, known, tables)
    likeness = None
    if wanted.like is not None:
        likeness = liken(
            read_encoding(wanted.like, tables), read_text(wanted.like_source) if wanted.like_source else None, text
        )
        skeleton.sections, skeleton.instrument_todo = sections_of(likeness, skeleton.word)
        skeleton.lent, skeleton.set_aside = head_of_earlier(likeness), set_aside(likeness, skeleton.word)
        pieces = [piece for piece in pieces if text.passages[piece.parts].of not in likeness.same]
    _propose(skeleton, pieces, likeness, tables[skeleton.verbs])
    if likeness is not None:
        _lay_beside(skeleton, pieces, likeness)
    todo = _mend(skeleton, tables)
    return Drafted(file_of(skeleton), skeleton.verbs, len(text.paragraphs), len(skeleton.blocks), todo, likeness)


def _pieces(skeleton: Skeleton, known: Tongue, tables: Mapping[str, Verbs]) -> list[Piece]:
    adopted = skeleton.head.dated if skeleton.head.adopted == NO_DAY else skeleton.head.adopted
    return list(pieces_of(skeleton.text, known, adopted, tables[skeleton.verbs]))


def _propose(skeleton: Skeleton, pieces: Sequence[Piece], likeness: Likeness | None, table: Verbs) -> None:
    """Make entries of pieces, and declare whom they propose."""
    declared = {name: slug for slug, name in likeness.parties.items()} if likeness else {}
    slugs = parties_of(pieces, declared)
    listed = skeleton.sections.setdefault("parties", {})
    for piece in pieces:
        if name := party_name(piece.who):
            listed.setdefault(slugs[name.casefold()], f"{{name: {written(name)}}}")
    skeleton.blocks = list(blocks_of(pieces, slugs, table))


def _lay_beside(skeleton: Skeleton, pieces: Sequence[Piece], likeness: Likeness) -> None:
    """Put the entries that are kept between the drafted ones, and tell of the others in comments."""
    text, told = skeleton.text, set[tuple[str, ...]]()
    for at, piece in enumerate(pieces):
        place = text.passages[piece.parts].of
        if place in likeness.changed and place not in told:
            told.add(place)
            block = skeleton.blocks[at]
            comments = (*told_of(likeness.changed[place], place, text), *block.comments)
            skeleton.blocks[at] = replace(block, comments=comments)
    carried = [block for place, one in likeness.same.items() for block in kept(one, place, likeness, skeleton.word)]
    names = {block.id for block in carried}
    drafted = [
        replace(one, fields=(("id", f"{one.id}-new"), *one.fields[1:])) if one.id in names else one
        for one in skeleton.blocks
    ]
    skeleton.blocks = sorted((*drafted, *carried), key=lambda block: block.at)
    skeleton.closing = list(farewell(likeness.dropped))


# ------------------------------------------------------------------ what cannot stand as it was
def _mend(skeleton: Skeleton, tables: Mapping[str, Verbs]) -> int:
    """Read the draft as it will be read; what was carried over and cannot stand becomes a `todo`. Gives their number.

    A field that names an entry or an event which is gone is such a thing.
    """
    for _ in range(_MOST_ROUNDS):
        content = file_of(skeleton)
        if len(content.encode()) > MOST_BYTES:
            raise BadInput(
                f"{skeleton.source} is too long: its draft would be larger than {MOST_BYTES >> 20} MiB, and no encoding"
                " may be; give the text of one instrument, or of a part of it"
            )
        try:
            document = read(content.encode(), "draft", MOST_BYTES)
            return parse_document(document, tables)[0].still_to_decide
        except BadFile as bad:
            if not sum(_moved(skeleton, content.split("\n"), problem) for problem in bad.problems):
                raise
    raise BadInput("the earlier encoding cannot be carried over; draft without --like, and copy by hand")


def _moved(skeleton: Skeleton, lines: Sequence[str], problem: Problem) -> bool:
    """Take the field, or the declaration, that a problem is about out of the draft; False where there is none."""
    at = problem.place.line - 1
    key = _KEY.match(lines[at]) if 0 <= at < len(lines) else None
    if key is None:
        return False
    above = next((line for line in reversed(lines[: at + 1]) if line.startswith("- id: ") or re.match(r"\w", line)), "")
    listed = skeleton.sections.get(above.rstrip(":"), {})
    if listed.pop(key[1], None) is not None:
        return True
    for place, block in enumerate(skeleton.blocks):
        if above == f"- id: {block.id}":
            value = dict(block.fields).get(key[1])
            if value is None or key[1] in _NEEDED:
                return False
            fields = tuple(one for one in block.fields if one[0] != key[1])
            todo = (*block.todo, f"{key[1]}: earlier it was {value}; {problem.wrong.removeprefix(f'{block.id}: ')}")
            skeleton.blocks[place] = replace(block, fields=fields, todo=todo)
            return True
    return False
