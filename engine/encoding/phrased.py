"""Whether an entry comes to the day that its `phrase` quotes: by its own clock, or by the event that this hangs on.

So a day of an event that was moved to another day of its paragraph shows where an entry still quotes the old one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.quotations import DAY, mapping, sequence
from duewatch.engine.encoding.source_text import smooth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.tongue import Tongue
    from duewatch.engine.words import Obligation

_CLOCKS: Final = ("deadline", "until", "armed-by", "target", "readings")
_ENDS: Final = r"(?:\.(?:start|end))?"
Days = frozenset[str]


def other_days(encoding: Read, tongue: Tongue) -> Iterator[tuple[Obligation, str]]:
    """Give the entries whose phrase prints a day to which nothing of their clock comes, and what is wrong."""
    declared = dict(_declared(encoding))
    for one in encoding.instrument.obligations:
        quoted = str(one.flat.get("phrase", ""))
        found = (tongue.dated(at[0]) for at in tongue.full_day.finditer(smooth(quoted)))
        printed = {f"{year}-{month:02}-{day:02}" for year, month, day in filter(None, found)}
        if one.todo or not printed:
            continue
        held = _held(one, encoding.tree, declared)
        for day in sorted(printed - held) if held else ():
            came = ", ".join(_said(held, tongue))
            yield one, f"`phrase` prints {_said([day], tongue)[0]}, and the clock comes to {came}"


def _said(days: Iterable[str], tongue: Tongue) -> list[str]:
    return [tongue.say(date.fromisoformat(day)) for day in sorted(days)]


def _declared(encoding: Read) -> Iterator[tuple[str, Days]]:
    yield "adoption", frozenset({encoding.instrument.adopted.isoformat()})
    for section in ("events", "periods"):
        for name, one in mapping(encoding.tree.get(section)).items():
            yield name, _days({field: mapping(one).get(field) for field in ("date", "from", "until")})


def _held(entry: Obligation, tree: Mapping[str, object], declared: Mapping[str, Days]) -> Days:
    """Give the days that the clock of an entry writes, or that what it names has, under any reading or answer."""
    questions = mapping(tree.get("questions"))
    asked = [questions.get(str(name)) for name in sequence(entry.flat.get("questions"))]
    clock = str([entry.flat.get(field) for field in _CLOCKS] + asked)
    named = (
        days for name, days in declared.items() if re.search(rf"(?<![\w-]){re.escape(name)}{_ENDS}(?![\w-])", clock)
    )
    return _days(clock).union(*named)


def _days(value: object) -> Days:
    return frozenset("-".join(found) for found in DAY.findall(str(value)))
