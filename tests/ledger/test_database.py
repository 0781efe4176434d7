from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from duewatch.engine.ledger import database
from duewatch.engine.ledger.database import insert_new, open_database, open_unguarded, reading, rehearsing, writing
from duewatch.engine.ledger.tables import decision, text
from duewatch.engine.problems import BadInput, CannotTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

A_TEXT = {"sha256": "sha256:0", "kind": "rules", "bytes": b"a"}


def refusal(url: str) -> str:
    with pytest.raises(BadInput) as refused:
        open_database(url)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# ------------------------------------------------------------------ a new one
def test_a_new_database_gets_a_folder_and_a_file_that_only_we_may_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "duewatch.db"
    open_database(f"sqlite:///{path}").dispose()
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, *path.parents[:2])] == [0o600, 0o700, 0o700]


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_database(f"sqlite:///{tmp_path}/duewatch.db").dispose()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_tilde_means_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    open_database("sqlite:///~/duewatch.db").dispose()
    assert (tmp_path / "duewatch.db").exists()


def test_each_connection_is_set_up(engine: Engine) -> None:
    with reading(engine) as connection:
        set_up = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous", "recursive_triggers")
        }
    full = 2
    assert set_up == {
        "journal_mode": "wal",
        "busy_timeout": 30_000,
        "foreign_keys": 1,
        "synchronous": full,
        "recursive_triggers": 1,
    }


def test_a_database_in_memory_serves_one_process() -> None:
    engine = open_database("sqlite://")
    with writing(engine) as connection:
        connection.execute(insert(text).values(A_TEXT))
    with reading(engine) as connection:
        assert connection.scalar(select(text.c.bytes)) == b"a"
    engine.dispose()


# ------------------------------------------------------------------ reading and writing
def test_what_is_written_stays_and_an_error_takes_it_back(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(text).values(A_TEXT))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(text).values(A_TEXT | {"sha256": "sha256:1"}))
        connection.execute(insert(text).values(A_TEXT))
    with reading(engine) as connection:
        assert connection.scalars(select(text.c.sha256)).all() == ["sha256:0"]


def test_nothing_done_while_reading_stays(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(insert(text).values(A_TEXT))
        connection.exec_driver_sql("CREATE TEMPORARY TABLE moment (day INTEGER)")
    with reading(engine) as connection:
        assert connection.scalar(select(text.c.sha256)) is None
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_temp_master").scalar() == 0


def test_reading_sees_one_state_while_another_writes(engine: Engine) -> None:
    with reading(engine) as reader:
        before = reader.scalars(select(text.c.sha256)).all()
        with writing(engine) as writer:
            writer.execute(insert(text).values(A_TEXT))
        assert reader.scalars(select(text.c.sha256)).all() == before == []
    with reading(engine) as reader:
        assert reader.scalars(select(text.c.sha256)).all() == ["sha256:0"]


def test_a_second_writer_waits_and_then_says_why_it_gave_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    hurried = open_database(f"sqlite:///{engine.url.database}")
    with writing(engine), pytest.raises(BadInput, match=r"written by another process .* try again"), writing(hurried):
        pass
    hurried.dispose()


def test_a_new_file_that_another_process_holds_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    path = tmp_path / "duewatch.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said = refusal(f"sqlite:///{path}")
    assert said == f"{path} was being written by another process for 30 seconds; try again"
    holder.close()
    open_database(f"sqlite:///{path}").dispose()


def test_errors_of_our_own_sql_stay_what_they_are(engine: Engine) -> None:
    with pytest.raises(OperationalError, match="no such table"), reading(engine) as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")


def test_insert_new_leaves_what_is_there(engine: Engine) -> None:
    row = {"rules": "r", "signature": 5, "status": "due", "rule": "due", "decided_by": "both"}
    with writing(engine) as connection:
        for status in ("due", "open"):
            added = connection.execute(
                insert_new(connection, decision).values(row | {"status": status}).returning(decision.c.status)
            ).all()
            assert len(added) == (status == "due")
        assert connection.scalars(select(decision.c.status)).all() == ["due"]


# ------------------------------------------------------------------ a wrong place
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("duewatch.db", "`duewatch.db` is not a database URL; write sqlite:///"),
        ("mysql://root@localhost/x", "`mysql` databases are not served; write sqlite:///... or postgresql://..."),
        ("sqlite:///x.db?mode=ro", "says more than a path"),
        ("sqlite://x.db", "says more than a path"),
    ],
)
def test_a_url_that_we_cannot_serve_is_refused(url: str, said: str) -> None:
    assert said in refusal(url)


def test_a_postgresql_without_its_package_is_refused_with_the_package() -> None:
    if find_spec("psycopg"):
        pytest.skip("psycopg is installed here")
    assert refusal("postgresql://me:secret@localhost/duewatch") == (
        "PostgreSQL needs the package psycopg; install it beside duewatch"
    )


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert refusal(f"sqlite:///{tmp_path}").startswith(f"{tmp_path} is a folder; give another place")


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "duewatch.db"
    assert refusal(f"sqlite:///{place}") == (
        f"{place} cannot be made or reached (Not a directory); give another place in DUEWATCH_DATABASE_URL"
    )


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    place.write_text("not a database, but long enough to be taken for one at first sight\n" * 20)
    before = place.read_bytes()
    assert refusal(f"sqlite:///{place}") == (f"{place} is not a database; give another place in DUEWATCH_DATABASE_URL")
    assert place.read_bytes() == before


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    assert "holds the tables of another program" in refusal(f"sqlite:///{place}")


def test_a_damaged_database_cannot_be_trusted(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996  # the page that says which tables there are
    path.write_bytes(content)
    with pytest.raises(CannotTrust, match="is damaged; restore a backup"):
        open_database(f"sqlite:///{path}")


# ------------------------------------------------------------------ which schema it has
def _set_revision(path: Path, revision: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()


def test_a_database_of_a_newer_duewatch_is_left_alone(path: Path) -> None:
    _set_revision(path, "9999")
    said = refusal(f"sqlite:///{path}")
    assert said.startswith(f"{path} was written by a newer duewatch (schema 9999, this one knows ")
    assert said.endswith("install the newer version")


def test_lost_guards_are_named(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER fact_no_update")
    connection.close()
    with pytest.raises(CannotTrust, match=r"were removed \(fact_no_update\); run `duewatch ledger verify`"):
        open_database(f"sqlite:///{path}")
    open_unguarded(f"sqlite:///{path}").dispose()


def test_alembic_is_not_imported_where_the_schema_is_at_head(path: Path) -> None:
    code = (
        "import sys; from duewatch.engine.ledger.database import open_database;"
        "open_database(sys.argv[1]).dispose(); print('alembic' in sys.modules)"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{path}"],
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


# ------------------------------------------------------------------ a place that may only be read
NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Rights mean nothing to root: be somebody else for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def url_of(place: Path) -> str:
    return f"sqlite:///{quote(str(place))}"


@pytest.fixture
def shelf(migrated: Path) -> Iterator[Path]:
    """A folder that everybody may read and only its owner write, with a database in it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "due %41 #watch.db"
        place.write_bytes(migrated.read_bytes())
        place.chmod(0o444)
        place.parent.chmod(0o555)
        yield place
        place.parent.chmod(0o755)


def test_a_database_on_a_shelf_can_be_read_and_says_why_it_cannot_be_written(shelf: Path) -> None:
    with ordinary_user():
        engine = open_database(url_of(shelf))
        with reading(engine) as connection:
            connection.exec_driver_sql("CREATE TEMPORARY TABLE moment (day INTEGER)")
            assert connection.scalars(select(text.c.sha256)).all() == []
        with pytest.raises(BadInput) as refused, writing(engine) as connection:
            connection.execute(insert(text).values(A_TEXT))
        engine.dispose()
    assert str(refused.value) == f"{shelf} may only be read by this user: mend the rights of the file and its folder"


def test_what_writes_on_its_way_to_an_answer_is_tried_on_a_copy_of_a_database_on_a_shelf(shelf: Path) -> None:
    before = shelf.read_bytes()
    with ordinary_user():
        engine = open_database(url_of(shelf))
        for _ in range(2):
            with rehearsing(engine) as connection:
                assert connection.scalars(select(text.c.sha256)).all() == []
                connection.execute(insert(text).values(A_TEXT))
        engine.dispose()
    assert shelf.read_bytes() == before


def test_a_database_on_a_shelf_is_read_with_what_its_writer_has_not_folded_in_yet(shelf: Path) -> None:
    shelf.chmod(0o644)
    shelf.parent.chmod(0o755)
    writer = open_database(url_of(shelf))
    with writing(writer) as connection:
        connection.execute(insert(text).values(A_TEXT))
    for place in shelf.parent.iterdir():
        place.chmod(0o444)
    shelf.parent.chmod(0o555)
    with ordinary_user():
        engine = open_database(url_of(shelf))
        with reading(engine) as connection:
            assert connection.scalars(select(text.c.sha256)).all() == ["sha256:0"]
        engine.dispose()
    writer.dispose()


def test_a_file_that_may_only_be_read_in_a_folder_of_ours_can_be_read(shelf: Path) -> None:
    shelf.parent.chmod(0o777)
    with ordinary_user():
        engine = open_database(url_of(shelf))
        with reading(engine) as connection:
            assert connection.scalars(select(text.c.sha256)).all() == []
        with pytest.raises(BadInput, match="may only be read"), writing(engine):
            pass
        engine.dispose()


def test_an_empty_file_that_may_only_be_read_is_no_database_yet(shelf: Path) -> None:
    shelf.chmod(0o644)
    shelf.write_bytes(b"")
    shelf.chmod(0o444)
    with ordinary_user():
        assert "may only be read by this user" in refusal(url_of(shelf))


def test_a_file_that_may_not_even_be_read_is_named(shelf: Path) -> None:
    shelf.chmod(0o000)
    with ordinary_user():
        assert "cannot be opened: mend the rights" in refusal(url_of(shelf))


def test_a_folder_that_may_not_be_entered_is_named(shelf: Path) -> None:
    shelf.parent.chmod(0o600)
    with ordinary_user():
        assert refusal(url_of(shelf)).startswith(f"{shelf} cannot be made or reached (Permission denied); give another")


def test_a_folder_that_may_not_be_written_gets_no_database(shelf: Path) -> None:
    with ordinary_user():
        said = refusal(url_of(shelf.parent / "other.db"))
    assert "other.db cannot be made or reached (Permission denied); give another place" in said
