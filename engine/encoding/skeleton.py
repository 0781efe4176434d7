"""Pieces of a text -> the file that a person then completes. Whatever is not read off the text stands under `todo`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.drafting import bare_name, id_of
from duewatch.engine.encoding.heading import NO_DAY
from duewatch.engine.encoding.source_text import named
from duewatch.engine.encoding.whom import MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.drafting import Piece
    from duewatch.engine.encoding.heading import Head
    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.rules.strengths import Verbs

_KINDS: Final = "achieve, recur, maintain, refrain, limit, respond, permit or content"
_SLUG: Final = re.compile(r"[^a-z0-9]+")
_MOST_SLUG: Final = 6  # words
Item = tuple[str, str]  # a field and its value, as YAML has it


@dataclass(frozen=True, slots=True)
class Block:
    """An entry as written: its fields with their YAML, the lines of comment above it, and its own `todo`."""

    comments: tuple[str, ...]
    fields: tuple[Item, ...]
    todo: tuple[str, ...]
    at: int  # the letter of the text at which it begins

    @property
    def id(self) -> str:
        """Give its id."""
        return dict(self.fields)["id"]


@dataclass(slots=True)
class Skeleton:
    """What a draft consists of, before it is written down."""

    head: Head
    source: str  # the file of the text, for people
    verbs: str
    word: str  # before the numbers of paragraphs
    text: SourceText
    adopted: str  # the day of adoption, in words of the text's language
    sections: dict[str, dict[str, str]] = field(default_factory=dict)  # parties, events ...: id -> its YAML
    blocks: list[Block] = field(default_factory=list)
    instrument_todo: list[str] = field(default_factory=list)
    lent: dict[str, str] = field(default_factory=dict)  # fields of the head of an earlier encoding -> their YAML
    set_aside: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)  # lines of comment at the end


def written(text: str) -> str:
    """Give a text as YAML, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def parties_of(pieces: Iterable[Piece], known: Mapping[str, str]) -> dict[str, str]:
    """Give an id for everybody whom a verb asks, by the words; `known` are those that have one, by their names."""
    taken, found = set(known.values()), {name.casefold(): slug for name, slug in known.items()}
    for piece in pieces:
        name = party_name(piece.who)
        if name and name.casefold() not in found:
            words = _SLUG.sub(" ", _plain(name.casefold())).split()[:_MOST_SLUG]
            slug = "-".join(words) or f"party-{len(found) + 1}"
            while slug in taken:
                slug += "-2"
            taken.add(slug)
            found[name.casefold()] = slug
    return found


def _plain(name: str) -> str:
    """Give a name without its accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))


def party_name(who: str) -> str:
    """Give the name of whom a verb asks, without its article; "" where it is too long to be one."""
    return bare_name(who) if len(who.split()) <= MOST_WORDS else ""


def blocks_of(pieces: Sequence[Piece], parties: Mapping[str, str], table: Verbs) -> Iterator[Block]:
    """Give the entries of some pieces in order; the stretches of one provision are told apart by a number."""
    of_place, place = Counter(id_of(one.parts, table.paragraph) for one in pieces), Counter[str]()
    for one in pieces:
        name = id_of(one.parts, table.paragraph)
        place[name] += 1
        yield _block(one, name if of_place[name] == 1 else f"{name}.{place[name]}", parties, table)


def _block(piece: Piece, name: str, parties: Mapping[str, str], table: Verbs) -> Block:
    is_statement = bool(piece.verb) and piece.strength == table.binds_nobody
    fields: list[Item] = [("id", name), ("provision", written(piece.provision))]
    if piece.words:
        fields.append(("words", f"[{', '.join(map(written, piece.words))}]"))
    if piece.verb:
        fields.append(("verb", written(piece.verb)))
    if is_statement:
        fields.append(("modality", "statement"))
    slug = parties.get(party_name(piece.who).casefold())
    if slug:
        fields.append(("bearer", slug))
    if piece.times:
        fields.append(("phrase", written(piece.times[0])))
    grants = piece.strength == table.strengths[-1] and not is_statement
    todo = tuple(_open(piece, is_statement=is_statement, grants=grants))
    return Block((f"line {piece.line} of the text",), tuple(fields), todo, piece.at)


def _open(piece: Piece, *, is_statement: bool, grants: bool) -> Iterator[str]:
    """Give what a person must decide about a piece."""
    if not piece.words:
        yield "words: the first and the last words of the stretch, such as stand in it once"
    if not piece.verb:
        yield "verb: which one, as printed"
    if is_statement:
        yield "modality: a statement, or does it bind somebody by other words?"
    else:
        if grants:
            yield "modality: permission or power; without it, it is an obligation"
        is_it = f'is it "{_quoted(piece.who)}", and each alone, together, or any of them?'
        yield f"bearer: {is_it if piece.who else 'who owes it, or not-named'}"
        yield f"kind: {_KINDS}"
    yield "action: what, in your own words"
    yield from (f'deadline: which, by the words "{words}"?' for words in piece.times)
    yield from (f'clock or not-a-clock: "{words}"' for words in piece.hints)
    yield from (f'limits: of which sort is "{words}"?' for words in piece.limits)


def _quoted(who: str) -> str:
    words = who.split()
    return " ".join(words) if len(words) <= MOST_WORDS else f"{' '.join(words[:MOST_WORDS])} ..."


# ------------------------------------------------------------------ the file
def file_of(draft: Skeleton) -> str:
    """Write the whole file."""
    return "\n".join([*_instrument(draft), *_sections(draft), *_obligations(draft), *_fingerprints(draft), ""])


def _instrument(draft: Skeleton) -> Iterator[str]:
    head = draft.head
    yield f"# Drafted from {draft.source} by `duewatch draft`. What stands under `todo` is yours to decide: write the"
    yield "# field, and take the line out. docs/encoding.md shows how; `duewatch check` counts what is left."
    yield ""
    yield "instrument:"
    yield f"  symbol: {written(head.symbol or draft.source)}"
    if head.title:
        yield f"  title: {written(head.title)}"
    lent = ", ".join(draft.lent)
    todo = [f"{lent}: as in the earlier encoding; so here too?"] if lent else []
    if "zone" not in draft.lent:
        todo.append("zone: the IANA zone whose midnight ends its days, such as Europe/Paris")
    if not head.symbol:
        todo.append("symbol: how lawyers cite it; the text does not say")
    if head.adopted == NO_DAY:
        todo.append("adopted: on which day; the text does not say")
    else:
        how = written(f"the text says {draft.adopted}")
        yield f"  adopted: {{date: {written(head.adopted.isoformat())}, how: {how}}}"
    yield from (f"  {name}: {value}" for name, value in draft.lent.items())
    yield f"  verbs: {draft.verbs}"
    yield from _todo((*todo, *draft.instrument_todo))


def _todo(listed: Sequence[str]) -> Iterator[str]:
    if listed:
        yield "  todo:"
        yield from (f"  - {written(one)}" for one in listed)


def _sections(draft: Skeleton) -> Iterator[str]:
    for section, listed in draft.sections.items():
        if listed:
            yield ""
            yield f"{section}:"
            yield from (f"  {name}: {yaml}" for name, yaml in listed.items())


def _obligations(draft: Skeleton) -> Iterator[str]:
    if draft.set_aside:
        yield ""
        yield "set-aside:"
        yield from (f"- {one}" for one in draft.set_aside)
    yield ""
    yield "obligations:"
    for block in draft.blocks:
        yield ""
        yield from _commented(block.comments)
        lead = "- "
        for name, value in block.fields:
            yield f"{lead}{name}: {value}"
            lead = "  "
        yield from _todo(block.todo)
    if draft.closing:
        yield ""
        yield from _commented(draft.closing)


def _commented(lines: Iterable[str]) -> Iterator[str]:
    return (f"# {line}".rstrip() for line in lines)


def _fingerprints(draft: Skeleton) -> Iterator[str]:
    yield ""
    yield "fingerprints:"
    for one in draft.text.paragraphs:
        yield f"  {written(named(one.parts, draft.word, one.sort))}: {written(draft.text.fingerprint(one))}"
