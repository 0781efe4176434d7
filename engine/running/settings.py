"""The settings, read once at the edge from the environment and a file; typed, checked, frozen.

Every setting has one name: `smtp_port` is `DUEWATCH_SMTP_PORT` in the environment and
`smtp_port = 587` in the file. The file is TOML: the one that `DUEWATCH_CONFIG` names, else
`duewatch.toml` in the current folder where it exists. The environment wins; an empty variable
counts as not given. Relative paths count from the current folder, those in the file from the
file's folder. Secrets come by environment or by a file of their own (`..._FILE`), never in TOML.

Nothing here opens a database, an encoding or a connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from duewatch.engine.problems import BadFile, Problem
from duewatch.engine.running import clock, given, values

if TYPE_CHECKING:
    from duewatch.engine.running.values import Secret

SmtpSecurity = Literal["none", "starttls", "tls"]

DEFAULT_PORTS: Final[Mapping[str, int]] = {"none": 25, "starttls": 587, "tls": 465}  # RFC 5321, 6409, 8314
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
HOUR: Final = 3600  # seconds
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation is set. Safe to print: it shows no secret."""

    database_url: str = field(repr=False)  # an SQLAlchemy URL; may hold a password
    obligations: tuple[Path, ...]  # the encodings, in the order of the screens
    contacts: Path
    rules: Path | None  # a folder that replaces the shipped rules
    library: tuple[Path, ...]  # folders with regimes/, calendars/ and bodies/ of one's own, before the shipped ones
    zone: str  # IANA: where the dates of `--as-known` are read
    me: str | None  # the person of the contacts whose `--mine` is meant
    smtp_host: str | None  # None: deliveries stay pending
    smtp_port: int
    smtp_security: SmtpSecurity
    smtp_user: str | None
    smtp_password: Secret | None
    smtp_from: str
    smtp_timeout: float  # seconds for one delivery, on any channel
    slack_webhook_url: Secret | None  # None: deliveries on that channel stay pending; so with the next
    webhook_url: Secret | None
    webhook_secret: Secret | None  # `whsec_...`
    webhook_loopback: Literal["yes", "no"]  # whether the webhook may lead to this very machine: for trying out
    evaluate_every: float  # seconds between two evaluations of `duewatch run`, at most
    nightly_at: time  # the local hour of its full evaluation, in `zone`
    deliver_every: float  # seconds between two looks at what is to be sent
    ping_url: Secret | None  # told after each good run, so that somebody notices when there are none
    run_too_old: float  # seconds after which the last good run is not to be trusted any more
    undelivered_too_old: float  # seconds that a message may wait before somebody must look


def read_settings(environ: Mapping[str, str], *, folder: Path) -> Settings:
    """Read the settings of `environ` and of the TOML file found from `folder`, the current one.

    Raises `BadFile` with every problem of both.
    """
    problems: list[Problem] = []
    found = given.collect(environ, folder, READERS, problems)
    read = {name: _read(value, problems) for name, value in found.items()}
    _check_clock(environ, problems)
    settings = _complete(read, environ, folder)
    _check_mail(settings, found, problems)
    _check_twice(found, problems)
    if problems:
        raise BadFile(problems)
    return settings


READERS: Final[Mapping[str, values.Reader]] = {
    "database_url": values.database_url,
    "obligations": values.paths,
    "contacts": values.path,
    "rules": values.folder,
    "library": values.folders,
    "zone": values.zone,
    "me": values.line,
    "smtp_host": values.host,
    "smtp_port": values.port,
    "smtp_security": values.one_of(get_args(SmtpSecurity)),
    "smtp_user": values.line,
    "smtp_password": values.secret,
    "smtp_password_file": values.secret_file,
    "smtp_from": values.address,
    "smtp_timeout": values.seconds,
    "slack_webhook_url": values.secret,
    "slack_webhook_url_file": values.secret_file,
    "webhook_url": values.secret,
    "webhook_url_file": values.secret_file,
    "webhook_secret": values.secret,
    "webhook_secret_file": values.secret_file,
    "webhook_loopback": values.one_of(("no", "yes")),
    "evaluate_every": values.duration(1, DAY),
    "nightly_at": values.clock_time,
    "deliver_every": values.duration(1, HOUR),
    "ping_url": values.ping_url,
    "ping_url_file": values.ping_url_file,
    "run_too_old": values.duration(1, 31 * DAY),
    "undelivered_too_old": values.duration(1, 31 * DAY),
}


def _read(value: given.Given, problems: list[Problem]) -> object:
    """Give the typed value, or None after noting what is wrong with it."""
    try:
        return READERS[value.name](value.text, value.base)
    except values.WrongValueError as wrong:
        problems.append(Problem(value.place, wrong.wrong, wrong.right))
        return None


def _complete(read: Mapping[str, object], environ: Mapping[str, str], folder: Path) -> Settings:
    """Fill in the defaults of what was not given, or not well given."""
    host = read.get("smtp_host")
    # Mail to this very machine passes no wire; any other must be encrypted unless said otherwise.
    security = read.get("smtp_security") or ("none" if host in LOOPBACK else "starttls")
    complete: dict[str, Any] = {
        "database_url": _default_database(environ),
        "obligations": (folder / "obligations.yaml",),
        "contacts": folder / "contacts.yaml",
        "rules": None,
        "library": (),
        "zone": "UTC",
        "me": None,
        "smtp_host": None,
        "smtp_port": DEFAULT_PORTS[str(security)],
        "smtp_security": security,
        "smtp_user": None,
        "smtp_password": read.get("smtp_password_file"),
        "smtp_from": "duewatch@localhost",
        "smtp_timeout": 30.0,
        "slack_webhook_url": read.get("slack_webhook_url_file"),
        "webhook_url": read.get("webhook_url_file"),
        "webhook_secret": read.get("webhook_secret_file"),
        "webhook_loopback": "no",
        "evaluate_every": float(HOUR),
        "nightly_at": time(2, 30),
        "deliver_every": 5.0,
        "ping_url": read.get("ping_url_file"),
        "run_too_old": 26.0 * HOUR,
        "undelivered_too_old": float(HOUR),
    }
    return Settings(**complete | {name: value for name, value in read.items() if name in complete and value})


def _default_database(environ: Mapping[str, str]) -> str:
    """Give the URL of the file in the user's data directory (XDG Base Directory: a relative path is ignored)."""
    named = Path(environ.get("XDG_DATA_HOME", ""))
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    data = named if named.is_absolute() else home / ".local" / "share"
    return f"sqlite:///{data / 'duewatch' / 'duewatch.db'}"


def _check_clock(environ: Mapping[str, str], problems: list[Problem]) -> None:
    try:
        clock.now(environ)
    except BadFile as bad:
        problems.extend(bad.problems)


def _check_twice(found: Mapping[str, given.Given], problems: list[Problem]) -> None:
    """Refuse a secret of a channel that is given by itself and as a file."""
    for name in ("slack_webhook_url", "webhook_url", "webhook_secret", "ping_url"):
        if name in found and f"{name}_file" in found:
            other = found[f"{name}_file"].place
            problems.append(Problem(found[name].place, f"{name} is given twice", f"keep it or {other}"))


def _check_mail(settings: Settings, found: Mapping[str, given.Given], problems: list[Problem]) -> None:
    """Refuse what only two settings together make wrong."""
    password = found.get("smtp_password") or found.get("smtp_password_file")
    if password is None:
        return
    if "smtp_password" in found and "smtp_password_file" in found:
        problems.append(
            Problem(password.place, "the password is given twice", f"keep it or {found['smtp_password_file'].place}")
        )
    if "smtp_user" not in found:
        problems.append(Problem(password.place, "a password without a user", "give DUEWATCH_SMTP_USER too"))
    if settings.smtp_security == "none" and settings.smtp_host not in LOOPBACK:
        problems.append(
            Problem(password.place, "the password would travel unencrypted", "set smtp_security to starttls or tls")
        )
