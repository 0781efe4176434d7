"""Mail: the bytes, and the promises of a channel."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from tests.notifiers.contract import AT, DOT, HOSTILE, ChannelContract, a_message
from tests.notifiers.peers import SILENT, Peer, mail_settings

from duewatch.notifiers.email import LARGEST, Email, open_channel
from duewatch.notifiers.message import NotConfigured, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

SENDER = "duewatch@example.org"


class TestEmail(ChannelContract):
    """Mail keeps the contract."""

    @contextmanager
    def _towards(self, **answers: str) -> Iterator[Email]:
        with Peer(answers) as peer:
            yield open_channel(mail_settings(peer.port, smtp_user="officer", smtp_password=self.secret))

    def a_channel(self):  # noqa: ANN201 - as in the contract
        return self._towards()

    @contextmanager
    def a_channel_whose_far_side_is_down(self) -> Iterator[Email]:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        yield open_channel(mail_settings(port, smtp_user="officer", smtp_password=self.secret))

    def a_channel_whose_far_side_says_nothing(self):  # noqa: ANN201
        return self._towards(greeting=SILENT)

    def a_channel_that_is_refused_for_good(self):  # noqa: ANN201
        return self._towards(RCPT=f"550 5.1.1 nobody here; your password is {self.secret}")


def frozen(**changes: str) -> EmailMessage:
    channel = open_channel(mail_settings(25))
    return message_from_bytes(channel.freeze(a_message(**changes)), policy=policy.default)  # type: ignore[return-value]


def test_a_mail_carries_its_key_as_message_id_at_the_senders_domain() -> None:
    assert frozen()["Message-ID"] == "<0123456789abcdef0123456789abcdef@example.org>"


def test_a_mail_is_read_back_as_it_was_written() -> None:
    mail = frozen()
    assert mail["To"].addresses[0].display_name == "Légal Officer"
    assert mail["To"].addresses[0].addr_spec == "legal@example.org"
    assert mail["Subject"] == "Overdue 1 day: report"
    assert mail["Date"].datetime.isoformat() == "2021-07-16T13:00:00+00:00"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == "What was asked\n.a line with a dot\nénd\n"


def test_the_picture_is_a_part_of_the_mail_beside_the_page_that_shows_it() -> None:
    mail = frozen()
    plain, related = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert (related.get_content_type(), related.get_param("type")) == ("multipart/related", "text/html")
    shown, picture = related.iter_parts()
    place = str(picture["Content-ID"]).strip("<>")
    assert f'<img src="cid:{place}" alt="Timeline: one report, late."' in shown.get_content()
    assert picture.get_content() == DOT
    assert picture.get_content_disposition() == "inline"
    assert related.get_boundary() is not None
    assert not str(related.get_boundary()).startswith(str(mail.get_boundary()))  # RFC 2046, 5.1.1


def test_a_mail_without_a_picture_is_text_and_page_alone() -> None:
    raw = open_channel(mail_settings(25)).freeze(replace(a_message(), picture=None))
    mail = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert b"cid:" not in raw


def test_no_byte_of_a_mail_asks_for_more_than_seven_bits() -> None:
    raw = open_channel(mail_settings(25)).freeze(a_message(subject="é" * 300, text="é" * 5000))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1


@pytest.mark.parametrize(
    "words", ["Last day 30 September 2021: report on the plan (Art 1, T/9 (2021)), due 30 Sep", "x" * 90]
)
def test_a_long_subject_begins_on_the_line_of_its_name(words: str) -> None:
    raw = open_channel(mail_settings(25)).freeze(a_message(subject=words))
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == words
    [line] = re.findall(rb"(?m)^Subject:(.*)\r$", raw)
    assert line.strip() or " " not in words
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998


def test_hostile_headers_become_visible_text() -> None:
    mail = frozen(subject=HOSTILE, to_name=HOSTILE)
    assert mail.keys().count("To") == 1
    assert "Bcc" not in mail
    assert "a\ufffd\ufffdBcc: x@example.org\ufffd\ufffd[2J" in mail["Subject"]
    assert [each.addr_spec for each in mail["To"].addresses] == ["legal@example.org"]


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org, evil@example.com",
        '"x"@[127.0.0.1]',
        "a@example.org\r\nBcc: b@example.org",
        "no-address",
        "@example.org",
        "é@example.org",
        "",
    ],
)
def test_what_is_not_one_plain_address_is_refused_for_good(address: str) -> None:
    channel = open_channel(mail_settings(25))
    for refused in (
        lambda: channel.freeze(a_message(to_address=address)),
        lambda: channel.send(b"", address, at=AT, deadline=1),
    ):
        with pytest.raises(Refused) as raised:
            refused()
        assert (raised.value.for_good, raised.value.scope) == (True, "message")


@pytest.mark.parametrize("text", ["x" * (LARGEST + 1), "é" * 400_000])
def test_a_mail_that_is_too_large_is_refused_for_good(text: str) -> None:
    with pytest.raises(Refused, match="bytes, more than"):
        open_channel(mail_settings(25)).freeze(a_message(text=text))


def test_a_key_that_could_leave_the_message_id_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="cannot stand in a Message-ID"):
        open_channel(mail_settings(25)).freeze(a_message(key="a>\r\nBcc: x"))


def test_a_header_that_is_not_ours_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duewatch.notifiers.email._header", lambda text: text)
    try:
        raw = open_channel(mail_settings(25)).freeze(a_message(subject="=?utf-8?q?a=0d=0aBcc:_x=40example.org?="))
    except (Refused, ValueError):
        return  # by us, or by Python itself; newer ones keep the line in one header
    assert "Bcc" not in message_from_bytes(raw)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"smtp_host": ""}, "DUEWATCH_SMTP_HOST"),
        ({"smtp_security": "perhaps"}, "none of starttls, tls, none"),
        ({"smtp_from": "é@example.org"}, "DUEWATCH_SMTP_FROM"),
    ],
)
def test_settings_that_cannot_be_are_named(changes: dict[str, str], says: str) -> None:
    with pytest.raises(NotConfigured, match=says):
        open_channel(mail_settings(25) | changes)
