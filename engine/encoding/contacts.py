"""contacts.yaml: who is told, and what each is responsible for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Final, TypeVar

from duewatch.engine.encoding.clocks import CLOCK, ZONE
from duewatch.engine.encoding.composites import Listing
from duewatch.engine.encoding.nodes import MappingNode, Node, ScalarNode, SequenceNode
from duewatch.engine.encoding.notebook import Notebook, did_you_mean
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.records import Field, Record, TableOf, Values, read_fields
from duewatch.engine.encoding.shapes import NAME, Amiss, Name, Pattern, Text, Word
from duewatch.engine.problems import BadFile, Place
from duewatch.notifiers.registry import names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

T = TypeVar("T")
MOST_OF_AN_ADDRESS: Final = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
MOST_OF_A_LOCAL_PART: Final = 64  # RFC 5321 section 4.5.3.1.1
DEFAULT_HOUR: Final = time(8)
DEFAULT_CHANNELS: Final = ("email",)
LANGUAGES: Final = ("en",)  # those that we have words in
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"  # RFC 5322 dot-atom
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)*{_LABEL}\Z")
_MEMBER: Final = re.compile(r"[UW][A-Z0-9]{2,30}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be told. `at` is the local hour before which no message leaves."""

    id: str
    name: str
    channels: tuple[str, ...] = DEFAULT_CHANNELS  # all of them are used, the first one first
    email: str = ""
    slack: str = ""  # member id; "": named in the channel without being mentioned
    webhook: str = ""  # what the receiving program knows the person by; "": the id
    addresses: tuple[tuple[str, str], ...] = ()  # channel -> address, for channels of others
    zone: str = "UTC"  # IANA name
    at: time = DEFAULT_HOUR
    language: str = LANGUAGES[0]

    def address_on(self, channel: str) -> str:
        """Give the address on a channel, of the channel's own sort; the id where none is given."""
        own = {"email": self.email, "slack": self.slack, "webhook": self.webhook or self.id}
        return own[channel] if channel in own else dict(self.addresses).get(channel, self.id)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who hears of what matches everything that is given here; None matches all."""

    who: tuple[str, ...]  # ids of persons
    instrument: str | None = None  # symbol
    provision: str | None = None  # and what lies under it
    bearer: str | None = None
    topic: str | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The file as read. `sha256` ("sha256:...") names the text in the content store."""

    people: tuple[Person, ...]
    responsible: tuple[Responsible, ...]
    sha256: str
    content: bytes


def _address(text: str, _: Notebook) -> str:
    if len(text) > MOST_OF_AN_ADDRESS or len(text.partition("@")[0]) > MOST_OF_A_LOCAL_PART or not _ADDRESS.match(text):
        raise Amiss(f"`{text}` is not one mail address", "write a single address such as officer@example.org")
    return text


def _member(text: str, _: Notebook) -> str:
    if not _MEMBER.match(text):
        raise Amiss(f"`{text}` is not the id of a Slack member", "copy the member ID of the profile, such as U0123ABCD")
    return text


def _channel(text: str, _: Notebook) -> str:
    if text not in names():
        raise Amiss(f"no channel is called `{text}`", did_you_mean(text, names(), f"there are {', '.join(names())}"))
    return text


def _person(values: Values, book: Notebook) -> Person:
    name = values.text("id")
    channels = values.texts("channels") or DEFAULT_CHANNELS
    if len(set(channels)) < len(channels):
        book.wrong(values.place_of("channels"), "a channel is named twice", "name each once")
    if "email" in channels and values.lacks("email") and not values.broken("channels"):
        book.wrong(values.place, "`email` is missing", "add `email`: a mail address, or name other `channels`")
    table = values.get("addresses", dict) or {}
    return Person(
        id=name,
        name=values.text("name", name),
        channels=channels,
        email=values.text("email"),
        slack=values.text("slack"),
        webhook=values.text("webhook"),
        addresses=tuple((str(channel), str(address)) for channel, address in table.items()),
        zone=values.text("zone", "UTC"),
        at=values.get("at", time) or DEFAULT_HOUR,
        language=values.text("language", LANGUAGES[0]),
    )


def _responsible(values: Values, _: Notebook) -> Responsible:
    given = {name: values.text(name) or None for name in ("instrument", "provision", "bearer", "topic")}
    return Responsible(who=values.texts("who"), place=values.place, **given)


PERSON: Final = Record(
    "{id: ..., email: ...}",
    (
        Field(
            "id", Name("an id of letters, digits, `.`, `-` and `_`", dotted=True), "the name used below", required=True
        ),
        Field("name", Text(), "the name for people"),
        Field("channels", Listing(Pattern("the name of a channel", _channel, NAME)), "how; email unless said"),
        Field("email", Pattern("a mail address", _address, "@"), "one address"),
        Field("slack", Pattern("the id of a Slack member", _member, "^[UW][A-Z0-9]+$"), "for being mentioned"),
        Field("webhook", Text(), "what the receiving program knows the person by; the id unless said"),
        Field("addresses", TableOf("{channel: address}", Text()), "addresses on channels that duewatch does not bring"),
        Field("zone", ZONE, "an IANA time zone; UTC unless said"),
        Field("at", CLOCK, "the local hour before which no message leaves; 08:00 unless said"),
        Field("language", Word(LANGUAGES), "the language of the messages"),
    ),
    _person,
)
RESPONSIBLE: Final = Record(
    "{who: ID, provision: ...}",
    (
        Field("who", Listing(Name("the id of a person", dotted=True), single=True), "ids of persons", required=True),
        Field("instrument", Text(), "the symbol of an instrument"),
        Field("provision", Text(), "a provision and what lies under it"),
        Field("bearer", Text(), "the id of a party"),
        Field("topic", Text(), "a topic"),
    ),
    _responsible,
)
SECTIONS: Final = (
    Field("people", Listing(PERSON), "who can be told", required=True),
    Field("responsible", Listing(RESPONSIBLE), "who is responsible for what"),
)


def load_contacts(path: Path) -> Contacts:
    """Read a file of contacts. BadFile with every problem of it."""
    document = read(path)
    book = Notebook()
    book.add(document.problems)
    root = document.root
    if not isinstance(root, MappingNode):
        book.wrong(root.place, "the top level is not a mapping", "write `people:` and `responsible:`")
        raise BadFile(book.problems)
    values = read_fields(root, SECTIONS, book)
    people = _of(Person, values.get("people", tuple) or ())
    rules = _of(Responsible, values.get("responsible", tuple) or ())
    _check_people(root, book)
    if book.problems:
        raise BadFile(book.problems)
    return Contacts(people, rules, f"sha256:{hashlib.sha256(document.content).hexdigest()}", document.content)


def _of(sort: type[T], values: Iterable[object]) -> tuple[T, ...]:
    return tuple(value for value in values if isinstance(value, sort))


def _check_people(root: MappingNode, book: Notebook) -> None:
    """Note ids given twice, and responsibilities of persons whom nobody knows."""
    seen: dict[str, Place] = {}
    for one in (node.get("id") for node in _mappings(root.get("people"))):
        if isinstance(one, ScalarNode) and seen.setdefault(one.text, one.place) != one.place:
            lines = f"lines {seen[one.text].line} and {one.place.line}"
            book.wrong(one.place, f"two persons have the id `{one.text}` ({lines})", "give each their own")
    for node in _mappings(root.get("responsible")):
        for who in _scalars(node.get("who")):
            if seen and who.value is not None and not who.broken and who.text not in seen:
                book.wrong(
                    who.place, f"no person `{who.text}`", did_you_mean(who.text, seen, "add the person under `people`")
                )


def _mappings(node: Node | None) -> tuple[MappingNode, ...]:
    return _of(MappingNode, node.items if isinstance(node, SequenceNode) else ())


def _scalars(node: Node | None) -> tuple[ScalarNode, ...]:
    return _of(ScalarNode, node.items if isinstance(node, SequenceNode) else (node,))
