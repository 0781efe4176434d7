"""A small house of one report, in a folder of its own, with a clock that the test sets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from duewatch.console.postbox import Postbox
from duewatch.engine.encoding.contacts import Contacts, load_contacts
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import Rules, load_rules
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.desk import Desk
from duewatch.engine.ledger.database import open_database, writing
from duewatch.engine.running import logs
from duewatch.engine.running.rounds import Rounds, Surroundings
from duewatch.engine.running.settings import read_settings
from duewatch.rules.rete import Decider

ENCODING = b"""
instrument: {symbol: T/1 (2021), adopted: {date: "2021-06-29"}, zone: Europe/Paris}
parties: {office: {}}
obligations:
- under: all
  shared: {verb: requests, bearer: office, kind: achieve}
  entries:
  - {id: report, provision: Art 1, action: report, deadline: {by: "2021-07-15"}}
  - {id: letter, provision: Art 2, action: write, deadline: {by: "2021-11-15"}}
"""
CONTACTS = """
people: [{id: jane, name: Jane, email: jane@example.org, zone: UTC, at: "00:00"}]
responsible: [{who: jane, bearer: office}]
"""
LATE = datetime(2021, 7, 16, 12, tzinfo=UTC)


@dataclass
class House:
    """The house, and the hands with which a test turns its clocks."""

    folder: Path
    desk: Desk
    now: datetime = LATE
    real: datetime = LATE
    stopping: bool = False
    encoding: bytes = ENCODING
    given: dict[str, str] = field(default_factory=dict)

    def contacts(self) -> Contacts:
        return load_contacts(self.folder / "contacts.yaml")

    @property
    def settings(self) -> Any:
        return read_settings({"HOME": str(self.folder)} | self.given, folder=self.folder)

    def rounds(self) -> Rounds:
        around = Surroundings(
            desk=self.desk,
            settings=self.settings,
            now=lambda: self.now,
            clock=lambda: self.real,
            chance=lambda: 0.5,
            contacts=self.contacts,
            stopping=lambda: self.stopping,
        )
        return Rounds(around)

    def at(self, moment: str) -> None:
        """Set both clocks."""
        self.now = self.real = datetime.fromisoformat(moment)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with writing(self.desk.engine) as connection:
            found = connection.execute(text(statement), values)
            return list(found) if found.returns_rows else []


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules(None)


@pytest.fixture(scope="session")
def decider() -> Iterator[Decider]:
    with Decider() as one:
        yield one


@pytest.fixture
def house(tmp_path: Path, rules: Rules, decider: Decider) -> Iterator[House]:
    """The house, adopted on the day of its instrument; nothing was evaluated yet."""
    (tmp_path / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    engine = open_database(f"sqlite:///{tmp_path / 'duewatch.db'}")
    instrument, _notes = read_instrument(ENCODING, rules.verbs, name="small.yaml")
    with writing(engine) as connection:
        start = datetime(2021, 6, 29, tzinfo=UTC)
        encoding = adopt(connection, [Source(instrument, "small.yaml", ENCODING)], now=start, by="test")
    yield House(tmp_path, Desk(engine, rules, decider, encoding, "UTC"))
    engine.dispose()


@pytest.fixture
def postbox(house: House) -> Iterator[Postbox]:
    """A mail server that takes everything, which the house is told of."""
    with Postbox() as box:
        house.given |= {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(box.port)}
        yield box


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    """Give the lines that were logged so far, as read by a program."""
    caplog.set_level(logging.INFO, logger=logs.LOGGER.name)

    def lines() -> list[dict[str, Any]]:
        return [json.loads(logs.JsonLines().format(record)) for record in caplog.records]

    return lines
