"""A target of our own, and what a norm goes on from: where they show, and where they must change nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import explain

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """
instrument: {symbol: T/RES/2 (2021), adopted: {date: "2021-06-01"}, zone: America/New_York}
parties: {secretary: {}}
obligations:
- under: g
  provision: OP 1
  shared: {verb: requests, bearer: secretary, action: act}
  entries:
  - {id: kept-up, kind: maintain, review: 6 months, deadline: {promptly: {word: swift, soft: 30 days}}}
  - {id: plain, kind: maintain, review: 6 months, continues: T/RES/1 (2020) OP 9}
  - id: doubted
    kind: achieve
    continues: true
    readings:
      some-day: {default: true, deadline: {by: "2021-12-31"}, why: printed}
      swiftly: {standing: noted, deadline: {promptly: {word: swift, soft: 30 days}}, why: "the word stands elsewhere"}
"""


def told(world: Any, name: str, as_of: date) -> str:
    sections = explain(world.desk, name, Question(as_of)).sections
    return "\n".join(line for _, lines in sections for line in lines)


def test_a_target_in_what_is_kept_up_is_a_first_look(world: Callable[..., Any]) -> None:
    one = world(TEXT)
    days = ("2021-07-01", "2021-07-02")
    assert [one.status("g.kept-up/1", day) for day in days] == ["in_force", "review"]
    assert [one.status("g.plain/1", day) for day in days] == ["in_force", "in_force"]
    assert one.ask("2021-07-02")["g.kept-up/1"].says == "nobody has looked yet; our own target 1 July 2021 has passed"
    one.record("looked", "g.kept-up/1", on=date(2021, 6, 20), found="nothing")
    assert one.status("g.kept-up/1", "2021-07-02") == "in_force"


def test_a_noted_target_is_shown_and_moves_nothing(world: Callable[..., Any]) -> None:
    one = world(TEXT)
    item = one.ask("2021-08-01")["g.doubted/1"]
    assert (item.status, item.due) == ("open", "2021-12-31")
    assert "swiftly (noted only): at_risk: our own target, 1 July 2021, has passed" in told(
        one, "g.doubted/1", date(2021, 8, 1)
    )


@pytest.mark.parametrize(
    ("name", "line"), [("g.plain/1", "goes on from T/RES/1 (2020) OP 9"), ("g.doubted/1", "goes on from before")]
)
def test_what_a_norm_goes_on_from_is_told(name: str, line: str, world: Callable[..., Any]) -> None:
    assert line in told(world(TEXT), name, date(2021, 8, 1)).splitlines()
    assert "goes on from" not in told(world(TEXT), "g.kept-up/1", date(2021, 8, 1))
