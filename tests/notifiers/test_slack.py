"""Slack: the blocks, and the promises of a channel."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.notifiers.contract import AT, ChannelContract, a_hostile_message, a_message
from tests.notifiers.peers import DRIP, SILENT, HttpPeer, ok, reply

from duewatch.notifiers.message import Matter, Message, NotConfigured, Refused, Section
from duewatch.notifiers.slack import Slack, escaped, open_channel

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestSlack(ChannelContract):
    """Slack keeps the contract."""

    to = "U0123ABCD"

    def _at(self, port: int) -> Slack:
        return open_channel({"slack_webhook_url": f"http://127.0.0.1:{port}/services/{self.secret}"})

    @contextmanager
    def _towards(self, *answers: bytes | str) -> Iterator[Slack]:
        with HttpPeer(*answers) as peer:
            yield self._at(peer.port)

    def a_channel(self):  # noqa: ANN201 - as in the contract
        return self._towards()

    @contextmanager
    def a_channel_whose_far_side_is_down(self) -> Iterator[Slack]:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        yield self._at(port)

    def a_channel_whose_far_side_says_nothing(self):  # noqa: ANN201
        return self._towards(SILENT)

    def a_channel_whose_far_side_drips(self):  # noqa: ANN201
        return self._towards(DRIP)

    def a_channel_that_is_refused_for_good(self):  # noqa: ANN201
        return self._towards(reply("404 Not Found", f"no_service /services/{self.secret}".encode()))


CHANNEL = open_channel({"slack_webhook_url": "https://hooks.example.org/services/x"})


def frozen(message: Message | None = None, **changes: str) -> dict[str, Any]:
    return dict(json.loads(CHANNEL.freeze(message or a_message(to_address="U0123ABCD", **changes))))


def texts(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in payload["blocks"]:
        yield from ([block["text"]] if "text" in block else block.get("elements", []))


def test_the_state_comes_first_and_the_person_is_mentioned() -> None:
    payload = frozen()
    assert payload["text"] == "Overdue 1 day: report"
    assert payload["blocks"][0]["text"] == {"type": "plain_text", "text": "Overdue 1 day: report", "emoji": False}
    assert payload["blocks"][1]["text"]["text"] == "For <@U0123ABCD>"
    assert payload["blocks"][2]["text"]["text"] == ":red_circle: *Overdue 1 day*\nArt 9: report"
    assert payload["blocks"][-1]["elements"][0]["text"].startswith("You read this because")


def test_without_a_member_id_the_name_stands_alone() -> None:
    assert frozen(a_message(to_address=""))["blocks"][1]["text"]["text"] == "For Légal Officer"


def test_text_from_elsewhere_makes_no_mention_and_no_link() -> None:
    payload = frozen(a_hostile_message(to_address="U0123ABCD"))
    for each in texts(payload):
        assert "<" not in each["text"].replace("<@U0123ABCD>", "")
        assert each.get("verbatim", True)
    assert "&lt;!channel&gt; &lt;/script&gt; {{7*7}}" in payload["text"]


def test_a_command_stands_as_code() -> None:
    section = Section(title="More", lines=("duewatch explain a/1",), verbatim=True)
    message = replace(
        a_message(to_address=""), matters=(Matter(state="s", what="w", tone="done", sections=(section,)),)
    )
    assert "*More*\n`duewatch explain a/1`" in [each["text"] for each in texts(frozen(message))]


@pytest.mark.parametrize("count", [1, 3, 4, 60, 500])
def test_the_limits_of_block_kit_are_kept_however_much_there_is(count: int) -> None:
    sections = tuple(Section(title="t", lines=("&" * 5000,)) for _ in range(12))
    matters = tuple(Matter(state="&" * 400, what="<" * 4000, tone="late", sections=sections) for _ in range(count))
    message = replace(a_message(to_address="", subject="&" * 999), matters=matters, foot=("f" * 5000,) * 20)
    payload = frozen(message)
    assert len(payload["blocks"]) <= 50
    assert len(payload["blocks"][0]["text"]["text"]) <= 150
    assert all(len(each["text"]) <= 3000 for each in texts(payload))
    assert all(len(block.get("elements", [])) <= 10 for block in payload["blocks"])
    assert all("&" not in each["text"].replace("&amp;", "").replace("&lt;", "") for each in texts(payload))
    if count > 40:
        assert payload["blocks"][-2]["text"]["text"] == f"... and {count - 40} more"


def test_what_is_no_member_id_is_refused_for_good() -> None:
    for address in ("jane", "C0123ABCD", "U012 ABCD", "<!channel>"):
        with pytest.raises(Refused, match="not the id of a Slack member"):
            CHANNEL.freeze(a_message(to_address=address))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ok(b'{"ok": false, "error": "invalid_blocks"}'), "200, but invalid_blocks"),
        (ok(b'{"ok": false}'), "200, but not ok"),
    ],
)
def test_a_yes_that_means_no_is_a_refusal_for_good(answer: bytes, why: str) -> None:
    with HttpPeer(answer) as peer:
        channel = open_channel({"slack_webhook_url": f"http://127.0.0.1:{peer.port}/x"})
        with pytest.raises(Refused, match=why) as raised:
            channel.send(b"{}", "", at=AT, deadline=5)
    assert (raised.value.for_good, raised.value.scope) == (True, "message")


@pytest.mark.parametrize("body", [b"ok", b'{"ok": true}', b"{", b"[]"])
def test_a_yes_is_a_yes(body: bytes) -> None:
    with HttpPeer(ok(body)) as peer:
        channel = open_channel({"slack_webhook_url": f"http://127.0.0.1:{peer.port}/x"})
        assert channel.send(b"{}", "", at=AT, deadline=5).detail.startswith("200")


def test_without_a_url_there_is_no_slack() -> None:
    with pytest.raises(NotConfigured, match="DUEWATCH_SLACK_WEBHOOK_URL"):
        open_channel({})


def test_the_three_characters_are_escaped_once() -> None:
    assert escaped("a & b < c > &amp;") == "a &amp; b &lt; c &gt; &amp;amp;"
