"""Doubts of the text, and the day from which each matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.judgement.conftest import World

from duewatch.engine.judgement.doubting import OWN, Doubt, doubts

Make = Callable[..., World]


@pytest.fixture
def found(world: Make) -> dict[str, Doubt]:
    here = world()
    here.now = here.now.replace(year=2022)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    here.deliver("a.report", dated=date(2021, 7, 15), symbol="R/1")
    return {doubt.name or doubt.entries[0].obligation.partition("#")[2]: doubt for doubt in doubts(here.desk)}


def test_shared_questions_come_first_then_the_entries_own_readings(found: dict[str, Doubt]) -> None:
    assert list(found) == ["which-mandate", "c.transition", "i.response"]
    shared = found["which-mandate"]
    assert (shared.asks, [answer.name for answer in shared.answers]) == (
        "which mandate counts?", ["this-one", "extended"],
    )  # fmt: skip
    assert shared.answers[1].why == "an extension keeps it current"
    assert {entry.provision for entry in shared.entries} == {"OP 8", "OP 9"}
    assert found["c.transition"].name == OWN


def test_a_doubt_matters_from_the_first_day_on_which_the_classes_differ(found: dict[str, Doubt]) -> None:
    """Due on 15 or on 25 March 2022: on the 16th one is undone and the other is not."""
    own = found["c.transition"]
    assert own.contested_from == own.since("from-beginning") == date(2022, 3, 16)


def test_what_was_recorded_has_no_part_in_it(found: dict[str, Doubt]) -> None:
    """An extension is in the ledger; the text alone moves no date."""
    assert found["which-mandate"].contested_from is None
    assert found["which-mandate"].is_open


def test_what_is_only_noted_is_no_dispute(world: Make) -> None:
    text = """
instrument: {symbol: X, title: one doubt, adopted: {date: "2021-01-01"}, zone: UTC}
parties: {a: {}}
obligations:
- id: one
  provision: Art 1
  verb: urges
  bearer: a
  kind: achieve
  action: act
  deadline: {by: "2021-03-01"}
  readings:
    printed: {default: true, why: "the words"}
    sooner: {standing: noted, deadline: {by: "2021-02-01"}, why: "somebody says so"}
"""
    [doubt] = doubts(world(text).desk)
    assert (doubt.is_open, doubt.contested_from, doubt.since("sooner")) == (False, None, date(2021, 2, 2))
    assert doubts(world(text).desk, until=date(2021, 2, 1))[0].since("sooner") is None
