"""Mail and web servers that misbehave on purpose, over real sockets."""

from __future__ import annotations

import contextlib
import re
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


class HttpPeer:
    """A web server that gives the scripted answers one after the other, the last one for ever.

    An answer is bytes as they cross the wire, or a misdeed. `received` holds head and body of each request.
    """

    def __init__(self, *answers: bytes | str, tls: bool = False) -> None:
        self.answers = list(answers) or [ok()]
        self.received: list[tuple[bytes, bytes]] = []
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in (self._thread, *self._threads):
            each.join(5)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            one = threading.Thread(target=self._take, args=(connection,), daemon=True)
            self._threads.append(one)
            one.start()

    def _take(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.push(lambda *_: connection.close())
            connection.settimeout(10)
            if self._tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                connection = context.wrap_socket(connection, server_side=True)
            request = _request(connection)
            if request is not None:
                self.received.append(request)
                self._answer(connection, self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
            connection.close()

    def _answer(self, connection: socket.socket, answer: bytes | str) -> None:
        if answer == SILENT:
            self._over.wait(30)
        elif answer == DRIP:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not self._over.wait(0.02):
                connection.sendall(b"x")
        elif answer == FLOOD:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self._over.is_set():
                connection.sendall(b"x" * 65536)
        elif isinstance(answer, bytes):
            connection.sendall(answer)


def ok(body: bytes = b"ok") -> bytes:
    return reply("200 OK", body)


def reply(status: str, body: bytes = b"", **headers: str) -> bytes:
    named = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _request(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Give a request once it is whole; None for one that was broken off."""
    data = b""
    while True:
        head, found, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if found and length and len(body) >= int(length[1]):
            return head, body
        more = connection.recv(65536)
        if not more:
            return None
        data += more


def _lines(connection: socket.socket) -> Iterator[bytes]:
    rest = b""
    while True:
        *whole, rest = rest.split(b"\r\n")
        yield from whole
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
