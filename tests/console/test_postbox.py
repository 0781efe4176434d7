"""The demonstration's mail server, spoken to by the standard library's client."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage

import pytest

from duewatch.console.demo import as_received
from duewatch.console.postbox import Postbox


def a_mail(body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "duewatch@example.org", "officer@example.org", "Überfällig: a report"
    mail["Message-ID"] = "<key@example.org>"
    mail.set_content(body)
    return mail


def test_a_mail_is_kept_as_it_was_sent_dots_and_all() -> None:
    body = "first line\n.\n..two dots\n\nlast: café\n"
    with Postbox() as postbox, smtplib.SMTP("127.0.0.1", postbox.port, timeout=10) as client:
        client.send_message(a_mail(body))
        client.send_message(a_mail("another\n"))
        [first, second] = postbox.mails
    assert first["To"] == "officer@example.org"
    assert first["Subject"] == "Überfällig: a report"
    assert first.get_content().splitlines() == body.splitlines()
    assert second.get_content().strip() == "another"


def test_a_mail_that_breaks_off_before_its_last_dot_is_not_kept() -> None:
    with Postbox() as postbox:
        with socket.create_connection(("127.0.0.1", postbox.port), timeout=10) as client:
            client.sendall(b"HELO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: half\r\n\r\nonly ha")
        with smtplib.SMTP("127.0.0.1", postbox.port, timeout=10) as client:
            client.send_message(a_mail("whole\n"))
        assert [mail.get_content().strip() for mail in postbox.mails] == ["whole"]


def test_an_unknown_command_is_refused_and_the_talk_goes_on() -> None:
    with Postbox() as postbox, smtplib.SMTP("127.0.0.1", postbox.port, timeout=10) as client:
        assert client.docmd("VRFY", "officer")[0] == 502
        assert client.noop()[0] == 250


def test_after_the_block_nobody_listens() -> None:
    with Postbox() as postbox:
        port = postbox.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


def test_a_mail_is_shown_with_its_headers_and_text() -> None:
    with Postbox() as postbox, smtplib.SMTP("127.0.0.1", postbox.port, timeout=10) as client:
        client.send_message(a_mail("the text\n"))
        shown = as_received(postbox.mails[0])
    assert "| To: officer@example.org" in shown
    assert "| Subject: Überfällig: a report" in shown
    assert shown.endswith("| the text")
