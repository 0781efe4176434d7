"""The timeline, before it has a medium: what is drawn where, and what is only counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from duewatch.engine.judgement.asking import Item
from duewatch.engine.problems import BadInput
from duewatch.engine.showing.axis import Axis
from duewatch.engine.showing.chart import chart

AnItem = Callable[..., Item]
TODAY = date(2021, 10, 5)


def draw(*items: Item, **about: Any) -> Any:
    return chart(items, title="T/1", today=TODAY, **about)


def test_occurrences_of_one_obligation_share_a_row_and_those_of_one_bearer_a_band(an_item: AnItem) -> None:
    drawn = draw(
        an_item("a/1"), an_item("b/1", place=1), an_item("a/2", due="2021-12-30"), an_item("c/1", bearer=["x"])
    )
    rows = {band.bearer: [(row.name, len(row.marks)) for row in band.rows] for band in drawn.bands}
    assert rows == {"office": [("a", 2), ("b", 1)], "x": [("c", 1)]}


def test_what_others_owe_comes_last_and_says_so(an_item: AnItem) -> None:
    drawn = draw(an_item("a/1", watch="others"), an_item("b/1"))
    assert [(band.bearer, band.watched) for band in drawn.bands] == [("office", False), ("office", True)]


def test_a_member_stands_for_itself_and_a_bearer_that_is_not_named_is_said(an_item: AnItem) -> None:
    drawn = draw(an_item("a/1", member="one"), an_item("b/1", bearer=[]))
    assert [band.bearer for band in drawn.bands] == ["not named", "one"]


def test_what_has_no_day_is_counted(an_item: AnItem) -> None:
    drawn = draw(an_item("a/1"), an_item("b/1", due=None, days=()), an_item("c/1", group=None, status=None))
    assert (drawn.undated, drawn.counts()) == (2, {"later": 1})


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({"group": "late"}, TODAY),
        ({"group": "done", "discharged_on": "2021-10-04"}, date(2021, 10, 4)),
        ({"group": "done", "discharged_on": "2021-09-20"}, None),
        ({"group": "later"}, None),
    ],
)
def test_lateness_has_a_length(an_item: AnItem, changes: dict[str, Any], until: date | None) -> None:
    [band] = draw(an_item("a/1", **changes)).bands
    assert band.rows[0].marks[0].until == until


def test_days_of_other_readings_are_kept(an_item: AnItem) -> None:
    [band] = draw(an_item("a/1", days=("2021-09-30", "2021-11-01", None))).bands
    assert band.rows[0].marks[0].others == (date(2021, 11, 1),)


def test_a_window_leaves_out_what_lies_outside(an_item: AnItem) -> None:
    items = [an_item("a/1"), an_item("a/2", due="2021-12-30"), an_item("a/3", due="2022-03-30")]
    drawn = draw(*items, first=date(2021, 12, 1), last=date(2022, 2, 1))
    assert (drawn.counts(), drawn.undated, drawn.first, drawn.last) == (
        {"later": 1},
        2,
        date(2021, 12, 1),
        date(2022, 2, 1),
    )


def test_nothing_to_draw_is_bad_input() -> None:
    with pytest.raises(BadInput, match="nothing of what was asked for has a date"):
        draw()


def test_months_are_named_as_often_as_there_is_room() -> None:
    axis = Axis(date(2021, 6, 15), date(2022, 7, 15), 0, 600)
    assert [name for _x, name in axis.ticks(100)] == ["Jul 2021", "Oct 2021", "Jan 2022", "Apr 2022", "Jul 2022"]
    long = Axis(date(2000, 6, 15), date(2022, 7, 15), 0, 600)
    assert [name for _x, name in long.ticks(100)] == ["2005", "2010", "2015", "2020"]


def test_what_lies_outside_stands_on_the_edge() -> None:
    axis = Axis(date(2021, 1, 1), date(2021, 12, 31), 10, 100)
    assert (axis.at(date(2020, 1, 1)), axis.at(date(2021, 1, 1)), axis.at(date(2030, 1, 1))) == (10, 10, 110)
