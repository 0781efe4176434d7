"""The files of calendars, regimes and bodies: JSON -> types, with the place of everything that is wrong.

A file is plain data. Its fingerprint is that of its content: layout and the order of keys do not count.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any, Final, get_args

from duewatch.engine.problems import BadFile, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_SPAN: Final = re.compile(r"(\d{1,5}) (day|week|month|year|hour|minute|working day|clear day)s?\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_MOST_BYTES: Final = 4_194_304


@dataclass(slots=True)
class Reading:
    """One file while it is read: its data, and the problems found so far."""

    name: str
    text: str
    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, value: object, wrong: str, right: str) -> None:
        """Note a problem, at the first place where the value is written."""
        self.problems.append(Problem(self.place_of(value), wrong, right))

    def place_of(self, value: object) -> Place:
        """Find where a value (or a key) is written; the file alone where it is nowhere or everywhere."""
        written = json.dumps(value, ensure_ascii=False)
        at = self.text.find(written) if isinstance(value, str | int) else -1
        if at < 0:
            return Place(self.name)
        return Place(self.name, self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at))

    def finish(self) -> None:
        """Raise all problems together."""
        if self.problems:
            raise BadFile(self.problems)

    # -------------------------------------------------------------- values
    def known(self, table: Mapping[str, Any], keys: Iterable[str], what: str) -> None:
        """Refuse keys that nobody reads."""
        names = list(keys)
        for key in table:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(names)}"
                self.wrong(key, f"`{key}` is no key of {what}", hint)

    def word(self, value: object, words: Any, what: str) -> Any:  # noqa: ANN401 - a Literal, or its words
        """Read one of several words."""
        choices = words if isinstance(words, tuple) else get_args(words)
        if value in choices:
            return value
        self.wrong(value, f"`{value}` is no {what}", f"write one of {', '.join(map(str, choices))}")
        return choices[0]

    def day(self, value: object) -> date | None:
        """Read a day; None where there is none."""
        if value is None:
            return None
        try:
            if _DAY.match(str(value)):
                return date.fromisoformat(str(value))
        except ValueError:
            pass
        self.wrong(value, f"`{value}` is no day of the calendar", 'write one such as "2021-06-30"')
        return None

    def clock(self, value: object) -> time | None:
        """Read a clock time such as 17:30; None where there is none."""
        if value is None:
            return None
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", str(value))
        if not found:
            self.wrong(value, f"`{value}` is no clock time", 'write hours and minutes, such as "17:30"')
            return None
        return time(int(found[1]), int(found[2]))

    def names(self, value: object) -> tuple[str, ...]:
        """Read a name, or a list of names."""
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        for one in listed:
            if not isinstance(one, str):
                self.wrong(one, f"`{one}` is no name", "write texts")
        return tuple(str(one) for one in listed)

    def span(self, value: object) -> tuple[int, str]:
        """Read a length such as `2 days`."""
        found = _SPAN.match(str(value))
        if not found or not int(found[1]):
            self.wrong(value, f"`{value}` is no length of time", 'write a number above 0 and a unit, such as "2 days"')
            return 1, "days"
        return int(found[1]), found[2].replace(" ", "-") + "s"


def open_reading(content: bytes, name: str, keys: Iterable[str], what: str) -> Reading:
    """Parse the file; BadFile where it is not JSON, not an object, or holds a key twice."""
    if len(content) > _MOST_BYTES:
        raise BadFile([Problem(Place(name), "the file is too large", f"at most {_MOST_BYTES} bytes")])
    try:
        text = content.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_no_doubles)
    except json.JSONDecodeError as fault:
        place = Place(name, fault.lineno, fault.colno)
        raise BadFile([Problem(place, f"this is not JSON: {fault.msg}", "mend it here or just before")]) from fault
    except (UnicodeDecodeError, ValueError) as fault:
        raise BadFile(
            [Problem(Place(name), f"the file cannot be read: {fault}", "write UTF-8, each key once")]
        ) from None
    if not isinstance(data, dict):
        raise BadFile([Problem(Place(name, 1, 1), f"{what} is an object", "write {...}")])
    reading = Reading(name, text, data)
    reading.known(data, keys, what)
    return reading


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"`{key}` is given twice")
        found[key] = value
    return found


def listed(reading: Reading, value: object, what: str) -> list[Any]:
    """Read a list, which may be missing."""
    if value is None:
        return []
    if not isinstance(value, list):
        reading.wrong(value, f"{what} is a list", "write [...]")
        return []
    return value


def each(reading: Reading, value: object, what: str, read: Callable[[dict[str, Any]], Any]) -> list[Any]:
    """Read a list of objects."""
    found = []
    for one in listed(reading, value, what):
        if isinstance(one, dict):
            found.append(read(one))
        else:
            reading.wrong(one, f"`{one}` is no object", f"{what} holds objects")
    return found
