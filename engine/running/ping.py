"""Telling an outside watchman that a run went well: when these calls cease, he raises the alarm that we cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.notifiers.http import post, read_target
from duewatch.notifiers.message import NotConfigured, NotSent

if TYPE_CHECKING:
    from datetime import datetime

    from duewatch.engine.running.values import Secret

WALL: Final = 10.0  # seconds of real time for the whole call
VARIABLE: Final = "DUEWATCH_PING_URL"


def ping(url: Secret, *, at: datetime) -> str:
    """Call the URL; give what went wrong without the URL, or nothing. `at` is the real time."""
    try:
        post(read_target(url.reveal(), VARIABLE), b"{}", {}, at=at, deadline=WALL)
    except (NotSent, NotConfigured) as wrong:
        return str(wrong)
    return ""
