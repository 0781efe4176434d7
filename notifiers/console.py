"""The channel that prints: for trying out, and for a human at a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TextIO

from duewatch.notifiers.message import Receipt, Refused
from duewatch.notifiers.plain import one_line, readable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duewatch.notifiers.message import Message


@dataclass(frozen=True, slots=True)
class Console:
    """Prints messages to a text stream, one after the other."""

    out: TextIO
    name: ClassVar[str] = "console"

    def freeze(self, message: Message) -> bytes:
        """Give the message as it will be printed; nothing in it can move the cursor or ring the bell."""
        to = f"{message.to_name} <{message.to_address}>" if message.to_name else message.to_address
        head = (f"To: {to}", f"Date: {message.date.isoformat()}", f"Subject: {message.subject}", f"Id: {message.key}")
        lines = [*map(one_line, head), "", readable(message.text).rstrip("\n"), ""]
        return "\n".join(lines).encode()

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002 - the protocol's names
        """Print it. A terminal has no far side that could keep us waiting."""
        try:
            print(raw.decode(), file=self.out, flush=True)
        except OSError as error:
            trouble = Refused(f"cannot print: {error.strerror}", for_good=False, scope="channel")
        else:
            return Receipt("printed")
        raise trouble


def open_channel(settings: Mapping[str, str]) -> Console:  # noqa: ARG001 - every channel is opened with the settings
    """Open the channel on standard output; it has no settings."""
    return Console(sys.stdout)
