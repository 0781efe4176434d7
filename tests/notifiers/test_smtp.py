"""The conversation with mail servers of every kind, over real sockets."""

from __future__ import annotations

import socket
import time
import traceback
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from tests.notifiers.peers import CERTIFICATE, CUT, DRIP, FLOOD, SILENT, Peer

from duewatch.notifiers.message import NotSent, Refused, Unsure
from duewatch.notifiers.smtp import Server, transmit

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

    from duewatch.notifiers.smtp import Security

RAW = b"Subject: x\r\n\r\n.one dot\r\n..two\r\nend\r\n"
WORD = "word-17"


def send(
    port: int, *, security: Security = "none", user: str = "", password: str = "", deadline: float = 5, raw: bytes = RAW
) -> str:
    server = Server(host="127.0.0.1", port=port, security=security, user=user, password=password)
    return transmit(server, "duewatch@example.org", "legal@example.org", raw, deadline=deadline)


def trouble(answers: dict[str, str], **how: object) -> NotSent:
    with Peer(answers, tls=how.get("security") == "tls") as peer, pytest.raises(NotSent) as raised:
        send(peer.port, **how)  # type: ignore[arg-type]
    return raised.value


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


# ------------------------------------------------------------------ what is taken
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Mailbox:
    """A handler of aiosmtpd that keeps what it gets."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.contents.append(envelope.original_content or b"")
        return "250 2.0.0 kept"


def test_another_implementation_gets_exactly_our_bytes() -> None:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        assert send(controller.port) == "250 2.0.0 kept"
    finally:
        controller.stop()
    assert mailbox.contents == [RAW]


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_an_encrypted_line_carries_login_and_mail(security: Security) -> None:
    with Peer(tls=security == "tls") as peer:
        assert send(peer.port, security=security, user="officer", password=WORD) == "250 2.0.0 kept as 42"
    assert peer.received == [RAW]
    assert "AUTH PLAIN " + b64encode(b"\0officer\0word-17").decode() in peer.heard


def test_a_server_of_another_make_lets_us_in_with_the_right_password_only() -> None:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=data.password == WORD.encode(), handled=False)  # type: ignore[attr-defined]

    mailbox = Mailbox()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False
    )
    controller.start()
    try:
        assert send(controller.port, user="officer", password=WORD).startswith("250")
        with pytest.raises(Refused) as raised:
            send(controller.port, user="officer", password=WORD * 2)
    finally:
        controller.stop()
    assert (raised.value.for_good, raised.value.scope) == (True, "channel")
    assert len(mailbox.contents) == 1


def test_content_without_an_end_of_line_gets_one() -> None:
    with Peer() as peer:
        send(peer.port, raw=b"Subject: x\r\n\r\nend")
    assert peer.received == [b"Subject: x\r\n\r\nend\r\n"]


@pytest.mark.parametrize("goodbye", [CUT, "421 closing", "junk"])
def test_what_was_taken_stays_taken_however_the_goodbye_ends(goodbye: str) -> None:
    with Peer({"QUIT": goodbye}) as peer:
        assert send(peer.port) == "250 2.0.0 kept as 42"


def test_a_silent_goodbye_does_not_hold_us() -> None:
    began = time.monotonic()
    with Peer({"QUIT": SILENT}) as peer:
        assert send(peer.port, deadline=20).startswith("250")
    assert time.monotonic() - began < 3


def test_a_server_that_knows_only_helo_is_served() -> None:
    with Peer({"EHLO": "502 what?"}) as peer:
        assert send(peer.port).startswith("250")


# ------------------------------------------------------------------ what is not: the table of outcomes
LATER, NEVER = False, True


@pytest.mark.parametrize(
    ("answers", "for_good", "scope"),
    [
        ({"greeting": "554 go away"}, NEVER, "channel"),
        ({"greeting": "421 busy"}, LATER, "channel"),
        ({"greeting": "hello there"}, LATER, "channel"),
        ({"greeting": "220 " + "x" * 100_000}, LATER, "channel"),
        ({"greeting": CUT}, LATER, "channel"),
        ({"EHLO": "550 no", "HELO": "550 no"}, NEVER, "channel"),
        ({"EHLO": CUT}, LATER, "channel"),
        ({"EHLO": FLOOD}, LATER, "channel"),
        ({"MAIL": "451 later"}, LATER, "message"),
        ({"MAIL": "421 closing"}, LATER, "channel"),
        ({"MAIL": "530 log in"}, NEVER, "channel"),
        ({"MAIL": "550 not from you"}, NEVER, "channel"),
        ({"MAIL": "552 too big"}, NEVER, "message"),
        ({"MAIL": CUT}, LATER, "message"),
        ({"RCPT": "450 later"}, LATER, "message"),
        ({"RCPT": "550 5.1.1 nobody"}, NEVER, "message"),
        ({"RCPT": "551 moved"}, NEVER, "message"),
        ({"RCPT": "552 full"}, NEVER, "message"),
        ({"RCPT": "553 what name"}, NEVER, "message"),
        ({"RCPT": "554 5.7.1 your host is on a list"}, LATER, "message"),
        ({"RCPT": "530 log in"}, NEVER, "channel"),
        ({"RCPT": CUT}, LATER, "message"),
        ({"DATA": "451 later"}, LATER, "message"),
        ({"DATA": "554 no"}, NEVER, "message"),
        ({"DATA": "250 what"}, LATER, "message"),
        ({"content": "451 later"}, LATER, "message"),
        ({"content": "421 closing"}, LATER, "channel"),
        ({"content": "552 too big"}, NEVER, "message"),
        ({"content": "554 spam"}, NEVER, "message"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_refusal_says_for_how_long_and_for_whom(answers: dict[str, str], for_good: bool, scope: str) -> None:
    refused = trouble(answers)
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (for_good, scope), refused.detail


@pytest.mark.parametrize("answer", [CUT, "\udcff\udcfe junk", "354 go on"])
def test_no_clear_answer_after_the_content_may_mean_taken(answer: str) -> None:
    unsure = trouble({"content": answer})
    assert isinstance(unsure, Unsure)
    assert unsure.scope == "message"
    assert "may have been taken" in unsure.detail


def test_nobody_listening_is_tried_again() -> None:
    with Peer() as peer:
        port = peer.port
    with pytest.raises(Refused) as raised:
        send(port)
    assert (raised.value.for_good, raised.value.scope) == (LATER, "channel")
    assert f"127.0.0.1:{port}, connecting" in raised.value.detail


def test_a_host_that_is_no_name_waits_for_somebody_to_mend_it() -> None:
    with pytest.raises(Refused) as raised:
        transmit(Server(host="a" * 300, port=25, security="none"), "a@example.org", "b@example.org", RAW, deadline=5)
    assert (raised.value.for_good, raised.value.scope) == (NEVER, "channel")


# ------------------------------------------------------------------ encryption and login
def test_a_server_without_starttls_never_gets_the_mail_in_the_clear() -> None:
    with Peer({"EHLO": "250-peer\r\n250 AUTH PLAIN"}) as peer, pytest.raises(Refused) as raised:
        send(peer.port, security="starttls", user="officer", password=WORD)
    assert (raised.value.for_good, raised.value.scope) == (NEVER, "channel")
    assert [each.split()[0].upper() for each in peer.heard] == ["EHLO", "QUIT"]


@pytest.mark.parametrize(("answer", "for_good"), [("454 not now", LATER), ("501 no", NEVER), (CUT, LATER)])
def test_starttls_refused(answer: str, for_good: bool) -> None:
    refused = trouble({"STARTTLS": answer}, security="starttls")
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (for_good, "channel")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_trusts_closes_the_channel(security: Security) -> None:
    refused = trouble({}, security=security)
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (NEVER, "channel")
    assert "CERTIFICATE_VERIFY_FAILED" in refused.detail


def test_tls_towards_a_server_that_speaks_in_the_clear_closes_the_channel() -> None:
    with Peer() as peer, pytest.raises(Refused) as raised:
        send(peer.port, security="tls")
    assert (raised.value.for_good, raised.value.scope) == (NEVER, "channel")


@pytest.mark.usefixtures("trusted")
def test_what_was_said_before_the_line_was_encrypted_is_forgotten() -> None:
    """A command slipped in behind the answer to STARTTLS must not count as said inside (CVE-2011-0411)."""
    with Peer({"STARTTLS": "220 go on\r\n250 injected"}) as peer:
        assert send(peer.port, security="starttls") == "250 2.0.0 kept as 42"


@pytest.mark.parametrize(
    ("answers", "for_good"),
    [
        ({"AUTH": "535 5.7.8 wrong"}, NEVER),
        ({"AUTH": "454 4.7.0 not now"}, LATER),
        ({"AUTH": CUT}, LATER),
        ({"EHLO": "250 peer"}, NEVER),
        ({"EHLO": "250-peer\r\n250 AUTH STRANGE"}, NEVER),
    ],
    ids=lambda value: str(value)[:40],
)
def test_login_refused_closes_the_channel(answers: dict[str, str], for_good: bool) -> None:
    refused = trouble(answers, user="officer", password=WORD)
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (for_good, "channel"), refused.detail


def test_a_password_that_login_cannot_carry_closes_the_channel_and_is_not_shown() -> None:
    refused = trouble({}, user="officer", password="wörd")  # noqa: S106 - as the test says
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (NEVER, "channel")
    assert "wörd" not in _everything_shown(refused)


@pytest.mark.parametrize(
    "as_said",
    [str.encode, lambda text: b64encode(text.encode()), lambda text: b64encode(b"\0officer\0" + text.encode())],
)
def test_a_server_that_repeats_the_password_does_not_make_us_show_it(as_said) -> None:  # noqa: ANN001
    said = as_said(WORD).decode()
    shown = _everything_shown(trouble({"AUTH": f"535 {said} is wrong"}, user="officer", password=WORD))
    assert said not in shown
    assert "535 *** is wrong" in shown


def _everything_shown(error: BaseException) -> str:
    held = [error, error.__context__, error.__cause__]
    return "".join([*traceback.format_exception(error), *map(repr, held), repr(vars(error))])


# ------------------------------------------------------------------ the wall
@pytest.mark.parametrize("misdeed", [SILENT, DRIP])
@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_no_server_holds_us_longer_than_the_wall(step: str, misdeed: str) -> None:
    began = time.monotonic()
    refused = trouble({step: misdeed}, deadline=0.2)
    assert 0.15 < time.monotonic() - began < 1.2
    assert isinstance(refused, Refused)
    assert (refused.for_good, refused.scope) == (LATER, "channel")
    assert "not done within 0.2 s" in refused.detail


@pytest.mark.parametrize("misdeed", [SILENT, DRIP])
def test_behind_the_content_the_wall_leaves_it_open_whether_it_was_taken(misdeed: str) -> None:
    began = time.monotonic()
    unsure = trouble({"content": misdeed}, deadline=0.2)
    assert time.monotonic() - began < 1.2
    assert isinstance(unsure, Unsure)
    assert unsure.scope == "channel"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_handshake_that_never_ends_meets_the_wall(security: Security) -> None:
    answers = {"STARTTLS": "220 go on\r\n"} if security == "starttls" else {}
    with Stubborn(answers) as peer, pytest.raises(Refused) as raised:
        send(peer.port, security=security, deadline=0.2)
    assert (raised.value.for_good, raised.value.scope) == (LATER, "channel")
    assert "encryption" in raised.value.detail


class Stubborn(Peer):
    """Takes the beginning of a handshake and says nothing to it; does not even greet where TLS comes first."""

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(answers or {"greeting": SILENT})

    def _secured(self, connection):  # noqa: ANN001, ANN202
        self._over.wait(30)
        return connection


@pytest.mark.parametrize(
    ("host", "said"),
    [("mail.example.org", "mail.example.org"), ("box", "[127.0.0.1]"), ("a b.example.org", "[127.0.0.1]")],
)
def test_we_name_ourselves_by_a_full_name_or_by_our_address(
    monkeypatch: pytest.MonkeyPatch, host: str, said: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    with Peer() as peer:
        send(peer.port)
    assert peer.heard[0] == f"ehlo {said}"
