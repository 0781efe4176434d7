"""The channel `email`: mail over SMTP, as plain text and as a page with its picture.

Builds the bytes; the conversation with the server is in `smtp`.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, ClassVar, Final, get_args

from duewatch.notifiers.html import page
from duewatch.notifiers.message import NotConfigured, Receipt, Refused
from duewatch.notifiers.plain import SHOWN_AS, one_line, readable
from duewatch.notifiers.smtp import Security, Server, transmit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duewatch.notifiers.message import Message

LARGEST: Final = 1024 * 1024  # bytes of one mail
# One plain address: no quoted local part, no address literal, nothing that a parser could take for two.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_KEY: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LINE: Final = 78  # characters of a line of a header: RFC 5322, section 2.1.1
_HEADERS: Final = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
_THREAD: Final = ("In-Reply-To", "References")
_LONGEST_THREAD: Final = 20  # earlier mails that one names


class _Form(policy.EmailPolicy):
    """Mail as it crosses the wire; a subject begins on the line of its name.

    The standard library would rather leave that line empty than break a subject of more than 69 characters, and some
    programs then show no subject, or one with a blank before it.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Give the header in lines."""
        if name == "Subject" and value.isascii():
            lines = textwrap.wrap(f"{name}: {value}", _LINE, break_long_words=False, break_on_hyphens=False)
            if max(map(len, lines)) <= _LINE:
                return "\r\n ".join(lines).encode("ascii") + b"\r\n"
        return super().fold_binary(name, value)


_FORM: Final = _Form(linesep="\r\n", cte_type="7bit")  # no server is asked for 8BITMIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Mail from one sender through one server."""

    server: Server
    sender: str  # a bare address
    name: ClassVar[str] = "email"

    def freeze(self, message: Message) -> bytes:
        """Give the whole mail as it will cross the wire. Refused where it cannot be a mail to one person."""
        _check_size(len(message.text))  # before it is encoded, which takes long for very much
        mail = EmailMessage(policy=_FORM)
        mail["From"] = _address("duewatch", self.sender)
        mail["To"] = _address(message.to_name, message.to_address)
        mail["Subject"] = _header(message.subject)
        mail["Date"] = message.date
        mail["Message-ID"] = self._id(message.key)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
        thread = [self._id(key) for key in message.follows[-_LONGEST_THREAD:]]
        if thread:  # RFC 5322, section 3.6.4
            mail["In-Reply-To"] = thread[-1]
            mail["References"] = " ".join(thread)
        mail.set_content(readable(message.text))
        mail.make_alternative(boundary=f"=_{message.key}")  # the same on every copy
        mail.attach(self._page(message))
        return _checked(mail.as_bytes(), _HEADERS + (_THREAD if thread else ()))

    def _page(self, message: Message) -> EmailMessage:
        """Give the page as a part, with the picture that it shows beside it (RFC 2387, RFC 2392)."""
        place = f"picture.{message.key}@{self._domain}"
        part = EmailMessage(policy=_FORM)
        part.set_content(page(message, picture_at=f"cid:{place}"), subtype="html")
        if message.picture:
            # Neither boundary is the beginning of the other, whatever the key.
            part.make_related(boundary=f"=:{message.key}")
            part.set_param("type", "text/html")
            part.add_related(
                message.picture.png,
                maintype="image",
                subtype="png",
                cid=f"<{place}>",
                disposition="inline",
                filename="timeline.png",
            )
        return part

    def _id(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} cannot stand in a Message-ID")
        return f"<{key}@{self._domain}>"

    @property
    def _domain(self) -> str:
        return self.sender.partition("@")[2]

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002 - mail has no use for it
        """Hand the mail to the server. NotSent where it did not take it, or may not have."""
        return Receipt(transmit(self.server, self.sender, _one_address(to), raw, deadline=deadline))


def open_channel(settings: Mapping[str, str]) -> Email:
    """Open the channel from `smtp_host, smtp_port, smtp_security, smtp_user, smtp_password, smtp_from`."""
    if not settings.get("smtp_host"):
        raise NotConfigured("no mail server is set; name it in DUEWATCH_SMTP_HOST")
    if not _ADDRESS.fullmatch(settings["smtp_from"]):
        raise NotConfigured("mail leaves from a plain address only; write DUEWATCH_SMTP_FROM=duewatch@example.org")
    server = Server(
        host=settings["smtp_host"],
        port=int(settings["smtp_port"]),
        security=_security(settings["smtp_security"]),
        user=settings.get("smtp_user", ""),
        password=settings.get("smtp_password", ""),
    )
    return Email(server=server, sender=settings["smtp_from"])


def _security(word: str) -> Security:
    for known in get_args(Security):
        if known == word:
            return known  # type: ignore[no-any-return]
    raise NotConfigured(f"DUEWATCH_SMTP_SECURITY: `{word}` is none of {', '.join(get_args(Security))}")


def _address(name: str, address: str) -> Address:
    return Address(display_name=_header(name), addr_spec=_one_address(address))


def _one_address(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise Refused(f"{one_line(address)!r} is not one plain e-mail address", for_good=True, scope="message")
    return address


def _header(text: str) -> str:
    """Give text for a header. An encoded word in it is shown, not decoded: decoding it could begin a new header."""
    return one_line(text).replace("=?", f"={SHOWN_AS}?")


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise Refused(f"the mail has {size} bytes, more than {LARGEST}", for_good=True, scope="message")


def _checked(raw: bytes, headers: tuple[str, ...]) -> bytes:
    """Give the bytes back if they hold exactly our headers and are not too many. Refused otherwise."""
    _check_size(len(raw))
    if sorted(BytesHeaderParser().parsebytes(raw).keys()) != sorted(headers):
        raise Refused("the mail would carry headers that are not ours", for_good=True, scope="message")
    return raw
