"""Files of calendars, regimes and sessions: what is wrong with one is said, each thing at its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duewatch.engine.problems import BadFile
from duewatch.engine.reckoning.calendarfiles import read_calendar
from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.computing import CannotCompute, compute
from duewatch.engine.reckoning.library import Library, shipped
from duewatch.engine.reckoning.recurrences import BadRule, occurrences, parse_rule, spelled
from duewatch.engine.reckoning.regimefiles import read_regime
from duewatch.engine.reckoning.sessions import read_body
from duewatch.engine.words import Fixed, IsWorkingDay, Span, Terms, Within

CALENDAR: dict[str, Any] = {
    "calendar": "ours",
    "source": "the law",
    "covers": ["2020-01-01", "2026-12-31"],
    "weekend": ["saturday", "sunday"],
    "rules": [{"name": "a day", "day": "02-29"}, {"name": "another", "weekday": "monday", "nth": -1, "month": 5}],
}
REGIME: dict[str, Any] = {
    "regime": "ours",
    "versions": [{"from": "2020-01-01", "terms": {"roll": "following"}, "authority": {"": "the law"}}],
}


def written(data: Any) -> bytes:
    return json.dumps(data, indent=1).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weekend": None, "rules": None, "holidays": []}, "the calendar is empty"),
        ({"weekend": ["saterday"]}, r"ours.json:\d+:\d+: `saterday` is no weekday"),
        (
            {"weekend": ["monday"] + [f"{d}day" for d in ("tues", "wednes", "thurs", "fri", "satur", "sun")]},
            "no day of",
        ),
        ({"source": ""}, "nobody knows where the calendar is from"),
        ({"calendar": ""}, "the calendar has no name"),
        ({"covers": None}, "does not say what it covers"),
        ({"covers": ["2026-01-01", "2020-01-01"]}, "it ends before it begins"),
        ({"holidays": ["2021-02-30"]}, "`2021-02-30` is no day of the calendar; write one such as"),
        ({"holidays": ["30 June 2021"]}, "`30 June 2021` is no day"),
        ({"holidays": "2021-06-30"}, "holidays is a list"),
        ({"rules": [{"day": "02-30"}]}, "`02-30` is no day of a year"),
        ({"rules": [{"day": "13-01"}]}, "`13-01` is no day of a year"),
        ({"rules": [{"weekday": "monday", "nth": 6, "month": 5}]}, "no weekday number 6 of month 5"),
        ({"rules": [{"easter": "soon"}]}, "`soon` is no whole number"),
        ({"rules": [{"easter": 1, "moved": ["sunday"]}]}, "`moved` says from which weekday"),
        ({"rules": [{"eastre": 1}]}, "`eastre` is no key of a rule; did you mean `easter`?"),
        ({"rules": ["easter"]}, "`easter` is no object"),
        ({"beyond": "guess"}, "`guess` is no way of going on; write one of refuse, assume"),
        ({"holydays": []}, "`holydays` is no key of a calendar; did you mean `holidays`?"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_said(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_calendar(written(CALENDAR | change), "ours.json")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "ours.json:1:2: this is not JSON"),
        (b"[]", "a calendar is an object"),
        (b'{"calendar": "a", "calendar": "b"}', "`calendar` is given twice"),
        (b"\xff", "write UTF-8"),
        (b" " * 5_000_000, "too large"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_calendar(content, "ours.json")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"terms": {"roll": "folowing"}}, "`folowing` is no roll; write one of none, following"),
        ({"terms": {"rol": "none"}}, "`rol` is no key of the terms of a regime; did you mean `roll`?"),
        ({"terms": {"short-period": 5}}, "a short period has a limit"),
        ({"terms": {"distance": "a while"}}, "`a while` is no length of time"),
        ({"terms": {"cut-off": "24:30"}}, "`24:30` is no clock time"),
        ({"terms": {"at-least-working-days": "two"}}, "`two` is no number"),
        ({"terms": {"calendar": [3]}}, "`3` is no name"),
        ({"terms": {"roll-fixed": "yes"}}, "`yes` is no answer"),
        ({"authority": {}}, "the regime cites nothing"),
        ({"authority": {"": "x", "rol": "y"}}, "`rol` is no key of the authorities"),
        ({"from": "1 July"}, "`1 July` is no day"),
    ],
)
def test_what_is_wrong_with_a_regime_is_said(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_regime(written(REGIME | {"versions": [REGIME["versions"][0] | change]}), "ours.json")
    with pytest.raises(BadFile, match="at least one version"):
        read_regime(written({"regime": "ours"}), "ours.json")


def test_one_more_file_is_one_more_regime_and_calendar(tmp_path: Path) -> None:
    for kind, data in (("calendars", CALENDAR), ("regimes", REGIME)):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "ours.json").write_bytes(written(data))
    library = Library.open([tmp_path])
    assert {"ours"} == set(library.calendars()) - set(shipped().calendars())
    assert {"ours"} == set(library.regimes()) - set(shipped().regimes())
    leap = IsWorkingDay(Fixed(date(2024, 2, 29)), Terms(calendars=("ours",)))
    assert compute(leap, library=library).truth is False
    with pytest.raises(CannotCompute, match="ours is known from 1 January 2020"):
        compute(
            Within((Span(3, "working-days"),), Fixed(date(2026, 12, 30)), Terms(calendars=("ours",))), library=library
        )
    with pytest.raises(CannotCompute, match="the regime ours is known from"):
        compute(Within((Span(3, "days"),), Fixed(date(2019, 1, 1))), regime="ours", library=library)


def test_a_file_is_called_what_it_says_it_is(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "theirs.json").write_bytes(written(CALENDAR))
    with pytest.raises(BadFile, match="the file is called theirs and says it is `ours`"):
        Library.open([tmp_path]).calendar(["theirs"])


def test_a_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "regimes").mkdir()
    file = tmp_path / "regimes" / "ours.json"
    file.write_bytes(written(REGIME))
    first = Library.open([tmp_path]).fingerprint("regimes", "ours@anchor")
    assert Library.open([tmp_path]).content("regimes", "ours") == written(REGIME)
    other = tmp_path / "b"
    (other / "regimes").mkdir(parents=True)
    (other / "regimes" / "ours.json").write_text(json.dumps(REGIME | {"note": "laid out in another way", "cases": []}))
    assert Library.open([other]).fingerprint("regimes", "ours") == first
    (other / "c" / "regimes").mkdir(parents=True)
    (other / "c" / "regimes" / "ours.json").write_text(json.dumps(REGIME | {"title": "changed"}))
    assert Library.open([other / "c"]).fingerprint("regimes", "ours") != first


def test_every_shipped_file_can_be_read_and_says_where_it_is_from() -> None:
    library = shipped()
    for name in library.calendars():
        (calendar,) = library.calendar([name]).calendars
        assert calendar.source
        assert calendar.title
        assert calendar.fingerprint.startswith("sha256:")
    for name in library.regimes():
        assert library.regime(name).authority("roll")


def test_a_wrong_list_of_sessions_is_refused() -> None:
    sessions = {"body": "a", "sessions": [{"number": 1, "start": {"date": "2026-02-31"}, "stop": {}}]}
    with pytest.raises(BadFile) as refused:
        read_body(written(sessions), "a.json")
    assert [problem.wrong for problem in refused.value.problems] == [
        "`2026-02-31` is no day of the calendar", "`stop` is no key of a session",
    ]  # fmt: skip


# ------------------------------------------------------------------ recurrence rules
def test_a_rule_has_one_spelling() -> None:
    assert spelled("rrule:COUNT=3;freq=MONTHLY;BYDAY=1FR") == spelled("FREQ=MONTHLY;COUNT=3;BYDAY=1FR")
    assert spelled("COUNT=3;FREQ=MONTHLY") == "FREQ=MONTHLY;COUNT=3"
    assert parse_rule("FREQ=DAILY;UNTIL=20240131").until is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("FREQ=HOURLY", "`HOURLY` is no frequency"),
        ("BYDAY=MO", "is no frequency"),
        ("FREQ=DAILY;BYHOUR=9", "`BYHOUR=9` is no part"),
        ("FREQ=DAILY;FREQ=DAILY", "each once"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0: write a number above 0"),
        ("FREQ=DAILY;COUNT=x", "COUNT=X"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "from 1 to 31"),
        ("FREQ=YEARLY;BYMONTH=-1", "from 1 to 12"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=a", "write numbers with commas"),
        ("FREQ=MONTHLY;BYDAY=0MO", "write days such as"),
        ("FREQ=DAILY;UNTIL=20240231", "write a day such as"),
        ("FREQ=DAILY;WKST=XX", "WKST one of"),
        ("FREQ=DAILY;RSCALE=HEBREW", "no calendar that we know"),
    ],
)
def test_a_wrong_rule_is_refused_with_a_remedy(text: str, says: str) -> None:
    with pytest.raises(BadRule, match=says):
        parse_rule(text)


def test_a_rule_without_a_date_ends_all_the_same() -> None:
    never = parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1")
    assert list(occurrences(never, to_day(date(2024, 1, 1)), to_day(date(2030, 1, 1)))) == []
