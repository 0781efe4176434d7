"""The promises of a channel, as the project ships them; our own channels are held to them here."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("duewatch.notifiers.contract")

from duewatch.notifiers.contract import AT, DOT, HOSTILE, ChannelContract, a_hostile_message, a_message  # noqa: E402

__all__ = ("AT", "DOT", "HOSTILE", "ChannelContract", "a_hostile_message", "a_message")
