"""What must follow on a message that was sent: closed, moved, open again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update
from tests.alerting.house import DUE, a_matter, a_person, a_rule, deliveries, planned, some_contacts

from duewatch.engine.alerting.following import follow_ups
from duewatch.engine.alerting.words import FollowUp, Raised, Standing, family
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.tables import dating, delivery, notice

if TYPE_CHECKING:
    from sqlalchemy import Engine

ITS = a_matter().occurrence


def stands(raised: Raised | None = None, *, over: bool = False, dates: tuple[int, ...] = (DUE,)) -> dict[str, Standing]:
    matter = raised or a_matter(stage="", status="met_late")
    return {ITS: Standing(matter=matter, is_over=over, dates=frozenset(dates))}


def sent(engine: Engine, state: str = "sent") -> None:
    with writing(engine) as connection:
        connection.execute(update(delivery).where(delivery.c.state == "pending").values(state=state))


def following(engine: Engine, standings: dict[str, Standing]) -> list[FollowUp]:
    with reading(engine) as connection:
        return follow_ups(connection, standings)


def stages(engine: Engine, standings: dict[str, Standing]) -> list[tuple[str, int]]:
    return [(each.raised.stage, each.raised.base_day) for each in following(engine, standings)]


def was_due(engine: Engine, day: int) -> None:
    """Note that the occurrence had this due day once, under some earlier encoding."""
    row: dict[str, Any] = dict.fromkeys((column.name for column in dating.c if column.nullable), None)
    row |= {"encoding": "old", "occurrence": ITS, "reading": "default", "k0": 0, "d0": 0, "k1": 1, "d1": 1}
    row |= {"obligation": "o", "state": "dated", "armed": 1, "due": day, "inferred": 0, "steps": []}
    with writing(engine) as connection:
        connection.execute(insert(dating).values(row))


def plan_following(engine: Engine, standings: dict[str, Standing], *raised: Raised, run: int) -> int:
    return planned(engine, *raised, run=run, follow_ups=following(engine, standings)).deliveries


@pytest.mark.parametrize(
    ("stage", "sort"),
    [("closed", "closed"), ("closed-2", "closed"), ("moved", "moved"), ("reopened-3", "reopened"), ("due", "ladder")],
)
def test_the_sort_of_a_stage(stage: str, sort: str) -> None:
    assert family(stage) == sort


# ------------------------------------------------------------------ closed
def test_who_was_told_that_it_is_late_hears_that_it_is_closed_once(engine: Engine) -> None:
    planned(engine, a_matter())
    sent(engine)
    over = stands(over=True)
    assert stages(engine, over) == [("closed", DUE)]
    assert plan_following(engine, over, run=2) == 1
    assert plan_following(engine, over, run=3) == 0
    sent(engine)
    assert stages(engine, over) == []
    assert [row.state for row in deliveries(engine)] == ["sent", "sent"]


def test_a_follow_up_goes_to_those_who_were_told_and_on_the_channel_they_know(engine: Engine) -> None:
    both = replace(a_person(), channels=("email", "slack"))
    planned(engine, a_matter(), contacts=some_contacts([both]))
    with writing(engine) as connection:
        connection.execute(update(delivery).where(delivery.c.channel == "slack").values(state="sent"))
    assert [(each.person, each.channel) for each in following(engine, stands(over=True))] == [("officer", "slack")]


@pytest.mark.parametrize("state", ["pending", "dead", "obsolete"])
def test_nothing_follows_on_what_was_never_sent(engine: Engine, state: str) -> None:
    planned(engine, a_matter())
    sent(engine, state)
    assert stages(engine, stands(over=True)) == []


def test_who_was_only_told_ahead_of_time_need_not_hear_that_it_is_done(engine: Engine) -> None:
    planned(engine, a_matter(stage="lead-14", older_stages=(), day=DUE - 10))
    sent(engine)
    assert stages(engine, stands(over=True)) == []


def test_who_left_the_contacts_hears_nothing(engine: Engine) -> None:
    planned(engine, a_matter())
    sent(engine)
    gone = some_contacts([a_person("deputy")], a_rule("deputy"))
    assert planned(engine, contacts=gone, run=2, follow_ups=following(engine, stands(over=True))).deliveries == 0


def test_what_nobody_knows_any_more_is_left_alone(engine: Engine) -> None:
    planned(engine, a_matter())
    sent(engine)
    assert stages(engine, {}) == []


# ------------------------------------------------------------------ open again
def test_a_closing_that_is_taken_back_is_told_and_so_is_the_next_one(engine: Engine) -> None:
    late, over = stands(a_matter()), stands(over=True)
    planned(engine, a_matter())
    sent(engine)
    for run, (now, stage) in enumerate(
        [(over, "closed"), (late, "reopened"), (over, "closed-2"), (late, "reopened-2")], start=2
    ):
        assert stages(engine, now) == [(stage, DUE)]
        assert plan_following(engine, now, run=run) == 1
        assert stages(engine, now) == [(stage, DUE)]
        sent(engine)
        assert stages(engine, now) == []


def test_a_newer_stage_says_by_itself_that_it_is_open_again(engine: Engine) -> None:
    planned(engine, a_matter())
    sent(engine)
    plan_following(engine, stands(over=True), run=2)
    sent(engine)
    assert stages(engine, stands(a_matter(stage="overdue+3"))) == []


# ------------------------------------------------------------------ moved
def test_who_was_told_another_date_hears_of_the_new_one_once(engine: Engine) -> None:
    planned(engine, a_matter(stage="lead-14", older_stages=(), day=DUE - 10))
    sent(engine)
    was_due(engine, DUE)
    later = stands(a_matter(stage="", base_day=DUE + 16), dates=(DUE + 16,))
    assert stages(engine, later) == [("moved", DUE + 16)]
    assert plan_following(engine, later, run=2) == 1
    assert plan_following(engine, later, run=3) == 0
    sent(engine)
    assert stages(engine, later) == []
    again = stands(a_matter(stage="", base_day=DUE + 30), dates=(DUE + 30,))
    with writing(engine) as connection:
        connection.execute(update(dating).values(due=DUE + 16))
    assert stages(engine, again) == [("moved", DUE + 30)]


def test_a_date_of_another_reading_is_no_move(engine: Engine) -> None:
    planned(engine, a_matter(stage="lead-14", older_stages=(), day=DUE - 10))
    sent(engine)
    was_due(engine, DUE)
    assert stages(engine, stands(a_matter(base_day=DUE + 6), dates=(DUE, DUE + 6))) == []


def test_a_ladder_that_counts_from_something_else_never_moves(engine: Engine) -> None:
    """What was told was never a due day: the day of a measure."""
    planned(engine, a_matter(stage="breached", older_stages=()))
    sent(engine)
    assert stages(engine, stands(a_matter(stage="breached", base_day=DUE + 9), dates=(DUE + 200,))) == []


def test_a_date_that_is_not_known_any_more_is_no_new_date(engine: Engine) -> None:
    planned(engine, a_matter())
    sent(engine)
    was_due(engine, DUE)
    assert stages(engine, stands(a_matter(stage=""), dates=())) == []


# ------------------------------------------------------------------ apart from what else is told
def test_follow_ups_have_a_message_of_their_own(engine: Engine) -> None:
    other = a_matter(2)
    planned(engine, a_matter())
    sent(engine)
    assert plan_following(engine, stands(over=True), other, run=2) == 2
    with reading(engine) as connection:
        told = connection.execute(select(notice.c.stage, notice.c.delivery, notice.c.reason)).all()
    assert len({row.delivery for row in told}) == 3
    assert {row.reason for row in told if row.stage == "closed"} == {"among those who were told of it before"}
