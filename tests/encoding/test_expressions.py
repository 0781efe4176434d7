"""The text form of a deadline and its mapping are one tree; what cannot be read is told with its place and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.engine.encoding.calculator import read_expression
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.problems import Problem
    from duewatch.engine.words import Instrument

SAME = [  # a text, and the mapping that it stands for
    ("no later than 15 July 2021", '{by: "2021-07-15"}'),
    ("by July 15, 2021", '{by: "2021-07-15"}'),
    ("by 15th july 2021", '{by: "2021-07-15"}'),
    ("2021-07-15", '{by: "2021-07-15"}'),
    ("on or before served", "{by: served}"),
    ("by 2021-07-15, at 17:30", '{by: "2021-07-15", cut-off: "17:30"}'),
    ("by 2021-07-15, at 17:30 Europe/Paris", '{by: "2021-07-15", cut-off: "17:30", zone: Europe/Paris}'),
    ("before 1 July 2022", '{before: "2022-07-01"}'),
    ("before the end of term", "{before-end-of: term}"),
    ("by the end of term", "{by: term.end}"),
    ("by the start of the 81st session of assembly", "{by: assembly/81.start}"),
    ("by the recess of assembly/81", "{by: assembly/81.recess}"),
    ("until 30 June 2022", '{holds-until: "2022-06-30"}'),
    ("on 15 July 2021", '{day: "2021-07-15"}'),
    ("between 2021-07-01 and 2021-07-15", '{between: ["2021-07-01", "2021-07-15"]}'),
    ("from 2021-07-01 until 2021-07-15", '{between: ["2021-07-01", "2021-07-15"], first-day: excluded}'),
    (
        "starting on 2021-07-01 to 2021-07-15, last day excluded",
        '{between: ["2021-07-01", "2021-07-15"], last-day: excluded}',
    ),
    ("3 months after adoption", "{within: 3 months, after: adoption}"),
    ("no later than 3 months from adoption", "{within: 3 months, after: adoption}"),
    ("within 30 days of served", "{within: 30 days, after: served}"),
    ("within 1 day after served", "{within: 1 days, after: served}"),
    ("9 months and 1 day after end", "{within: 9 months and 1 day, after: end}"),
    ("72 hours after aware", "{within: 72 hours, after: aware}"),
    ("3 clear days before the hearing", "{at-least: 3 clear days, before: hearing}"),
    ("at least 14 days before hearing", "{at-least: 14 days, before: hearing}"),
    ("no fewer than 14 days after hearing", "{not-before: 14 days, after: hearing}"),
    ("not before 2 months after notice", "{not-before: 2 months, after: notice}"),
    ("5 business days after notice, next working day", "{within: 5 working days, after: notice, roll: following}"),
    ("5 days after notice, the preceding business day", "{within: 5 days, after: notice, roll: preceding}"),
    ("5 days after notice, roll half-month", "{within: 5 days, after: notice, roll: half-month}"),
    ("5 days after x, calendar a and b, closed where all", "{within: 5 days, after: x, calendar: [a, b], join: all}"),
    ("5 days after x, roll calendar a", "{within: 5 days, after: x, roll-calendar: a}"),
    ("5 days after x, under r-1.2@anchor", "{within: 5 days, after: x, regime: r-1.2@anchor}"),
    ("5 days after x, counted in working", "{within: 5 days, after: x, days: working}"),
    ("5 days after x, zone Europe/Paris", "{within: 5 days, after: x, zone: Europe/Paris}"),
    (
        "1 month after x, month end stick, anchor day next",
        "{within: 1 month, after: x, month-end: stick, anchor-day: next}",
    ),
    ("5 days after x, plus 2 days for distance", "{within: 5 days, after: x, distance: 2 days}"),
    (
        "5 days after x, inaccessible on 2021-01-04 and 5 January 2021",
        "{within: 5 days, after: x, inaccessible: ['2021-01-04', '2021-01-05']}",
    ),
    ("5 days after x, at least 2 working days", "{within: 5 days, after: x, at-least-working-days: 2}"),
    (
        "1 month after x, extended by 5 days from the anchor",
        "{within: 1 month, after: x, extend: {by: 5 days, from: anchor}}",
    ),
    (
        "1 month after x, extended by 5 days from rolled then next working day",
        "{within: 1 month, after: x, extend: {by: 5 days, from: rolled, roll: following}}",
    ),
    (
        "1 month after x, extended by 5 days from the due day",
        "{within: 1 month, after: x, extend: {by: 5 days, from: unrolled}}",
    ),
    ("1 month after x, with 6 months of grace", "{within: 1 month, after: x, grace: {for: 6 months}}"),
    (
        "1 month after x, with 6 months of grace from the rolled day",
        "{within: 1 month, after: x, grace: {for: 6 months, from: rolled}}",
    ),
    ("1 month after x, suspended from a to b", "{within: 1 month, after: x, suspend: {from: a, to: b}}"),
    ("1 month after x, suspended from a", "{within: 1 month, after: x, suspend: {from: a}}"),
    ("every 3 months after adoption until mandate.end", "{every: 3 months, after: adoption, until: mandate.end}"),
    ("every 3 months after adoption while mandate", "{every: 3 months, after: adoption, while: mandate}"),
    ("every 3 months after adoption 4 times", "{every: 3 months, after: adoption, times: 4}"),
    ("every 3 sessions from assembly/80 to assembly/92", "{every: 3 sessions, from: assembly/80, to: assembly/92}"),
    ("every 1 session from the 80th session of the assembly", "{every: 1 session, from: assembly/80}"),
    (
        "schedule of 3 months from a to b on day 17 stub at start",
        "{schedule: 3 months, from: a, to: b, day: 17, stub: at-start}",
    ),
    ("schedule of 1 month from a to b on the last day", "{schedule: 1 month, from: a, to: b, day: last}"),
    ("at the 81st session of general-assembly", "{during: general-assembly/81}"),
    ("during mandate", "{during: mandate}"),
    ("the last day of the month of served", "{by: {day: last, of: month, containing: served}}"),
    ("the end of the quarter of served", "{by: {day: last, of: quarter, containing: served}}"),
    ("by the start of the year containing served", "{by: {day: 1, of: year, containing: served}}"),
    ("by the end of May 2026", '{by: {day: last, of: month, containing: "2026-05-01"}}'),
    ("the first day of 2026", '{by: {day: 1, of: year, containing: "2026-01-01"}}'),
    ("the 2nd friday in May 2026", '{by: {weekday: friday, nth: 2, of: month, containing: "2026-05-01"}}'),
    ("the last but one working day of the month of x", "{by: {working-day: -2, of: month, containing: x}}"),
    (
        "10 days before the last day of the month of x",
        "{at-least: 10 days, before: {day: last, of: month, containing: x}}",
    ),
    ("by 10 days after x", "{within: 10 days, after: x}"),
    ("on 10 days after x", "{day: 10 days after x}"),
    (
        "on 10 days before (the last day of the month of x)",
        "{day: {offset: 10 days, before: {day: last, of: month, containing: x}}}",
    ),
    ("on 1 month after 10 days after x", "{day: {offset: 1 month, after: 10 days after x}}"),
    ("by easter 2026", "{by: {easter: 2026}}"),
    ("in May 2026", '{by: {known: "2026-05"}}'),
    ("in early 2027", '{by: {known: ["2027-01-01", "2027-04-30"], words: early 2027}}'),
    ("in 2027", '{by: {known: ["2027-01-01", "2027-12-31"]}}'),
    ("by 2025-03-03T09:00Z", '{by: "2025-03-03T09:00Z"}'),
    (
        "earliest of (4 hours after classified) and (24 hours after aware)",
        "{earliest-of: [{within: 4 hours, after: classified}, {within: 24 hours, after: aware}]}",
    ),
    (
        "the latest of adoption, (5 days after x, next working day), and by 2021-07-15",
        '{latest-of: [adoption, {within: 5 days, after: x, roll: following}, {by: "2021-07-15"}]}',
    ),
    (
        "5 days after x, and no later than 2021-07-15",
        '{earliest-of: [{within: 5 days, after: x}, {by: "2021-07-15"}]}',
    ),
    (
        "5 days after x, or 6 days after y, whichever is later",
        "{latest-of: [{within: 5 days, after: x}, {within: 6 days, after: y}]}",
    ),
    (
        "5 days after x, or 6 days after y, whichever comes first",
        "{earliest-of: [{within: 5 days, after: x}, {within: 6 days, after: y}]}",
    ),
    ("promptly (target 14 days)", "{promptly: {soft: 14 days}}"),
    ("as soon as possible (target 1 month)", "{promptly: {word: as soon as possible, soft: 1 month}}"),
    ("regularly (target 6 months)", "{regularly: {soft: 6 months}}"),
    ("(within 30 days after served)", "{within: 30 days, after: served}"),
    ("working days between a and b, last day included", "{working-days: [a, b], last-day: included}"),
    ("is 2022-06-20 a working day, calendar c", '{is-working-day: "2022-06-20", calendar: c}'),
    ("holidays of 2016, calendar c", "{holidays: 2016, calendar: c}"),
]


@pytest.mark.parametrize(("text", "mapping"), SAME, ids=[text for text, _ in SAME])
def test_a_text_and_its_mapping_are_one_tree(text: str, mapping: str) -> None:
    assert read_expression(text).expression == read_expression(mapping).expression


REFUSED = [  # a text, the column, what is wrong, what would be right
    ("", 1, "the expression is empty", 'write "3 months after 2021-06-29" or the like'),
    ("by 30 February 2021", 4, "`2021-02-30` is not a day of the calendar", "February 2021 has 28 days"),
    ("by 15 July", 11, "`15 July` has no year", "write it with four digits"),
    (
        "within -3 months after x",
        8,
        "`-3 months` is not a length of time",
        "write a number above 0; `before` counts back",
    ),
    ("within 0 days after x", 8, "`0 days` is not a length of time", "write a number above 0"),
    ("within 3 moons after x", 10, "`moons` is not a unit of time", "did you mean `months`?"),
    ("5 bussiness days after x", 3, "`bussiness` is not a unit of time", "write `business days`"),
    ("within 30 clear months after x", 11, "`clear` is not a unit of time", "write `clear days`"),
    (
        "within thirty days after x",
        8,
        "`thirty` is not understood here",
        'write a number and a unit, such as "3 months"',
    ),
    ("within 3", 9, "the text ends too early", "write a unit: days, weeks, months, years, hours"),
    (
        "12345678901234567890 days after x",
        1,
        "`12345678901234567890 days` is longer than 500 years",
        "check the number",
    ),
    ("99999999999 hours after x", 1, "`99999999999 hours` is longer than 500 years", "check the number"),
    ("within 30 days afetr x", 16, "`afetr` is not understood here", "did you mean `after`?"),
    (
        "within 30 days after",
        21,
        "the text ends too early",
        "write a date such as 15 July 2021, an event, PERIOD.start or PERIOD.end",
    ),
    ("withn 30 days after x", 1, "`withn` is not understood here", "did you mean `within`?"),
    ("by 2021-07-15 or so", 15, "`or` is not understood here", ""),
    ("by 2021-07-15, next workday", 16, "`next` is not understood here", ""),
    ("5 days after x, roll sideways", 22, "`sideways` is not understood here", ""),
    ("5 days after x, at noon", 20, "`noon` is not understood here", "write a clock time such as 17:30"),
    ("5 days after x, at 25:00", 20, "`25:00` is not a clock time", ""),
    (
        "5 days after x, at least many working days",
        26,
        "`many` is not understood here",
        "write a number of working days",
    ),
    ("5 days after x, roll none, roll none", 28, "`roll` is said twice", "keep one"),
    ("5 days after x, or 6 days after y", 34, "the text ends too early", ""),
    ("earliest of (by 2021-07-15", 27, "the text ends too early", "write `)`"),
    ("by & x", 4, "`&` has no meaning in a deadline", "leave it out"),
    ("the 3rd blursday of May 2026", 9, "`blursday` is not understood here", "did you mean `thursday`?"),
    ("the last day of the moon of x", 21, "`moon` is not understood here", ""),
    ("promptly", 9, "`promptly` sets no date", "add a target of our own: `promptly (target 14 days)`"),
    ("every 3 months", 15, "the text ends too early", ""),
    ("every 3 sessions after x", 18, "`after` is not understood here", ""),
    ("in the morning", 4, "`the` is not understood here", ""),
    ("schedule of 1 month from a to b on day one", 40, "`one` is not understood here", "write a whole number"),
    ("holidays of late", 13, "`late` is not understood here", "write a year"),
    ("is 2021-07-03 a working day or not", 29, "`or` is not understood here", ""),
    ("(" * 21 + "x", 21, "more than 20 things within one another", "write it more simply"),
    ("on " + "(" * 21 + "x", 23, "more than 20 things within one another", "write it more simply"),
    ("by " + "x" * 1000, 1, "a text of 1003 letters", "write it in 1000 at most, or as a mapping"),
    ("{with: x, every: 2nd}", 8, "the dates of another entry's series stand in an encoding only", ""),
    ("{within: 3 moons, after: x}", 10, "`moons` is not a unit of time", "did you mean `months`?"),
    ("{within: 3 months, after: x", 1, "", ""),
    ("by 2021-07-15, calendar c, extended by 1 day from", 50, "the text ends too early", ""),
    ("every 3 months after 2021-06-29T09:00Z and on", 40, "`and` is not understood here", ""),
    ("2021-13-45T09:00Z", 1, "`2021-13-45` is not a day of the calendar", ""),
]


@pytest.mark.parametrize(("text", "column", "wrong", "right"), REFUSED, ids=[one[0][:40] for one in REFUSED])
def test_a_text_that_cannot_be_read_is_told_with_its_place(text: str, column: int, wrong: str, right: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_expression(text)
    problem = refused.value.problems[0]
    assert (problem.place.line, wrong in problem.wrong, right in problem.right) == (1, True, True), str(problem)
    assert problem.place.column == column or not wrong


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text; nothing where it can be read."""
    try:
        read_expression(text)
    except BadFile as refused:
        return refused.problems
    return ()


@given(st.text(st.sampled_from("0123456789 abdefhilmnorstuwy-:,().2021-07-15"), max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    assert all(problem.wrong for problem in problems_of(text))


@given(st.lists(st.sampled_from([word for text, _ in SAME for word in text.split()]), max_size=9))
def test_words_of_the_language_in_any_order_are_read_or_refused(words: list[str]) -> None:
    assert all(problem.place.column >= 1 for problem in problems_of(" ".join(words)))


# ------------------------------------------------------------------ in an encoding
ENTRY = "- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: report, deadline: %s}\n"


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ('"within 30 days after begun, next working day"', "{within: 30 days, after: begun, roll: following}"),
        ("3 months after adoption", "{within: 3 months, after: adoption}"),
        ("before the end of mandate", "{before-end-of: mandate}"),
        ("at the 81st session of general-assembly", "{during: general-assembly/81}"),
    ],
)
def test_in_an_encoding_both_have_one_tree_and_one_fingerprint(
    text: str, mapping: str, encode: Callable[..., Instrument]
) -> None:
    one, other = encode(ENTRY % text), encode(ENTRY % mapping)
    assert one.obligations[0].norms == other.obligations[0].norms
    assert one.tree_hash == other.tree_hash
    assert one.tree_hash != encode(ENTRY % "4 months after adoption").tree_hash


def test_a_text_in_a_reading_and_in_a_group_is_opened_too(encode: Callable[..., Instrument]) -> None:
    grouped = """
- under: g
  shared: {verb: requests, bearer: secretary, kind: achieve, action: report, deadline: %s}
  entries:
  - {id: a, provision: Art 1, readings: {x: {default: true, why: w}, y: {why: w, deadline: %s}}}
"""
    texts = encode(grouped % ("3 months after begun", "4 months after begun"))
    maps = encode(grouped % ("{within: 3 months, after: begun}", "{within: 4 months, after: begun}"))
    assert texts.tree_hash == maps.tree_hash
    assert [norm.deadline for norm in texts.obligations[0].norms] == [
        norm.deadline for norm in maps.obligations[0].norms
    ]


def test_a_name_called_deadline_is_no_deadline(encode: Callable[..., Instrument]) -> None:
    dated = ENTRY % '"by 2021-07-15", working-dates: {deadline: -3 days}'
    assert encode(dated).tree_hash != encode(dated.replace("-3", "-4")).tree_hash


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("by 30 February 2022", "t.yaml:7:108"),
        ('"by 30 February 2022"', "t.yaml:7:109"),
    ],
)
def test_the_place_is_that_of_the_file(text: str, place: str, encode: Callable[..., Instrument]) -> None:
    with pytest.raises(BadFile) as bad:
        encode(ENTRY % text)
    assert [str(one.place) for one in bad.value.problems] == [place]


def test_a_text_over_several_lines_is_placed_where_it_begins(encode: Callable[..., Instrument]) -> None:
    entry = (
        ENTRY.replace("{", "").replace("}", "").replace(", ", "\n  ").replace("- id", "- id")
        % ">-\n    by\n    30 February 2022"
    )
    with pytest.raises(BadFile) as bad:
        encode(entry)
    assert bad.value.problems[0].place.line >= 13


def test_names_in_a_text_must_be_declared(encode: Callable[..., Instrument]) -> None:
    with pytest.raises(BadFile) as bad:
        encode(ENTRY % "within 30 days after begin")
    assert "did you mean `begun`?" in str(bad.value)


HEAD = """
instrument: {symbol: T/1 (2021), adopted: {date: "2021-06-29"}, zone: Europe/Paris, calendar: [c, d], unsettled: [roll]}
parties: {secretary: {}}
events: {begun: {date: "2021-07-01"}}
"""


def test_calendars_of_the_instrument_and_a_regime_of_the_entry_are_laid_under_the_clause(
    encode: Callable[..., Instrument],
) -> None:
    parts = '"earliest of (5 days after begun) and (by 2021-08-01, calendar e)", regime: r'
    (entry,) = encode(ENTRY % parts, head=HEAD).obligations
    first, second = (part.terms for part in entry.norms[0].deadline.parts)  # type: ignore[union-attr]
    assert (first.regime, first.calendars) == ("r", ("c", "d"))
    assert (second.regime, second.calendars) == ("r", ("e",))
    assert entry.norms[0].unsettled == ("roll",)


def test_an_entry_may_say_that_all_is_settled_or_more_is_not(encode: Callable[..., Instrument]) -> None:
    (none,) = encode(ENTRY % "by 2021-08-01, unsettled: none", head=HEAD).obligations
    (more,) = encode(ENTRY % "by 2021-08-01, unsettled: [month-end, days]", head=HEAD).obligations
    assert none.norms[0].unsettled == ()
    assert more.norms[0].unsettled == ("days", "month-end")


def test_longer_forms_keep_the_calendars_of_their_inner_form(encode: Callable[..., Instrument]) -> None:
    longer = '"5 days after begun, suspended from begun, extended by 1 day from rolled, with 2 days of grace"'
    (entry,) = encode(ENTRY % longer, head=HEAD).obligations
    grace: Any = entry.norms[0].deadline
    within = grace.base.base.base
    assert within.terms.calendars == grace.terms.calendars == ("c", "d")
