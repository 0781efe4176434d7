"""`duewatch notify`: one test message, and what was given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.notifiers.peers import HttpPeer, Peer, ok, reply

Duewatch = Callable[..., Any]
CONTACTS = """
people:
- {id: jane, name: Jane, email: jane@example.org, slack: U0123ABCD, channels: [email, slack]}
- {id: joe, channels: [console]}
"""


@pytest.fixture(autouse=True)
def _contacts(empty: Path) -> None:
    (empty / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")


def mail(port: int) -> dict[str, str]:
    return {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(port)}


def test_a_test_is_marked_and_leaves_no_trace(duewatch: Duewatch, empty: Path) -> None:
    with Peer() as peer:
        ended = duewatch("notify", "test", "email", **mail(peer.port))
        raw = peer.received[0]
    assert (ended.code, ended.out) == (0, "email: taken for Jane: 250 2.0.0 kept as 42\n")
    assert b"Subject: TEST: duewatch reaches you on email" in raw
    assert b"To: Jane <jane@example.org>" in raw
    assert not (empty / "duewatch.db").exists()


def test_two_tests_are_two_messages(duewatch: Duewatch) -> None:
    with Peer() as peer:
        for _ in range(2):
            duewatch("notify", "test", "email", **mail(peer.port))
        assert len(set(peer.received)) == 2


def test_a_test_goes_to_whom_it_is_for(duewatch: Duewatch) -> None:
    with HttpPeer() as peer:
        url = {"DUEWATCH_SLACK_WEBHOOK_URL": f"http://127.0.0.1:{peer.port}/token"}
        assert duewatch("notify", "test", "slack", "--to", "jane", **url).code == 0
        assert b"For <@U0123ABCD>" in peer.received[0][1]
    assert "To: joe" in duewatch("notify", "test", "console").out


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (reply("404 Not Found", b"no_service"), "refused for good: a message like it would be given up at once"),
        (reply("403 Forbidden"), "the channel would be paused, and nothing given up, until this is mended"),
        (reply("429 Too Many", Retry_After="30"), "the channel would wait for 30 s"),
        (reply("500 Oops"), "it would be tried again"),
        (b"HTTP/1.1 2", "it may have been taken; the same message would be sent again"),
    ],
)
def test_a_refusal_says_what_would_follow(duewatch: Duewatch, answer: bytes, meaning: str) -> None:
    with HttpPeer(answer) as peer:
        ended = duewatch(
            "notify", "test", "slack", DUEWATCH_SLACK_WEBHOOK_URL=f"http://127.0.0.1:{peer.port}/services/t0ken"
        )
    assert ended.code == 4
    assert f"slack: not sent to jane: 127.0.0.1:{peer.port}" in ended.err
    assert ended.err.endswith(f"{meaning}\n")
    assert "t0ken" not in ended.err


def test_a_channel_without_its_settings_says_which(duewatch: Duewatch) -> None:
    ended = duewatch("notify", "test", "email")
    assert (ended.code, ended.out) == (4, "")
    assert "DUEWATCH_SMTP_HOST" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fax",), "nobody in the contacts is told on `fax`; say who with --to, one of jane, joe"),
        (("email", "--to", "jo"), "no person `jo` in the contacts; there are jane, joe"),
    ],
)
def test_nobody_to_send_to_is_bad_input(duewatch: Duewatch, words: tuple[str, ...], said: str) -> None:
    ended = duewatch("notify", "test", *words)
    assert ended.code == 2
    assert said in ended.err


def test_an_unknown_channel_is_answered_with_those_there_are(duewatch: Duewatch) -> None:
    ended = duewatch("notify", "test", "fax", "--to", "jane")
    assert ended.code == 4
    assert "no channel is called `fax`; there are: " in ended.err


@pytest.mark.usefixtures("folder")
def test_what_was_given_up_goes_once_the_trouble_is_mended(duewatch: Duewatch, empty: Path) -> None:
    rule = "responsible:\n- {who: jane, provision: OP 19}\n"
    (empty / "contacts.yaml").write_text(CONTACTS + rule, encoding="utf-8")
    now = "2021-07-16T13:00:00Z"
    duewatch("evaluate", now=now)
    with Peer({"RCPT": "550 nobody"}) as peer, HttpPeer(ok()) as web:
        both = mail(peer.port) | {"DUEWATCH_SLACK_WEBHOOK_URL": f"http://127.0.0.1:{web.port}/x"}
        assert duewatch("deliver", now=now, **both).code == 4
        assert "1 message given up for good: `duewatch health` says more" in duewatch("status", now=now).err
        peer.answers["RCPT"] = "250 ok"
        assert duewatch("notify", "revive", "email").out == "email: 1 message to be tried once more\n"
        assert duewatch("deliver", now=now, **both).out.startswith("1 sent")
        assert "given up" not in duewatch("status", now=now).err
