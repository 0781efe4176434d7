"""What has not reached anybody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.alerting.house import AS_OF, a_matter, apart, mail_to, planned, some_contacts
from tests.alerting.test_delivering import go
from tests.notifiers.peers import Peer

from duewatch.engine.alerting.backlog import Backlog, backlog, unrouted
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import instant

if TYPE_CHECKING:
    from sqlalchemy import Engine


def seen(engine: Engine) -> Backlog:
    with reading(engine) as connection:
        return backlog(connection)


def test_an_empty_house_has_no_backlog(engine: Engine) -> None:
    assert seen(engine) == Backlog(pending=0, dead=0, unrouted=0, oldest=None, trouble="")


def test_what_waits_is_counted_with_its_age_and_its_trouble(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))
    assert seen(engine) == Backlog(pending=2, dead=0, unrouted=0, oldest=instant(AS_OF), trouble="")
    with Peer({"greeting": "554 go away"}) as peer:
        go(engine, mail_to(peer.port))
    assert seen(engine).pending == 2
    assert seen(engine).trouble.endswith("554 go away")


def test_the_trouble_is_over_once_everything_went(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer({"greeting": "554 go away"}) as peer:
        go(engine, mail_to(peer.port))
        peer.answers["greeting"] = "220 hello"
        go(engine, mail_to(peer.port))
    assert seen(engine) == Backlog(pending=0, dead=0, unrouted=0, oldest=None, trouble="")


def test_the_dead_are_counted(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer({"RCPT": "550 nobody"}) as peer:
        go(engine, mail_to(peer.port))
    assert (seen(engine).dead, seen(engine).pending) == (1, 0)


def test_an_alert_that_nobody_hears_of_is_named_until_somebody_does_or_it_ends(engine: Engine) -> None:
    matters = [a_matter(1), a_matter(2), a_matter(3)]
    planned(engine, *matters, contacts=some_contacts([]))
    with reading(engine) as connection:
        assert unrouted(connection) == tuple(each.occurrence for each in matters)
    planned(engine, matters[0], run=2, quiet=[matters[1].occurrence])
    with reading(engine) as connection:
        assert unrouted(connection) == (matters[2].occurrence,)
    assert seen(engine).unrouted == 1
