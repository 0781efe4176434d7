"""Recurrence rules against dateutil, for the forms on which the two agree about RFC 5545."""

from __future__ import annotations

from datetime import date, datetime

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.engine.reckoning.civil import NEWEST, from_day, to_day
from duewatch.engine.reckoning.recurrences import occurrences, parse_rule

END = datetime.fromisoformat("2150-01-01")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule without numbered weeks (read otherwise by dateutil) and without BYSETPOS in weeks (wrong there, #1398)."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 6))}", f"COUNT={draw(st.integers(1, 6))}"]
    some = st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True)
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=2, max_size=5, unique=True))
        parts.append(f"BYMONTH={','.join(map(str, months))}")
    by = draw(st.sampled_from(["", "BYMONTHDAY", "BYDAY", "nth", "BYYEARDAY"]))
    if by == "BYMONTHDAY" and freq != "WEEKLY":
        numbers = draw(st.lists(st.sampled_from([1, 2, 13, 28, 29, 30, 31, -1, -2, -31]), min_size=1, max_size=2))
        parts.append(f"BYMONTHDAY={','.join(map(str, numbers))}")
    elif by == "BYDAY":
        parts.append(f"BYDAY={','.join(draw(some))}")
    elif by == "nth" and freq in {"MONTHLY", "YEARLY"}:
        n = draw(st.sampled_from(["1", "2", "-1", "4"]))
        parts.append(f"BYDAY={','.join(n + day for day in draw(some))}")
    elif by == "BYYEARDAY" and freq in {"DAILY", "YEARLY"}:
        parts = [part for part in parts if not part.startswith("BYMONTH")]
        parts.append(f"BYYEARDAY={draw(st.integers(1, 366))},{draw(st.integers(-366, -1))}")
    if freq in {"MONTHLY", "YEARLY"} and len(parts) > 3 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1']))}")
    return ";".join([*parts, f"WKST={draw(st.sampled_from(DAYS))}"])


@settings(max_examples=150)
@given(rule=rules(), start=st.dates(date(1950, 1, 1), date(2050, 1, 1)))
def test_a_rule_gives_the_days_of_dateutil(rule: str, start: date) -> None:
    theirs = rrulestr(rule, dtstart=datetime.fromisoformat(start.isoformat()))
    expected = [day.date() for day in theirs.between(datetime.fromisoformat("1900-01-01"), END, inc=True)]
    found = [from_day(day) for day in occurrences(parse_rule(rule), to_day(start), NEWEST)]
    assert [day for day in found if day.year < END.year] == expected
