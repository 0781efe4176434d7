"""Published deadlines (statutes, judgments, regulators, libraries) through the expressions that users write."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.reckoning.computing import CannotCompute, Computed, compute
from duewatch.engine.reckoning.library import Library
from duewatch.engine.reckoning.recurrences import spelled
from duewatch.engine.words import (
    At,
    AtLeast,
    Between,
    By,
    DayOf,
    Deemed,
    EarliestOf,
    Easter,
    Every,
    Extended,
    Fixed,
    Holidays,
    IsWorkingDay,
    NotBefore,
    Pause,
    Recurring,
    Ref,
    Schedule,
    Shifted,
    ShortPeriod,
    Span,
    Suspended,
    Terms,
    Until,
    Within,
    WorkingDays,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.words import Expression

FOLDER = Path(__file__).parent.parent / "cases"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "deadline-cases.json").read_text("utf-8"))
CALENDARS: dict[str, Any] = json.loads((FOLDER / "deadline-calendars.json").read_text("utf-8"))

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BY_LETTERS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS, strict=True))
ROLLS = {"nearest_ql": "nearest", "nearest_strata": "nearest-by-weekday", "half_month_modified_following": "half-month"}
ROUNDINGS = {"up": "spill", "down": "clip", "abort": "refuse"}
ANCHOR_DAYS = {
    "exclude_anchor": "excluded",
    "include_anchor": "included",
    "clear_days": "excluded",
    "day_after_then_same_weekday": "next",
    "day_after_then_same_date": "next",
}
SHIPPED = {  # the calendars that sources name by place, as ours
    "SAT_SUN": "saturday-sunday",
    "NONE": "every-day",
    "SUN_ONLY": "sunday",
    "AU Sydney": "au-sydney",
    "CA Toronto": "ca-toronto",
    "CH Zurich": "ch-zurich",
    "DE Frankfurt": "de-frankfurt",
    "EU TARGET": "eu-target",
    "FR Paris": "fr-paris",
    "GB-ENG bank holidays (London)": "gb-england-wales",
    "QuantLib DE Frankfurt Stock Exchange": "de-exchange",
    "QuantLib EU TARGET": "eu-target",
    "QuantLib GB-ENG bank holidays (London)": "gb-england-wales",
    "QuantLib US FederalReserve": "us-federal-reserve",
    "QuantLib US Settlement": "us-settlement",
    "US Federal Reserve / Fedwire": "us-federal-reserve",
    "US Government Securities": "us-government-securities",
    "ZA Johannesburg": "za-johannesburg",
}
PHRASES: dict[str, Expression] = {  # the words of the Acts Interpretation Act
    "between 1 September and 30 November": Between(Fixed(date(2023, 9, 1)), Fixed(date(2023, 11, 30))),
    "continues until 31 March": Until(Fixed(date(2024, 3, 31))),
    "ends on 30 June": By(Fixed(date(2024, 6, 30))),
    "7 days before 8 May": Between(
        Shifted(Fixed(date(2023, 5, 8)), (Span(-7, "days"),)), Fixed(date(2023, 5, 8)), last_day="excluded"
    ),
}


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The shipped library, with the calendars that the cases name."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "calendars").mkdir()
    for name, given in CALENDARS.items():
        data = {
            "calendar": ours(name),
            "source": given["source"] or "the cases",
            "covers": [None, None],
            "weekend": [BY_LETTERS[day] for day in given["weekend"]],
            "holidays": given["holidays"],
            "working": given["working"],
        }
        (folder / "calendars" / f"{ours(name)}.json").write_text(json.dumps(data), "utf-8")
    return Library.open([folder])


def ours(name: str | None) -> str:
    return SHIPPED.get(name or "", (name or "").lower().replace("_", "-"))


def calendars(name: str | None) -> tuple[str, ...]:
    return (ours(name),) if name else ()


def day(text: str) -> Fixed:
    return Fixed(date.fromisoformat(text))


def spans(parts: dict[str, Any]) -> tuple[Span, ...]:
    return tuple(Span(parts[unit], unit) for unit in ("years", "months", "weeks", "days") if parts.get(unit))


def rolled(name: str | None) -> Any:
    return None if name is None else ROLLS.get(name, name.replace("_", "-"))


def sticking(given: dict[str, Any]) -> Any:
    return {"sticky": "stick", "sticky_business": "stick-business"}.get(given.get("eom", ""))


# ------------------------------------------------------------------ one function for each kind of rule
def add_period(given: dict[str, Any]) -> list[Expression]:
    if sticking(given):
        return [By(Shifted(day(given["date"]), spans(given)), terms=terms(given, month_end=sticking(given)))]
    roundings = given.get("rounding", ["down"])
    return [By(Shifted(day(given["date"]), spans(given)), terms=Terms(month_end=ROUNDINGS[how])) for how in roundings]


def terms(given: dict[str, Any], **more: Any) -> Terms:
    return Terms(calendars=calendars(given.get("calendar")), **more)


def legal_deadline(given: dict[str, Any]) -> list[Expression]:
    unit = given["unit"].replace("business_", "working-")
    length = (Span(given["n"], unit),)
    short = given.get("business_if_at_most")
    chosen = terms(
        given,
        anchor_day=ANCHOR_DAYS[given["regime"]],
        days="clear" if given["regime"] == "clear_days" else None,
        short_period=None if short is None else ShortPeriod(short),
        month_end=sticking(given),
        roll=rolled(given.get("roll")),
    )
    anchor: Any = day(given["anchor"])
    if given.get("receipt_roll"):
        anchor = Deemed(anchor, calendars=calendars(given["calendar"]))
    if given.get("direction") == "before":
        return [AtLeast(length, anchor, chosen)]
    if given.get("bound") == "earliest":
        return [NotBefore(length, anchor, chosen)]
    found: Any = Within(length, anchor, chosen)
    for step in given.get("then", ()):
        after = Terms(roll=rolled(step.get("roll")) or "none")
        found = Extended(found, spans(step), "rolled", after)
    return [found]


def business_days_between(given: dict[str, Any]) -> list[Expression]:
    ends = {True: "included", False: "excluded"}
    first, last = ends[given["include_first"]], ends[given["include_last"]]
    return [WorkingDays(day(given["start"]), day(given["end"]), first, last, terms(given))]


def ql_advance(given: dict[str, Any]) -> list[Expression]:
    unit = "working-days" if given["unit"] == "days" else given["unit"]
    sticky = "stick-calendar" if given["convention"] == "none" else "stick-business"
    chosen = terms(given, roll=rolled(given["convention"]), month_end=sticky if given["end_of_month"] else None)
    return [By(Shifted(day(given["date"]), (Span(given["n"], unit),)), terms=chosen)]


def schedule(given: dict[str, Any]) -> list[Expression]:
    at = {"none": "at-end", "short_final": "at-end", "short_initial": "at-start"}[given["stub"]]
    anchor = "last" if given["anchor_day"] == "EOM" else given["anchor_day"]
    length = Span(given["months"], "months")
    chosen = terms(given, roll=rolled(given["roll"]))
    return [Schedule(length, day(given["start"]), day(given["end"]), anchor, at, chosen)]


def chained_months(given: dict[str, Any]) -> list[Expression]:
    moment: Any = day(given["date"])
    for step in given["steps"]:
        moment = Shifted(moment, (Span(step, "months"),))
    return [By(moment)]


def cutoff_service(given: dict[str, Any]) -> list[Expression]:
    zone = given.get("tz", "Europe/London")
    at_cut_off = "in-time" if given["method"] == "edgar" else "late"
    limit = clock.fromisoformat(given["cutoff"])
    return [Deemed(Ref("sent"), (), limit, at_cut_off, calendars(given["calendar"]), zone)]


def every_after(given: dict[str, Any]) -> list[Expression]:
    return [Every(Span(given["months"], "months"), day(given["anchor"]), times=given["count"])]


def days_then_roll(given: dict[str, Any]) -> list[Expression]:
    """No working days at all means to go to the next working day: that is a roll, and is said as one."""
    roll = "following" if given["count"] == "business0" else given["roll"]
    count = given["count"] == "business"
    chosen = Terms(
        roll=roll,
        calendars=calendars(given["count_calendar"]),
        roll_calendars=calendars(given["roll_calendar"]),
    )
    length = (Span(given["n"], "working-days" if count else "days"),)
    return [By(Shifted(day(given["date"]), length), terms=chosen)]


def tolling(given: dict[str, Any]) -> list[Expression]:
    pauses = tuple(Pause(day(first), day(last)) for first, last in given["suspensions"])
    return [Suspended(Within(spans(given), day(given["anchor"])), pauses)]


def rrule(given: dict[str, Any]) -> list[Expression]:
    return [Recurring(spelled(given["rrule"]), At(moment_of(given["dtstart"])))]


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat((text if "T" in text else f"{text}T000000").removesuffix("Z") + "+00:00")


def daily(given: dict[str, Any]) -> list[Expression]:
    return [Schedule(Span(1, "working-days"), day(given["start"]), day(given["end"]), terms=terms(given))]


def of_month(what: str) -> Callable[[dict[str, Any]], list[Expression]]:
    def make(given: dict[str, Any]) -> list[Expression]:
        base: Any = day(given.get("date") or given["month_of"])
        base = Shifted(base, (Span(given["months"], "months"),)) if given.get("months") else base
        n = given.get("nth") or given.get("day") or {"first": 1}.get(what, -1)
        return [By(DayOf(n, BY_LETTERS.get(given.get("weekday", ""), "day"), "month", base))]

    return make


def shift(n: int) -> Callable[[dict[str, Any]], list[Expression]]:
    def make(given: dict[str, Any]) -> list[Expression]:
        return [By(Shifted(day(given["date"]), (Span(given.get("n", n), "working-days"),)), terms=terms(given))]

    return make


KINDS: dict[str, Callable[[dict[str, Any]], list[Expression]]] = {
    "add_months_then_month_end": of_month("last"),
    "add_period": add_period,
    "add_then_days": lambda given: [
        Within(spans(given), day(given["date"]), Terms(month_end=sticking(given)))  # months, one rounding, days
    ],
    "add_then_roll": lambda given: [
        By(
            Shifted(day(given["date"]), spans(given)),
            terms=terms(given, month_end=sticking(given), roll=rolled(given["roll"])),
        )
    ],
    "business_days_between": business_days_between,
    "calendar_holidays": lambda given: [Holidays(given["year"], terms(given))],
    "chained_months": chained_months,
    "cutoff_service": cutoff_service,
    "daily_business_schedule": daily,
    "day_of_month_clamped": of_month("day"),
    "days_then_roll": days_then_roll,
    "deemed_service": lambda given: [
        Deemed(day(given["date"]), (Span(given["plus_days"], "days"),), calendars=calendars(given["calendar"]))
    ],
    "earliest_of": lambda given: [
        EarliestOf(tuple(Within((Span(one["hours"], "hours"),), Ref(one["from"])) for one in given["earliest_of"]))
    ],
    "easter": lambda given: [Easter(given["year"])],
    "every_after": every_after,
    "first_of_month": of_month("first"),
    "fixed_date": lambda given: [Until(day(given["fixed"])) if given["words"] == "until" else By(day(given["fixed"]))],
    "is_business_day_table": lambda given: [IsWorkingDay(day(one), terms(given)) for one in given["dates"]],
    "is_holiday": lambda given: [IsWorkingDay(day(given["date"]), terms(given))],
    "last_of_month": of_month("last"),
    "legal_deadline": legal_deadline,
    "min_working_days": lambda given: [
        Within((Span(given["days"], "days"),), day(given["anchor"]), terms(given, regime="eu-1182-71"))
    ],
    "next_business_day": shift(1),
    "nth_weekday_in_month": of_month("nth"),
    "period_words": lambda given: [PHRASES[given["phrase"]]],
    "previous_business_day": shift(-1),
    "ql_advance": ql_advance,
    "roll": lambda given: [By(day(given["date"]), terms=terms(given, roll=rolled(given["convention"])))],
    "rrule": rrule,
    "schedule": schedule,
    "shift_business_days": shift(0),
    "steps": lambda given: [
        By(Shifted(day(given["date"]), tuple(span for step in given["steps"] for span in spans(step))))
    ],
    "tolling": tolling,
}


# ------------------------------------------------------------------ what was expected, and what was found
def answers(case: dict[str, Any], library: Library) -> list[Computed | None]:
    anchors = dict(case["inputs"].get("events") or {})
    if "sent" in case["inputs"]:
        zone = "-04:00" if case["inputs"].get("tz") else "+01:00"
        anchors["sent"] = case["inputs"]["sent"] + zone
    known = {name: datetime.fromisoformat(text) for name, text in anchors.items()}
    return [computed(one, known, library) for one in KINDS[case["rule_kind"]](case["inputs"])]


def computed(expression: Expression, anchors: dict[str, datetime], library: Library) -> Computed | None:
    try:
        return compute(expression, anchors, regime="plain", library=library)
    except CannotCompute:
        return None


def iso(found: Computed) -> Any:
    if found.kind == "instant" and found.instant is not None:
        return found.instant.strftime("%Y-%m-%dT%H:%MZ")
    if found.kind == "bound":
        return found.opens.isoformat() if found.opens else None
    if found.kind in {"number", "truth"}:
        return found.number if found.kind == "number" else found.truth
    return [one.isoformat() for one in found.days] if found.kind == "days" else found.days[0].isoformat()


def check(case: dict[str, Any], found: list[Computed | None]) -> None:
    expected, kind = case["expected"], case["rule_kind"]
    if expected == "AMBIGUOUS":
        assert found == [None]
        return
    whole = [one for one in found if one is not None]
    assert len(whole) == len(found)
    if kind == "is_business_day_table":
        assert [iso(one) for one in whole] == expected
    elif kind == "is_holiday":
        assert [not iso(one) for one in whole] == [expected]
    elif kind == "calendar_holidays":
        days = [date.fromisoformat(one) for one in expected]
        assert list(whole[0].days) == sorted({one for one in days if one.weekday() < 5})
    elif kind == "rrule":
        assert [moment_of(one).date() for one in expected] == list(whole[0].days)
    elif kind == "schedule":
        assert [one.isoformat() for one in whole[0].days] == expected["adjusted"]
        unrolled = [one.isoformat() for one in whole[0].unrolled]
        assert unrolled == expected.get("unadjusted", unrolled)
    elif isinstance(expected, dict):
        assert iso(whole[0]) == expected["last"]
        first = expected.get("first")
        assert first is None or whole[0].opens == date.fromisoformat(first)
    else:
        assert [iso(one) for one in whole] == [expected] * len(whole)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_case(case: dict[str, Any], library: Library) -> None:
    check(case, answers(case, library))


@pytest.mark.parametrize("zone_of_the_machine", ["Pacific/Apia", "America/St_Johns"])
def test_the_zone_of_the_machine_changes_nothing(
    zone_of_the_machine: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone_of_the_machine)
    time.tzset()
    try:
        for case in CASES[::5]:
            check(case, answers(case, library))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_chained_count_would_have_drifted(library: Library) -> None:
    (case,) = [case for case in CASES if case["id"] == "DRIFT-1"]
    (found,) = answers(case, library)
    assert found is not None
    assert found.days[-1] - date(2021, 11, 28) == timedelta(days=2)
