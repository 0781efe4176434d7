"""The delivery loop against real mail servers and a real ledger."""

from __future__ import annotations

import re
import socket
import threading
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from tests.alerting.house import (
    AS_OF,
    Clock,
    Pen,
    a_matter,
    all_true,
    apart,
    attempts,
    deliveries,
    half,
    mail_to,
    planned,
    some_contacts,
)
from tests.notifiers.peers import CUT, SILENT, Peer

from duewatch.engine.alerting import outbox
from duewatch.engine.alerting.delivering import deliver
from duewatch.engine.alerting.outbox import remaining
from duewatch.engine.alerting.retrying import Patience
from duewatch.engine.alerting.words import Delivered, Delivery, Notice
from duewatch.engine.ledger.database import open_database, writing
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import delivery
from duewatch.engine.problems import CannotTrust
from duewatch.notifiers.message import Receipt, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from duewatch.notifiers.message import Channel, Message

LATER = a_matter(stage="overdue+3", older_stages=("overdue",))


def go(engine: Engine, channel: Channel, clock: Clock | None = None, **how: Any) -> Delivered:
    outbox.lift(engine)  # as somebody does who calls it by hand
    given = {"clock": clock or Clock(), "chance": half, "render": Pen(), "still_true": all_true, "owner": "us"} | how
    return deliver(engine, channel, **given)


def did(**counts: Any) -> Delivered:
    return Delivered(**dict.fromkeys(("sent", "retrying", "dead", "obsolete", "pending"), 0) | {"reason": ""} | counts)


class Through:
    """A channel that does something before or after what another one does."""

    name = "email"

    def __init__(self, inner: Channel, *, before: Callable[[], None] = bool, after: Callable[[], None] = bool) -> None:
        self._inner, self._before, self._after = inner, before, after

    def freeze(self, message: Message) -> bytes:
        return self._inner.freeze(message)

    def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:
        self._before()
        receipt = self._inner.send(raw, to, at=at, deadline=deadline)
        self._after()
        return receipt


# ------------------------------------------------------------------ what goes well
def test_what_is_pending_leaves_once_and_is_recorded(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        assert go(engine, mail_to(peer.port)) == did(sent=1)
        assert go(engine, mail_to(peer.port)) == did()
    (row,) = deliveries(engine)
    assert (row.state, row.receipt, row.error, row.owner, row.lease_until) == (
        "sent",
        "250 2.0.0 kept as 42",
        None,
        None,
        None,
    )
    assert attempts(engine, row.key) == [(1, "start"), (1, "sent")]
    assert row.raw == peer.received[0]


def test_a_mail_carries_the_key_of_its_delivery_and_goes_to_its_person(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        go(engine, mail_to(peer.port))
    mail = message_from_bytes(peer.received[0], policy=policy.default)
    assert mail["Message-ID"] == f"<{deliveries(engine)[0].key}@example.org>"
    assert "rcpt to:<officer@example.org>" in [words.lower() for words in peer.heard]  # Python 3.14 writes it small


def test_nothing_leaves_before_its_hour(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    clock.wait(seconds=-1)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), clock) == did(pending=1)
        clock.wait(seconds=1)
        assert go(engine, mail_to(peer.port), clock) == did(sent=1)


def test_what_has_waited_longest_goes_first(engine: Engine) -> None:
    planned(engine, apart(1), now=AS_OF)
    earlier = Clock()
    earlier.wait(hours=-1)
    planned(engine, apart(2), now=earlier(), as_of=instant(earlier()) - 3600, run=2)
    with Peer() as peer:
        go(engine, mail_to(peer.port))
    assert [re.findall(rb"report/(\d)\r\n\r\n", each + b"\r\n")[-1] for each in peer.received] == [b"2", b"1"]


def test_another_channel_is_left_alone(engine: Engine) -> None:
    planned(engine, a_matter())

    class Pigeon(Through):
        name = "pigeon"

    assert go(engine, Pigeon(mail_to(9))) == did()
    assert remaining(engine, "email") == 1


# ------------------------------------------------------------------ is it still true?
def test_what_is_no_longer_true_never_leaves(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), still_true=lambda _: ()) == did(obsolete=1)
    assert not peer.received
    assert deliveries(engine)[0].state == "obsolete"


def test_of_many_only_what_is_still_true_is_told(engine: Engine) -> None:
    planned(engine, *[a_matter(each) for each in (1, 2, 3)])

    def second_fell_away(given: Delivery) -> list[Notice]:
        return [each for each in given.notices if not each.occurrence.endswith("/2")]

    with Peer() as peer:
        assert go(engine, mail_to(peer.port), still_true=second_fell_away) == did(sent=1)
    plain = message_from_bytes(peer.received[0], policy=policy.default).get_body(("plain",))
    assert re.findall(r"report/(\d)", plain.get_content()) == ["1", "3"]


def test_the_check_is_given_the_instant_of_the_alert_and_its_notices(engine: Engine) -> None:
    planned(engine, a_matter())
    asked: list[Delivery] = []
    with Peer() as peer:
        go(engine, mail_to(peer.port), still_true=lambda given: asked.append(given) or given.notices)
    assert asked[0].as_of == instant(AS_OF)
    assert [(each.occurrence, each.stage, each.due) for each in asked[0].notices] == [
        (a_matter().occurrence, "overdue", a_matter().base_day)
    ]


def test_a_newer_stage_overtakes_an_older_one_that_has_not_left(engine: Engine) -> None:
    planned(engine, a_matter())
    planned(engine, LATER, run=2)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port)) == did(sent=1, obsolete=1)
    assert b"overdue+3 " in peer.received[0]


def test_a_newer_stage_of_another_date_overtakes_nothing_by_itself(engine: Engine) -> None:
    """Whether the first date still holds is for the ledger to say."""
    planned(engine, a_matter())
    planned(engine, a_matter(base_day=a_matter().base_day + 30, stage="lead-14", older_stages=()), run=2)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port)) == did(sent=2)


# ------------------------------------------------------------------ the table of outcomes
@pytest.mark.parametrize(
    ("answers", "result", "state", "noted"),
    [
        ({"RCPT": "451 later"}, {"retrying": 1, "pending": 1}, "pending", "retry"),
        ({"content": "451 later"}, {"retrying": 1, "pending": 1}, "pending", "retry"),
        ({"content": CUT}, {"retrying": 1, "pending": 1}, "pending", "retry"),
        ({"greeting": "421 busy"}, {"retrying": 1, "pending": 1, "reason": "421 busy"}, "pending", "retry"),
        ({"greeting": CUT}, {"retrying": 1, "pending": 1, "reason": "greeting"}, "pending", "retry"),
        ({"RCPT": "550 nobody"}, {"dead": 1}, "dead", "dead"),
        ({"DATA": "554 no"}, {"dead": 1}, "dead", "dead"),
        ({"greeting": "554 go away"}, {"pending": 1, "reason": "554 go away"}, "pending", "paused"),
        ({"MAIL": "550 not you"}, {"pending": 1, "reason": "550 not you"}, "pending", "paused"),
        ({"QUIT": CUT}, {"sent": 1}, "sent", "sent"),
    ],
)
def test_each_answer_has_its_consequence(
    engine: Engine, answers: dict[str, str], result: dict[str, Any], state: str, noted: str
) -> None:
    planned(engine, a_matter())
    with Peer(answers) as peer:
        done = go(engine, mail_to(peer.port))
    reason = result.pop("reason", "")
    assert done == did(**result, reason=done.reason)
    assert reason in done.reason
    assert bool(reason) is bool(done.reason)
    (row,) = deliveries(engine)
    assert (row.state, row.attempts) == (state, 1)
    assert attempts(engine, row.key) == [(1, "start"), (1, noted)]


def test_a_server_that_is_down_is_named_and_the_rest_stays_untouched(engine: Engine) -> None:
    planned(engine, *[apart(each) for each in range(1, 6)])
    done = go(engine, mail_to(9))
    assert done == did(retrying=1, pending=5, reason=done.reason)
    assert "127.0.0.1:9, connecting" in done.reason
    assert sorted(row.attempts for row in deliveries(engine)) == [0, 0, 0, 0, 1]


def test_one_bad_address_does_not_hold_up_the_others(engine: Engine) -> None:
    planned(engine, *[apart(each) for each in range(1, 4)])

    class OneBad(Through):
        def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:
            if b"report/2" in raw:
                raise Refused("550 nobody", for_good=True, scope="message")
            return super().send(raw, to, at=at, deadline=deadline)

    with Peer() as peer:
        assert go(engine, OneBad(mail_to(peer.port))) == did(sent=2, dead=1)


def test_a_wrong_password_burns_no_message_and_all_go_after_it_is_mended(engine: Engine) -> None:
    planned(engine, *[apart(each) for each in range(1, 41)])
    clock = Clock()
    with Peer({"AUTH": "535 wrong"}) as peer:
        for _ in range(20):
            done = go(engine, mail_to(peer.port, user="u", password="p"), clock)  # noqa: S106 - made up
            assert done == did(pending=40, reason=done.reason)
            assert "535 wrong" in done.reason
            clock.wait(days=2)
        peer.answers["AUTH"] = "235 welcome"
        assert go(engine, mail_to(peer.port, user="u", password="p"), clock) == did(sent=40)  # noqa: S106
    assert {row.state for row in deliveries(engine)} == {"sent"}


@pytest.mark.parametrize("pause", [0, 5])
def test_a_closed_channel_is_tried_with_another_message_each_time(engine: Engine, pause: int) -> None:
    """So that one message alone, should the fault be its own, does not stand in the door for ever."""
    planned(engine, apart(1), apart(2))
    clock = Clock()
    with Peer({"MAIL": "550 not you"}) as peer:
        for _ in range(2):
            go(engine, mail_to(peer.port), clock)
            clock.wait(seconds=pause)
    assert [row.attempts for row in deliveries(engine)] == [1, 1]


def test_a_far_side_that_asks_for_patience_gets_it_for_the_whole_channel(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))
    clock = Clock()

    class Busy(Through):
        def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002
            raise Refused("429", for_good=False, scope="channel", retry_after=30)

    with Peer() as peer:
        assert go(engine, Busy(mail_to(peer.port)), clock) == did(retrying=1, pending=2, reason="429")
        clock.wait(seconds=29)
        held = go(engine, mail_to(peer.port), clock)
        assert held == did(pending=2, reason=held.reason)
        assert held.reason == "paused until 2021-07-16 13:30:30 UTC: 429"
        clock.wait(seconds=2)
        assert go(engine, mail_to(peer.port), clock) == did(sent=2)


def test_a_failed_try_comes_back_after_its_wait_and_then_goes(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    with Peer({"RCPT": "451 later"}) as peer:
        assert go(engine, mail_to(peer.port), clock).retrying == 1
        clock.wait(seconds=29)  # half of sixty
        assert go(engine, mail_to(peer.port), clock) == did(pending=1)
        clock.wait(seconds=1)
        assert go(engine, mail_to(peer.port), clock).retrying == 1
        peer.answers["RCPT"] = "250 ok"
        clock.wait(seconds=60)  # half of a hundred and twenty
        assert go(engine, mail_to(peer.port), clock) == did(sent=1)
    assert attempts(engine, deliveries(engine)[0].key) == [
        (1, "start"), (1, "retry"), (2, "start"), (2, "retry"), (3, "start"), (3, "sent"),
    ]  # fmt: skip


def test_every_copy_has_the_same_bytes(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    pens = [Pen(), Pen()]
    with Peer({"content": CUT}) as peer:
        go(engine, mail_to(peer.port), clock, render=pens[0])
        peer.answers["content"] = "250 ok"
        clock.wait(days=1)
        assert go(engine, mail_to(peer.port), clock, render=pens[1]) == did(sent=1)
    assert len(peer.received) == 2
    assert len(set(peer.received)) == 1
    assert (len(pens[0].wrote), len(pens[1].wrote)) == (1, 0)


def test_a_message_is_given_up_after_fourteen_tries_and_thirty_six_hours_and_not_before(engine: Engine) -> None:
    planned(engine, a_matter())
    clock, began = Clock(), AS_OF
    tries = 0
    with Peer({"RCPT": "451 later"}) as peer:
        while (done := go(engine, mail_to(peer.port), clock, chance=lambda: 0.999)).retrying:
            tries += 1
            assert clock.now - began < timedelta(hours=36)
            clock.wait(hours=1)
    assert done == did(dead=1)
    assert tries + 1 == 37  # hourly: the first at 0 h, the last at 36 h
    assert "given up: " in deliveries(engine)[0].error
    assert "451 later" in deliveries(engine)[0].error


def test_where_nothing_is_pending_any_more_there_is_no_reason_to_wait(engine: Engine) -> None:
    """The server is down to the end: what is given up is said as that, not as `0 messages pending`."""
    planned(engine, a_matter())
    clock = Clock()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    while (done := go(engine, mail_to(port), clock, chance=lambda: 0.999)).retrying:
        clock.wait(hours=2)
    assert done == did(dead=1)


# ------------------------------------------------------------------ poison
def test_what_cannot_be_written_is_dead_with_its_reason_and_the_others_go(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))

    def half_of_them(given: Delivery, notices: Sequence[Notice]) -> Message:
        if notices[0].occurrence.endswith("/1"):
            raise KeyError("says")
        return Pen()(given, notices)

    with Peer() as peer:
        assert go(engine, mail_to(peer.port), render=half_of_them) == did(sent=1, dead=1)
    assert [row.error for row in deliveries(engine) if row.state == "dead"] == ["cannot be written: KeyError: 'says'"]


def test_an_address_that_is_none_is_dead_and_the_others_go(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))
    with writing(engine) as connection:
        first = deliveries(engine)[0].key
        connection.execute(update(delivery).where(delivery.c.key == first).values(address="a@b.org, c@d.org"))
    with Peer() as peer:
        assert go(engine, mail_to(peer.port)) == did(sent=1, dead=1)


def test_what_cannot_be_checked_is_tried_again_and_the_others_go(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))

    def stumbling(given: Delivery) -> tuple[Notice, ...]:
        if given.notices[0].occurrence.endswith("/1"):
            raise ZeroDivisionError("an unlucky rule")
        return given.notices

    with Peer() as peer:
        assert go(engine, mail_to(peer.port), still_true=stumbling) == did(sent=1, retrying=1, pending=1)
    assert [row.error for row in deliveries(engine) if row.error] == [
        "cannot be checked: ZeroDivisionError: an unlucky rule"
    ]


def test_a_guests_channel_that_breaks_may_have_sent_and_shows_nothing_of_its_error(engine: Engine) -> None:
    planned(engine, a_matter())

    class Broken(Through):
        def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002
            raise RuntimeError("token 12345")

    assert go(engine, Broken(mail_to(9))) == did(retrying=1, pending=1)
    assert deliveries(engine)[0].error == "the channel failed: RuntimeError"


@pytest.mark.parametrize("trouble", [CannotTrust("the disk"), OperationalError("select", {}, Exception("the disk"))])
@pytest.mark.parametrize("step", ["still_true", "render"])
def test_a_ledger_in_trouble_ends_the_pass_and_loses_nothing(engine: Engine, trouble: Exception, step: str) -> None:
    planned(engine, a_matter())

    def fail(*_: object) -> tuple[Notice, ...]:
        raise trouble

    clock = Clock()
    with pytest.raises(type(trouble)):
        go(engine, mail_to(9), clock, **{step: fail})
    clock.wait(minutes=3)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), clock) == did(sent=1)


# ------------------------------------------------------------------ leases
def test_a_lease_that_ran_out_is_taken_over_and_its_first_owner_changes_nothing(engine: Engine) -> None:
    """A frozen process wakes up after another one sent its message."""
    planned(engine, a_matter())
    clock = Clock()
    results: list[Delivered] = []
    with Peer() as peer:
        mail = mail_to(peer.port)

        def meanwhile() -> None:
            clock.wait(seconds=121)
            results.append(go(engine, mail, clock, owner="the second"))

        assert go(engine, Through(mail, after=meanwhile), clock, owner="the first") == did()
    assert results == [did(sent=1)]
    (row,) = deliveries(engine)
    assert (row.state, row.attempts) == ("sent", 2)
    assert attempts(engine, row.key) == [(1, "start"), (1, "lease-lost"), (2, "start"), (2, "sent")]
    assert len(peer.received) == 2
    assert len(set(peer.received)) == 1


def test_a_lease_lost_before_sending_sends_nothing(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    with Peer() as peer:
        mail = mail_to(peer.port)

        def slow_check(given: Delivery) -> tuple[Notice, ...]:
            clock.wait(seconds=121)
            assert go(engine, mail, clock, owner="the second") == did(sent=1)
            return given.notices

        assert go(engine, mail, clock, owner="the first", still_true=slow_check) == did()
    assert len(peer.received) == 1


def test_a_lease_that_still_runs_is_respected(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    with Peer() as peer:
        mail = mail_to(peer.port)

        def meanwhile() -> None:
            clock.wait(seconds=119)
            assert go(engine, mail, clock, owner="the second") == did(pending=1)

        assert go(engine, Through(mail, before=meanwhile), clock, owner="the first") == did(sent=1)


def test_a_lease_given_before_the_clock_was_put_back_does_not_last_a_day(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    clock.wait(days=1)
    with pytest.raises(CannotTrust):
        go(engine, mail_to(9), clock, still_true=_raise_cannot_trust)
    clock.wait(days=-1)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), clock) == did(sent=1)


def _raise_cannot_trust(_: Delivery) -> tuple[Notice, ...]:
    raise CannotTrust("gone")


def test_a_message_that_kills_whoever_takes_it_is_given_up_and_never_in_limbo(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    for _ in range(36):
        with pytest.raises(CannotTrust):
            go(engine, mail_to(9), clock, still_true=_raise_cannot_trust)
        clock.wait(hours=1)
    assert go(engine, mail_to(9), clock, still_true=_raise_cannot_trust) == did(dead=1)


# ------------------------------------------------------------------ the wall, and many at once
def test_a_silent_server_holds_one_pass_no_longer_than_the_wall(engine: Engine) -> None:
    planned(engine, *[apart(each) for each in range(1, 4)])
    with Peer({"MAIL": SILENT}) as peer:
        done = go(engine, mail_to(peer.port), patience=Patience(wall=0.2))
    assert done == did(retrying=1, pending=3, reason=done.reason)
    assert "not done within 0.2 s" in done.reason


@pytest.mark.slow
def test_two_deliverers_at_once_send_everything_once(address: str, engine: Engine) -> None:
    planned(engine, *[apart(each) for each in range(1, 61)])
    results: list[Delivered] = []
    with Peer() as one, Peer() as other:

        def work(owner: str, port: int) -> None:
            own = open_database(address)
            results.append(go(own, mail_to(port), owner=owner))
            own.dispose()

        threads = [threading.Thread(target=work, args=(name, peer.port)) for name, peer in (("a", one), ("b", other))]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        received = one.received + other.received
    assert sum(each.sent for each in results) == 60
    assert len(received) == len(set(received)) == 60
    assert {row.attempts for row in deliveries(engine)} == {1}


def test_nobody_to_tell_is_nothing_to_send(engine: Engine) -> None:
    planned(engine, a_matter(), contacts=some_contacts([]))
    assert go(engine, mail_to(9)) == did()


# ------------------------------------------------------------------ where, by whom, and how long
def test_a_message_goes_to_the_address_of_today(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), address_of=lambda _: "moved@example.org") == did(sent=1)
    assert "moved@example.org" in str(peer.heard)
    assert b"To: Officer <moved@example.org>" in peer.received[0]
    assert deliveries(engine)[0].address == "moved@example.org"


def test_frozen_bytes_stay_the_same_wherever_they_go(engine: Engine) -> None:
    planned(engine, a_matter())
    clock = Clock()
    with Peer({"content": CUT}) as peer:
        go(engine, mail_to(peer.port), clock)
        peer.answers["content"] = "250 ok"
        clock.wait(days=1)
        assert go(engine, mail_to(peer.port), clock, address_of=lambda _: "moved@example.org") == did(sent=1)
    assert len(set(peer.received)) == 1
    assert "moved@example.org" in peer.heard[-3]


def test_who_is_no_longer_told_on_a_channel_gets_nothing(engine: Engine) -> None:
    planned(engine, a_matter())
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), address_of=lambda _: None) == did(obsolete=1)
    assert not peer.connections


def test_what_a_dead_process_had_in_hand_goes_at_once(engine: Engine) -> None:
    planned(engine, a_matter())
    with pytest.raises(CannotTrust):
        go(engine, mail_to(9), owner="the dead", still_true=_raise_cannot_trust)
    with Peer() as peer:
        assert go(engine, mail_to(peer.port), gone=lambda owner: owner != "the dead") == did(pending=1)
        assert go(engine, mail_to(peer.port), gone=lambda owner: owner == "the dead") == did(sent=1)


def test_somebody_who_is_stopping_finishes_what_is_in_hand_and_takes_no_more(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))
    stop = threading.Event()
    with Peer() as peer:
        stopping = go(engine, Through(mail_to(peer.port), after=stop.set), stopping=stop.is_set)
    assert stopping == did(sent=1, pending=1)


# ------------------------------------------------------------------ pauses
def test_a_channel_that_would_not_have_us_is_left_alone_longer_each_time_until_it_takes_something(
    engine: Engine,
) -> None:
    planned(engine, apart(1), apart(2))
    clock = Clock()
    how = {"clock": clock, "chance": half, "render": Pen(), "still_true": all_true, "owner": "us"}
    with Peer({"AUTH": "535 wrong"}) as peer:
        mail = mail_to(peer.port, user="u", password="p")  # noqa: S106 - made up
        waits = []
        for _ in range(8):
            deliver(engine, mail, **how)
            pause = outbox.pause_of(engine, "email")
            waits.append(pause.until - instant(clock.now))
            before = peer.connections
            assert deliver(engine, mail, **how).reason.startswith("paused until 2021-07-16 1")
            assert peer.connections == before
            clock.wait(seconds=waits[-1])
        assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
        peer.answers["AUTH"] = "235 welcome"
        assert deliver(engine, mail, **how) == did(sent=2)
    assert outbox.pause_of(engine, "email") is None


def test_a_pause_of_a_far_side_is_kept_by_hand_too_and_a_fault_is_tried_again(engine: Engine) -> None:
    planned(engine, a_matter())
    for asked in (False, True):
        pause = outbox.Pause(channel="email", until=instant(AS_OF) + 99, asked=asked, times=1, why="x")
        with writing(engine) as connection:
            outbox._write_pause(connection, pause, instant(AS_OF))
        outbox.lift(engine)
        assert outbox.pause_of(engine, "email").until == (instant(AS_OF) + 99 if asked else 0)


def test_the_longer_of_two_pauses_stays(engine: Engine) -> None:
    for seconds in (99, 50, 120):
        pause = outbox.Pause(channel="email", until=seconds, asked=True, times=1, why=str(seconds))
        with writing(engine) as connection:
            outbox._write_pause(connection, pause, 0)
    assert outbox.pause_of(engine, "email").why == "120"


def test_a_pause_stops_others_who_are_at_work_on_the_channel(engine: Engine) -> None:
    planned(engine, apart(1), apart(2))

    def meanwhile() -> None:
        with writing(engine) as connection:
            outbox._write_pause(
                connection, outbox.Pause(channel="email", until=instant(AS_OF) + 9, asked=True, times=1, why="429"), 0
            )

    class KeepsPauses(Through):
        def send(self, raw: bytes, to: str, *, at: datetime, deadline: float) -> Receipt:  # noqa: ARG002
            meanwhile()
            raise Refused("451", for_good=False, scope="message")

    done = go(engine, KeepsPauses(mail_to(9)))
    assert (done.retrying, done.pending) == (1, 2)
    assert done.reason == "paused until 2021-07-16 13:30:09 UTC: 429"
