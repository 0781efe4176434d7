"""What people read: the sentences of the rules and words files, filled from the verdict's own row.

Nothing is looked up or computed anew: each number, date and word comes from the row, from the
norm under that reading, or from the measure that the row names.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeVar

from duewatch.engine.judgement.naming import local_id
from duewatch.engine.ledger.days import from_day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import RowMapping

    from duewatch.engine.encoding.rulefiles import Rules

Key = TypeVar("Key")

_MOST_NAMES: Final = 2  # of readings that agree
_MOST_READINGS: Final = 4  # of a contest that are written out


def day_in_words(day: int) -> str:
    """Write a day as people do: 30 September 2021."""
    date = from_day(day)
    return f"{date.day} {date:%B} {date.year}"


_ON_ITS_DAY: Final = {"delay": "hours", "after": "after its hour on"}  # late, and within its last day


class _Filler(string.Formatter):
    """Fills `{days_late:days}`, `{due:date}` and `{field}`; what is not known reads `not recorded`."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - string.Formatter's signature
        if value is None:
            return "not recorded"
        if format_spec in _ON_ITS_DAY and value == 0:
            return _ON_ITS_DAY[format_spec]
        if format_spec in {"days", *_ON_ITS_DAY}:
            days = f"{value} day" if abs(value) == 1 else f"{value} days"
            return f"{days} after" if format_spec == "after" else days
        if format_spec == "date":
            return day_in_words(value)
        return str(value)


def fill(template: str, values: Mapping[str, object]) -> str:
    """Fill a template of the rules or words file."""
    return _Filler().vformat(template, (), values)


class Wording:
    """The words of one answer.

    `measures` are the facts that rows name by `measure_seq`; `sources` tells for each consequence
    which occurrences it looks at, and whether they were left undone.
    """

    def __init__(
        self, rules: Rules, measures: Mapping[int, RowMapping], sources: Mapping[str, Mapping[str, bool]]
    ) -> None:
        """Keep at hand what sentences are filled from."""
        self._rules = rules
        self._sources = sources
        self._measures = measures
        self._because = {rule.name: rule.because for rule in rules.status.rules}

    def group_of(self, status: str) -> str:
        """The group in which people see a status."""
        return self._rules.status.statuses[status].group

    def because(self, row: RowMapping) -> str:
        """The sentence of the rule that decided, with what was left undone where that arms the norm."""
        left = self._left_undone(row["occurrence"]) if row["armed"] else ""
        return fill(self._because[row["rule"]], self.values(row)) + left

    def _left_undone(self, occurrence: str) -> str:
        undone = [local_id(name) for name, is_undone in self._sources.get(occurrence, {}).items() if is_undone]
        return f"; left undone: {', '.join(undone)}" if undone else ""

    def sentence(self, rule: str, row: RowMapping) -> str:
        """The sentence of any rule, filled from this row."""
        return fill(self._because[rule], self.values(row))

    def says(self, row: RowMapping) -> str:
        """What an officer reads of this row: by status, strength and evidence."""
        values = self.values(row)
        return fill(self._rules.say(values), values)

    def says_of(self, winner: RowMapping, rows: Sequence[RowMapping]) -> str:
        """The same for the row that won over others; where that is not the default's, its reading is named."""
        if winner["is_default"]:
            return self.says(winner)
        short = telling_parts({row["reading"]: row["reading"] == winner["reading"] for row in rows})
        return f"{self.says(winner)}, under {short[winner['reading']]}"

    def values(self, row: RowMapping) -> dict[str, object]:
        """Everything that a template may name."""
        body = row["body"]
        measure = self._measures.get(row["measure_seq"])
        target = body["target"]
        return {
            **row,
            "says": body["says"],
            "says_set": int(bool(body["says"])),
            "form": body["form"],
            "form_set": int(bool(body["form"])),
            "value": None if measure is None else measure_text(measure),
            "bound": None if target is None else bound_text(target),
            "floor": int(target is not None and target["how"] != "at-most"),
            "member": row["occurrence"].partition("@")[2].rpartition("/")[0],
        }

    def contest(self, rows: Sequence[RowMapping]) -> str:
        """How the arguable readings part, without calling anything late."""
        parts = [
            f"{fill(self._rules.contest[status], {'due': due})} under {_shown(names)}"
            for (status, due), names in _parted(rows, lambda row: (row["status"], row["due"])).items()
        ]
        rest = len(parts) - _MOST_READINGS
        return "; ".join(parts[:_MOST_READINGS]) + (f"; and {rest} more" if rest > 0 else "")

    def contest_because(self, rows: Sequence[RowMapping], *, doubt: bool) -> str:
        """Why it is contested: which readings fall in which class, or that a source is in doubt."""
        left = self._left_undone(rows[0]["occurrence"])
        classes = _parted(rows, lambda row: row["class_"])
        if len(classes) == 1 and doubt:
            return f"arguable readings of the norms that it depends on give different answers{left}"
        parts = (f"{name} under {_shown(names)}" for name, names in classes.items())
        return f"arguable readings differ: {'; '.join(parts)}{left}"


def _parted(rows: Sequence[RowMapping], by: Callable[[RowMapping], Key]) -> dict[Key, list[str]]:
    """Which arguable readings agree, each named only by those of its parts that make the difference."""
    answers = {row["reading"]: by(row) for row in rows if row["standing"] == "arguable"}
    shown = telling_parts(answers)
    groups: dict[Key, list[str]] = {}
    for reading, answer in answers.items():
        names = groups.setdefault(answer, [])
        if shown[reading] not in names:
            names.append(shown[reading])
    return groups


def telling_parts(answers: Mapping[str, object]) -> dict[str, str]:
    """Shorten joined readings (`all/as-extended`) to the fewest parts that decide the answer.

    Gives the short name of each reading. Readings that are not all joined of as many parts stay whole.
    """
    parts = {reading: reading.split("/") for reading in answers}
    count = max(map(len, parts.values()), default=0)
    for size in range(1, count):
        for chosen in combinations(range(count), size):
            short = {name: "/".join(part for n, part in enumerate(own) if n in chosen) for name, own in parts.items()}
            decided = {(short[name], answer) for name, answer in answers.items()}
            if len(decided) == len(set(short.values())):
                return short
    return {name: name for name in answers}


def _shown(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def measure_text(measure: Mapping[str, Any] | RowMapping) -> str:
    """A measured value as recorded: `13300`, or `6 of 28 (Government)`."""
    value = Fraction(measure["value_numerator"], measure["value_denominator"])
    whole = ""
    if measure["of_numerator"] is not None:
        whole = f" of {Fraction(measure['of_numerator'], measure['of_denominator'])}"
    body = f" ({measure['per']})" if measure["per"] else ""
    return f"{_number(value)}{whole}{body}"


def bound_text(target: Mapping[str, Any]) -> str:
    """The bound of a target: `13,289`, `30 per cent`, or that it is not known."""
    if target["bound"] is None or target["baseline_unknown"]:
        return "a baseline that is not known"
    bound = Fraction(target["bound"])
    if target["form"] == "share":
        return f"{_number(bound * 100)} per cent"
    return _number(bound)


def _number(value: Fraction) -> str:
    """Whole numbers with separators, everything else as an exact fraction or short decimal."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    decimal = f"{float(value):.4f}".rstrip("0")
    return decimal if Fraction(decimal) == value else str(value)


def short(occurrence: str) -> str:
    """An occurrence without its instrument, as people type it."""
    return local_id(occurrence)
