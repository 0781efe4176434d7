"""A real database for each test: a file, migrated once and copied."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url

from duewatch.engine.ledger.database import open_database
from duewatch.engine.ledger.facts import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

NOW = datetime(2021, 7, 16, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "duewatch.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "duewatch.db"
    shutil.copy(migrated, copy)
    return copy


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture
def measure() -> Draft:
    return Draft(kind="measure", instrument="I", target="I#ceiling", value="13300", recorded_by="officer")


@pytest.fixture
def postgresql() -> Iterator[Engine]:
    """An empty database of the PostgreSQL server that DUEWATCH_TEST_POSTGRESQL names, where it names one."""
    server = os.environ.get("DUEWATCH_TEST_POSTGRESQL")
    if not server:
        pytest.skip("DUEWATCH_TEST_POSTGRESQL names no server")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS duewatch_test")
        connection.exec_driver_sql("CREATE DATABASE duewatch_test")
    admin.dispose()
    opened = open_database(make_url(server).set(database="duewatch_test").render_as_string(hide_password=False))
    yield opened
    opened.dispose()
