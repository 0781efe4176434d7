"""Sending what is pending: the delivery loop with a real channel, the real clock, and the ledger to ask.

Before a message leaves, the question is asked again with the whole ledger, about the message's own
instant and about now: what a fact has settled meanwhile is not sent. The words come from the same
explanation that `duewatch explain` prints.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from duewatch.engine.alerting import delivering
from duewatch.engine.alerting.backlog import backlog
from duewatch.engine.alerting.rendering import Explained, Told, write
from duewatch.engine.alerting.words import Delivered
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.judgement.naming import local_id
from duewatch.engine.judgement.verdicts import judging
from duewatch.engine.ledger.database import reading
from duewatch.engine.running.ladders import raise_alerts
from duewatch.notifiers.message import NotConfigured
from duewatch.notifiers.registry import open_channel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duewatch.engine.alerting.words import Delivery, Notice
    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.running.settings import Settings
    from duewatch.notifiers.message import Message

_EMAIL: Final = "email"


def deliver(  # noqa: PLR0913 - two clocks and a chance come from the edge
    desk: Desk,
    contacts: Contacts,
    settings: Settings,
    *,
    now: datetime,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
) -> Delivered:
    """Send the mail that is pending. Without a mail server everything stays pending, and the reason says so.

    `now` is the moment that the house is at, `clock` the real one; `chance` gives a number from 0 up to 1.
    """
    try:
        channel = open_channel(_EMAIL, channel_settings(settings))
    except NotConfigured as missing:
        return _undelivered(desk, str(missing))
    telling = _Telling(desk, contacts, now, clock)
    return delivering.deliver(
        desk.engine,
        channel,
        clock=clock,
        chance=chance,
        render=telling.message,
        still_true=telling.still_true,
        owner=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
    )


def channel_settings(settings: Settings) -> dict[str, str]:
    """The settings of the house that channels may read, as text; what was not given is left out."""
    named = {
        "smtp_host": settings.smtp_host,
        "smtp_port": str(settings.smtp_port),
        "smtp_security": settings.smtp_security,
        "smtp_user": settings.smtp_user,
        "smtp_password": settings.smtp_password.reveal() if settings.smtp_password else None,
        "smtp_from": settings.smtp_from,
    }
    return {name: text for name, text in named.items() if text}


def _undelivered(desk: Desk, reason: str) -> Delivered:
    with reading(desk.engine) as connection:
        waiting = backlog(connection).pending
    return Delivered(sent=0, retrying=0, dead=0, obsolete=0, pending=waiting, reason=reason)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What the delivery loop asks of the house: is it still true, and in which words is it said?"""

    desk: Desk
    contacts: Contacts
    now: datetime
    clock: Callable[[], datetime]

    def still_true(self, delivery: Delivery) -> list[Notice]:
        """The notices that hold at the message's instant, and whose occurrence has not been settled since."""
        then = self._stages(_question(delivery))
        today = self._stages(Question(self.now))
        places = {notice.key: (notice.occurrence, notice.due) for notice in delivery.notices}
        return [one for one in delivery.notices if then.get(places[one.key]) == one.stage and places[one.key] in today]

    def _stages(self, question: Question) -> dict[tuple[str, int], str]:
        """The stage at which each occurrence stands, with the day that its ladder counts from."""
        with reading(self.desk.engine) as connection, judging(connection, self.desk, question):
            raised, _ = raise_alerts(connection, self.desk)
        return {(one.occurrence, one.base_day): one.stage for one in raised}

    def message(self, delivery: Delivery, notices: Sequence[Notice]) -> Message:
        """The mail that tells the notices."""
        told = [self._told(delivery, notice) for notice in notices]
        names = {person.id: person.name for person in self.contacts.people}
        to_name = names.get(delivery.person, delivery.person)
        return write(delivery, told, to_name=to_name, date=self.clock())

    def _told(self, delivery: Delivery, notice: Notice) -> Told:
        found = explain(self.desk, notice.occurrence, _question(delivery))
        explained = Explained(
            name=local_id(notice.occurrence),
            quotes=found.quotes,
            limits=found.limits,
            recorded=found.lines("What is recorded"),
            steps=found.lines("How the date comes about"),
            closes=found.lines("What would close it"),
        )
        return Told(notice=notice, item=found.item.as_json(), explained=explained)


def _question(delivery: Delivery) -> Question:
    """Asked with the whole ledger, about the moment that the message speaks of."""
    return Question(datetime.fromtimestamp(delivery.as_of, UTC))
