"""A deliverer that dies by SIGKILL at a named point: `python dies.py DATABASE PORT POINT NOW`. For test_kills.py."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from duewatch.engine.alerting import outbox
from duewatch.engine.alerting.delivering import deliver
from duewatch.engine.ledger.database import open_database
from duewatch.notifiers.email import Email
from duewatch.notifiers.message import Message, Receipt
from duewatch.notifiers.smtp import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.alerting.words import Delivery, Notice

DATABASE, PORT, POINT, NOW = sys.argv[1:]


def die(point: str) -> None:
    if point == POINT:
        os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """Mail that may die around its sending."""

    name = "email"

    def __init__(self, inner: Email) -> None:
        self._inner = inner

    def freeze(self, message: Message) -> bytes:
        return self._inner.freeze(message)

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:
        die("frozen")
        receipt = self._inner.send(raw, to, at=at, deadline=deadline)
        die("sent")
        return receipt


def render(given: Delivery, notices: Sequence[Notice]) -> Message:
    """Write something that is different in each process, so that only frozen bytes can be the same."""
    die("claimed")
    text = f"written by process {os.getpid()} about {len(notices)}"
    date = datetime.fromtimestamp(int(NOW), UTC)
    return Message(key=given.key, to_name="", to_address=given.address, subject="x", text=text, date=date)


def record(*given: object, **how: object) -> bool:
    done = _record(*given, **how)  # type: ignore[arg-type]
    die("recorded")
    return done


_record, outbox.record = outbox.record, record  # type: ignore[assignment]

mail = Mortal(Email(server=Server(host="127.0.0.1", port=int(PORT), security="none"), sender="duewatch@example.org"))
print(  # noqa: T201
    deliver(
        open_database(DATABASE),
        mail,
        clock=lambda: datetime.fromtimestamp(int(NOW), UTC),
        chance=lambda: 0.5,
        render=render,
        still_true=lambda given: given.notices,
        owner=f"process {os.getpid()}",
    )
)
