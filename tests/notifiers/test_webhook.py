"""Webhooks: what a program gets, how it is signed, where it may go, and the promises of a channel."""

from __future__ import annotations

import base64
import json
import socket
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from tests.notifiers.contract import AT, ChannelContract, a_message
from tests.notifiers.peers import DRIP, SILENT, HttpPeer, reply

from duewatch.notifiers.message import NotConfigured, Refused
from duewatch.notifiers.webhook import Webhook, open_channel, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdefghijklmnopqrstuv").decode()


def settings(port: int, **others: str) -> dict[str, str]:
    given = {"webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_secret": SECRET, "webhook_loopback": "yes"}
    return given | others


class TestWebhook(ChannelContract):
    """A webhook keeps the contract."""

    to = "legal"
    secret = SECRET

    @contextmanager
    def _towards(self, *answers: bytes | str) -> Iterator[Webhook]:
        with HttpPeer(*answers) as peer:
            yield open_channel(settings(peer.port))

    def a_channel(self):  # noqa: ANN201 - as in the contract
        return self._towards()

    @contextmanager
    def a_channel_whose_far_side_is_down(self) -> Iterator[Webhook]:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        yield open_channel(settings(port))

    def a_channel_whose_far_side_says_nothing(self):  # noqa: ANN201
        return self._towards(SILENT)

    def a_channel_whose_far_side_drips(self):  # noqa: ANN201
        return self._towards(DRIP)

    def a_channel_that_is_refused_for_good(self):  # noqa: ANN201
        return self._towards(reply("410 Gone", SECRET.encode()))


def posted(at: datetime) -> tuple[dict[str, str], bytes]:
    """Give head and body of a message sent at an instant."""
    with HttpPeer() as peer:
        channel = open_channel(settings(peer.port))
        channel.send(channel.freeze(a_message(to_address="legal")), "legal", at=at, deadline=5)
        [(head, body)] = peer.received
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body


# ------------------------------------------------------------------ signed
def test_the_signature_is_the_one_that_the_reference_makes() -> None:
    key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    number, second, body = "msg_p5jXN8AQM9LWM0D4loKWxEk", 1614265330, '{"test": 2432232314}'
    expected = Verifier(f"whsec_{key}").sign(number, datetime.fromtimestamp(second, UTC), body)
    assert signature(base64.b64decode(key), number, str(second), body.encode()) == expected


def test_a_receiver_can_verify_it_and_knows_a_copy_by_its_id() -> None:
    now = datetime.now(UTC)
    headers, body = posted(now)
    assert Verifier(SECRET).verify(body.decode(), headers)["type"] == "duewatch.alert"
    again, same = posted(now + timedelta(seconds=90))
    assert same == body
    assert again["webhook-id"] == headers["webhook-id"] == a_message().key
    assert int(again["webhook-timestamp"]) - int(headers["webhook-timestamp"]) == 90
    assert Verifier(SECRET).verify(body.decode(), again)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(body.decode().replace("Overdue", "Nothing"), headers)


def test_a_copy_of_hours_ago_is_signed_anew() -> None:
    headers, body = posted(datetime.now(UTC) - timedelta(hours=3))
    with pytest.raises(WebhookVerificationError, match="too old"):
        Verifier(SECRET).verify(body.decode(), headers)


def test_what_a_program_gets() -> None:
    _, body = posted(AT)
    payload = json.loads(body)
    assert payload["timestamp"] == "2021-07-16T13:00:00+00:00"
    data = payload["data"]
    assert (data["id"], data["subject"]) == (a_message().key, "Overdue 1 day: report")
    assert data["to"] == {"id": "legal", "name": "Légal Officer"}
    assert data["follows"] == ["fedcba9876543210fedcba9876543210"]
    assert data["matters"][0]["sections"][0]["title"] == "What was asked"


# ------------------------------------------------------------------ where it may go
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",  # 127.0.0.1 as one number
        "0177.0.0.1",  # and in octal
        "[::1]",
        "[::ffff:169.254.169.254]",
        "169.254.169.254",
        "100.64.0.1",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_no_byte_leaves_for_an_address_that_is_not_public(host: str) -> None:
    with HttpPeer(tls=True) as peer:
        channel = open_channel(settings(1, webhook_url=f"https://{host}:{peer.port}/", webhook_loopback="no"))
        with pytest.raises(Refused) as raised:
            channel.send(channel.freeze(a_message()), "legal", at=AT, deadline=5)
        assert not peer.received
    assert (raised.value.for_good, raised.value.scope) == (True, "channel")


def test_a_name_is_looked_up_once_and_judged_by_all_it_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public the first time and private the second gets no second time."""
    asked: list[str] = []

    def flipping(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) > 1 else "8.8.8.8"
        both = ("8.8.8.8", "10.0.0.1") if host == "mixed.example.org" else (address,)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in both]

    monkeypatch.setattr(socket, "getaddrinfo", flipping)
    channel = open_channel(settings(1, webhook_url="https://mixed.example.org/", webhook_loopback="no"))
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        channel.send(channel.freeze(a_message()), "legal", at=AT, deadline=5)
    asked.clear()
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: connected.append(address) or _refuse())
    channel = open_channel(settings(1, webhook_url="https://flips.example.org/", webhook_loopback="no"))
    with pytest.raises(Refused, match="nobody"):
        channel.send(channel.freeze(a_message()), "legal", at=AT, deadline=5)
    assert (asked, connected) == (["flips.example.org"], [("8.8.8.8", 443)])


def _refuse() -> None:
    raise ConnectionRefusedError(111, "nobody")


def test_a_redirect_is_not_followed() -> None:
    with HttpPeer(reply("302 Found", Location="http://169.254.169.254/")) as peer:
        channel = open_channel(settings(peer.port))
        with pytest.raises(Refused, match="redirects are not followed"):
            channel.send(channel.freeze(a_message()), "legal", at=AT, deadline=5)
        assert len(peer.received) == 1


# ------------------------------------------------------------------ settings
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"webhook_url": ""}, "no webhook is set"),
        ({"webhook_url": "http://127.0.0.1/", "webhook_loopback": "no"}, "unencrypted"),
        ({"webhook_url": "http://example.org/"}, "unencrypted"),
        ({"webhook_secret": ""}, "not a signing secret"),
        ({"webhook_secret": "whsec_c2hvcnQ="}, "not a signing secret"),
        ({"webhook_secret": SECRET.removeprefix("whsec_")}, "not a signing secret"),
        ({"webhook_secret": "whsec_+++"}, "not a signing secret"),
        ({"webhook_secret": "whsec_é"}, "not a signing secret"),
    ],
)
def test_settings_that_will_not_do(given: dict[str, str], said: str) -> None:
    with pytest.raises(NotConfigured, match=said) as raised:
        open_channel(settings(1, **given))
    secret = given.get("webhook_secret", SECRET)
    assert not secret or secret not in str(raised.value)
