"""The channel that prints."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.notifiers.contract import AT, ChannelContract, a_message

from duewatch.notifiers.console import Console, open_channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


class Gone(io.StringIO):
    """A pipe whose reader went away."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


class TestConsole(ChannelContract):
    """Printing keeps the contract."""

    @contextmanager
    def a_channel(self) -> Iterator[Console]:
        yield Console(io.StringIO())

    @contextmanager
    def a_channel_whose_far_side_is_down(self) -> Iterator[Console]:
        yield Console(Gone())

    def a_channel_whose_far_side_says_nothing(self) -> None:
        return None

    def a_channel_that_is_refused_for_good(self) -> None:
        return None


def test_it_prints_who_what_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    channel = open_channel({})
    channel.send(channel.freeze(a_message(to_name="")), "legal@example.org", at=AT, deadline=1)
    assert capsys.readouterr().out.splitlines() == [
        "To: legal@example.org",
        "Date: 2021-07-16T13:00:00+00:00",
        "Subject: Overdue 1 day: report",
        "Id: 0123456789abcdef0123456789abcdef",
        "",
        "What was asked",
        ".a line with a dot",
        "énd",
        "",
    ]
