"""`duewatch deadline`: a calculator of deadlines that needs no encoding and no database."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from duewatch.console.errors import counted, say
from duewatch.console.options import Day, printed
from duewatch.engine.problems import BadFile, BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from duewatch.engine.encoding.calculator import Asked
    from duewatch.engine.encoding.notebook import Reference
    from duewatch.engine.reckoning.ambiguity import Ambiguity
    from duewatch.engine.reckoning.computing import Computed
    from duewatch.engine.reckoning.moments import View
    from duewatch.engine.words import Expected, Expression, Known

    Anchor = date | datetime | Known | Expected

EPILOG: Final = """\b
Examples:
  duewatch deadline "3 months after 2021-06-29"
  duewatch deadline "within 30 days after served, next working day" \\
    --anchor served=2021-06-29 --calendar us-federal
  duewatch deadline "3 clear days before hearing" --anchor hearing=2014-10-20 --regime uk-cpr-2.8
  duewatch deadline "72 hours after aware" --anchor aware=2024-03-29T09:23+01:00 --zone Europe/Paris
  duewatch deadline "{every: 3 months, after: adoption, times: 4}" --anchor adoption=2020-11-30"""

NO_REGIME: Final = "un-sc"  # where none is named: an assumption, and printed as one
MOST_SHOWN: Final = 60  # dates of a series on a screen; the JSON has them all
_NEGATIVE: Final = re.compile(r"-\d")
_ANCHOR: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._/-]*)=(.+)\Z", re.DOTALL)


class Calculator(click.Command):
    """A command whose argument may begin with a minus and a figure: what is wrong with it the grammar says."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move such an argument behind `--`, where nothing is an option."""
        negative = [arg for arg in args if _NEGATIVE.match(arg)]
        if negative and "--" not in args:
            args = [*(arg for arg in args if arg not in negative), "--", *negative]
        return super().parse_args(ctx, args)


@click.command("deadline", cls=Calculator, epilog=EPILOG)
@click.argument("expression")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NAME=WHEN",
    help="When something named in it was: a day, an instant with its offset, a month, or FIRST..LAST. Repeatable.",
)
@click.option(
    "--regime",
    default=NO_REGIME,
    show_default=True,
    metavar="NAME",
    help="The rules of computing time; NAME@2008-06-30 for the version of that day.",
)
@click.option(
    "--calendar",
    "calendars",
    multiple=True,
    metavar="NAME",
    help="Which days are working days. Repeatable: closed where any of them is.",
)
@click.option("--zone", default="UTC", show_default=True, metavar="ZONE", help="Where its days begin and end.")
@click.option("--place", default="", metavar="PLACE", help="The place, where a calendar depends on one.")
@click.option("--until", "horizon", type=Day(), metavar="D", help="How far a series without an end is counted.")
@click.option(
    "--library",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="A folder with regimes/ and calendars/ of your own, before those of DUEWATCH_LIBRARY. Repeatable.",
)
@printed("table")
def command(expression: str, anchors: tuple[str, ...], output: str, **ground: Any) -> None:  # noqa: ANN401 (click's)
    """Compute a deadline, with each step in words and the authority of each.

    EXPRESSION is a text ("within 30 days after served") or, in braces, what an encoding would hold
    ("{within: 30 days, after: served}"). What neither the expression nor the regime settles is listed with every
    date that it may lead to.
    """
    from duewatch.engine.encoding.calculator import read_expression
    from duewatch.engine.reckoning.computing import computed

    asked = read_expression(expression)
    known = anchors_of(anchors)
    check_names(asked.names, known)
    there = Ground(**ground)
    view = there.view(known)
    found = computed(asked.expression, view, there.horizon)
    open_ones = doubts(asked.expression, view, there.horizon)
    if output == "json":
        say(json.dumps(as_json(expression, asked, found, open_ones), ensure_ascii=False, indent=2))
    else:
        print_found(expression, found, open_ones)


def doubts(expression: Expression, view: View, horizon: date | None) -> tuple[Ambiguity, ...]:
    """Give the axes that nothing published settles and that matter here; a question about calendars has none."""
    from duewatch.engine.reckoning.ambiguity import ambiguities
    from duewatch.engine.reckoning.civil import NEWEST, to_day
    from duewatch.engine.words import Deadline

    if not isinstance(expression, Deadline):
        return ()
    last = NEWEST if horizon is None else to_day(horizon)
    return tuple(one for one in ambiguities(expression, view, horizon=last) if one.is_open and one.differs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the options say of where and by which rules time is computed."""

    regime: str
    calendars: tuple[str, ...]
    zone: str
    place: str
    folders: tuple[Path, ...]
    horizon: date | None

    def view(self, known: Mapping[str, Anchor]) -> View:
        """Give the ground with its anchors; BadInput where a name among them is not known."""
        from duewatch.engine.encoding.clocks import parse_zone
        from duewatch.engine.reckoning.computing import view_of
        from duewatch.engine.reckoning.library import Library
        from duewatch.engine.running.settings import read_settings

        zone = read_by(parse_zone, self.zone, "--zone")
        settings = read_settings(os.environ, folder=Path())
        library = Library.open((*self.folders, *settings.library))
        return view_of(
            known, regime=self.regime, calendars=self.calendars, zone=zone, place=self.place, library=library
        )


def read_by(parse: Callable[[str], Any], text: str, option: str) -> Any:  # noqa: ANN401 - what the parser gives
    """Read an option with a parser of the language, and say which option it was where that fails."""
    from duewatch.engine.encoding.shapes import Amiss

    try:
        return parse(text)
    except Amiss as amiss:
        raise BadInput(f"{option}: {amiss.wrong}" + (f"; {amiss.right}" if amiss.right else "")) from None


# ------------------------------------------------------------------ what was named, and when it was
def anchors_of(texts: Sequence[str]) -> dict[str, Anchor]:
    """Read all of them; no name twice."""
    known: dict[str, Anchor] = {}
    for name, anchor in map(anchor_of, texts):
        if name in known:
            raise BadInput(f"--anchor {name}: it is given twice; keep one")
        known[name] = anchor
    return known


def anchor_of(text: str) -> tuple[str, Anchor]:
    """Read NAME=WHEN: a day, an instant, a month (`2026-05`), or a range of days (`2026-05-01..2026-06-15`)."""
    found = _ANCHOR.match(text)
    if found is None:
        raise BadInput(f"--anchor: `{text}` names nothing; write NAME=2021-06-29")
    option = f"--anchor {found[1]}"
    return found[1], read_by(when, found[2].strip(), option)


def when(text: str) -> Anchor:
    """Read a day, an instant, a month or a range of days. Amiss with the remedy otherwise."""
    from duewatch.engine.encoding.civil import parse_day
    from duewatch.engine.encoding.clocks import looks_like_instant, parse_instant
    from duewatch.engine.encoding.moments import days_of_month
    from duewatch.engine.encoding.shapes import Amiss
    from duewatch.engine.words import Known

    first, dots, last = text.partition("..")
    if dots:
        start, end = parse_day(first.strip()), parse_day(last.strip())
        if end < start:
            raise Amiss("the last day comes before the first", "write FIRST..LAST")
        return Known(start, end, f"between {start} and {end}")
    if looks_like_instant(text):
        return parse_instant(text)
    month = days_of_month(text)
    return parse_day(text) if month is None else Known(*month)


def check_names(names: Sequence[Reference], known: Mapping[str, Anchor]) -> None:
    """Refuse an expression that names what no anchor gives; each problem with its column."""
    from duewatch.engine.encoding.momenttext import is_shared
    from duewatch.engine.encoding.notebook import did_you_mean

    problems = []
    for one in names:
        wanted = (f"{one.name}.start", f"{one.name}.end") if one.sort == "period" else (one.name,)
        for name in wanted:
            if name not in known and not is_shared(name.rpartition(".")[0]):
                right = did_you_mean(name, known, f"add --anchor {name}=2021-06-29, with its own day", 0.75)
                problems.append(Problem(one.place, f"nothing says when `{name}` is", right))
    if problems:
        raise BadFile(problems)


# ------------------------------------------------------------------ what it came to
def as_json(expression: str, asked: Asked, found: Computed, open_ones: Sequence[Ambiguity]) -> dict[str, object]:
    """Give the answer as programs read it; days in ISO form, instants with their offset."""
    from duewatch.console.ambiguities import as_plain

    return {
        "expression": expression,
        "tree": asked.tree,
        "kind": found.kind,
        "due": iso(found.day),
        "days": [day.isoformat() for day in found.days],
        "unrolled": [day.isoformat() for day in found.unrolled],
        "opens": iso(found.opens),
        "instant": iso(found.instant),
        "earliest": iso(found.earliest),
        "expected": found.expected,
        "soft": iso(found.soft),
        "unknown": found.unknown,
        "number": found.number,
        "truth": found.truth,
        "steps": [asdict(step) for step in found.steps],
        "assumptions": [asdict(one) for one in found.assumptions],
        "ambiguities": [as_plain(one) for one in open_ones],
    }


def iso(day: date | None) -> str | None:
    """Give a day or an instant in ISO form."""
    return None if day is None else day.isoformat()


def print_found(expression: str, found: Computed, open_ones: Sequence[Ambiguity]) -> None:
    """Print the answer, how it comes about, and what it rests on."""
    from duewatch.console import tables
    from duewatch.console.ambiguities import in_lines

    assumed = [
        f"{one.axis}: {one.words}" + (f" [{one.authority}]" if one.authority else "") for one in found.assumptions
    ]
    sections = [
        ("Answer", tuple(answer(found))),
        ("How it comes about", tuple(str(step) for step in found.steps)),
        ("What it assumes", tuple(assumed)),
        ("Where it may be read otherwise", tuple(line for one in open_ones for line in in_lines(one))),
    ]
    tables.print_sections(expression, [section for section in sections if section[1]])


def answer(found: Computed) -> Iterator[str]:
    """Say what the deadline comes to."""
    if found.kind == "number":
        yield f"{found.number} working days"
    elif found.kind == "truth":
        yield "a working day" if found.truth else "no working day"
    elif found.kind == "none":
        yield "the words set no date"
    yield from _days(found)
    if found.unknown:
        yield f"{counted(found.unknown, 'date')} not known yet"
    if found.instant is not None:
        yield f"in time up to {found.instant:%A %d %B %Y, %H:%M:%S %Z}"
    if found.expected and found.kind == "days":
        yield "some rest on days that are only expected: nothing is overdue on those"
    elif found.expected:
        yield "it rests on a day that is only expected: nothing is overdue on it"
    if found.earliest is not None and found.earliest != found.day:
        yield f"at the earliest {long(found.earliest)}: its anchor is not known to the day"
    if found.soft is not None and not found.expected:
        yield f"our own target: {long(found.soft)}, no legal date"


def _days(found: Computed) -> Iterator[str]:
    head = (
        "expected by "
        if found.expected and found.kind == "day"
        else {"bound": "not before ", "day": "due "}.get(found.kind, "")
    )
    if found.kind == "bound" and found.opens is not None:
        yield f"{head}{long(found.opens)}"
        return
    yield from (f"{head}{long(day)}" for day in found.days[:MOST_SHOWN])
    if len(found.days) > MOST_SHOWN:
        yield f"... and {len(found.days) - MOST_SHOWN} more (--format json lists them all)"
    if found.opens is not None and found.kind == "day" and found.opens != found.day:
        yield f"from {long(found.opens)}"


def long(day: date) -> str:
    """Write a day as people read it, with its day of the week: `Wednesday 29 September 2021`."""
    return f"{day:%A} {day.day} {day:%B %Y}"
