"""What every channel must do, as tests for pytest: ours pass them, and a guest's own suite can.

Derive a class `Test...` from `ChannelContract` in a file of your tests, fill in its first part, and
let pytest run it. Nothing but tests imports this module.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final

import pytest

from duewatch.notifiers.message import Channel, Matter, Message, NotSent, Picture, Receipt, Refused, Section
from duewatch.notifiers.registry import names

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

AT: Final = datetime(2021, 7, 16, 13, 0, tzinfo=UTC)
HOSTILE: Final = (
    "a\r\nBcc: x@example.org\0\x1b[2J\u2028\u202e =?utf-8?q?b=0d=0aBcc:_y=40example.org?= <!channel> </script> {{7*7}}"
)


# One white pixel.
DOT: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da63f80f00010101001cb08c990000000049454e44ae426082"
)


def a_message(**changes: str) -> Message:
    """Give a message like those of the house; `changes` replaces fields that are text."""
    sections = (Section(title="What was asked", lines=('"requests": the office', ".a line with a dot", "énd")),)
    message = Message(
        key="0123456789abcdef0123456789abcdef",
        to_name="Légal Officer",
        to_address="legal@example.org",
        subject="Overdue 1 day: report",
        text="What was asked\n.a line with a dot\nénd\n",
        date=AT,
        follows=("fedcba9876543210fedcba9876543210",),
        matters=(Matter(state="Overdue 1 day", what="Art 9: report", tone="late", sections=sections),),
        foot=("You read this because you are responsible for Art 9.",),
        picture=Picture(png=DOT, says="Timeline: one report, late."),
    )
    return replace(message, **changes)  # type: ignore[arg-type]


def a_hostile_message(**changes: str) -> Message:
    """Give a message in which every text from elsewhere tries to act."""
    section = Section(title=HOSTILE, lines=(HOSTILE,), verbatim=True)
    matter = Matter(state=HOSTILE, what=HOSTILE, tone="plain", sections=(section, replace(section, verbatim=False)))
    message = a_message(subject=HOSTILE, to_name=HOSTILE, text=HOSTILE, **changes)
    return replace(message, matters=(matter,), foot=(HOSTILE,), picture=Picture(png=DOT, says=HOSTILE))


class ChannelContract:
    """The promises of a channel. The first part is for the channel's own tests to fill in."""

    to: ClassVar[str] = "legal@example.org"  # an address of the channel's own sort
    secret: ClassVar[str] = "s3cret-of-the-channel"  # noqa: S105 - made up; no output of the channel may show it

    def a_channel(self) -> AbstractContextManager[Channel]:
        """Give a channel whose far side takes everything."""
        raise NotImplementedError

    def a_channel_whose_far_side_is_down(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side is not there; None where that cannot be."""
        raise NotImplementedError

    def a_channel_whose_far_side_says_nothing(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side is there and never answers; None where that cannot be."""
        raise NotImplementedError

    def a_channel_whose_far_side_drips(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side answers a byte at a time, for ever; None where that cannot be."""
        return None

    def a_channel_that_is_refused_for_good(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side knows nobody of that address; None where that cannot be."""
        raise NotImplementedError

    # -------------------------------------------------------------- the promises
    def test_it_is_installed_under_its_name(self) -> None:
        """An entry point of the group `duewatch.channels` leads to it."""
        with self.a_channel() as channel:
            assert channel.name in names()

    def test_the_same_message_gives_the_same_bytes_which_carry_its_key(self) -> None:
        """A retry is known by its id."""
        with self.a_channel() as channel:
            first, second = channel.freeze(self._message()), channel.freeze(self._message())
        assert first == second
        assert self._message().key.encode() in first

    def test_another_key_gives_other_bytes(self) -> None:
        """Two messages are never taken for one."""
        with self.a_channel() as channel:
            assert channel.freeze(self._message()) != channel.freeze(self._message(key="another"))

    def test_a_message_in_plain_text_alone_is_taken_too(self) -> None:
        """A message need not have parts."""
        with self.a_channel() as channel:
            raw = channel.freeze(replace(self._message(), matters=(), foot=(), follows=()))
            assert isinstance(self._sent(channel, raw), Receipt)

    def test_what_is_taken_gives_a_receipt_on_one_line(self) -> None:
        """The receipt is kept, and shown."""
        with self.a_channel() as channel:
            receipt = self._sent(channel, channel.freeze(self._message()))
        assert isinstance(receipt, Receipt)
        assert receipt.detail.isprintable()

    def test_text_from_elsewhere_cannot_act(self) -> None:
        """Neither a header nor a control character comes in by the data."""
        with self.a_channel() as channel:
            raw = channel.freeze(a_hostile_message(to_address=self.to))
        head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        assert not any(line.lower().startswith(b"bcc") for line in head.splitlines())
        assert not {0x00, 0x1B} & set(raw)

    def test_a_far_side_that_is_down_is_tried_again(self) -> None:
        """It will come back, and the next message would meet the same."""
        setting = self.a_channel_whose_far_side_is_down()
        if setting is None:
            pytest.skip("this far side is always there")
        trouble = self._trouble(setting)
        assert isinstance(trouble, Refused)
        assert (trouble.for_good, trouble.scope) == (False, "channel")

    def test_a_refusal_for_good_says_so(self) -> None:
        """It is about this one message."""
        setting = self.a_channel_that_is_refused_for_good()
        if setting is None:
            pytest.skip("this far side refuses nobody")
        trouble = self._trouble(setting)
        assert isinstance(trouble, Refused)
        assert (trouble.for_good, trouble.scope) == (True, "message")

    def test_a_far_side_that_says_nothing_is_left_in_time(self) -> None:
        """The deadline is one of real time."""
        for setting in (self.a_channel_whose_far_side_says_nothing(), self.a_channel_whose_far_side_drips()):
            if setting is not None:
                began = time.monotonic()
                self._trouble(setting, deadline=0.3)
                assert time.monotonic() - began < 0.3 + 1

    def test_no_trouble_shows_a_secret(self) -> None:
        """Neither `repr` nor an error, nor what hangs on to it."""
        with self.a_channel() as channel:
            assert self.secret not in repr(channel)
        for setting in (self.a_channel_whose_far_side_is_down(), self.a_channel_that_is_refused_for_good()):
            if setting is not None:
                shown = "".join(traceback.format_exception(self._trouble(setting), chain=True))
                assert self.secret not in shown

    # -------------------------------------------------------------- how they are tried
    def _message(self, **changes: str) -> Message:
        return a_message(to_address=self.to, **changes)

    def _sent(self, channel: Channel, raw: bytes, deadline: float = 5) -> Receipt:
        return channel.send(raw, self.to, at=AT, deadline=deadline)

    def _trouble(self, setting: AbstractContextManager[Channel], deadline: float = 5) -> NotSent:
        with setting as channel, pytest.raises(NotSent) as raised:
            self._sent(channel, channel.freeze(self._message()), deadline)
        assert raised.value.detail.isprintable()
        return raised.value
