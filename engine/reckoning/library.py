"""The library: which regimes and calendars there are, shipped ones and the user's own, each read when asked for."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.hashing import sha256_of
from duewatch.engine.problems import BadFile, BadInput, Place, Problem
from duewatch.engine.reckoning.calendarfiles import read_calendar
from duewatch.engine.reckoning.civil import say_day, to_day
from duewatch.engine.reckoning.months import CannotCount
from duewatch.engine.reckoning.regimefiles import read_regime
from duewatch.engine.reckoning.sessions import read_body
from duewatch.engine.reckoning.workdays import WorkDays

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duewatch.engine.reckoning.holidays import Calendar
    from duewatch.engine.reckoning.regimes import Regime
    from duewatch.engine.reckoning.sessions import Side
    from duewatch.engine.words import Join

_HERE: Final = Path(__file__).parent
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")
_PLACE: Final = "{place}"


class NoSuchName(BadInput):
    """No regime or calendar of that name."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a library: its name, for messages, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Library:
    """Folders that hold `regimes/`, `calendars/` and `bodies/`, of files NAME.json; the first that has a name wins.

    What is `held` comes before all folders: files as they were when an encoding was adopted.
    """

    folders: tuple[Path, ...] = (_HERE,)
    held: tuple[tuple[str, bytes], ...] = ()  # "calendars/NAME" and the bytes

    @staticmethod
    def open(folders: Sequence[Path]) -> Library:
        """Give the library with the user's own folders before the shipped one."""
        return Library((*folders, _HERE))

    def regime(self, name: str, on: int | None = None) -> Regime:
        """Give the version in force on a day, the newest where no day is given.

        NAME@anchor says so aloud, NAME@2008-06-30 takes the version of that day, whatever day is asked about.
        """
        plain, _, version = name.partition("@")
        day = on if version in {"", "anchor"} else _version_day(version, name)
        versions = self.versions(plain)
        if day is None:
            return versions[0]
        found = next((one for one in versions if one.since is None or one.since <= day), None)
        if found is None:
            raise CannotCount(
                f"the regime {plain} is known from {say_day(versions[-1].since or 0)}, not for {say_day(day)}"
            )
        return found

    def versions(self, name: str) -> tuple[Regime, ...]:
        """Give all versions of a regime, the newest first."""
        return _regimes(self._file("regimes", name))

    def calendar(self, names: Iterable[str], join: Join = "any", place: str = "") -> WorkDays:
        """Give the working days of one or several calendars; `{place}` in a name stands for the place."""
        return _workdays(tuple(self._calendar(name, place) for name in names), join)

    def _calendar(self, name: str, place: str) -> Calendar:
        if _PLACE in name:
            if not place:
                raise CannotCount(f"the calendar {name} depends on the place, and none is given")
            name = name.replace(_PLACE, place)
        return _read_calendar(self._file("calendars", name))

    def sessions(self, body: str) -> Mapping[str, Mapping[str, Side]]:
        """Give the listed sessions of a body by number, each with its ends; none where nobody has listed any."""
        found = _located(self, "bodies", body)
        return {} if found is None else _read_sessions(found)

    def regimes(self) -> list[str]:
        """Give the names of all regimes."""
        return self._names("regimes")

    def calendars(self) -> list[str]:
        """Give the names of all calendars."""
        return self._names("calendars")

    def has(self, kind: str, name: str) -> bool:
        """Tell whether there is such a regime, calendar or list of sessions."""
        return _located(self, kind, name) is not None

    def fingerprint(self, kind: str, name: str) -> str:
        """Give the hash of the content of a regime or a calendar (`kind`: regimes, calendars), layout aside."""
        return _fingerprint(self._file(kind, name.partition("@")[0]))

    def content(self, kind: str, name: str) -> bytes:
        """Give the bytes of the file."""
        return self._file(kind, name.partition("@")[0]).content

    def _names(self, kind: str) -> list[str]:
        held = {name.partition("/")[2] for name, _ in self.held if name.startswith(f"{kind}/")}
        return sorted(held | {file.stem for folder in self.folders for file in (folder / kind).glob("*.json")})

    def _file(self, kind: str, name: str) -> File:
        found = _located(self, kind, name)
        if found is None:
            raise NoSuchName(self.missing(kind, name))
        return found

    def missing(self, kind: str, name: str) -> str:
        """Say that there is no regime or calendar of a name, and what there is."""
        known = self._names(kind)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
        return f"there is no {kind[:-1]} `{name}`; {hint}"


@lru_cache(maxsize=256)
def _located(library: Library, kind: str, name: str) -> File | None:
    held = dict(library.held).get(f"{kind}/{name}")
    if held is not None:
        return File(f"{name}.json", held)
    paths = (folder / kind / f"{name}.json" for folder in library.folders)
    path = next((path for path in paths if _NAME.match(name) and path.is_file()), None)
    return None if path is None else File(str(path), path.read_bytes())


@cache
def shipped() -> Library:
    """Give the library of what is shipped."""
    return Library()


def _version_day(text: str, name: str) -> int:
    from datetime import date

    try:
        return to_day(date.fromisoformat(text))
    except ValueError:
        raise NoSuchName(f"`{name}`: after @ comes `anchor` or a day such as 2008-06-30") from None


@lru_cache(maxsize=256)
def _regimes(file: File) -> tuple[Regime, ...]:
    versions = read_regime(file.content, file.name)
    _same_name(file, versions[0].name)
    return versions


@lru_cache(maxsize=256)
def _read_calendar(file: File) -> Calendar:
    calendar = read_calendar(file.content, file.name)
    _same_name(file, calendar.name)
    return calendar


@lru_cache(maxsize=64)
def _read_sessions(file: File) -> Mapping[str, Mapping[str, Side]]:
    name, sessions = read_body(file.content, file.name)
    _same_name(file, name)
    return sessions


def _same_name(file: File, name: str) -> None:
    called = Path(file.name).stem
    if called != name:
        raise BadFile([Problem(Place(file.name), f"the file is called {called} and says it is `{name}`", "rename one")])


@lru_cache(maxsize=128)
def _workdays(calendars: tuple[Calendar, ...], join: Join) -> WorkDays:
    return WorkDays(calendars, join)


@lru_cache(maxsize=256)
def _fingerprint(file: File) -> str:
    data = json.loads(file.content)
    return sha256_of({key: value for key, value in data.items() if key not in {"cases", "note"}})
