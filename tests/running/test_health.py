"""Health: fine, overdue and untrustworthy are told apart; it never says fine where somebody may not have been told."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from duewatch.engine.ledger.facts import Draft
from duewatch.engine.problems import BadInput
from duewatch.engine.running.health import Health, health
from duewatch.engine.running.nightly import evaluate
from duewatch.engine.running.today import today


def state_of(house: Any) -> Health:
    return health(house.desk, house.settings, now=house.now, real_now=house.real)


def reasons(found: Health) -> str:
    return " | ".join(reason.what for reason in found.reasons)


def told_everybody(house: Any) -> None:
    here = house.rounds()
    here.catch_up()
    here.deliver("email")


def test_before_the_first_run_nothing_can_be_trusted(house: Any) -> None:
    found = state_of(house)
    assert (found.state, reasons(found), found.last_run) == ("untrustworthy", "nothing was ever evaluated", None)


@pytest.mark.parametrize(
    ("moment", "state", "late"), [("2021-06-30T12:00:00+00:00", "fine", 0), ("2021-07-16T12:00:00+00:00", "overdue", 1)]
)
def test_fine_and_overdue_are_told_apart(house: Any, postbox: Any, moment: str, state: str, late: int) -> None:
    house.at(moment)
    told_everybody(house)
    found = state_of(house)
    assert (found.state, found.overdue, found.reasons, found.undelivered) == (state, late, (), 0)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize(
    ("later", "trusted"), [("2021-07-17T14:00:00+00:00", True), ("2021-07-17T14:00:01+00:00", False)]
)
def test_a_run_is_too_old_after_26_hours(house: Any, postbox: Any, later: str, trusted: bool) -> None:
    told_everybody(house)
    assert postbox.mails
    house.at(later)
    found = state_of(house)
    assert found.state == ("overdue" if trusted else "untrustworthy")
    assert reasons(found) == ("" if trusted else "the last good run, 1, was 26 hours ago")


def test_a_run_ahead_of_the_clock_is_not_trusted(house: Any, postbox: Any) -> None:
    told_everybody(house)
    assert postbox.mails
    house.at("2021-07-01T12:00:00+00:00")
    assert reasons(state_of(house)) == "run 1 is of 2021-07-16T12:00:00+00:00, 15 days ahead of the clock"


def test_a_channel_that_is_not_set_up_is_named_with_its_setting(house: Any) -> None:
    told_everybody(house)
    found = state_of(house)
    assert reasons(found) == "messages wait for the channel email, which is not set up"
    assert "DUEWATCH_SMTP_HOST" in found.reasons[0].remedy


def test_a_server_that_refuses_us_is_a_reason_at_once(house: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = str(closed.getsockname()[1])
    house.given |= {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": port}
    told_everybody(house)
    found = state_of(house)
    assert found.state == "untrustworthy"
    assert "1 message could not be delivered yet" in reasons(found)
    assert found.undelivered == 1
    assert found.oldest_undelivered == house.real.isoformat()


def test_what_nobody_delivers_is_noticed_after_an_hour(house: Any, postbox: Any) -> None:
    house.rounds().catch_up()
    assert state_of(house).state == "overdue"
    house.at("2021-07-16T13:00:01+00:00")
    found = state_of(house)
    assert (reasons(found), postbox.mails) == ("1 message not delivered, the oldest for 1 hour", [])


def test_what_waits_for_its_persons_hour_is_no_reason(house: Any, postbox: Any) -> None:
    file = house.folder / "contacts.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('"00:00"', '"18:00"'), encoding="utf-8")
    told_everybody(house)
    found = state_of(house)
    assert (found.state, found.undelivered, postbox.mails) == ("overdue", 0, [])


def test_an_alert_that_reached_nobody_is_a_reason(house: Any, postbox: Any) -> None:
    file = house.folder / "contacts.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("bearer: office", "bearer: other"), encoding="utf-8")
    told_everybody(house)
    found = state_of(house)
    assert (found.unrouted, reasons(found), postbox.mails) == (1, "1 alert reached nobody", [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE delivery SET state = 'dead'", "1 message given up for good: somebody was not told"),
        ("UPDATE run SET disagreements = 2", "the two engines of the rules disagreed or failed 2 times"),
        ("UPDATE run SET disagreements = 1", "the two engines of the rules disagreed or failed once"),
        (
            "INSERT INTO pause (channel, since, until, asked, times, why) VALUES ('slack', 0, 4000000000, 0, 1, 'no')",
            "the channel slack is paused: no",
        ),
    ],
)
def test_each_trouble_is_a_reason_with_a_remedy(house: Any, postbox: Any, change: str, what: str) -> None:
    told_everybody(house)
    assert postbox.mails
    house.sql(change)
    found = state_of(house)
    assert (found.state, reasons(found)) == ("untrustworthy", what)
    assert all(reason.remedy for reason in found.reasons)
    assert found.as_json()["reasons"][0]["what"] == what


def test_a_pause_that_is_over_and_held_up_nothing_is_no_reason(house: Any, postbox: Any) -> None:
    told_everybody(house)
    assert postbox.mails
    house.sql("INSERT INTO pause (channel, since, until, asked, times, why) VALUES ('slack', 0, 1, 0, 1, 'no')")
    assert state_of(house).state == "overdue"


def test_an_altered_ledger_is_the_first_reason(house: Any, postbox: Any) -> None:
    a_document(house)
    told_everybody(house)
    assert postbox.mails
    for (name,) in house.sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'fact%'"):
        house.sql(f"DROP TRIGGER {name}")
    house.sql("UPDATE fact SET symbol = 'OTHER/1'")
    assert state_of(house).reasons[0].what == "the ledger was altered: entry 1"


def test_an_altered_text_is_a_reason(house: Any, postbox: Any) -> None:
    told_everybody(house)
    assert postbox.mails
    for (name,) in house.sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'text%'"):
        house.sql(f"DROP TRIGGER {name}")
    house.sql("UPDATE text SET bytes = x'00'")
    [reason] = state_of(house).reasons
    assert reason.what.endswith("was altered: its bytes do not give its hash, and 2 other texts")


def test_nothing_is_evaluated_backwards_unless_the_clock_was_wrong(house: Any) -> None:
    def evaluated(at: str, *, was_ahead: bool = False) -> Any:
        house.at(at)
        return evaluate(house.desk, house.contacts(), now=house.now, real_now=house.real, was_ahead=was_ahead)

    evaluated("2021-11-16T12:00:00+00:00")
    again = evaluated("2021-11-16T11:56:00+00:00")  # another machine, whose clock lags a little
    assert (again.run, again.transitions) == (2, ())
    assert house.sql("SELECT at FROM run ORDER BY run")[0] == house.sql("SELECT at FROM run ORDER BY run")[1]
    with pytest.raises(BadInput, match=r"says 2021-07-01 12:00 UTC, and the last run was of 2021-11-16 12:00 UTC"):
        evaluated("2021-07-01T12:00:00+00:00")
    assert house.sql("SELECT count(*) FROM transition")[0][0] == 2
    back = evaluated("2021-07-01T12:00:00+00:00", was_ahead=True)
    assert {one.new for one in back.transitions} == {"at_risk", "open"}
    assert evaluated("2021-07-02T12:00:00+00:00").run == 4, "from then on its clock counts"


def a_document(house: Any) -> None:
    from duewatch.engine.ledger.database import writing
    from duewatch.engine.ledger.facts import append

    draft = Draft(
        kind="document",
        instrument="T/1 (2021)",
        target="",
        recorded_by="test",
        symbol="REPORT/7",
        dated=house.now.date(),
    )
    with writing(house.desk.engine) as connection:
        append(connection, draft, now=house.now, os_user="test")


# ------------------------------------------------------------------ the page Today
def test_today_tells_what_changed_and_what_waits_for_a_human(house: Any) -> None:
    from duewatch.engine.judgement.desk import Question

    house.at("2021-07-15T12:00:00+00:00")
    house.rounds().catch_up()
    house.at("2021-07-16T12:00:00+00:00")
    house.rounds().catch_up()
    a_document(house)
    house.sql("UPDATE delivery SET state = 'dead'")
    house.sql("UPDATE alert SET unrouted = 1 WHERE stage = 'overdue'")
    found = today(house.desk, Question(house.now), real_now=house.real)
    assert [item.obligation for item in found.items] == ["all.report"]
    assert [(one.occurrence, one.old, one.new, one.cause) for one in found.changed] == [
        ("T/1 (2021)#all.report/1", "due", "overdue", "time")
    ]
    assert found.last_run == (2, 1626436800)
    assert len(found.needs) == 3
    assert any(line.startswith("document REPORT/7 (fact 1) is not judged yet") for line in found.needs)
    day_later = today(house.desk, Question(house.now.replace(day=18)), real_now=house.real)
    assert day_later.changed == ()


def test_without_an_encoding_nothing_can_be_asked(house: Any) -> None:
    from dataclasses import replace

    from duewatch.engine.judgement.desk import Question

    nothing = replace(house.desk, encoding="sha256:none")
    with pytest.raises(BadInput, match="no encoding `sha256:none` was adopted here"):
        today(nothing, Question(house.now), real_now=house.real)
