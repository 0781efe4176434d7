"""Reads one setting's text as what it means. Says what is wrong and what would be right; raises nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from datetime import time
from pathlib import Path
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

Reader = Callable[[str | tuple[str, ...], Path], object]

MOST_OF_A_SECRET: Final = 4096  # bytes of a file that holds one
LONGEST_TIMEOUT: Final = 600.0  # seconds; a delivery that hangs longer holds up all the others
DATABASES: Final = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
HOST: Final = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?|[0-9A-Fa-f:]+"
)  # a name, an IPv4 or IPv6 address
DURATION: Final = re.compile(r"([0-9]{1,6})([smhd])")
UNITS: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3600, "d": 86_400}  # seconds
CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\\]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class WrongValueError(Exception):
    """The text is no value of its setting: what is wrong, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        """Keep both halves of the message."""
        super().__init__(f"{wrong}; {right}")
        self.wrong = wrong
        self.right = right


class Secret:
    """A text that is never shown: not by `repr`, `str`, a format, a traceback's locals or `asdict`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keep `text`."""
        self._text = text

    def reveal(self) -> str:
        """Give the text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        """Show that there is one, and nothing of it."""
        return "Secret(***)"

    def __deepcopy__(self, _memo: object) -> Secret:
        """Stay the same object in a copied structure."""
        return self

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a secret stays in the process that read it."""
        raise TypeError("a secret stays in this process")


def line(text: str | tuple[str, ...], _base: Path) -> str:
    """Read one line of text, without control characters."""
    if isinstance(text, tuple):
        raise WrongValueError("a list stands where one text is wanted", "give one")
    if not text.strip() or not text.isprintable():
        raise WrongValueError("is empty or holds a line break or another control character", "write one line of text")
    return text.strip()


def path(text: str | tuple[str, ...], base: Path) -> Path:
    """Read one path; a relative one counts from `base`, `~` is the home folder."""
    return base / Path(line(text, base)).expanduser()


def paths(text: str | tuple[str, ...], base: Path) -> tuple[Path, ...]:
    """Read a list of paths: a list in TOML, joined as in PATH in the environment."""
    parts = text if isinstance(text, tuple) else tuple(part for part in text.split(os.pathsep) if part)
    read = tuple(path(part, base) for part in parts)
    twice = next((one for one in read if read.count(one) > 1), None)
    if not read or twice:
        raise WrongValueError(f"{twice} is named twice" if twice else "no path is named", "name each file once")
    return read


def folders(text: str | tuple[str, ...], base: Path) -> tuple[Path, ...]:
    """Read a list of existing folders, written as paths are."""
    return tuple(folder(str(one), base) for one in paths(text, base))


def folder(text: str | tuple[str, ...], base: Path) -> Path:
    """Read the path of an existing folder."""
    read = path(text, base)
    if not read.is_dir():
        raise WrongValueError(f"there is no folder {read}", "name an existing folder")
    return read


def zone(text: str | tuple[str, ...], base: Path) -> str:
    """Read the IANA name of a time zone."""
    name = line(text, base)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        _wrong(name, "a time zone", "an IANA name, such as UTC or Europe/Paris")
    return name


def host(text: str | tuple[str, ...], base: Path) -> str:
    """Read a host name or an address, without port or scheme."""
    name = line(text, base)
    if not HOST.fullmatch(name):
        _wrong(name, "a host", "its name or address alone, such as mail.example.org")
    return name


def port(text: str | tuple[str, ...], base: Path) -> int:
    """Read the number of a TCP port."""
    written = line(text, base)
    if not re.fullmatch(r"[0-9]{1,5}", written) or not 1 <= int(written) <= 65535:  # noqa: PLR2004 - RFC 9293, 16 bits
        _wrong(written, "a port", "a number from 1 to 65535")
    return int(written)


def seconds(text: str | tuple[str, ...], base: Path) -> float:
    """Read a number of seconds, above 0."""
    written = line(text, base)
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", written) or not 0 < float(written) <= LONGEST_TIMEOUT:
        _wrong(written, "a number of seconds", f"one above 0, at most {LONGEST_TIMEOUT:g}")
    return float(written)


def duration(least: float, most: float) -> Reader:
    """Make a reader of a length of time with its unit, such as 90s, 15m, 1h or 2d; it gives seconds."""

    def read(text: str | tuple[str, ...], base: Path) -> float:
        written = line(text, base)
        found = DURATION.fullmatch(written)
        if not found:
            _wrong(written, "a length of time", "a whole number with its unit: 90s, 15m, 1h or 2d")
        seconds = float(int(found[1]) * UNITS[found[2]])
        if not least <= seconds <= most:
            raise WrongValueError(f"{written} is too short or too long", f"write {least:g}s to {most / 3600:g}h")
        return seconds

    return read


def clock_time(text: str | tuple[str, ...], base: Path) -> time:
    """Read an hour of the day, such as 02:30."""
    written = line(text, base)
    if not CLOCK_TIME.fullmatch(written):
        _wrong(written, "an hour of the day", 'hours and minutes, such as "02:30"')
    return time.fromisoformat(written)


def ping_url(text: str | tuple[str, ...], base: Path) -> Secret:
    """Read the URL that is told after each good run; it may hold a token, and is never quoted."""
    return _pingable(secret(text, base))


def ping_url_file(text: str | tuple[str, ...], base: Path) -> Secret:
    """Read that URL from the file that `text` names."""
    return _pingable(secret_file(text, base))


def _pingable(url: Secret) -> Secret:
    from duewatch.notifiers.http import read_target  # most commands ping nobody
    from duewatch.notifiers.message import NotConfigured

    try:
        read_target(url.reveal(), "it")
    except NotConfigured as wrong:
        what, _, right = str(wrong).partition("; ")
        raise WrongValueError(what, right) from None
    return url


def address(text: str | tuple[str, ...], base: Path) -> str:
    """Read one bare mail address."""
    written = line(text, base)
    if not ADDRESS.fullmatch(written):
        _wrong(written, "one mail address", "the address alone, such as duewatch@example.org")
    return written


def one_of(choices: Collection[str]) -> Reader:
    """Make a reader of one word among `choices`."""

    def read(text: str | tuple[str, ...], base: Path) -> str:
        word = line(text, base)
        if word not in choices:
            _wrong(word, "known here", ", ".join(choices))
        return word

    return read


def database_url(text: str | tuple[str, ...], base: Path) -> str:
    """Read an SQLAlchemy URL of a database that we know. Never quotes it: it may hold a password."""
    url = line(text, base)
    scheme, found, rest = url.partition("://")
    if not found:
        raise WrongValueError("is not the URL of a database", 'write "sqlite:////full/path/duewatch.db"')
    if scheme not in DATABASES:
        raise WrongValueError(f'"{scheme}" is not a database we know', "begin with sqlite:/// or postgresql://")
    # An SQLite file in memory is empty again at the next command.
    if scheme.startswith("sqlite") and (not rest.startswith("/") or rest in ("/", "/:memory:")):
        raise WrongValueError("names no file", 'write "sqlite:////full/path/duewatch.db"')
    return url


def secret(text: str | tuple[str, ...], _base: Path) -> Secret:
    """Read a secret as it stands, blanks at its ends included; what is wrong with it is said without it."""
    if isinstance(text, tuple) or not text.isprintable():
        raise WrongValueError("holds a line break or another control character", "give the secret alone")
    return Secret(text)


def secret_file(text: str | tuple[str, ...], base: Path) -> Secret:
    """Read a secret from the file that `text` names, less the line break at its end."""
    source = path(text, base)
    try:
        with source.open("rb") as file:
            content = file.read(MOST_OF_A_SECRET + 1).decode("utf-8")
    except OSError as error:
        raise WrongValueError(f"{source} cannot be read ({error.strerror})", "name a file this user can read") from None
    except UnicodeDecodeError:
        raise WrongValueError(f"{source} is not UTF-8", "put the secret alone in it") from None
    written = content.removesuffix("\n").removesuffix("\r")
    if not written or not written.isprintable() or len(content) > MOST_OF_A_SECRET:
        raise WrongValueError(f"{source} is empty, too long or of several lines", "put the secret alone in it")
    return Secret(written)


def _wrong(written: str, meant: str, right: str) -> NoReturn:
    raise WrongValueError(f'"{written}" is not {meant}', f"write {right}")
