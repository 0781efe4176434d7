"""Law 9: whatever the child or the interpreter does wrong, it is counted, and every status is still right."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.judgement.conftest import World

from duewatch.engine.encoding.contacts import Contacts
from duewatch.engine.judgement.desk import Desk
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.tables import decision, run
from duewatch.engine.running.nightly import evaluate
from duewatch.rules.grammar import Ruleset
from duewatch.rules.rete import Decider

Make = Callable[..., World]
NOBODY = Contacts(people=(), responsible=(), sha256="", content=b"")
NOW = datetime(2021, 7, 16, 12, tzinfo=UTC)
LIAR = str(Path(__file__).with_name("liar.py"))


def with_decider(here: World, decider: Decider) -> World:
    desk = here.desk
    return World(Desk(desk.engine, desk.rules, decider, desk.encoding, desk.zone))


@pytest.mark.parametrize("sort", ["lie", "die", "hang", "garble"])
def test_a_child_that_does_wrong_changes_no_status_and_is_an_incident(world: Make, sort: str) -> None:
    honest = world().ask("2021-07-16")
    with Decider(timeout=0.5, command=[sys.executable, LIAR, sort]) as decider:
        here = with_decider(world(), decider)
        found = evaluate(here.desk, NOBODY, now=NOW, real_now=NOW)
        answers = here.ask("2021-07-16")
    assert {name: item.status for name, item in answers.items()} == {name: item.status for name, item in honest.items()}
    assert found.disagreements > 0
    with reading(here.desk.engine) as connection:
        kept = connection.execute(select(run.c.disagreements, run.c.incidents)).one()
        assert kept.disagreements == len(kept.incidents) == found.disagreements
        assert set(connection.scalars(select(decision.c.decided_by))) == {"interpreter"}


def test_a_child_killed_in_the_middle_is_replaced(world: Make) -> None:
    with Decider() as decider:
        here = with_decider(world(), decider)
        before = here.ask("2021-07-16")
        assert decider._child is not None
        os.kill(decider._child._process.pid, signal.SIGKILL)
        after = here.ask("2022-07-01")
        fresh = world().ask("2022-07-01")
    assert before["a.report/1"].status == "overdue"
    assert {name: item.status for name, item in after.items()} == {name: item.status for name, item in fresh.items()}


def test_an_interpreter_that_raises_leaves_the_answer_to_the_child(
    world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = {name: item.status for name, item in world().ask("2021-07-16").items()}
    here = world()
    with Decider() as decider, monkeypatch.context() as patch:
        here = with_decider(here, decider)
        shipped = here.desk.rules.status

        def fails(ruleset: Ruleset, signature: int) -> object:
            if ruleset is shipped:
                raise RuntimeError("planted")
            return kept(ruleset, signature)

        kept = Ruleset.decide
        patch.setattr(Ruleset, "decide", fails)
        found = evaluate(here.desk, NOBODY, now=NOW, real_now=NOW)
        statuses = {name: item.status for name, item in here.ask("2021-07-16").items()}
    assert statuses == honest
    assert found.disagreements > 0
    assert "planted" in found.incidents[0]


def test_other_rules_decide_anew_and_old_decisions_stay(world: Make) -> None:
    here = world()
    here.ask("2021-07-16")
    other = World(replace(here.desk, rules=replace(here.desk.rules, hash="sha256:other")))
    other.ask("2021-07-16")
    with reading(here.desk.engine) as connection:
        assert set(connection.scalars(select(decision.c.rules))) == {here.desk.rules.hash, "sha256:other"}
