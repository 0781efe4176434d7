"""A small encoding, people, a database that has adopted it, far sides, and a nursery of processes that may die."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import pytest
from tests.notifiers.peers import HttpPeer, Peer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
NOW = "2021-07-16T12:00:00+00:00"
ENCODING = """
instrument: {symbol: T/4711 (2021), title: A trial, adopted: {date: "2021-06-29", how: vote}, zone: UTC}
parties: {office: {}}
obligations:
"""
ENTRY = """- {{id: e{n}.report, provision: Art {n}, verb: requests, bearer: office, kind: achieve,
   action: report number {n}, deadline: {{by: "2021-07-15"}}}}
"""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for by its mark."""
    if "faults" in config.option.markexpr:
        return
    long = [each for each in items if each.get_closest_marker("faults")]
    items[:] = [each for each in items if each not in long]
    config.hook.pytest_deselected(items=long)


class Nursery:
    """One process that forks children; see nursery.py."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("nursery.py"))]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DUEWATCH_", "COVERAGE_"))}
        environment["PYTHONPATH"] = str(ROOT / "src")
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        with TemporaryDirectory() as folder, Peer() as mail, HttpPeer() as web:
            world = World(Path(folder), mail, web)
            furnish(world.folder)
            assert self.run("status --all", "evaluate", "deliver", environment=world.environment) == (0, [])

    def run(self, *commands: str, environment: dict[str, str], **how: Any) -> tuple[int, list[str]]:
        """Run commands in one child; give how it ended (negative: by that signal) and the points that it passed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"environment": environment, "commands": [each.split() for each in commands], **how}
        self.process.stdin.write(json.dumps(order) + "\n")
        answer = json.loads(self.process.stdout.readline())
        return os.waitstatus_to_exitcode(answer["status"]), answer["points"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass(frozen=True)
class World:
    """A folder with a database, and the far sides of its channels."""

    folder: Path
    mail: Peer
    web: HttpPeer

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DUEWATCH_NOW": NOW,
            "DUEWATCH_DATABASE_URL": f"sqlite:///{self.folder / 'duewatch.db'}",
            "DUEWATCH_OBLIGATIONS": str(self.folder / "obligations.yaml"),
            "DUEWATCH_CONTACTS": str(self.folder / "contacts.yaml"),
            "DUEWATCH_SMTP_HOST": "127.0.0.1",
            "DUEWATCH_SMTP_PORT": str(self.mail.port),
            "DUEWATCH_SMTP_FROM": "duewatch@example.org",
            "DUEWATCH_SLACK_WEBHOOK_URL": f"http://127.0.0.1:{self.web.port}/services/T0/B0/token",
        }


def people(count: int, channels: str) -> str:
    lines = [
        f'- {{id: p{n}, email: p{n}@example.org, channels: [{channels}], zone: UTC, at: "08:00"}}' for n in range(count)
    ]
    everybody = ", ".join(f"p{n}" for n in range(count))
    return "\n".join(["people:", *lines, "responsible:", f"- {{who: [{everybody}]}}", ""])


def furnish(folder: Path, entries: int = 1, persons: int = 1, channels: str = "email, slack") -> None:
    """Write an encoding of so many entries, and people who are told of all of them."""
    text = ENCODING + "".join(ENTRY.format(n=n) for n in range(1, entries + 1))
    (folder / "obligations.yaml").write_text(text, encoding="utf-8")
    (folder / "contacts.yaml").write_text(people(persons, channels), encoding="utf-8")


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as one:
        yield one


@pytest.fixture(scope="session")
def furnished(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a folder whose database has adopted so many entries, and knows what the rules say of them."""

    @functools.cache
    def make(entries: int = 1, persons: int = 1, channels: str = "email, slack") -> Path:
        folder = tmp_path_factory.mktemp("furnished")
        furnish(folder, entries, persons, channels)
        environment = {
            "DUEWATCH_NOW": NOW,
            "DUEWATCH_DATABASE_URL": f"sqlite:///{folder / 'duewatch.db'}",
            "DUEWATCH_OBLIGATIONS": str(folder / "obligations.yaml"),
        }
        code, _ = nursery.run("status --all", environment=environment, log=str(folder / "log"))
        assert code == 0, (folder / "log").read_text(encoding="utf-8")
        return folder

    return make


@contextmanager
def a_world(source: Path, folder: Path) -> Iterator[World]:
    """Give a fresh copy of a furnished folder with its far sides."""
    shutil.copytree(source, folder)
    with Peer() as mail, HttpPeer() as web:
        yield World(folder, mail, web)
