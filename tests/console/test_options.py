from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import click
import pytest

from duewatch.console.options import Day, Moment, Words, known_words
from duewatch.engine.problems import BadInput


def test_a_day_is_read_as_it_is_written() -> None:
    assert Day().convert("2021-09-30", None, None) == date(2021, 9, 30)


@pytest.mark.parametrize("text", ["2021-9-30", "30 September 2021", "20210930", "2021-W39-4", "2021-09-30T10:00Z", ""])
def test_anything_else_is_refused_with_the_form_that_would_be_right(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write it as 2021-09-30"):
        Day().convert(text, None, None)


@pytest.mark.parametrize("text", ["2021-02-29", "2021-13-01", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no day of the calendar"):
        Day().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-10-01", date(2021, 10, 1)),
        ("2021-10-01T09:30Z", datetime(2021, 10, 1, 9, 30, tzinfo=UTC)),
        ("2021-10-01 09:30:15+00:00", datetime(2021, 10, 1, 9, 30, 15, tzinfo=UTC)),
        ("2021-10-01T09:30-04:00", datetime(2021, 10, 1, 9, 30, tzinfo=timezone(timedelta(hours=-4)))),
    ],
)
def test_a_moment_is_a_day_or_an_instant_with_its_offset(text: str, moment: date) -> None:
    found = Moment().convert(text, None, None)
    assert found == moment
    assert type(found) is type(moment)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2021-10-01T09:30", "lacks its offset"),
        ("2021-10-01T25:00Z", "no moment of the calendar"),
        ("yesterday", "neither a day"),
        ("1633080600", "neither a day"),
    ],
)
def test_a_moment_that_could_be_several_or_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(click.BadParameter, match=words):
        Moment().convert(text, None, None)


def test_words_are_divided_by_commas() -> None:
    assert Words().convert("overdue, at_risk,,", None, None) == ("overdue", "at_risk")


def test_an_unknown_word_comes_with_the_nearest_known_ones() -> None:
    with pytest.raises(BadInput, match=r"'overdu' is no status; did you mean overdue\?"):
        known_words(["met", "overdu"], ["met", "overdue", "open"], "status")
    with pytest.raises(BadInput, match="'xyz' is no group; there are late, soon"):
        known_words(["xyz"], ["soon", "late"], "group")


def test_known_words_come_back_as_they_were() -> None:
    assert known_words(["soon", "late"], ["late", "soon"], "group") == ("soon", "late")
