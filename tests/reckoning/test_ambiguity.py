"""Where lawful readings of a clause part: which axes, by how much, for this anchor and for any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.calculator import read_expression
from duewatch.engine.reckoning.ambiguity import Ambiguity, Anywhere, ambiguities, anywhere
from duewatch.engine.reckoning.axes import axes_of
from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.computing import view_of
from duewatch.engine.reckoning.months import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping

HORIZON = to_day(date(2030, 12, 31))
CYCLE = range(to_day(date(2000, 1, 1)), to_day(date(2400, 1, 1)))


def axes(
    text: str, anchors: Mapping[str, str] | None = None, *, any_anchor: bool = False, **ground: Any
) -> dict[str, Ambiguity]:
    view = view_of({name: date.fromisoformat(day) for name, day in (anchors or {}).items()}, **ground)
    expression: Any = read_expression(text).expression
    return {one.axis: one for one in ambiguities(expression, view, horizon=HORIZON, any_anchor=any_anchor)}


def days(one: Ambiguity) -> dict[str, str | None]:
    return {reading.id: None if reading.due is None else reading.due.isoformat() for reading in one.readings}


def test_an_assumed_regime_leaves_every_axis_open_and_says_what_each_reading_gives() -> None:
    found = axes("within 30 days after served", {"served": "2021-06-03"}, calendars=("us-federal",))
    assert days(found["anchor-day"]) == {
        "anchor-day-excluded": "2021-07-03",
        "anchor-day-included": "2021-07-02",
        "anchor-day-next": "2021-07-04",
    }
    assert days(found["roll"]) == {
        "roll-none": "2021-07-03",
        "roll-following": "2021-07-06",  # a Saturday, and on Monday the 4th is kept
        "roll-preceding": "2021-07-02",
    }
    assert all(one.is_open and one.differs for one in found.values())
    assert (found["roll"].earliest, found["roll"].latest) == (date(2021, 7, 2), date(2021, 7, 6))
    assert found["roll"].spread_days == 4
    assert all(reading.steps and reading.authority for one in found.values() for reading in one.readings)


def test_without_a_calendar_a_roll_goes_by_saturdays_and_sundays() -> None:
    found = axes("within 30 days after served", {"served": "2021-06-03"})
    assert days(found["roll"])["roll-following"] == "2021-07-05"


def test_what_cannot_matter_for_this_anchor_is_proved_irrelevant() -> None:
    found = axes("3 months after adoption", {"adoption": "2021-06-29"})
    assert {name: one.differs for name, one in found.items()} == {"anchor-day": True, "month-end": False, "roll": False}
    assert found["month-end"].spread_days == found["roll"].spread_days == 0


def test_published_law_and_the_clause_settle() -> None:
    law = axes("within 30 days after served", {"served": "2021-06-03"}, regime="eu-1182-71")
    assert {one.chosen_by for one in law.values()} == {"regime"}
    clause = axes("within 30 days after served, roll none", {"served": "2021-06-03"}, regime="eu-1182-71")["roll"]
    assert (clause.chosen_by, clause.readings[0].authority, clause.is_open) == ("clause", "the clause", False)


def test_a_count_back_rolls_back_where_its_regime_does() -> None:
    found = axes("at least 10 days before hearing", {"hearing": "2021-07-13"}, regime="us-frcp-6a")
    assert days(found["roll"]) == {
        "roll-preceding": "2021-07-02",
        "roll-none": "2021-07-03",
        "roll-following": "2021-07-06",
    }
    assert set(days(found["anchor-day"])) == {"anchor-day-excluded", "anchor-day-included"}
    assert "days-clear" in days(found["days"])


def test_a_printed_day_is_not_rolled_unless_its_regime_rolls_it() -> None:
    assert next(iter(days(axes("by 2021-07-04")["roll"]))) == "roll-none"
    assert next(iter(days(axes("by 2021-07-04", regime="us-irc-7503")["roll"]))) == "roll-following"


def test_the_order_of_a_compound_period_is_the_clause_s_own() -> None:
    found = axes("10 days and 2 months after x", {"x": "1996-12-24"})["order"]
    assert days(found) == {"order-written": "1997-03-03", "order-turned": "1997-03-06"}
    assert found.chosen_by == "clause"
    assert "order" not in axes("2 months and 1 year after x", {"x": "1996-12-24"})


def test_a_date_on_the_very_end_of_a_series() -> None:
    found = axes("every 3 months after x until 2021-12-29", {"x": "2021-06-29"})["last-date"]
    autumn, winter = date(2021, 9, 29), date(2021, 12, 29)
    assert [reading.days for reading in found.readings] == [(autumn, winter), (autumn,)]
    assert found.differs
    assert not axes("every 3 months after x until 2021-12-30", {"x": "2021-06-29"})["last-date"].differs


def test_an_extension_has_three_documented_answers() -> None:
    text = "1 month after x, roll following, calendar saturday-sunday, extended by 1 month from the rolled day"
    found = axes(text, {"x": "2023-01-31"}, regime="plain")["extension"]
    assert days(found) == {
        "extension-rolled": "2023-03-28",
        "extension-anchor": "2023-03-31",
        "extension-unrolled": "2023-03-28",
    }
    assert found.chosen_by == "clause"
    assert all(reading.authority for reading in found.readings)


def test_the_version_of_a_rule() -> None:
    found = axes("10 days after x", {"x": "2009-11-27"}, regime="us-frcp-6a")["version"]
    assert days(found) == {"version-anchor": "2009-12-11", "version-newest": "2009-12-07"}
    assert "version" not in axes("10 days after x", {"x": "2010-11-27"}, regime="us-frcp-6a")


def test_where_the_last_day_ends_moves_hours_and_no_date() -> None:
    found = axes("by 2021-09-30", zone="America/New_York")["end-of-day"]
    assert (found.spread_days, found.differs) == (0, True)
    assert found.readings[0].ends[0] - found.readings[1].ends[0] == 4 * 3600
    assert "end-of-day" not in axes("by 2021-09-30")
    assert "end-of-day" not in axes("before 2021-09-30", zone="America/New_York")
    assert "end-of-day" not in axes("not less than 2 days after 2021-09-30", zone="America/New_York")


def test_hours_have_neither_kinds_of_days_nor_month_ends() -> None:
    found = axes("earliest of (72 hours after x) and (96 hours after x)", any_anchor=True)
    assert found == {}


def test_a_bound_has_its_first_day_compared() -> None:
    found = axes("not less than 2 months after x", {"x": "1983-03-23"})["anchor-day"]
    assert days(found)["anchor-day-excluded"] == "1983-05-23"
    assert found.differs


def test_nothing_is_asked_of_a_period() -> None:
    assert axes("during x", {"x.start": "2021-06-03", "x.end": "2021-06-04"}) == {}


# ------------------------------------------------------------------ any anchor
def over_all(text: str, axis: str, ways: int = 3, **ground: Any) -> Anywhere:
    """Compare the first ways of one axis over all anchors."""
    view = view_of({}, **ground)
    expression: Any = read_expression(text).expression
    [one] = [each for each in axes_of(expression, view, view.policy()) if each.name == axis]
    found = anywhere(replace(one, ways=one.ways[:ways]), view)
    assert found is not None
    return found


@pytest.mark.parametrize(("months", "per_cent"), [(1, "1.85"), (3, "1.30"), (6, "1.85"), (12, "0.07")])
def test_the_share_of_anchors_is_exact(months: int, per_cent: str) -> None:
    """The figures that an analysis of all 146,097 anchors gave, and a count of our own."""
    found = over_all(f"{months} months after x", "month-end", ways=2)
    apart = [day for day in CYCLE if add_months(day, months, "clip") != add_months(day, months, "spill")]
    assert found.share == Fraction(len(apart), len(CYCLE))
    assert f"{float(found.share):.2%}" == f"{per_cent}%"
    assert found.witness is not None
    assert to_day(found.witness) == apart[0]
    assert found.spread_days == 1


def test_an_unknown_anchor_is_compared_over_all_of_them() -> None:
    found = axes("7 days after x")
    roll = found["roll"]
    assert roll.anywhere is not None
    assert (roll.anywhere.share, roll.anywhere.spread_days) == (Fraction(2, 7), 3)
    assert roll.anywhere.witness == date(2000, 1, 1)  # a Saturday
    assert roll.differs
    assert roll.earliest is roll.latest is None


def test_with_holidays_every_day_of_a_generation_is_its_own() -> None:
    found = over_all("7 days after x", "roll", calendars=("us-federal",))
    assert Fraction(2, 7) < found.share < Fraction(1, 3)
    assert found.spread_days == 4


def test_what_is_counted_back_looks_back() -> None:
    found = over_all("at least 1 month before x", "month-end", ways=2)
    apart = [day for day in CYCLE if add_months(day, -1, "clip") != add_months(day, -1, "spill")]
    assert found.share == Fraction(len(apart), len(CYCLE))
    assert found.witness is not None
    assert to_day(found.witness) == apart[0]


def test_a_series_and_a_printed_day_have_no_single_anchor() -> None:
    assert (
        axes("every 3 months after x until 2022-01-01", {"x": "2021-01-31"}, any_anchor=True)["month-end"].anywhere
        is None
    )
    assert axes("by 2021-07-04", any_anchor=True)["roll"].anywhere is None
