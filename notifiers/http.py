"""One POST to one far side, and what each of its answers means for the message.

Speaks HTTP/1.1 (RFC 9110) over TLS; without TLS to this very machine only. Follows no redirect,
knows no proxy, keeps no connection.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from io import BufferedReader
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from duewatch.notifiers.message import NotConfigured, NotSent, Receipt, Refused, Unsure
from duewatch.notifiers.plain import one_line
from duewatch.notifiers.wall import Forbidden, Wall

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping
    from datetime import datetime

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_HEARD: Final = 64 * 1024  # bytes of an answer's body
_QUOTED: Final = 300  # characters of an answer that are kept
_DEAD: Final = (404, 410)
_CLOSED: Final = (401, 403, 407)  # about us, whatever the message
_LATER: Final = (408, 425, 429)
_WHOLE_SERVER: Final = (429, 502, 503, 504)  # the next message would hear the same


@dataclass(frozen=True, slots=True)
class Target:
    """Where to post. The path may hold a token: it is a secret."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)

    @property
    def place(self) -> str:
        """Say where, without the path."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the far side said."""

    status: int
    body: str  # its beginning
    retry_after: str
    date: str


def read_target(url: str, variable: str) -> Target:
    """Read a URL: https, or http to this very machine. NotConfigured names `variable`, and never quotes the URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or not url.isprintable():
        raise NotConfigured(f"{variable} is not a URL; write https://, the host and the path")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise NotConfigured(f"{variable} would send unencrypted; write https://")
    default = 443 if parts.scheme == "https" else 80
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or " " in path:
        raise NotConfigured(f"{variable} holds characters that a URL must not hold; percent-encode them")
    return Target(parts.scheme, host, port or default, path)


def post(  # noqa: PLR0913 - a request is all of these
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    at: datetime,
    deadline: float,
    allowed: Callable[[str], bool] | None = None,
    hidden: tuple[str, ...] = (),
) -> Receipt:
    """Post JSON and give the answer as a receipt. NotSent where it was not taken, or may not have been.

    `allowed` judges the addresses that the host leads to; `hidden` are texts that no answer is quoted with.
    """
    with Wall(deadline) as wall:
        talk = _Talk(target, wall, (target.path, *hidden))
        try:
            answer = talk.post(body, headers, allowed)
        except (OSError, HTTPException, ValueError) as error:
            trouble = talk.trouble(error)
        else:
            return _judged(talk, answer, at)
    raise trouble  # outside the handler: the error hangs on to what was sent, and that may hold a secret


class _Ear(BufferedReader):
    """What an answer is read from: a line that breaks off is none, or `200` could be the half of something else."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n"):
            raise IncompleteRead(line)
        return line


class _Answering(HTTPResponse):
    """An answer whose head must be whole."""

    def __init__(self, sock: socket.socket, *given: Any, **how: Any) -> None:  # noqa: ANN401 - those of http.client
        super().__init__(sock, *given, **how)
        self.fp: BufferedReader = _Ear(self.fp.detach())


class _Talk:
    """One conversation; knows how far it came, so that a failure can be judged."""

    def __init__(self, target: Target, wall: Wall, hidden: tuple[str, ...]) -> None:
        self.target = target
        self._wall = wall
        self._hidden = tuple(each for each in hidden if len(each) > 1)
        self._step = "connecting"

    def post(self, body: bytes, headers: Mapping[str, str], allowed: Callable[[str], bool] | None) -> Answer:
        connection = HTTPConnection(self.target.host, self.target.port)
        connection.response_class = _Answering
        connection.sock = self._open(allowed)
        self._step = "sending"
        own = {"Host": _host(self.target), "Content-Type": "application/json", "User-Agent": "duewatch"}
        connection.request("POST", self.target.path, body, {**own, "Connection": "close", **headers})
        self._step = "answer"
        response = connection.getresponse()
        try:
            text = response.read(_HEARD)
        except (OSError, HTTPException):  # the status has come, and that is what counts
            text = b""
        return Answer(
            response.status,
            text.decode("utf-8", "replace"),
            response.headers.get("Retry-After", ""),
            response.headers.get("Date", ""),
        )

    def _open(self, allowed: Callable[[str], bool] | None) -> socket.socket:
        plain = self._wall.connect(self.target.host, self.target.port, allowed=allowed)
        if self.target.scheme == "http":
            return plain
        self._step = "encryption"
        context = ssl.create_default_context()  # OpenSSL reads SSL_CERT_FILE, for an authority of one's own
        wrapped = context.wrap_socket(plain, server_hostname=self.target.host, do_handshake_on_connect=False)
        self._wall.watch(wrapped)
        wrapped.do_handshake()
        return wrapped

    def quotable(self, text: str) -> str:
        """Give an answer on one line, without the secrets that it may have repeated."""
        for secret in self._hidden:
            text = text.replace(secret, "***")
        return one_line(" ".join(text.split()))[:_QUOTED]

    def trouble(self, error: Exception) -> NotSent:
        """Judge a failure by how far the conversation had come."""
        at = f"{self.target.place}, {self._step}"
        if self._wall.expired:
            detail = f"{at}: not done within {self._wall.seconds:g} s"
        else:
            detail = f"{at}: {self.quotable(str(error) or type(error).__name__)}"
        if self._step == "answer":
            return Unsure(f"{detail}; it may have been taken", scope="message")
        for_good = not self._wall.expired and (isinstance(error, Forbidden) or _is_certificate(error))
        return Refused(detail, for_good=for_good, scope="channel")


def _is_certificate(error: Exception) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError)


def _host(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port == (443 if target.scheme == "https" else 80) else f"{name}:{target.port}"


def _judged(talk: _Talk, answer: Answer, at: datetime) -> Receipt:
    """Say what an answer means: a receipt, or for good or for now, for this message or for all."""
    status = answer.status
    said = f"{status} {talk.quotable(answer.body)}".strip()
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, section 15
        return Receipt(said)
    detail = f"{talk.target.place}: {said}"
    if 300 <= status < 400:  # noqa: PLR2004
        raise Refused(f"{detail}; redirects are not followed", for_good=True, scope="channel")
    if status in _CLOSED:
        raise Refused(detail, for_good=True, scope="channel")
    if status in _LATER or not 400 <= status < 500:  # noqa: PLR2004
        wait = seconds_asked(answer, at)
        whole = status in _WHOLE_SERVER or wait is not None
        raise Refused(detail, for_good=False, scope="channel" if whole else "message", retry_after=wait)
    raise Refused(detail, for_good=True, scope="message")


def seconds_asked(answer: Answer, at: datetime) -> float | None:
    """Give the seconds of Retry-After (RFC 9110, section 10.2.3): a number, or a date by the far side's own clock."""
    text = answer.retry_after.strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text[:12])  # beyond any cap
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    try:
        since = parsedate_to_datetime(answer.date)
    except ValueError:
        since = at
    if (until.tzinfo is None) or (since.tzinfo is None):
        return None
    return max(0.0, (until - since).total_seconds())
