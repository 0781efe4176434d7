"""Opening the database, and the two ways to talk to it: `reading` and `writing`.

SQLite (WAL) in a file by default, PostgreSQL by another URL. Whatever is wrong with the place
is one sentence, never a traceback. Alembic is imported only where a schema is not at head.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from duewatch.engine.ledger import guards
from duewatch.engine.ledger.chain import hold
from duewatch.engine.ledger.migrations.newest import HEAD
from duewatch.engine.ledger.tables import APPEND_ONLY
from duewatch.engine.problems import BadInput, CannotTrust, DuewatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.dialects import postgresql

PATIENCE: Final = 30  # seconds to wait for another process that is writing
_PAUSE: Final = 0.02  # seconds between two tries where SQLite does not wait by itself
_PRIMARY: Final = 0xFF  # the part of an extended code of SQLite that says what happened
_PRAGMAS: Final = ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")  # the last: REPLACE deletes aloud
_SETTING: Final = "give another place in DUEWATCH_DATABASE_URL"
_UNWRITABLE: Final = "may only be read by this user: mend the rights of the file and its folder"
# Our execution options, of connections and of engines.
_WRITING: Final = "duewatch_writing"
_READ_ONLY: Final = "duewatch_read_only"
_PATH: Final = "duewatch_path"


def open_database(url: str) -> Engine:
    """Open the database at an SQLAlchemy URL; a new one is created, an older one brought to the schema of today.

    A file gets mode 0600, the folders made for it 0700. Where the file or its folder may not be
    written, `reading` still works. BadInput where the place or what stands there is wrong,
    CannotTrust where it is damaged or no longer refuses changes to what may only be added.
    """
    engine = open_unguarded(url)
    with reading(engine) as connection:
        lost = guards.missing(connection, APPEND_ONLY)
    if not lost:
        return engine
    engine.dispose()
    raise CannotTrust(
        f"{_place(engine)}: guards against changing what may only be added were removed ({', '.join(lost)}); "
        "run `duewatch ledger verify`, and restore a backup where it finds anything"
    )


def open_unguarded(url: str) -> Engine:
    """Open like `open_database`, but also where guards were removed: to find out what happened."""
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    try:
        _bring_to_head(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database throughout; nothing done on it stays."""
    snapshot = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with (
        _in_words(engine),
        engine.connect().execution_options(**snapshot) as connection,
        connection.begin() as all_of_it,
    ):
        try:
            yield connection
        finally:
            all_of_it.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose work is kept whole at the end, or not at all where an error leaves the block.

    On SQLite one at a time: others wait for up to `PATIENCE` seconds. BadInput where the database
    may only be read (SQLite itself would not say so before the first change).
    """
    if engine.get_execution_options().get(_READ_ONLY):
        raise BadInput(f"{_place(engine)} {_UNWRITABLE}")
    with _in_words(engine), engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
        yield connection


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Connection]:
    """Give a connection on which anything may be written, and nothing of it stays.

    Of an SQLite database that may only be read it is a copy in memory, so that questions which write on their way to
    an answer can be asked there too.
    """
    if not engine.get_execution_options().get(_READ_ONLY):
        with reading(engine) as connection:
            yield connection
        return
    copy = _listening(create_engine("sqlite://", connect_args={"isolation_level": None}, poolclass=StaticPool))
    try:
        with _in_words(engine), engine.connect() as there, copy.connect() as here:
            _driver(there).backup(_driver(here))
        with reading(copy) as connection:
            yield connection
    finally:
        copy.dispose()


def _driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection beneath one to SQLite."""
    own = connection.connection.driver_connection
    if not isinstance(own, sqlite3.Connection):
        raise TypeError(f"no connection to SQLite: {own!r}")
    return own


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT that leaves out the rows whose key is there already (use RETURNING to learn which came in)."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


# ------------------------------------------------------------------ where it is
def _address(url: str) -> URL:
    """Read the URL, and refuse what we cannot serve before anything is touched."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadInput(f"`{url}` is not a database URL; write sqlite:////var/lib/duewatch/duewatch.db") from None
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput(f"`{address.drivername}` databases are not served; write sqlite:///... or postgresql://...")
    if address.get_backend_name() == "sqlite" and (address.query or address.host):
        raise BadInput(f"`{url}` says more than a path; write sqlite:/// and the path of the file")
    return address


def _place(engine: Engine) -> str:
    """Say where the database is, without its password."""
    address = engine.url
    if engine.dialect.name != "sqlite":
        return address.render_as_string(hide_password=True)
    return str(engine.get_execution_options().get(_PATH, "the database in memory"))


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(address)
    except ModuleNotFoundError as error:
        raise BadInput(f"PostgreSQL needs the package {error.name}; install it beside duewatch") from None


def _sqlite(address: URL) -> Engine:
    """Make the file where there is none, and an engine for it, for reading only where more is not allowed."""
    options: dict[str, Any] = {"isolation_level": None, "timeout": 0}  # our own waiting: see `_listening`
    if address.database in (None, "", ":memory:"):
        return _listening(create_engine(address, connect_args=options))
    path = Path(str(address.database)).expanduser().absolute()
    _create(path)
    if path.is_dir():
        raise BadInput(f"{path} is a folder; {_SETTING}, with the name of a file")
    known_as: dict[str, object] = {_PATH: str(path)}
    if _may_write(path) and _may_write(path.parent):
        engine = create_engine(address.set(database=str(path)), connect_args=options, execution_options=known_as)
        return _listening(engine, wal=True)
    read_only = address.set(database=f"file:{quote(str(path))}", query=_read_only(path))
    known_as[_READ_ONLY] = True
    return _listening(create_engine(read_only, connect_args=options, execution_options=known_as))


def _read_only(path: Path) -> dict[str, str]:
    """Say how SQLite must open a file that we may not write.

    Where we may not write beside it either, SQLite cannot share it with a writer. If none left
    its log there, nobody is writing, and the file may be taken as it stands.
    """
    alone = not _may_write(path.parent) and not path.with_name(f"{path.name}-wal").exists()
    return {"mode": "ro", "uri": "true"} | ({"immutable": "1"} if alone else {})


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _create(path: Path) -> None:
    """Make an empty file that only we may read, and the folders that it lacks, where there is nothing yet."""
    try:
        if path.exists():
            return
        for folder in reversed([folder for folder in path.parents if not folder.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise BadInput(f"{path} cannot be made or reached ({error.strerror}); {_SETTING}") from None


def _listening(engine: Engine, *, wal: bool = False) -> Engine:
    """Set up each connection, and begin each transaction ourselves: the driver would begin too late."""

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        if wal:
            _to_wal(connection)
        for pragma in (f"busy_timeout={round(PATIENCE * 1000)}", *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _to_wal(connection: sqlite3.Connection) -> None:
    """Turn the file to WAL, again and again while another process is in the way.

    SQLite itself does not wait where two turn a new file at once: one would be refused.
    """
    for _ in range(round(PATIENCE / _PAUSE)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_PAUSE)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


# ------------------------------------------------------------------ which schema it has
def _bring_to_head(engine: Engine) -> None:
    with reading(engine) as connection:
        if _schema(connection) == HEAD:
            return
    from duewatch.engine.ledger.migrations.upgrade import knows, upgrade

    with writing(engine) as connection:
        hold(connection)
        found = _schema(connection)  # again: another process may have been quicker
        if found is None and inspect(connection).get_table_names():
            raise BadInput(f"{_place(engine)} holds the tables of another program; {_SETTING}")
        if found is not None and not knows(found):
            raise BadInput(
                f"{_place(engine)} was written by a newer duewatch (schema {found}, this one knows {HEAD}); "
                "install the newer version"
            )
        if found != HEAD:
            upgrade(connection)


def _schema(connection: Connection) -> str | None:
    """Give the revision of the schema, None for a database that we never touched."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


# ------------------------------------------------------------------ what can go wrong with it
@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    """Say in one sentence what the database refuses; our own errors and those of our SQL pass."""
    try:
        yield
    except DatabaseError as error:
        explained = _explained(error, _place(engine))
        if explained is None:
            raise
        raise explained from error


def _explained(error: DatabaseError, place: str) -> DuewatchError | None:
    """Give our error for one that comes from outside: the disk, the rights, the network."""
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is None:
        outside = isinstance(error, OperationalError)
        return BadInput(f"{place} cannot be reached ({str(error.orig).strip()}); {_SETTING}") if outside else None
    for beginning, (kind, sentence) in _TROUBLES.items():
        if name.startswith(beginning):
            return kind(f"{place} {sentence}")
    return None


_TROUBLES: Final[dict[str, tuple[type[DuewatchError], str]]] = {
    "SQLITE_NOTADB": (BadInput, f"is not a database; {_SETTING}"),
    "SQLITE_CORRUPT": (CannotTrust, "is damaged; restore a backup"),
    "SQLITE_IOERR": (CannotTrust, "cannot be read or written: the disk reports an error; check it"),
    "SQLITE_FULL": (BadInput, "cannot grow: the disk is full; make room, then try again"),
    "SQLITE_READONLY": (BadInput, _UNWRITABLE),
    "SQLITE_CANTOPEN": (BadInput, f"cannot be opened: mend the rights of the file and its folder, or {_SETTING}"),
    "SQLITE_BUSY": (BadInput, f"was being written by another process for {PATIENCE} seconds; try again"),
}
