"""Whatever the calculator is asked, it answers or says where and why not, with a remedy; no traceback, no hang."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from duewatch.console.deadline import as_json, when
from duewatch.engine.encoding.calculator import read_expression
from duewatch.engine.problems import BadFile, BadInput
from duewatch.engine.reckoning.computing import computed, view_of

if TYPE_CHECKING:
    from duewatch.engine.problems import Problem

LONGEST = 6.0  # seconds of work; most take a thousandth of one
ANCHORS = {
    "served": when("2021-06-29"),
    "leap": when("2024-02-29T23:59+00:00"),
    "first": when("1800-01-01"),
    "last": when("2999-12-31"),
    "about": when("2026-05"),
    "term.start": when("2021-01-01"),
    "term.end": when("2022-12-31"),
}
COUNTS = st.sampled_from([0, 1, 2, 5, 31, 500, -3, 6_000, 182_625, 4_000_000_000])
UNITS = st.sampled_from(
    ["days", "months", "years", "weeks", "hours", "minutes", "clear days", "working days", "quarters"]
)
LENGTHS = st.builds("{} {}".format, COUNTS, UNITS) | st.just("2 months and 10 days")
DAYS = st.sampled_from([
    *("2021-06-29", "2023-02-30", "1800-01-01", "2999-12-31", "15 July 2021", "May 2026", "early 2027", "easter 2024"),
    *("2024-02-29T10:00Z", "2024-02-29T10:00+99:00", "easter 0", "easter 99999", "2021-13-01", "the end of May 2024"),
    *("the last but one day of the quarter of served", "the 5th friday of February 2024", "the end of term"),
    *("the 31st working day of the week of last", "the opening of the 81st session of general-assembly"),
])  # fmt: skip
NAMES = st.sampled_from([*ANCHORS, "term", "general-assembly/78.end", "general-assembly/81", "nobody/3.end"])
MOMENTS = st.recursive(DAYS | NAMES, lambda inner: st.builds("{} {} {}".format, LENGTHS, st.just("before"), inner))
CONDITIONS = st.sampled_from([
    *("next working day", "calendar us-federal", "calendar un-headquarters", "calendar nowhere", "calendar us-{place}"),
    *("roll half-month", "at 17:30 Europe/Paris", "at 24:00", "at 02:30 Mars/Base", "month end refuse"),
    *("month end stick-business", "extended by 1 month from the anchor", "extended by 5 days from the rolled day"),
    *("with 6 months of grace", "suspended from served to 2021-07-05", "suspended from last to first", "under no-law"),
    *("plus 2 days for distance", "under us-frcp-6a@1850-01-01", "at least 400 working days", "anchor day next"),
    *("inaccessible on 2021-07-29", "and no later than first", "counted in clear", "zone Europe/Paris"),
])  # fmt: skip
FORMS = st.one_of(
    st.builds("within {} after {}".format, LENGTHS, MOMENTS),
    st.builds("at least {} before {}".format, LENGTHS, MOMENTS),
    st.builds("not less than {} after {}".format, LENGTHS, MOMENTS),
    st.builds("{} {}".format, st.sampled_from(["by", "before", "until", "on", "during", "at"]), MOMENTS),
    st.builds("between {} and {}".format, MOMENTS, MOMENTS),
    st.builds("every {} after {} until {}".format, LENGTHS, MOMENTS, DAYS),
    st.builds("every {} after {} {} times".format, LENGTHS, MOMENTS, COUNTS),
    st.builds("schedule of {} from {} to {}".format, LENGTHS, MOMENTS, MOMENTS),
    st.builds("working days between {} and {}".format, MOMENTS, MOMENTS),
    st.builds("holidays of {}".format, COUNTS),
    st.builds("every {} sessions from {}".format, COUNTS, NAMES),
    st.builds("earliest of ({} after served) and ({} after {})".format, LENGTHS, LENGTHS, NAMES),
)
TEXTS = st.builds(lambda form, more: ", ".join([form, *more]), FORMS, st.lists(CONDITIONS, max_size=3))
BROKEN = st.builds(
    lambda text, at, junk: text[:at] + junk + text[at:], TEXTS, st.integers(0, 60), st.sampled_from("()é{\0")
)
KEYS = st.sampled_from([
    *("by", "within", "after", "before", "at-least", "every", "until", "times", "day", "of", "containing", "weekday"),
    *("nth", "between", "earliest-of", "promptly", "roll", "calendar", "zone", "cut-off", "grace", "extend", "suspend"),
    *("from", "to", "for", "deemed", "offset", "known", "easter", "recurs", "schedule", "working-days", "holidays"),
    *("at-least-working-days", "short-period", "at-most", "distance", "inaccessible", "year-starts", "month-end"),
])  # fmt: skip
VALUES = st.recursive(
    LENGTHS | MOMENTS | COUNTS | st.sampled_from(["last", "17:30", None, True, "FREQ=DAILY", "FREQ=YEARLY;COUNT=9999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
TREES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4).map(lambda tree: json.dumps(tree, ensure_ascii=False))
REGIMES = st.sampled_from(["plain", "us-frcp-6a@anchor", "uk-cpr-2.8", "eu-1182-71", "uk-foia", "epo", "us-sec"])


@pytest.mark.uncounted  # hundreds of long computations: counting lines would nearly double them
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS | BROKEN | TREES, regime=REGIMES)
@example(text="holidays of 182625", regime="de-bgb")
@example(text="between easter 0 and term.end", regime="us-frcp-6a@anchor")
@example(text="schedule of 2 working days from term.start to last", regime="us-frcp-6a@anchor")
@example(text="every 1 day after first until last", regime="plain")
@example(text="every 1 day after served 4000000000 times", regime="plain")
@example(text="{recurs: FREQ=DAILY;COUNT=4000000, from: '2021-01-01'}", regime="plain")
@example(text="{recurs: FREQ=YEARLY;INTERVAL=400;COUNT=100, from: '2021-01-01'}", regime="plain")
def test_it_answers_or_says_where_and_why_not(text: str, regime: str) -> None:
    begun = time.process_time()
    problems, said = outcome(text, regime)
    assert said
    assert [one for one in problems if not (one.place.line and one.place.column and one.wrong and one.right)] == []
    assert time.process_time() - begun < LONGEST


def outcome(text: str, regime: str) -> tuple[tuple[Problem, ...], str]:
    """What is wrong with a text, and what was said."""
    try:
        asked = read_expression(text)
        found = computed(asked.expression, view_of(ANCHORS, regime=regime), None)
    except BadFile as bad:
        return tuple(bad.problems), "; ".join(f"{one.wrong}; {one.right}" for one in bad.problems)
    except BadInput as bad:
        return (), str(bad)
    return (), json.dumps(as_json(text, asked, found, []))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every 1 day after first until last", "more than 100000 dates"),
        ("schedule of 1 day from first to last", "more than 100000 dates"),
        ("{recurs: FREQ=DAILY;COUNT=4000000, from: '2021-01-01'}", "more than 100000 dates"),
        ("suspended", "is not understood here"),
        ("10 days after served, suspended from 2021-07-05 to 2021-07-04", "the suspension ends before it begins"),
        ("10 days after served, at least 400 working days", "from 0 to 366"),
        ("holidays of 99999", "not a year of 1800 to 2999"),
    ],
)
def test_what_leads_nowhere_is_refused_in_words(text: str, said: str) -> None:
    assert said in outcome(text, "plain")[1]
