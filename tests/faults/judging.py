"""What arrived at the far sides, compared with what was to arrive."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from tests.faults.conftest import World


def copies(world: World) -> dict[str, list[bytes]]:
    """Give all that was received, by the id that it carries."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for mail in world.mail.received:
        found[_id(rb"Message-ID: <(\w+)@", mail)].append(mail)
    for _, body in world.web.received:
        found[_id(rb'"duewatch-(\w+)"', body)].append(body)
    return found


def _id(pattern: bytes, raw: bytes) -> str:
    match = re.search(pattern, raw)
    assert match, raw[:200]
    return match[1].decode()


def states(world: World) -> dict[str, str]:
    """Give the state of each delivery."""
    engine = create_engine(f"sqlite:///{world.folder / 'duewatch.db'}")
    with engine.connect() as connection:
        found = {row.key: row.state for row in connection.execute(text("SELECT key, state FROM delivery"))}
    engine.dispose()
    return found


def judge(world: World, *, wanted: int, kills: int) -> int:
    """Nothing lost, on each channel one more copy for each kill at most, every copy the same bytes.

    Give the number of second copies.
    """
    received = copies(world)
    kept = states(world)
    assert len(kept) == wanted
    assert set(kept.values()) == {"sent"}
    assert set(received) == set(kept), "lost, or not ours"
    assert all(len(set(each)) == 1 for each in received.values()), "copies differ"
    assert len(world.mail.received) <= _mails(kept, received, world) + kills
    assert len(world.web.received) <= len(kept) - _mails(kept, received, world) + kills
    return sum(len(each) - 1 for each in received.values())


def _mails(kept: dict[str, str], received: dict[str, list[bytes]], world: World) -> int:
    """Count the messages that went by mail."""
    mails = set(world.mail.received)
    return sum(received[key][0] in mails for key in kept)
