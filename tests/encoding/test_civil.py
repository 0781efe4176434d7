"""Days, spans, clock times and numbers as people write them."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction

import pytest

from duewatch.engine.encoding.civil import (
    days_in,
    guess_day,
    looks_like_day,
    parse_clock,
    parse_day,
    parse_number,
    parse_spans,
)
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.words import Span

ADOPTED = date(2021, 6, 29)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30 September", "2021-09-30"),
        ("1 March", "2022-03-01"),
        ("29 June", "2021-06-29"),
        ("28 june", "2022-06-28"),
        ("30th Sept 2023", "2023-09-30"),
        ("30. September 2023", "2023-09-30"),
        ("September 30, 2023", "2023-09-30"),
        ("Sep 30", "2021-09-30"),
        ("30.9.2021", "2021-09-30"),
        ("2021/9/30", "2021-09-30"),
        ("2021-9-3", "2021-09-03"),
        ("2021.09.30", "2021-09-30"),
        ("31 June", ""),
        ("31 June 2021", ""),
        ("9/30/2021", ""),
        ("3 Se", ""),
        ("3 Brumaire", ""),
        ("soon", ""),
    ],
)
def test_which_day_was_meant(text: str, meant: str) -> None:
    assert guess_day(text, ADOPTED) == meant


def test_without_an_adoption_a_year_is_not_guessed() -> None:
    assert guess_day("30 September", None) == ""
    assert guess_day("30 September 2021", None) == "2021-09-30"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("30 September", True),
        ("30/9/2021", True),
        ("30.9.2021", True),
        ("2021 9 30", True),
        ("September", False),
        ("may", False),
        ("phase 2", False),
        ("1/2", False),
        ("mandate.end", False),
    ],
)
def test_what_looks_like_a_day(text: str, answer: bool) -> None:
    assert looks_like_day(text) is answer


def test_a_day_is_read() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("2023-02-29", "is not a day of the calendar", "February 2023 has 28 days"),
        ("2023-04-00", "is not a day of the calendar", "April 2023 has 30 days"),
        ("2023-00-10", "is not a day of the calendar", "there is no month 0"),
        ("2023-13-10", "is not a day of the calendar", "there is no month 13"),
        ("0000-01-01", "is not in a year of 1800 to 2999", "check the year"),
        ("9999-01-01", "is not in a year of 1800 to 2999", "check the year"),
        ("\u0662021-01-01", "is not a date", 'write "YYYY-MM-DD"'),
        ("30 September", "is not a date", 'write "2021-09-30"'),
    ],
)
def test_what_is_no_day(text: str, wrong: str, right: str) -> None:
    with pytest.raises(Amiss) as amiss:
        parse_day(text, ADOPTED)
    assert amiss.value.wrong == f"`{text}` {wrong}"
    assert amiss.value.right.startswith(right)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("3 months", (Span(3, "months"),)),
        ("1 month", (Span(1, "months"),)),
        ("1 Day", (Span(1, "days"),)),
        ("2weeks", (Span(2, "weeks"),)),
        ("-42 days", (Span(-42, "days"),)),
        ("9 months and 1 day", (Span(9, "months"), Span(1, "days"))),
        ("500 years", (Span(500, "years"),)),
    ],
)
def test_a_span_is_read(text: str, spans: tuple[Span, ...]) -> None:
    assert parse_spans(text) == spans


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("months", "is not a span of time"),
        ("3", "is not a span of time"),
        ("3.5 days", "is not a span of time"),
        ("3 months and", "is not a span of time"),
        ("3 days 4", "is not a span of time"),
        ("3 fortnights", "is not a unit of time"),
        ("501 years", "is longer than 500 years"),
        ("-6001 months", "is longer than 500 years"),
        ("9" * 5000 + " days", "is longer than 500 years"),
    ],
)
def test_what_is_no_span(text: str, wrong: str) -> None:
    with pytest.raises(Amiss, match=wrong):
        parse_spans(text)


def test_a_span_is_never_shorter_in_days_than_on_any_calendar() -> None:
    assert days_in(parse_spans("1 year and 2 months and 1 week and 1 day")) == 366 + 62 + 7 + 1


def test_a_clock_time_is_read() -> None:
    assert [parse_clock(text) for text in ("00:00", "17:30", "23:59")] == [time(0), time(17, 30), time(23, 59)]


@pytest.mark.parametrize("text", ["24:00", "5:30", "17:60", "17.30", "17:30:00", "noon"])
def test_what_is_no_clock_time(text: str) -> None:
    with pytest.raises(Amiss, match="is not a clock time"):
        parse_clock(text)


def test_the_end_of_the_day_needs_no_clock_time() -> None:
    with pytest.raises(Amiss) as caught:
        parse_clock("24:00")
    assert caught.value.right == "leave it out: without one the last day counts to its end"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16", 16),
        ("12.5", Fraction(25, 2)),
        ("30/100", Fraction(3, 10)),
        ("30%", Fraction(3, 10)),
        ("30 per cent", Fraction(3, 10)),
        ("0.5 percent", Fraction(1, 200)),
    ],
)
def test_a_number_is_exact(text: str, number: Fraction | int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "-5", "1/0", "1e9", "a third", "1,000", "5%/3", "1" * 19])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Amiss, match="is not a number"):
        parse_number(text)
