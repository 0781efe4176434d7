"""A small instrument with every kind of norm, in a real database file, with the shipped rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import Rules, load_rules
from duewatch.engine.judgement import recording
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.asking import Item, ask
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.ledger.database import open_database, writing
from duewatch.rules.rete import Decider

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from duewatch.engine.reckoning.library import Library

ADOPTED = datetime(2021, 6, 29, 15, tzinfo=UTC)
SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


@dataclass
class World:
    """A desk, and short ways to record on it and to ask it."""

    desk: Desk
    now: datetime = ADOPTED
    numbers: list[int] = field(default_factory=list)

    def record(self, kind: str, target: str, **fields: Any) -> recording.Recorded:
        found = recording.record(self.desk, kind, target, by="an officer", now=self.now, os_user="test", **fields)
        self.numbers += found.numbers
        return found

    def deliver(self, *targets: str, **fields: Any) -> recording.Recorded:
        found = recording.delivered(self.desk, targets, by="an officer", now=self.now, os_user="test", **fields)
        self.numbers += found.numbers
        return found

    def ask(self, as_of: date | datetime | str, as_known: date | datetime | str | None = None) -> dict[str, Item]:
        answer = ask(self.desk, Question(_when(as_of), None if as_known is None else _when(as_known)))
        return {_short(item): item for item in answer.items}

    def status(
        self, name: str, as_of: date | datetime | str, as_known: date | datetime | str | None = None
    ) -> str | None:
        return self.ask(as_of, as_known)[name].status


def _when(text: date | datetime | str) -> date | datetime:
    if not isinstance(text, str):
        return text
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _short(item: Item) -> str:
    return item.occurrence.partition("#")[2] if item.occurrence else item.obligation


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules(None)


@pytest.fixture(scope="session")
def decider() -> Iterator[Decider]:
    with Decider() as one:
        yield one


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at today's schema with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def world(tmp_path: Path, rules: Rules, decider: Decider, empty: Path) -> Iterator[Callable[..., World]]:
    """Make a world of its own: from the small instrument, or from another text."""
    engines: list[Engine] = []

    def make(text: str = SMALL, *others: str, library: Library | None = None) -> World:
        path = tmp_path / f"{len(engines)}.db"
        shutil.copyfile(empty, path)
        engine = open_database(f"sqlite:///{path}")
        engines.append(engine)
        with writing(engine) as connection:
            sources = [source(one, rules) for one in (text, *others)]
            encoding = adopt(connection, sources, now=ADOPTED, by="an officer", library=library)
        return World(Desk(engine, rules, decider, encoding, "UTC"))

    yield make
    for engine in engines:
        engine.dispose()


def source(text: str, rules: Rules) -> Source:
    """Read an encoding from its text."""
    content = text.encode()
    instrument, _ = read_instrument(content, rules.verbs, name="small.yaml")
    return Source(instrument, "small.yaml", content)
