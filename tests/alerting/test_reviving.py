"""Deliveries that ended, and the matter did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from tests.alerting.house import AS_OF, a_matter, a_person, deliveries, mail_to, planned, some_contacts
from tests.alerting.test_delivering import did, go
from tests.notifiers.peers import Peer

from duewatch.engine.alerting import outbox
from duewatch.engine.alerting.backlog import backlog
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import delivery, notice

if TYPE_CHECKING:
    from sqlalchemy import Engine

MENDED = some_contacts([replace(a_person(), email="mended@example.org")])


def end(engine: Engine, state: str) -> None:
    with writing(engine) as connection:
        connection.execute(update(delivery).values(state=state))


def dead(engine: Engine) -> int:
    with reading(engine) as connection:
        return backlog(connection).dead


def test_a_dead_message_is_written_anew_for_a_mended_address(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer({"RCPT": "550 nobody"}) as peer:
        assert go(engine, mail_to(peer.port)) == did(dead=1)
    assert planned(engine, a_matter(), run=2).deliveries == 0
    assert dead(engine) == 1
    assert planned(engine, a_matter(), run=3, contacts=MENDED).deliveries == 1
    assert planned(engine, a_matter(), run=4, contacts=MENDED).deliveries == 0
    assert dead(engine) == 0
    with Peer() as peer:
        assert go(engine, mail_to(peer.port)) == did(sent=1)
        assert b"mended@example.org" in peer.received[0]
    old, new = sorted(deliveries(engine), key=lambda row: row.state)
    assert (old.state, new.state) == ("obsolete", "sent")
    assert old.key.encode() not in peer.received[0]
    with reading(engine) as connection:
        assert connection.scalars(select(notice.c.delivery)).all() == [new.key]


def test_the_dead_are_forgotten_once_nobody_waits_for_them(engine: Engine) -> None:
    planned(engine, a_matter())
    end(engine, "dead")
    planned(engine, run=2, quiet=[a_matter().occurrence])
    assert dead(engine) == 0
    assert [row.state for row in deliveries(engine)] == ["obsolete"]


def test_a_newer_stage_takes_the_place_of_a_dead_one(engine: Engine) -> None:
    planned(engine, a_matter())
    end(engine, "dead")
    planned(engine, a_matter(stage="overdue+3", older_stages=("overdue",)), run=2)
    assert sorted(row.state for row in deliveries(engine)) == ["obsolete", "pending"]


def test_what_was_dropped_and_holds_again_is_told_after_all(engine: Engine) -> None:
    planned(engine, a_matter())
    end(engine, "obsolete")
    later = AS_OF + timedelta(days=1)
    assert planned(engine, a_matter(), run=2, as_of=instant(later), now=later, contacts=MENDED).deliveries == 1
    (row,) = deliveries(engine)
    assert (row.state, row.as_of, row.address) == ("pending", instant(later), "mended@example.org")
    assert planned(engine, a_matter(), run=3, contacts=MENDED).deliveries == 0


def test_what_was_given_up_can_be_tried_once_more_by_hand(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer({"RCPT": "550 nobody"}) as peer:
        go(engine, mail_to(peer.port))
        assert outbox.raise_dead(engine, "slack", now=instant(AS_OF)) == 0
        assert outbox.raise_dead(engine, "email", now=instant(AS_OF)) == 1
        peer.answers["RCPT"] = "250 ok"
        assert go(engine, mail_to(peer.port)) == did(sent=1)
