"""`duewatch deadline`: a calculator without an encoding; what is wrong is told with its place and remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.console.conftest import Duewatch


EXAMPLE = Path(__file__).parents[2] / "examples" / "days-off.ics"
OURS = """\
instrument: {symbol: T/1 (2026), adopted: {date: "2026-04-01"}, zone: Europe/Paris, regime: plain}
parties: {secretary: {}}
obligations:
- id: report
  provision: Art 1
  verb: requests
  bearer: secretary
  kind: achieve
  action: report
  deadline: {within: 3 working days, after: adoption, calendar: my-office}
"""


def test_the_answer_for_programs(duewatch: Duewatch) -> None:
    found = duewatch(
        "deadline",
        "within 30 days after served, next working day",
        *("--anchor", "served=2021-06-03", "--calendar", "us-federal", "--format", "json"),
    )
    assert found.code == 0
    data = found.json
    assert data["tree"] == {"within": "30 days", "after": "served", "roll": "following"}
    assert (data["kind"], data["due"], data["unrolled"]) == ("day", "2021-07-06", ["2021-07-03"])
    assert [step["authority"] for step in data["steps"]][-1] == "the clause"
    assert {one["axis"] for one in data["ambiguities"]} == {"anchor-day", "days"}
    assert data["ambiguities"][0]["readings"][0]["id"] == data["ambiguities"][0]["chosen"]


def test_a_text_and_a_mapping_give_one_answer(duewatch: Duewatch) -> None:
    anchor = ("--anchor", "x=2021-01-31", "--format", "json")
    text, mapping = (
        duewatch("deadline", "1 month after x", *anchor),
        duewatch("deadline", "{within: 1 month, after: x}", *anchor),
    )
    assert text.json | {"expression": ""} == mapping.json | {"expression": ""}


def test_no_database_is_made(duewatch: Duewatch, empty: Path) -> None:
    assert duewatch("deadline", "3 days after 2021-06-29").code == 0
    assert not list(empty.glob("duewatch.db*"))


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (("holidays of 2021, calendar us-federal",), ["Friday 1 January 2021", "Friday 24 December 2021"]),
        (
            ("every 3 sessions from general-assembly/78 to general-assembly/84",),
            ["Tuesday 10 September 2024", "2 dates not known yet"],
        ),
        (("is 2021-07-05 a working day, calendar us-federal",), ["no working day"]),
        (("is 2021-07-06 a working day, calendar us-federal",), ["a working day"]),
        (("3 days after x", "--anchor", "x=2026-05"), ["at the earliest Monday 4 May 2026"]),
        (("3 days after x", "--anchor", "x=2026-05-01..2026-05-10"), ["due Wednesday 13 May 2026"]),
        (("{easter: 2026}",), ["due Sunday 5 April 2026"]),
        (("every 1 day after 2021-01-01", "--until", "2021-06-01"), ["... and 91 more (--format json lists them all)"]),
        (
            ("{during: term}", "--anchor", "term.start=2021-07-01", "--anchor", "term.end=2021-07-03"),
            ["from Thursday 1 July 2021"],
        ),
    ],
)
def test_answers_of_every_kind(words: tuple[str, ...], answers: list[str], duewatch: Duewatch) -> None:
    found = duewatch("deadline", *words)
    assert found.code == 0, found.err
    assert all(answer in found.words for answer in answers), found.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("by 30 February 2021",), "1:4: `2021-02-30` is not a day of the calendar; February 2021 has 28 days"),
        (("3 days after x", "--anchor", "x"), "--anchor: `x` names nothing; write NAME=2021-06-29"),
        (("3 days after x", "--anchor", "x=2021-02-30"), "--anchor x: `2021-02-30` is not a day of the calendar"),
        (("3 days after x", "--anchor", "x=2021-02-01T09:00"), "--anchor x: `2021-02-01T09:00` is not an instant"),
        (("3 days after x", "--anchor", "x=2021-02-01T29:00Z"), "`2021-02-01T29:00Z` is not a clock time of that day"),
        (("3 days after served", "--anchor", "serverd=2021-02-01"),
         "1:14: nothing says when `served` is; did you mean `serverd`?"),
        (("during term",), "nothing says when `term.start` is"),
        (("3 days after 2021-06-29", "--zone", "Nowhere"), "--zone: `Nowhere` is not a time zone"),
        (("3 days after 2021-06-29", "--zone", "Europe"), "--zone: `Europe` is not a time zone"),
        (("3 days after 2021-06-29", "--regime", "un-cs"), "there is no regime `un-cs`; did you mean `un-sc`?"),
        (("3 working days after 2021-06-29", "--calendar", "us-fed"), "there is no calendar `us-fed`"),
        (("3 working days after 2021-06-29",), "working days need a calendar; name one"),
        (("3 working days after 2031-06-29", "--calendar", "eu-institutions"), "is known from 1 January 2017"),
        (("every 1 day after 2021-06-29",), "the series has no end"),
        (("{every: 1 day, after: previous-delivery, times: 2}",), "nothing is delivered here; name a day"),
        (("72 hours after 2021-06-29",), "hours are counted from a clock time"),
        (("1 month after 2021-01-31, month end refuse",), "the month has no day 31"),
        (("-3 months after 2021-06-29",), "1:1: `-3 months` is not a length of time; write a number above 0; `before`"),
        (("3 days after x", "--anchor", "x=2021-06-30..2021-06-01"), "--anchor x: the last day comes before the first"),
        (("3 days after x", "--anchor", "x=2021-06-30", "--anchor", "x=2021-07-01"), "--anchor x: it is given twice"),
        (("by 2021-07-15, at 24:00",), "1:19: `24:00` is not a clock time; leave it out"),
        (("during t", "--anchor", "t.start=2022-01-01", "--anchor", "t.end=2021-12-31"), "it ends before it begins"),
        (("",), "EXPRESSION:1:1: the expression is empty"),
        (("[1, 2]",), "`[` has no meaning in a deadline"),
        (("{by: 1, by: 2}",), "`by` is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_remedy(words: tuple[str, ...], said: str, duewatch: Duewatch) -> None:
    found = duewatch("deadline", *words)
    assert found.code == 2
    assert said in found.err
    assert not found.out


def test_a_library_of_one_s_own(duewatch: Duewatch, empty: Path) -> None:
    calendar = {
        "calendar": "my-office",
        "source": "circular 3",
        "covers": ["2026-01-01", "2026-12-31"],
        "weekend": ["saturday", "sunday"],
        "holidays": ["2026-06-15"],
    }
    (empty / "own" / "calendars").mkdir(parents=True)
    file = empty / "own" / "calendars" / "my-office.json"
    file.write_text(json.dumps(calendar))
    words = ("deadline", "by 2026-06-13, next working day, calendar my-office", "--library", str(empty / "own"))
    assert "due Tuesday 16 June 2026" in duewatch(*words).words
    empty_one = calendar | {"calendar": "empty", "weekend": None, "holidays": []}
    file.with_name("empty.json").write_text(json.dumps(empty_one))
    refused = duewatch(*(word.replace("my-office", "empty") for word in words))
    assert refused.code == 2
    assert "the calendar is empty" in refused.err


def test_a_calendar_of_an_ics_file_is_one_for_every_command(process: Duewatch, empty: Path) -> None:
    made = process(
        *("calendar", str(EXAMPLE), "--name", "my-office", "--source", "circular 3"),
        *("--covers", "2026-01-01..2026-12-31"),
    )
    assert made.code == 0
    assert "days-off.ics:53:1: Closed in the afternoon covers no whole day: left out" in made.err
    folder = empty / "library" / "calendars"
    folder.mkdir(parents=True)
    (folder / "my-office.json").write_text(made.out, "utf-8")
    encoding = empty / "ours.yaml"
    encoding.write_text(OURS, "utf-8")
    refused = process("check", str(encoding))
    assert refused.code == 2
    assert "there is no calendar `my-office`" in refused.err
    ours = {"DUEWATCH_LIBRARY": "library", "DUEWATCH_OBLIGATIONS": "ours.yaml", "now": "2026-04-01"}
    assert process("check", str(encoding), **ours).code == 0
    first = process("status", "--format", "json", **ours)
    assert [one["due"] for one in first.json["items"]] == ["2026-04-08"]
    (folder / "my-office.json").write_text(made.out.replace('"2026-04-06",', ""), "utf-8")
    later = process("status", "--format", "json", **ours)
    assert [one["due"] for one in later.json["items"]] == ["2026-04-08"], "as it was adopted"
    assert "the calendar my-office differs from what was adopted: `duewatch load` shows what would move" in later.err
    moved = process("load", str(encoding), "--yes", **ours)
    assert "2026-04-08 -> 2026-04-07" in moved.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--covers", "2026"), "--covers: `2026` is no range of days; write 2026-01-01..2026-12-31"),
        (("--covers", "2026-12-31..2026-01-01"), "--covers: the last day comes before the first"),
        (("--covers", "2030-01-01..2030-12-31", "--name", "My Office"), "--name: `My Office` is no name of a calendar"),
        (("--covers", "1990-01-01..1990-12-31"), "no event falls into 1990-01-01..1990-12-31"),
    ],
)
def test_a_calendar_that_says_nothing_is_none(words: tuple[str, ...], said: str, duewatch: Duewatch) -> None:
    found = duewatch("calendar", str(EXAMPLE), "--source", "us", "--name", "ours", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_the_help_names_what_can_be_given(duewatch: Duewatch) -> None:
    assert "3 clear days before hearing" in duewatch("deadline", "--help").out


# ------------------------------------------------------------------ duewatch ambiguities, and check
def test_ambiguities_of_the_encoding(duewatch: Duewatch, folder: Path) -> None:
    assert folder.exists()
    found = duewatch("ambiguities", "--as-of", "2021-10-01")
    assert found.code == 0, found.err
    assert "proved irrelevant" in found.words
    assert "hangs on it" in found.words


def test_ambiguities_of_one_entry_for_programs(duewatch: Duewatch, folder: Path) -> None:
    entry = next(one["obligation"] for one in duewatch("status", "--format", "json").json["items"] if one["due"])
    assert folder.exists()
    found = duewatch("ambiguities", entry, "--as-of", "2021-10-01", "--any-anchor", "--format", "json").json
    assert {one["obligation"] for one in found} == {entry}
    keys = {"axis", "readings", "chosen", "chosen_by", "earliest", "latest", "spread_days", "witness"}
    assert keys | {"share_of_anchors", "decides_status", "status_under_each"} <= set(found[0])


UNSETTLED = """
instrument: {symbol: T/1, adopted: {date: "2021-06-01"}, zone: America/New_York, unsettled: roll}
parties: {secretary: {}}
events: {served: {date: unknown, why: later}}
obligations:
- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: report, deadline: by 2021-07-04}
- {id: b, provision: Art 2, verb: requests, bearer: secretary, kind: achieve, action: act, deadline: 7 days of served}
"""


@pytest.fixture
def unsettled(empty: Path) -> Path:
    (empty / "obligations.yaml").write_text(UNSETTLED)
    return empty


def test_what_is_open_is_printed_with_each_date(duewatch: Duewatch, unsettled: Path) -> None:
    assert unsettled.exists()
    found = duewatch("ambiguities", "--as-of", "2021-07-05")
    assert "roll, 3 days apart at most; chosen by nobody: each way is an arguable reading" in found.words
    assert "2021-07-05: a last day that is no working day moves to the next one" in found.words
    assert "a/1 hangs on it: overdue under roll-none, roll-preceding; due under roll-following" in found.words
    assert "over all anchors: they differ for 28.57%, by 3 days at most" in found.words
    assert "only move the end of the last day by hours" in found.words
    early = duewatch("ambiguities", "a", "--as-of", "2021-06-10")
    assert "a/1 is open under each" in early.words
    assert "its last day ends in UTC" in early.words


def test_check_says_what_nothing_settles(duewatch: Duewatch, unsettled: Path) -> None:
    assert unsettled.exists()
    found = duewatch("check")
    assert found.code == 0
    assert "note: nothing settles some dates: roll (2 entries), anchor-day (1 entry)" in found.words
    settled = UNSETTLED.replace("unsettled: roll", "regime: us-frcp-6a")
    (unsettled / "obligations.yaml").write_text(settled)
    assert "nothing settles" not in duewatch("check").out


def test_explain_prints_each_step_with_its_authority(duewatch: Duewatch, unsettled: Path) -> None:
    text = UNSETTLED.replace("by 2021-07-04", '"30 days after adoption, under us-frcp-6a"')
    (unsettled / "obligations.yaml").write_text(text)
    found = duewatch("explain", "a/1", "--as-of", "2021-06-10")
    assert "30 days after it, its own day not counted: 1 July 2021 [Fed. R. Civ. P. 6(a)(1)(A)]" in found.words
