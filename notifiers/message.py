"""What leaves the house, and how a channel says what became of it.

A channel first *freezes* a message into bytes, once; then it *sends* exactly these bytes, as often
as it takes. It returns once the far side has taken them, and raises a `NotSent` otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Scope = Literal["message", "channel"]
Tone = Literal["late", "soon", "done", "plain"]  # for a colour beside the words, never instead of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and the lines below it."""

    title: str
    lines: tuple[str, ...]
    verbatim: bool = False  # to be copied as it stands: a command


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that a message tells: the state, of what, and all that stands behind it."""

    state: str
    what: str
    tone: Tone
    sections: tuple[Section, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)  # the same for programs, as JSON can hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG beside the words of a message. Adds nothing to them: what it shows, `says` says."""

    png: bytes
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person, in words that no channel has put into its own form yet.

    `text` says everything; `matters` and `foot` say the same in parts, for channels with more than
    plain text. Both may be empty. A channel that cannot show the picture leaves it out.
    """

    key: str  # the same on every copy, so that the far side may know it again: letters, digits, `.`, `_`, `-`
    to_name: str
    to_address: str  # an address of the channel's own sort
    subject: str
    text: str
    date: datetime  # aware; when these words were true
    follows: tuple[str, ...] = ()  # keys of earlier messages to the same person that it answers, oldest first
    matters: tuple[Matter, ...] = ()
    foot: tuple[str, ...] = ()
    picture: Picture | None = None
    language: str = "en"  # BCP 47


@dataclass(frozen=True, slots=True)
class Receipt:
    """The far side has taken the message. `detail` is what it answered, on one line."""

    detail: str


class Channel(Protocol):
    """A way to reach people. No `repr` and no error of it ever shows a secret."""

    @property
    def name(self) -> str:
        """Give the name by which contacts and deliveries call it."""
        ...

    def freeze(self, message: Message) -> bytes:
        """Give the bytes to send; the same for the same message. Refused where this channel cannot carry it."""
        ...

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:
        """Send frozen bytes to one address, within `deadline` seconds of real time whatever the far side does.

        `at` is the real time, aware: of this try, not of the message.
        """
        ...


class NotSent(Exception):
    """The far side is not known to have the message. `detail` says why, on one line, without secrets.

    `scope`: "channel" when the next message would meet the same trouble.
    """

    def __init__(self, detail: str, *, scope: Scope) -> None:
        """Keep what happened, for the record and for the operator."""
        self.detail = detail
        self.scope: Scope = scope
        super().__init__(detail)


class Refused(NotSent):
    """It was not taken. `for_good`: no use in trying again before somebody mends something.

    `retry_after`: seconds that the far side asks us to wait, where it said so.
    """

    def __init__(self, detail: str, *, for_good: bool, scope: Scope, retry_after: float | None = None) -> None:
        """Keep what the far side, or our own side, refused."""
        self.for_good = for_good
        self.retry_after = retry_after
        super().__init__(detail, scope=scope)


class Unsure(NotSent):
    """It may have been taken: the answer never came. The same bytes may be sent again."""


class NotConfigured(Exception):
    """A channel lacks a setting, or one is wrong; the sentence says which, and what to write."""
