"""Posting to a far side that may answer anything, over real sockets."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.notifiers.peers import CERTIFICATE, CUT, DRIP, FLOOD, SILENT, HttpPeer, ok, reply

from duewatch.notifiers.http import Answer, Target, post, read_target, seconds_asked
from duewatch.notifiers.message import NotConfigured, NotSent, Receipt, Refused, Unsure

AT = datetime(2021, 7, 16, 13, 0, tzinfo=UTC)
TOKEN = "/services/T0/B0/t0ken-t0ken"  # noqa: S105 - made up
DATE = "Fri, 16 Jul 2021 13:00:30 GMT"


def send(port: int, *, scheme: str = "http", deadline: float = 5, **how: Any) -> Receipt:
    return post(Target(scheme, "localhost", port, TOKEN), b"{}", {"X-Id": "1"}, at=AT, deadline=deadline, **how)


def trouble(*answers: bytes | str, deadline: float = 5) -> NotSent:
    with HttpPeer(*answers) as peer, pytest.raises(NotSent) as raised:
        send(peer.port, deadline=deadline)
    assert TOKEN not in f"{raised.value.detail} {raised.value.__context__} {raised.value.__cause__}"
    assert raised.value.detail.isprintable()
    return raised.value


def judged(error: NotSent) -> tuple[str, bool | None, str, float | None]:
    if isinstance(error, Refused):
        return ("refused", error.for_good, error.scope, error.retry_after)
    assert isinstance(error, Unsure)
    return ("unsure", None, error.scope, None)


# ------------------------------------------------------------------ what goes well
def test_a_post_says_what_it_must_and_gives_the_answer() -> None:
    with HttpPeer(ok(b"all right")) as peer:
        assert send(peer.port) == Receipt("200 all right")
        [(head, body)] = peer.received
    lines = head.decode().split("\r\n")
    assert lines[0] == f"POST {TOKEN} HTTP/1.1"
    assert {"Content-Type: application/json", "Connection: close", "X-Id: 1"} <= set(lines)
    assert f"Host: localhost:{peer.port}" in lines
    assert body == b"{}"


def test_a_long_answer_is_heard_in_part_only() -> None:
    with HttpPeer(FLOOD) as peer:
        began = time.monotonic()
        assert send(peer.port).detail.startswith("200 x")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("status", ["201 Created", "202 Accepted", "204 No Content"])
def test_every_answer_in_the_two_hundreds_is_a_yes(status: str) -> None:
    with HttpPeer(reply(status)) as peer:
        assert send(peer.port).detail == status[:3]


def test_a_yes_whose_body_is_cut_off_is_a_yes() -> None:
    for half in (b"Content-Length: 500\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n5\r\nha"):
        with HttpPeer(b"HTTP/1.1 200 OK\r\n" + half) as peer:
            assert send(peer.port).detail.startswith("200")


# ------------------------------------------------------------------ the table of outcomes
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply("400 Bad Request", b"invalid_payload"), ("refused", True, "message", None)),
        (reply("401 Unauthorized"), ("refused", True, "channel", None)),
        (reply("403 Forbidden", b"action_prohibited"), ("refused", True, "channel", None)),
        (reply("404 Not Found", b"channel_not_found"), ("refused", True, "message", None)),
        (reply("408 Request Timeout"), ("refused", False, "message", None)),
        (reply("410 Gone"), ("refused", True, "message", None)),
        (reply("413 Too Large"), ("refused", True, "message", None)),
        (reply("429 Too Many Requests"), ("refused", False, "channel", None)),
        (reply("429 Too Many Requests", Retry_After="30"), ("refused", False, "channel", 30.0)),
        (
            reply("429 Too Many Requests", Retry_After="Fri, 16 Jul 2021 13:01:30 GMT", Date=DATE),
            ("refused", False, "channel", 60.0),
        ),
        (reply("429 x", Retry_After="Fri, 16 Jul 2021 13:01:30 GMT"), ("refused", False, "channel", 90.0)),
        (reply("500 Internal Server Error"), ("refused", False, "message", None)),
        (reply("502 Bad Gateway"), ("refused", False, "channel", None)),
        (reply("503 Unavailable", Retry_After="7"), ("refused", False, "channel", 7.0)),
        (reply("302 Found", Location="http://169.254.169.254/"), ("refused", True, "channel", None)),
        (reply("999 What"), ("refused", False, "message", None)),
        (b"HTTP/1.1 200", ("unsure", None, "message", None)),
        (b"SSH-2.0-OpenSSH\r\n", ("unsure", None, "message", None)),
        (CUT, ("unsure", None, "message", None)),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, ("unsure", None, "message", None)),
    ],
)
def test_each_answer_has_its_meaning(answer: bytes | str, outcome: tuple[str, bool | None, str, float | None]) -> None:
    assert judged(trouble(answer)) == outcome


def test_a_refusal_quotes_what_was_said_without_the_token() -> None:
    error = trouble(reply("404 Not Found", f"no_service\r\nat {TOKEN}\x1b[2J".encode()))
    assert "404 no_service at ***\ufffd[2J" in error.detail


@pytest.mark.parametrize("misdeed", [SILENT, DRIP])
def test_a_far_side_that_takes_for_ever_is_left_in_time(misdeed: str) -> None:
    began = time.monotonic()
    error = trouble(misdeed, deadline=0.3)
    assert time.monotonic() - began < 1.3
    assert judged(error)[0] == "unsure"
    assert "not done within 0.3 s; it may have been taken" in error.detail


def test_nobody_at_the_port_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Refused) as raised:
        send(port)
    assert judged(raised.value) == ("refused", False, "channel", None)


# ------------------------------------------------------------------ how long to wait
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 5000, float("9" * 12)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Fri, 16 Jul 2021 12:00:00 GMT", 0.0),
        ("Fri, 99 Jul 2021 12:00:00 GMT", None),
        ("Fri, 16 Jul 2021 14:00:00 -0000", None),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, seconds: float | None) -> None:
    assert seconds_asked(Answer(429, "", text, ""), AT) == seconds


def test_a_date_counts_by_the_clock_of_the_far_side() -> None:
    late = AT + timedelta(days=3)
    assert seconds_asked(Answer(429, "", "Fri, 16 Jul 2021 13:01:00 GMT", DATE), late) == 30


# ------------------------------------------------------------------ encryption
def test_a_certificate_that_nobody_vouches_for_is_refused_for_good() -> None:
    with HttpPeer(tls=True) as peer, pytest.raises(Refused) as raised:
        send(peer.port, scheme="https")
    assert judged(raised.value) == ("refused", True, "channel", None)
    assert not peer.received


def test_a_certificate_that_we_trust_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with HttpPeer(tls=True) as peer:
        assert send(peer.port, scheme="https") == Receipt("200 ok")


def test_a_far_side_that_speaks_no_tls_is_tried_again(tmp_path: Path) -> None:  # noqa: ARG001
    with HttpPeer() as peer, pytest.raises(Refused) as raised:
        send(peer.port, scheme="https", deadline=0.5)
    assert isinstance(raised.value, Refused)
    assert not raised.value.for_good
    assert ssl.OPENSSL_VERSION


# ------------------------------------------------------------------ addresses
def test_what_is_not_allowed_hears_no_byte() -> None:
    with HttpPeer() as peer, pytest.raises(Refused) as raised:
        send(peer.port, allowed=lambda address: address.startswith("8."))
    assert judged(raised.value) == ("refused", True, "channel", None)
    assert "not an address of the public internet" in raised.value.detail
    assert not peer.received


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.org/a/b?c=d", Target("https", "hooks.example.org", 443, "/a/b?c=d")),
        ("https://hooks.example.org", Target("https", "hooks.example.org", 443, "/")),
        ("https://hooks.example.org:8443/ä b", Target("https", "hooks.example.org", 8443, "/%C3%A4%20b")),
        ("http://127.0.0.1:8000/x", Target("http", "127.0.0.1", 8000, "/x")),
        ("http://[::1]/x", Target("http", "::1", 80, "/x")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert read_target(url, "X") == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org/a",
        "ftp://hooks.example.org/t0ken",
        "http://hooks.example.org/t0ken",
        "https:///t0ken",
        "https://user:t0ken@hooks.example.org/",
        "https://hooks.example.org:port/t0ken",
        "https://[::1/t0ken",
        "https://hooks.example.org/t0ken\r\nX: y",
        "https://hooks.example.org/?t0ken=ä",
    ],
)
def test_what_is_no_url_is_refused_unseen(url: str) -> None:
    with pytest.raises(NotConfigured) as raised:
        read_target(url, "DUEWATCH_X_URL")
    assert str(raised.value).startswith("DUEWATCH_X_URL ")
    assert "t0ken" not in str(raised.value)


def test_the_token_of_a_target_is_not_shown() -> None:
    assert TOKEN not in repr(Target("https", "h", 443, TOKEN))


@pytest.mark.parametrize(
    ("host", "scheme", "port", "said"),
    [("h", "https", 443, "h"), ("h", "http", 81, "h:81"), ("::1", "http", 80, "[::1]")],
)
def test_the_host_is_named_as_it_was_asked_for(host: str, scheme: str, port: int, said: str) -> None:
    from duewatch.notifiers.http import _host

    assert _host(Target(scheme, host, port, "/")) == said
