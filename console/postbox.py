"""A receiving mail server for the demonstration: a real SMTP conversation (RFC 5321) on a port of this machine.

It takes every mail and keeps it; it knows no extensions, no encryption and no relaying.
"""

from __future__ import annotations

import socketserver
from contextlib import suppress
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Final, cast

from duewatch.console.listening import Listening

if TYPE_CHECKING:
    from email.message import EmailMessage

PATIENCE: Final = 30  # seconds that a silent client is waited for
LONGEST_LINE: Final = 1002  # RFC 5321, 4.5.3.1.6: 1,000 octets with CRLF, and some leniency

ANSWERS: Final = {
    b"EHLO": b"250 postbox",
    b"HELO": b"250 postbox",
    b"MAIL": b"250 sender taken",
    b"RCPT": b"250 recipient taken",
    b"RSET": b"250 forgotten",
    b"NOOP": b"250 still here",
    b"DATA": b"354 end with a dot on a line of its own",
    b"QUIT": b"221 goodbye",
}


class Postbox(Listening, socketserver.ThreadingTCPServer):
    """A mail server on a free port of 127.0.0.1, running in a thread while the `with` block lasts."""

    allow_reuse_address = True

    def __init__(self) -> None:
        """Open the port; nothing is answered before the block is entered."""
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails: list[EmailMessage] = []

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to goodbye."""

    timeout = PATIENCE

    def handle(self) -> None:
        """Answer line by line; a mail is kept once its last dot has come."""
        with suppress(OSError):  # a client that went away, or fell silent
            self._talk()

    def _talk(self) -> None:
        self._answer(b"220 postbox, for demonstrations")
        while line := self.rfile.readline(LONGEST_LINE):
            verb = line[:4].upper()
            self._answer(ANSWERS.get(verb, b"502 not known here"))
            if verb == b"DATA" and (body := self._body()) is not None:
                self._keep(body)
            if verb == b"QUIT":
                return

    def _answer(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def _body(self) -> bytes | None:
        """Read up to the lone dot, halving a doubled one (RFC 5321, 4.5.2); None for a mail that breaks off."""
        lines: list[bytes] = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None

    def _keep(self, raw: bytes) -> None:
        cast("Postbox", self.server).mails.append(message_from_bytes(raw, policy=policy.SMTP))
        self._answer(b"250 kept")
