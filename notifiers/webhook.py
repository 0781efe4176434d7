"""The channel `webhook`: JSON to a program, signed by the convention of Standard Webhooks.

The specification is at https://www.standardwebhooks.com: `webhook-id` is the same on every copy,
`webhook-timestamp` is the moment of this try, `webhook-signature` is an HMAC-SHA256 over
`id.timestamp.body`. Posts to the public internet only, unless this very machine is allowed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from duewatch.notifiers.addresses import is_public
from duewatch.notifiers.http import LOOPBACK, Target, post, read_target
from duewatch.notifiers.message import NotConfigured, Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duewatch.notifiers.message import Matter, Message

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)  # of the specification
_TO_SELF: Final = "webhook_loopback"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts to one endpoint."""

    target: Target
    secret: bytes = field(repr=False)
    loopback: bool = False  # this very machine may be posted to
    name: ClassVar[str] = "webhook"

    def freeze(self, message: Message) -> bytes:
        """Give the JSON to post: type, timestamp and data, as the specification proposes."""
        data = {
            "id": message.key,
            "follows": list(message.follows),
            "to": {"id": message.to_address, "name": message.to_name},
            "subject": message.subject,
            "text": message.text,
            "matters": [_matter(each) for each in message.matters],
        }
        payload = {"type": "duewatch.alert", "timestamp": message.date.isoformat(), "data": data}
        return json.dumps(payload, separators=(",", ":")).encode()

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002 - it is in the bytes
        """Sign it and post it. NotSent where it was not taken, or may not have been."""
        number, second = str(json.loads(raw)["data"]["id"]), str(int(at.timestamp()))
        headers = {
            "webhook-id": number,
            "webhook-timestamp": second,
            "webhook-signature": signature(self.secret, number, second, raw),
        }
        allowed = None if self.loopback and self.target.host in LOOPBACK else is_public
        hidden = (base64.b64encode(self.secret).decode(),)
        return post(self.target, raw, headers, at=at, deadline=deadline, allowed=allowed, hidden=hidden)


def open_channel(settings: Mapping[str, str]) -> Webhook:
    """Open the channel from `webhook_url, webhook_secret, webhook_loopback`."""
    if not settings.get("webhook_url"):
        raise NotConfigured("no webhook is set; give its URL in DUEWATCH_WEBHOOK_URL or .._FILE")
    target = read_target(settings["webhook_url"], "DUEWATCH_WEBHOOK_URL")
    loopback = settings.get(_TO_SELF, "no") == "yes"
    if target.scheme != "https" and not loopback:
        raise NotConfigured("DUEWATCH_WEBHOOK_URL would send unencrypted; write https://")
    return Webhook(target, _key(settings.get("webhook_secret", "")), loopback)


def signature(secret: bytes, number: str, second: str, body: bytes) -> str:
    """Sign a body: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64."""
    signed = b"%s.%s.%s" % (number.encode(), second.encode(), body)
    return f"v1,{base64.b64encode(hmac.digest(secret, signed, 'sha256')).decode()}"


def _key(secret: str) -> bytes:
    """Read a secret as the specification writes it, and never quote it."""
    wrong = f"DUEWATCH_WEBHOOK_SECRET is not a signing secret; write {_PREFIX} and 24 to 64 random bytes in base64"
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise NotConfigured(wrong) from None
    if not secret.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        raise NotConfigured(wrong)
    return key


def _matter(matter: Matter) -> dict[str, object]:
    sections = [{"title": each.title, "lines": list(each.lines)} for each in matter.sections]
    return {"state": matter.state, "what": matter.what, "sections": sections, **matter.data}
