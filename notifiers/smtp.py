"""One conversation with a mail server, and what each of its answers means for the message.

Speaks SMTP (RFC 5321) with STARTTLS (RFC 3207), TLS from the start (RFC 8314) or neither, and
AUTH (RFC 4954). The message itself is only bytes here.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from duewatch.notifiers.message import NotSent, Refused, Unsure
from duewatch.notifiers.plain import one_line
from duewatch.notifiers.wall import Wall

if TYPE_CHECKING:
    from io import BufferedReader

Security = Literal["starttls", "tls", "none"]
Step = Literal["connecting", "greeting", "hello", "encryption", "login", "sender", "recipient", "data", "content"]

_OPENING: Final = ("connecting", "greeting", "hello", "encryption", "login")  # the same for every message
_LOGIN_WANTED: Final = (530, 534, 535, 538)  # RFC 4954, whatever command they answer
_NO_SUCH_MAILBOX: Final = range(550, 554)
_TOO_BIG: Final = 552
_POLICY: Final = 554  # at RCPT mostly about us (a block list), and mended by us
_CLOSING: Final = 421
_HEARD: Final = 64 * 1024  # bytes of all answers of one conversation; ours need about 2,000
_GOODBYE: Final = 1.0  # seconds to wait for the answer to QUIT, which changes nothing
_QUOTED: Final = 300  # characters of an answer that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server and how to speak with it."""

    host: str
    port: int
    security: Security
    user: str = ""  # empty: no login
    password: str = field(default="", repr=False)


def transmit(server: Server, sender: str, to: str, raw: bytes, *, deadline: float) -> str:
    """Hand one message over and give the server's answer. NotSent otherwise, within `deadline` seconds."""
    with Wall(deadline) as wall:
        talk = _Talk(server, wall)
        try:
            answer = talk.hand_over(sender, to, raw)
        except (OSError, ValueError) as error:  # ValueError: what smtplib, idna and base64 make of junk
            trouble = talk.trouble(error)
        else:
            return talk.quotable(answer)
        finally:
            talk.hang_up()
    raise trouble  # outside the handler: what the server said may hold our password, and would hang on as context


class _Line(smtplib.SMTP):
    """The commands and answers of smtplib over a connection that we opened, with bounded memory."""

    file: _Ear | None

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(local_hostname=_our_name(connection))
        self.use(connection)

    def use(self, connection: socket.socket) -> None:
        """Go on over this connection, and forget what was said before (RFC 3207, section 4.2)."""
        if self.file is not None:
            self.file.close()
        self.sock = connection
        self.file = _Ear(connection.makefile("rb"))
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False


class _Ear:
    """What smtplib reads answers from; deaf after `_HEARD` bytes, and to a line that does not end."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self._left = _HEARD

    def readline(self, limit: int) -> bytes:
        """Read a line; nothing, as at the end of a connection, where it is cut off or too much was said already.

        Half an answer is none: smtplib would take `25` of a cut `250` for one.
        """
        line = self._stream.readline(limit) if self._left > 0 else b""
        self._left -= len(line)
        return line if line.endswith(b"\n") else b""

    def close(self) -> None:
        """Stop listening."""
        self._stream.close()


class _Talk:
    """One conversation; knows which step it is at, so that a failure can be judged."""

    def __init__(self, server: Server, wall: Wall) -> None:
        self.step: Step = "connecting"
        self._server = server
        self._wall = wall
        self._line: _Line | None = None

    # -------------------------------------------------------------- the steps
    def hand_over(self, sender: str, to: str, raw: bytes) -> bytes:
        """Walk through all steps and give the answer to the last one."""
        line = self._open()
        self.step = "sender"
        _expect(2, line.mail(sender))
        self.step = "recipient"
        _expect(2, line.rcpt(to))
        self.step = "data"
        _expect(3, line.docmd("DATA"))
        self.step = "content"
        line.send(_dotted(raw))
        answer = line.getreply()
        _expect(2, answer)
        return b"%d %s" % answer

    def _open(self) -> _Line:
        connection = self._wall.connect(self._server.host, self._server.port)
        if self._server.security == "tls":
            self.step = "encryption"
            connection = self._encrypted(connection)
        line = self._line = _Line(connection)
        self.step = "greeting"
        _expect(2, line.getreply())
        self.step = "hello"
        line.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            self.step = "encryption"
            self._start_tls(line, connection)
        if self._server.user:
            self.step = "login"
            line.login(self._server.user, self._server.password)
        return line

    def _start_tls(self, line: _Line, connection: socket.socket) -> None:
        if not line.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("it offers no STARTTLS")
        _expect(2, line.docmd("STARTTLS"))
        line.use(self._encrypted(connection))
        line.ehlo_or_helo_if_needed()

    def _encrypted(self, connection: socket.socket) -> ssl.SSLSocket:
        context = ssl.create_default_context()  # OpenSSL reads SSL_CERT_FILE, for an authority of one's own
        wrapped = context.wrap_socket(connection, server_hostname=self._server.host, do_handshake_on_connect=False)
        self._wall.watch(wrapped)
        wrapped.do_handshake()
        return wrapped

    def hang_up(self) -> None:
        """Say goodbye where there is time, and close. What was taken stays taken, however this ends."""
        if self._line is None or self._line.sock is None:
            return
        with contextlib.suppress(OSError, ValueError):
            self._line.sock.settimeout(_GOODBYE)
            self._line.docmd("QUIT")
        self._line.close()

    # -------------------------------------------------------------- what went wrong
    def trouble(self, error: OSError | ValueError) -> NotSent:
        """Judge a failure by the step it came at: ALERTS table of outcomes."""
        at = f"{self._server.host}:{self._server.port}, {self.step}"
        if isinstance(error, smtplib.SMTPResponseException) and not self._wall.expired:
            return _judged(self.step, error.smtp_code, f"{at}: {self.quotable(_answer_of(error))}")
        if self._wall.expired:
            return self._cut(f"{at}: not done within {self._wall.seconds:g} s", scope="channel")
        detail = f"{at}: {self.quotable(str(error).encode())}"
        if self.step in _OPENING and _needs_mending(error):
            return Refused(detail, for_good=True, scope="channel")
        return self._cut(detail, scope="channel" if self.step in _OPENING else "message")

    def _cut(self, detail: str, *, scope: Literal["message", "channel"]) -> NotSent:
        if self.step == "content":
            return Unsure(f"{detail}; it may have been taken", scope=scope)
        return Refused(detail, for_good=False, scope=scope)

    def quotable(self, answer: bytes) -> str:
        """Give an answer on one line, without our secret, should the server have repeated it."""
        text = answer.decode("utf-8", "replace")
        for secret in _forms(self._server):
            text = text.replace(secret, "***")
        return one_line(" ".join(text.split()))[:_QUOTED]


def _judged(step: Step, code: int, detail: str) -> NotSent:
    """Say what an answer means: for this message or for all, for now or for good."""
    passing = not 500 <= code < 600  # noqa: PLR2004 - RFC 5321, section 4.2.1; also answers that are no SMTP
    if step == "content" and not 400 <= code < 600:  # noqa: PLR2004
        return Unsure(f"{detail}; it may have been taken", scope="message")
    if step in _OPENING or code == _CLOSING:
        return Refused(detail, for_good=not passing, scope="channel")
    if code in _LOGIN_WANTED or (step == "sender" and not passing and code != _TOO_BIG):
        return Refused(detail, for_good=True, scope="channel")
    about_us = step == "recipient" and code == _POLICY
    return Refused(detail, for_good=not passing and not about_us, scope="message")


def _needs_mending(error: OSError | ValueError) -> bool:
    """Tell a wrong certificate, a missing extension or a login that cannot be from a line that broke."""
    if isinstance(error, ssl.SSLError):
        return not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError))
    if isinstance(error, smtplib.SMTPException):
        return not isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, ValueError)


def _expect(hundred: int, answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code // 100 != hundred:
        raise smtplib.SMTPResponseException(code, text)


def _answer_of(error: smtplib.SMTPResponseException) -> bytes:
    said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    return b"%d %s" % (error.smtp_code, said)


def _forms(server: Server) -> list[str]:
    """Give the forms in which a server may repeat the password: as AUTH carries it, the longest first, and as typed."""
    if not server.password:
        return []
    plain = server.password.encode()
    carried = (b"\0%s\0%s" % (server.user.encode(), plain), plain)
    return [*(b64encode(each).decode() for each in carried), server.password]


def _dotted(raw: bytes) -> bytes:
    """Give the content with its leading dots doubled and the end marked (RFC 5321, section 4.5.2)."""
    ended = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _our_name(connection: socket.socket) -> str:
    """Name ourselves: the host's full name, else the address we speak from (RFC 5321, section 4.1.3)."""
    name = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
        return name
    address = str(connection.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
