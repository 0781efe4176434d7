"""Published deadlines (statutes, judgments, regulators, libraries) through the public functions."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.reckoning.civil import from_day
from duewatch.engine.words import By, During, Every, Fixed, NoDate, Period, Shifted, Span, Within

if TYPE_CHECKING:
    from duewatch.engine.words import Deadline, Instrument

CASES = json.loads((Path(__file__).parent.parent / "cases" / "deadlines.json").read_text("utf-8"))
KINDS = {
    "add_period": "a period after a day",
    "legal_deadline": "within a period after an event",
    "chained_months": "offsets of offsets",
    "steps": "compound periods in their order",
    "every_after": "series",
}


def day(text: str) -> Fixed:
    return Fixed(date.fromisoformat(text))


def spans(parts: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(parts[unit], unit) for unit in ("years", "months", "weeks", "days") if parts.get(unit))


def deadline_of(case: dict[str, Any]) -> Deadline:
    given = case["inputs"]
    match case["rule_kind"]:
        case "add_period":
            return By(Shifted(day(given["date"]), spans(given)))
        case "legal_deadline":
            more = tuple(span for step in given.get("then", ()) for span in spans(step))
            return Within((Span(given["n"], given["unit"]), *more), day(given["anchor"]))
        case "chained_months":
            moment: Any = day(given["date"])
            for step in given["steps"]:
                moment = Shifted(moment, (Span(step, "months"),))
            return By(moment)
        case "steps":
            return By(Shifted(day(given["date"]), tuple(span for step in given["steps"] for span in spans(step))))
        case _:
            return Every(Span(given["months"], "months"), day(given["anchor"]), until=day(case["expected"][-1]))


def before(instrument: Instrument, case: dict[str, Any]) -> Instrument:
    """Adopt the instrument on the anchor: its series count only dates after the adoption."""
    anchor = case["inputs"].get("anchor") or case["inputs"].get("date")
    return replace(instrument, adopted=date.fromisoformat(anchor))


@pytest.mark.parametrize("zone_of_the_machine", ["UTC", "Pacific/Apia", "America/St_Johns"])
@pytest.mark.parametrize("case", [case for case in CASES if case["rule_kind"] in KINDS], ids=lambda case: case["id"])
def test_a_published_count(
    case: dict[str, Any], bench: Any, zone_of_the_machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone_of_the_machine)
    time.tzset()
    try:
        found = bench.datings(bench.norm(deadline=deadline_of(case)), instrument=before(bench.instrument, case))
    finally:
        monkeypatch.undo()
        time.tzset()
    expected = case["expected"] if isinstance(case["expected"], list) else [case["expected"]]
    assert [from_day(row.due).isoformat() for row in found] == expected


FORMS = {  # the words of the Acts Interpretation Act and of the resolution, as forms of ours
    "AU-36-1": During("span"),
    "AU-36-3": NoDate(),
    "AU-36-4": By(Fixed(date(2024, 6, 30))),
    "AU-36-7": During("span"),
    "UN-2584-OP17": NoDate(),
    "UN-2584-OP19": By(Fixed(date(2021, 7, 15))),
}
PERIODS = {
    "AU-36-1": Period(name="span", start=Fixed(date(2023, 9, 1)), until=Fixed(date(2023, 11, 30))),
    "AU-36-7": Period(
        name="span",
        start=Shifted(Fixed(date(2023, 5, 8)), (Span(-7, "days"),)),
        until=Fixed(date(2023, 5, 8)),
        last_day="excluded",
    ),
}


@pytest.mark.parametrize("case", [case for case in CASES if case["id"] in FORMS], ids=lambda case: case["id"])
def test_published_words_for_first_and_last_days(case: dict[str, Any], bench: Any) -> None:
    form, last = FORMS[case["id"]], case["expected"]["last"]
    periods = {"span": PERIODS[case["id"]]} if case["id"] in PERIODS else {}
    standing = isinstance(form, NoDate)  # "until": a state that holds to the end of the day
    norm = bench.norm(deadline=form, until=day(last) if standing else None)
    (row,) = bench.datings(norm, instrument=replace(bench.instrument, periods=periods))
    assert from_day(row.ends if standing else row.due).isoformat() == last
    if case["expected"].get("first"):
        assert from_day(row.opens).isoformat() == case["expected"]["first"]


def test_every_case_is_driven() -> None:
    assert {case["id"] for case in CASES if case["rule_kind"] not in KINDS} == FORMS.keys()


def test_a_chained_count_would_have_drifted(bench: Any) -> None:
    (case,) = [case for case in CASES if case["id"] == "DRIFT-1"]
    last = bench.datings(bench.norm(deadline=deadline_of(case)), instrument=before(bench.instrument, case))[-1]
    assert from_day(last.due) - date(2021, 11, 28) == timedelta(days=2)
