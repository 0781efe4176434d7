from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, insert, select, update

from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.tables import edition, text
from duewatch.engine.ledger.texts import Flawed, fetch, keep, name_of, verify
from duewatch.engine.problems import CannotTrust

if TYPE_CHECKING:
    from sqlalchemy import Engine

NAME = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_a_text_is_kept_once_under_its_hash(engine: Engine) -> None:
    with writing(engine) as connection:
        assert keep(connection, "rules", b"hello") == keep(connection, "rules", b"hello") == name_of(b"hello") == NAME
        keep(connection, "encoding", b"")
    with writing(engine) as connection:
        assert keep(connection, "contacts", b"hello") == NAME
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(text)) == 2
        assert (fetch(connection, NAME), fetch(connection, name_of(b""))) == (b"hello", b"")


def test_a_text_that_is_not_there_is_named(engine: Engine) -> None:
    with reading(engine) as connection, pytest.raises(CannotTrust, match=f"{NAME} is not in this database; restore"):
        fetch(connection, NAME)


def test_a_text_that_was_altered_is_not_given_out(engine: Engine) -> None:
    with writing(engine) as connection:
        keep(connection, "rules", b"hello")
        connection.exec_driver_sql("DROP TRIGGER text_no_update")
        connection.execute(update(text).values(bytes=b"help"))
        with pytest.raises(CannotTrust, match=f"{NAME} was altered in the database; restore"):
            fetch(connection, NAME)


def test_verifying_names_the_text_that_was_altered_and_the_one_that_is_gone(engine: Engine) -> None:
    with writing(engine) as connection:
        names = [keep(connection, "encoding", content) for content in (b"one", b"two", b"three")]
        files = [{"instrument": "I", "path": f"{n}.yaml", "sha256": name, "tree": ""} for n, name in enumerate(names)]
        row = {"encoding": "e", "adopted_at": 0, "adopted_by": "", "horizon": 0, "files": files}
        connection.execute(insert(edition).values(**row))
        assert verify(connection) == []
        for action in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER text_no_{action}")
        connection.execute(update(text).values(bytes=b"1").where(text.c.sha256 == names[0]))
        connection.execute(delete(text).where(text.c.sha256 == names[1]))
        altered = Flawed(names[0], "was altered: its bytes do not give its hash")
        gone = Flawed(names[1], "is missing: it was adopted as 1.yaml")
        assert verify(connection) == sorted([altered, gone])
