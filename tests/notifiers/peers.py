"""Mail servers that misbehave on purpose, over real sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CERTIFICATE = Path(__file__).with_name("peer.pem")  # made for these tests, for localhost, with its key
CUT, SILENT, DRIP, FLOOD = "cut", "silent", "drip", "flood"
GOOD = {
    "greeting": "220 peer ready",
    "EHLO": "250-peer\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
    "HELO": "250 peer",
    "STARTTLS": "220 go on",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "content": "250 2.0.0 kept as 42",
    "QUIT": "221 bye",
}


class Peer:
    """A server that gives the scripted answer to each command; an answer may also be a misdeed."""

    def __init__(self, answers: Mapping[str, str] | None = None, *, tls: bool = False) -> None:
        self.answers = GOOD | dict(answers or {})
        self.received: list[bytes] = []
        self.heard: list[str] = []
        self.connections = 0
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with contextlib.suppress(OSError, StopIteration):
                self._talk(connection)
            connection.close()

    def _talk(self, connection: socket.socket) -> None:
        connection = self._secured(connection) if self._tls else connection
        self._open.append(connection)
        with contextlib.ExitStack() as stack:
            stack.push(lambda *_: connection.close())  # whichever it is by then
            lines = _lines(connection)
            self._say(connection, "greeting")
            while True:
                words = next(lines).decode("utf-8", "replace")
                self.heard.append(words)
                command = words.split()[0].upper()
                self._say(connection, command)
                if command == "STARTTLS":
                    connection = self._secured(connection)
                    self._open.append(connection)
                    lines = _lines(connection)
                if command == "DATA" and self.answers[command].startswith("354"):
                    self.received.append(_content(lines))
                    self._say(connection, "content")

    def _secured(self, connection: socket.socket) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        try:
            return context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            raise

    def _say(self, connection: socket.socket, command: str) -> None:
        answer = self.answers.get(command, "500 what?")
        if answer == CUT:
            raise StopIteration
        if answer == SILENT:
            self._over.wait(30)
            raise StopIteration
        if answer == DRIP:
            while not self._over.wait(0.02):
                connection.sendall(b"2")
        if answer == FLOOD:
            while not self._over.is_set():
                connection.sendall(b"250-more\r\n" * 1000)
        connection.sendall(answer.encode("utf-8", "surrogateescape") + b"\r\n")


def _lines(connection: socket.socket) -> Iterator[bytes]:
    rest = b""
    while True:
        while b"\r\n" in rest:
            line, _, rest = rest.partition(b"\r\n")
            yield line
        more = connection.recv(65536)
        if not more:
            return
        rest += more


def _content(lines: Iterator[bytes]) -> bytes:
    """Give the content as it was before its dots were doubled."""
    kept: list[bytes] = []
    for line in lines:
        if line == b".":
            return b"".join(each + b"\r\n" for each in kept)
        kept.append(line[1:] if line.startswith(b".") else line)
    raise StopIteration


def mail_settings(port: int, **others: str) -> dict[str, str]:
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": str(port),
        "smtp_security": "none",
        "smtp_from": "duewatch@example.org",
    } | others
