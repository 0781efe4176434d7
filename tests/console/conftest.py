"""The command line, in this process and in one of its own, on a fresh database in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.errors import run
from duewatch.console.main import cli

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """What it printed, without the line breaks that the width made."""
        return " ".join(self.out.split())

    @property
    def json(self) -> Any:
        assert self.out, self.err
        return json.loads(self.out)


Duewatch = Callable[..., Ended]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs whole commands takes its time."""
    for item in items:
        ours = item.path.is_relative_to(Path(__file__).parent)
        if ours and {"duewatch", "process", "adopted"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has adopted the encoding and answered once; copied, it saves each test that second."""
    folder = tmp_path_factory.mktemp("adopted")
    shutil.copy(ROOT / "obligations.yaml", folder)
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src"), "DUEWATCH_NOW": "2021-06-29"}
    url = {"DUEWATCH_DATABASE_URL": f"sqlite:///{folder / 'duewatch.db'}"}
    command = [sys.executable, "-m", "duewatch", "status", "--format", "json"]
    subprocess.run(command, cwd=folder, env=surroundings | url, capture_output=True, check=True, timeout=120)
    return folder / "duewatch.db"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own with copies of the encoding and the contacts; no database yet."""
    for name in ("obligations.yaml", "contacts.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUEWATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'duewatch.db'}")
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.fixture
def folder(empty: Path, adopted: Path) -> Path:
    """The same with a database that has adopted the encoding."""
    for file in adopted.parent.glob("duewatch.db*"):
        shutil.copy(file, empty / file.name)
    return empty


@pytest.fixture
def duewatch(empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Duewatch:  # noqa: ARG001 (it stands in the folder)
    """Run the command line in this process; `now` fixes its clock. Ask for `folder` too for an adopted database."""

    def command(*words: str, now: str = "2021-07-01", **environment: str) -> Ended:
        with monkeypatch.context() as here:
            here.setenv("DUEWATCH_NOW", now)
            for name, value in environment.items():
                here.setenv(name, value)
            capsys.readouterr()
            code = run(lambda: cli.main(list(words), prog_name="duewatch", standalone_mode=False))
        told = capsys.readouterr()
        return Ended(code, told.out, told.err)

    return command


@pytest.fixture
def process(empty: Path) -> Duewatch:
    """Run the command line in a process of its own."""

    def command(*words: str, now: str = "2021-07-01", options: tuple[str, ...] = (), **environment: str) -> Ended:
        surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src"), "DUEWATCH_NOW": now} | environment
        ended = subprocess.run(
            [sys.executable, *options, "-m", "duewatch", *words],
            cwd=empty,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return command
