"""One message that is marked as a test, straight to a channel: no alert, no notice, no delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from duewatch.engine.problems import BadInput
from duewatch.engine.running.sending import channel_settings
from duewatch.notifiers.message import Matter, Message, Section
from duewatch.notifiers.registry import open_channel

if TYPE_CHECKING:
    from datetime import datetime

    from duewatch.engine.encoding.contacts import Contacts, Person
    from duewatch.engine.running.settings import Settings
    from duewatch.notifiers.message import Receipt

_NOTHING = "Nothing is due because of this message; it only shows that messages arrive."


def try_channel(settings: Settings, channel: str, person: Person, *, at: datetime) -> Receipt:
    """Send a test to a person and give the receipt; `at` is the real time.

    NotConfigured where the channel lacks something, NotSent where the message was not taken.
    """
    opened = open_channel(channel, channel_settings(settings))
    message = _test(channel, person, at)
    return opened.send(opened.freeze(message), message.to_address, at=at, deadline=settings.smtp_timeout)


def receiver(contacts: Contacts, channel: str, typed: str | None) -> Person:
    """Give the person to whom a test goes: who was named, or the first one who is told on the channel."""
    if typed is not None:
        named = [person for person in contacts.people if person.id == typed]
        if not named:
            raise BadInput(f"no person `{typed}` in the contacts; there are {_listed(contacts)}")
        return named[0]
    told = [person for person in contacts.people if channel in person.channels]
    if not told:
        raise BadInput(f"nobody in the contacts is told on `{channel}`; say who with --to, one of {_listed(contacts)}")
    return told[0]


def _test(channel: str, person: Person, at: datetime) -> Message:
    section = Section(title="What this is", lines=(_NOTHING, f"Channel: {channel}. Person: {person.id}."))
    return Message(
        key=f"test-{uuid4().hex}",
        to_name=person.name,
        to_address=person.address_on(channel),
        subject=f"TEST: duewatch reaches you on {channel}",
        text=f"TEST\n\n{_NOTHING}\nChannel: {channel}. Person: {person.id}.\n",
        date=at,
        matters=(Matter(state="TEST", what=f"duewatch reaches you on {channel}", tone="plain", sections=(section,)),),
        language=person.language,
    )


def _listed(contacts: Contacts) -> str:
    return ", ".join(person.id for person in contacts.people) or "nobody: add people to the contacts"
