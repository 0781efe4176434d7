"""Writes a tree out as the mapping that an encoding holds: what the tests compute is what people can write."""

from __future__ import annotations

from typing import Any

from duewatch.engine.words import (
    At,
    AtLeast,
    Before,
    Between,
    By,
    DayOf,
    Deemed,
    During,
    EarliestOf,
    Easter,
    Every,
    EverySession,
    Expected,
    Expression,
    Extended,
    Fixed,
    Grace,
    Holidays,
    IsWorkingDay,
    Known,
    LatestOf,
    Moment,
    NotBefore,
    OnDay,
    Recurring,
    Ref,
    Schedule,
    Shifted,
    Span,
    Suspended,
    Terms,
    Until,
    Within,
    WorkingDays,
)

Tree = dict[str, Any]


def written(one: Expression) -> Any:
    """Write an expression as plain data: a mapping, or a text for a simple moment."""
    if isinstance(one, Moment):
        return moment(one)
    match one:
        case Extended() | Grace() | Suspended():
            return longer(one)
        case EarliestOf() | LatestOf():
            name = "earliest-of" if isinstance(one, EarliestOf) else "latest-of"
            return {name: [written(part) for part in one.parts]}
        case WorkingDays() | IsWorkingDay() | Holidays():
            return inquiry(one)
        case Every() | EverySession() | Schedule() | Recurring():
            return several(one)
        case _:
            return single(one)


def single(one: Any) -> Tree:  # noqa: PLR0911 - one line for each form
    match one:
        case By():
            return {"by": moment(one.moment), **clock(one.cut_off), **terms(one.terms)}
        case Before():
            return {"before": moment(one.moment)}
        case OnDay():
            return {"day": moment(one.moment)}
        case Until():
            return {"holds-until": moment(one.moment)}
        case Between():
            return {"between": [moment(one.start), moment(one.end)], **ends(one)}
        case Within():
            return {"within": length(one.spans), "after": anchor(one.after), **terms(one.terms)}
        case NotBefore():
            return {"not-before": length(one.spans), "after": anchor(one.after), **terms(one.terms)}
        case AtLeast():
            return {"at-least": length(one.spans), "before": moment(one.before), **terms(one.terms)}
        case During():
            return {"during": one.period}
    raise AssertionError(one)


def ends(one: Between | WorkingDays) -> Tree:
    return {"first-day": one.first_day, "last-day": one.last_day}


def anchor(after: Moment | str) -> Any:
    return after if isinstance(after, str) else moment(after)


def several(one: Every | EverySession | Schedule | Recurring) -> Tree:
    match one:
        case Every():
            until = {} if one.until is None else {"until": moment(one.until)}
            times = {} if one.times is None else {"times": one.times}
            return {"every": length((one.span,)), "after": anchor(one.after), **until, **times, **terms(one.terms)}
        case EverySession():
            last = {} if one.last is None else {"to": one.last}
            return {"every": f"{one.step} sessions", "from": one.first, **last}
        case Schedule():
            found = {"schedule": length((one.span,)), "from": moment(one.start), "to": moment(one.end)}
            return {**found, **({} if one.day is None else {"day": one.day}), "stub": one.stub, **terms(one.terms)}
        case Recurring():
            plus = {"plus": length(one.plus)} if one.plus else {}
            until = {} if one.until is None else {"until": moment(one.until)}
            return {"recurs": one.rule, "from": moment(one.start), **plus, **until, **terms(one.terms)}


def longer(one: Extended | Grace | Suspended) -> Tree:
    base = written(one.base)
    match one:
        case Suspended():
            pauses = [
                {"from": moment(pause.start), "ends": pause.ends}
                | ({} if pause.until is None else {"to": moment(pause.until)})
                for pause in one.pauses
            ]
            return {**base, "suspend": pauses}
        case Extended():
            step = {"by": length(one.spans), "from": one.counts_from, **terms(one.terms)}
            return {**base, "extend": [*base.get("extend", []), step]}
        case Grace():
            return {**base, "grace": {"for": length(one.spans), "from": one.counts_from, **terms(one.terms)}}


def inquiry(one: WorkingDays | IsWorkingDay | Holidays) -> Tree:
    match one:
        case WorkingDays():
            return {"working-days": [moment(one.start), moment(one.end)], **ends(one), **terms(one.terms)}
        case IsWorkingDay():
            return {"is-working-day": moment(one.moment), **terms(one.terms)}
        case Holidays():
            return {"holidays": one.year, **terms(one.terms)}


def moment(one: Moment) -> Any:  # noqa: PLR0911 - one line for each form
    match one:
        case Fixed():
            return one.day.isoformat()
        case At():
            return one.instant.isoformat()
        case Ref():
            return one.name
        case Shifted():
            return shifted(one)
        case Known():
            return {"known": [one.first.isoformat(), one.last.isoformat()], **words("words", one.words)}
        case Expected():
            return {"expected": [one.first.isoformat(), one.last.isoformat()], **words("why", one.why)}
        case Easter():
            return {"easter": one.year}
        case DayOf():
            return day_of(one)
        case Deemed():
            return deemed(one)


def shifted(one: Shifted) -> Any:
    """Nothing is no offset; parts in both directions are two offsets."""
    spans = tuple(span for span in one.spans if span.count)
    if not spans:
        return moment(one.base)
    first = spans[0].count < 0
    same = tuple(span for span in spans if (span.count < 0) == first)
    if len(same) < len(spans):
        return shifted(Shifted(Shifted(one.base, same), tuple(span for span in spans if span not in same)))
    whole = tuple(Span(abs(span.count), span.unit) for span in same)
    return {"offset": length(whole), "before" if first else "after": moment(one.base)}


def day_of(one: DayOf) -> Tree:
    month, day = one.year_starts
    rest = {"of": one.of, "containing": moment(one.containing), "year-starts": f"{month:02}-{day:02}"}
    if one.what in {"day", "working-day"}:
        return {one.what: one.n, **rest}
    return {"weekday": one.what, "nth": one.n, **rest}


def deemed(one: Deemed) -> Tree:
    after = {} if not one.spans else {"after": length(one.spans)}
    calendar = {} if not one.calendars else {"calendar": list(one.calendars)}
    rest = {"at-cut-off": one.at_cut_off, **words("zone", one.zone), **calendar}
    return {"deemed": moment(one.base), **after, **clock(one.cut_off), **rest}


def clock(limit: Any) -> Tree:
    return {} if limit is None else {"cut-off": f"{limit:%H:%M}"}


def words(name: str, text: str) -> Tree:
    return {name: text} if text else {}


def length(spans: tuple[Span, ...]) -> str:
    return " and ".join(f"{span.count} {span.unit.replace('-', ' ')}" for span in spans)


def terms(one: Terms) -> Tree:
    short = one.short_period
    found = {
        "regime": one.regime,
        "anchor-day": one.anchor_day,
        "anchor-hour": one.anchor_hour,
        "days": one.days,
        "short-period": None if short is None else {"at-most": short.at_most, "days": short.days},
        "month-end": one.month_end,
        "distance": length(one.distance),
        "roll": one.roll,
        "calendar": list(one.calendars),
        "roll-calendar": list(one.roll_calendars),
        "join": one.join,
        "inaccessible": [day.isoformat() for day in one.inaccessible],
        "at-least-working-days": one.least_working_days,
        "zone": one.zone,
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])} | clock(one.cut_off)
