"""From what is raised to rows."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select
from tests.alerting.house import (
    AS_OF,
    DUE,
    INSTRUMENT,
    a_matter,
    a_person,
    a_rule,
    apart,
    deliveries,
    planned,
    some_contacts,
)

from duewatch.engine.alerting.planning import delivery_key, not_before, notice_key
from duewatch.engine.alerting.words import Planned
from duewatch.engine.ledger.database import open_database, reading, writing
from duewatch.engine.ledger.days import instant
from duewatch.engine.ledger.tables import alert, notice

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOBODY = some_contacts([], a_rule("gone", provision="OP 19"))


def alerts(engine: Engine) -> dict[str, tuple[str | None, int]]:
    """Give each stage with why it was skipped and whether it is unrouted."""
    with reading(engine) as connection:
        rows = connection.execute(select(alert.c.stage, alert.c.skipped, alert.c.unrouted))
        return {stage: (skipped, unrouted) for stage, skipped, unrouted in rows}


def notices(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(notice).order_by(notice.c.occurrence, notice.c.person)))


# ------------------------------------------------------------------ what is written
def test_a_raised_occurrence_becomes_alert_notice_and_delivery(engine: Engine) -> None:
    assert planned(engine, a_matter()) == Planned(alerts=1, unrouted=0, deliveries=1)
    assert alerts(engine) == {
        "lead-14": ("overtaken by overdue", 0),
        "due": ("overtaken by overdue", 0),
        "overdue": (None, 0),
    }
    (told,) = notices(engine)
    assert (told.person, told.channel, told.reason) == ("officer", "email", f"responsible for {INSTRUMENT}")
    assert told.key == notice_key(a_matter(), "officer", "email")
    (row,) = deliveries(engine)
    assert row.key == told.delivery == delivery_key("officer", "email", [told.key])
    assert (row.address, row.state, row.as_of, row.attempts) == ("officer@example.org", "pending", instant(AS_OF), 0)


def test_the_keys_are_those_of_the_design() -> None:
    """Written down, because another version or another machine must find the same ones."""
    written = f"{INSTRUMENT}#op19.report/1|18823|overdue|officer|email"
    assert notice_key(a_matter(), "officer", "email") == sha256(written.encode()).hexdigest()[:32]
    assert delivery_key("officer", "email", ["b", "a"]) == sha256(b"officer|email|a|b").hexdigest()[:32]


def test_the_same_again_adds_nothing(engine: Engine) -> None:
    planned(engine, a_matter(), apart(2))
    before = deliveries(engine)
    assert planned(engine, a_matter(), apart(2), run=2) == Planned(alerts=0, unrouted=0, deliveries=0)
    assert deliveries(engine) == before


def test_a_newer_stage_is_told_and_the_older_one_stays_as_it_was(engine: Engine) -> None:
    planned(engine, a_matter())
    later = a_matter(stage="overdue+3", older_stages=("lead-14", "due", "overdue"))
    assert planned(engine, later, run=2) == Planned(alerts=1, unrouted=0, deliveries=1)
    assert alerts(engine)["overdue"] == (None, 0)
    assert alerts(engine)["overdue+3"] == (None, 0)


def test_a_stage_once_skipped_is_not_told_when_the_clock_goes_back(engine: Engine) -> None:
    planned(engine, a_matter())
    assert planned(engine, a_matter(stage="due", older_stages=("lead-14",)), run=2).deliveries == 0


def test_a_moved_date_is_a_new_ladder(engine: Engine) -> None:
    planned(engine, a_matter())
    assert planned(engine, a_matter(base_day=DUE + 10, stage="lead-14", older_stages=()), run=2).deliveries == 1


def test_nothing_raised_is_nothing_written(engine: Engine) -> None:
    assert planned(engine) == Planned(alerts=0, unrouted=0, deliveries=0)


def test_a_planning_that_is_broken_off_leaves_nothing(engine: Engine) -> None:
    class Broken(Exception):
        pass

    def break_off() -> None:
        with writing(engine) as connection:
            from duewatch.engine.alerting.planning import plan

            plan(connection, [a_matter()], some_contacts(), run=1, as_of=instant(AS_OF), now=AS_OF)
            raise Broken

    with pytest.raises(Broken):
        break_off()
    assert not alerts(engine)
    assert planned(engine, a_matter()).deliveries == 1


# ------------------------------------------------------------------ one message for a paragraph, day and person
def test_a_paragraph_with_many_measures_is_one_message_to_each_person(engine: Engine) -> None:
    measures = [a_matter(each, provision=f"OP 4 bullet {each}") for each in range(1, 8)]
    both = some_contacts([a_person("a"), a_person("b")], a_rule("a", "b", provision="OP 4"))
    assert planned(engine, *measures, contacts=both) == Planned(alerts=7, unrouted=0, deliveries=2)
    assert len(notices(engine)) == 14
    assert sorted(row.person for row in deliveries(engine)) == ["a", "b"]


@pytest.mark.parametrize("changes", [{"provision": "OP 40"}, {"base_day": DUE + 1}, {"instrument": "S/RES/1 (1946)"}])
def test_another_paragraph_day_or_instrument_is_another_message(engine: Engine, changes: dict[str, Any]) -> None:
    contacts = some_contacts([a_person()], a_rule("officer"))
    assert planned(engine, a_matter(1), a_matter(2, **changes), contacts=contacts).deliveries == 2


def test_what_joins_a_paragraph_later_is_a_message_of_its_own(engine: Engine) -> None:
    planned(engine, a_matter(1))
    assert planned(engine, a_matter(1), a_matter(2), run=2).deliveries == 1
    assert len({each.delivery for each in notices(engine)}) == 2


# ------------------------------------------------------------------ nobody to tell
def test_an_alert_without_anybody_is_there_and_counted(engine: Engine) -> None:
    assert planned(engine, a_matter(), contacts=NOBODY) == Planned(
        alerts=1, unrouted=1, deliveries=0, unheard=(a_matter().occurrence,)
    )
    assert planned(engine, a_matter(), contacts=NOBODY, run=2).alerts == 0
    assert alerts(engine)["overdue"] == (None, 1)


def test_contacts_that_come_late_are_told(engine: Engine) -> None:
    planned(engine, a_matter(), contacts=NOBODY)
    assert planned(engine, a_matter(), run=2) == Planned(alerts=0, unrouted=0, deliveries=1)
    assert alerts(engine)["overdue"] == (None, 0)


def test_a_newcomer_is_told_and_nobody_twice(engine: Engine) -> None:
    planned(engine, a_matter())
    more = some_contacts([a_person(), a_person("deputy")], a_rule("officer", "deputy", provision="OP 19"))
    assert planned(engine, a_matter(), contacts=more, run=2).deliveries == 1
    assert sorted(row.person for row in deliveries(engine)) == ["deputy", "officer"]


def test_an_unheard_stage_is_overtaken_by_the_next(engine: Engine) -> None:
    planned(engine, a_matter(), contacts=NOBODY)
    planned(engine, a_matter(stage="overdue+3", older_stages=("lead-14", "due", "overdue")), run=2)
    assert alerts(engine)["overdue"] == ("overtaken by overdue+3", 1)
    assert [each.stage for each in notices(engine)] == ["overdue+3"]


def test_an_unheard_alert_ends_with_its_matter(engine: Engine) -> None:
    planned(engine, a_matter(), contacts=NOBODY)
    planned(engine, run=2, quiet=[a_matter().occurrence])
    assert alerts(engine)["overdue"] == ("nothing to say any more", 1)


def test_a_quiet_occurrence_keeps_the_alerts_that_were_heard(engine: Engine) -> None:
    planned(engine, a_matter())
    planned(engine, run=2, quiet=[a_matter().occurrence])
    assert alerts(engine)["overdue"] == (None, 0)


# ------------------------------------------------------------------ when it may leave
def at(hour: int, minute: int = 0, day: int = 16) -> datetime:
    return datetime(2021, 7, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "as_of", "leaves"),
    [
        ("America/New_York", at(4), at(13)),  # midnight there: waits for nine
        ("America/New_York", at(13, 30), at(13, 30)),  # half past nine: at once
        ("Europe/Paris", at(4), at(7)),
        ("Asia/Tokyo", at(4), at(4)),  # one in the afternoon
        ("Pacific/Auckland", at(23), at(23)),  # eleven in the morning of the next day
        ("America/Los_Angeles", at(4), at(4)),  # nine in the evening of the day before: that hour has passed too
    ],
)
def test_a_message_waits_for_the_persons_hour(zone: str, as_of: datetime, leaves: datetime) -> None:
    assert not_before(a_person(zone=zone), as_of=instant(as_of), deadline=None, now=as_of) == instant(leaves)


@pytest.mark.parametrize(
    ("deadline", "leaves"),
    [
        (at(12), at(11)),  # an hour before it
        (at(4, 30), at(4)),  # no hour is left: at once
        (at(3), at(13)),  # over: nothing hurries any more
        (at(20), at(13)),
    ],
)
def test_the_hour_never_delays_beyond_the_deadline(deadline: datetime, leaves: datetime) -> None:
    asked = {"as_of": instant(at(4)), "deadline": instant(deadline), "now": at(4)}
    assert not_before(a_person(), **asked) == instant(leaves)


def test_a_clock_fixed_in_the_past_delays_nothing() -> None:
    real = datetime(2026, 1, 1, tzinfo=UTC)
    assert not_before(a_person(), as_of=instant(at(4)), deadline=None, now=real) == instant(real)


def test_a_clock_fixed_in_the_future_delays_as_long_as_it_would_then() -> None:
    real = datetime(2020, 1, 1, tzinfo=UTC)
    nine_hours_later = instant(real + timedelta(hours=9))
    assert not_before(a_person(), as_of=instant(at(4)), deadline=None, now=real) == nine_hours_later


def test_an_hour_that_the_clocks_leave_out_or_repeat_is_still_one_instant() -> None:
    for month, day in ((3, 14), (11, 7)):  # New York, 2021
        midnight = datetime(2021, month, day, 5 if month == 3 else 4, tzinfo=UTC)
        half_past = a_person(at=time(2 if month == 3 else 1, 30))
        leaves = not_before(half_past, as_of=instant(midnight), deadline=None, now=midnight)
        assert 0 < leaves - instant(midnight) <= 3 * 3600


def test_the_hour_is_written_into_the_delivery(engine: Engine) -> None:
    planned(engine, a_matter(), as_of=instant(at(4)), now=at(4))
    assert [row.next_at for row in deliveries(engine)] == [instant(at(13))]


# ------------------------------------------------------------------ at once, and many
@pytest.mark.slow
def test_two_planners_at_once_write_everything_once(address: str, engine: Engine) -> None:
    matters = [apart(each) for each in range(1, 101)]
    results: list[Planned] = []

    def work(run: int) -> None:
        own = open_database(address)
        results.extend(planned(own, *matters[:: (-1) ** again], run=10 * run + again) for again in range(3))
        own.dispose()

    threads = [threading.Thread(target=work, args=(run,)) for run in (1, 2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(results) == 6
    assert (sum(each.alerts for each in results), sum(each.deliveries for each in results)) == (100, 100)
    assert len(deliveries(engine)) == len(notices(engine)) == 100


def test_the_number_of_statements_does_not_grow_with_the_occurrences(address: str) -> None:
    counts = []
    for many in (10, 1000):
        own = open_database(address.replace("ledger", f"ledger-{many}"))
        said: list[str] = []
        event.listen(own, "before_cursor_execute", lambda *given, said=said: said.append(given[2]))
        planned(own, *[apart(each) for each in range(1, many + 1)], quiet=["another"])
        counts.append(len(said))
        own.dispose()
    assert counts[0] == counts[1]
