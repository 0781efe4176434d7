"""What every channel must do, as tests: derive a class `Test...` from `ChannelContract` and fill in the first part."""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

import pytest

from duewatch.notifiers.message import Channel, Message, NotSent, Receipt, Refused
from duewatch.notifiers.registry import names

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

HOSTILE = "a\r\nBcc: x@example.org\0\x1b[2J\u2028\u202e =?utf-8?q?b=0d=0aBcc:_y=40example.org?="


def a_message(**changes: str) -> Message:
    fields = {
        "key": "0123456789abcdef0123456789abcdef",
        "to_name": "Légal Officer",
        "to_address": "legal@example.org",
        "subject": "Overdue by 1 day: report",
        "text": "What was asked\n.a line with a dot\nénd\n",
    } | changes
    return Message(**fields, date=datetime(2021, 7, 16, 13, 0, tzinfo=UTC))  # type: ignore[arg-type]


class ChannelContract:
    """The promises of a channel."""

    to: ClassVar[str] = "legal@example.org"
    secret: ClassVar[str] = "s3cret-of-the-channel"  # noqa: S105 - made up; no output of the channel may show it

    def a_channel(self) -> AbstractContextManager[Channel]:
        """Give a channel whose far side takes everything."""
        raise NotImplementedError

    def a_channel_whose_far_side_is_down(self) -> AbstractContextManager[Channel]:
        raise NotImplementedError

    def a_channel_whose_far_side_says_nothing(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side is there and never answers; None where that cannot be."""
        raise NotImplementedError

    def a_channel_that_is_refused_for_good(self) -> AbstractContextManager[Channel] | None:
        """Give a channel whose far side knows nobody of that address; None where that cannot be."""
        raise NotImplementedError

    def test_it_is_installed_under_its_name(self) -> None:
        with self.a_channel() as channel:
            assert channel.name in names()

    def test_the_same_message_gives_the_same_bytes_which_carry_its_key(self) -> None:
        with self.a_channel() as channel:
            first, second = channel.freeze(a_message()), channel.freeze(a_message())
        assert first == second
        assert a_message().key.encode() in first

    def test_another_key_gives_other_bytes(self) -> None:
        with self.a_channel() as channel:
            assert channel.freeze(a_message()) != channel.freeze(a_message(key="another"))

    def test_what_is_taken_gives_a_receipt_on_one_line(self) -> None:
        with self.a_channel() as channel:
            receipt = channel.send(channel.freeze(a_message()), self.to, deadline=5)
        assert isinstance(receipt, Receipt)
        assert receipt.detail.isprintable()

    def test_text_from_elsewhere_cannot_act(self) -> None:
        with self.a_channel() as channel:
            raw = channel.freeze(a_message(subject=HOSTILE, to_name=HOSTILE, text=HOSTILE))
        assert not any(line.lower().startswith(b"bcc") for line in raw.splitlines()[:-3])
        assert not {0x00, 0x1B} & set(raw)

    def test_a_far_side_that_is_down_is_tried_again(self) -> None:
        trouble = self._trouble(self.a_channel_whose_far_side_is_down())
        assert isinstance(trouble, Refused)
        assert (trouble.for_good, trouble.scope) == (False, "channel")

    def test_a_refusal_for_good_says_so(self) -> None:
        setting = self.a_channel_that_is_refused_for_good()
        if setting is None:
            pytest.skip("this far side refuses nobody")
        trouble = self._trouble(setting)
        assert isinstance(trouble, Refused)
        assert (trouble.for_good, trouble.scope) == (True, "message")

    def test_a_far_side_that_says_nothing_is_left_in_time(self) -> None:
        setting = self.a_channel_whose_far_side_says_nothing()
        if setting is None:
            pytest.skip("this far side has nothing to say")
        began = time.monotonic()
        self._trouble(setting, deadline=0.3)
        assert time.monotonic() - began < 0.3 + 1

    def test_no_trouble_shows_a_secret(self) -> None:
        with self.a_channel() as channel:
            assert self.secret not in repr(channel)
        for setting in (self.a_channel_whose_far_side_is_down(), self.a_channel_that_is_refused_for_good()):
            if setting is not None:
                shown = "".join(traceback.format_exception(self._trouble(setting), chain=True))
                assert self.secret not in shown

    def _trouble(self, setting: AbstractContextManager[Channel], deadline: float = 5) -> NotSent:
        with setting as channel, pytest.raises(NotSent) as raised:
            channel.send(channel.freeze(a_message()), self.to, deadline=deadline)
        assert raised.value.detail.isprintable()
        return raised.value
