"""What the tests of this room share: people, matters, a clock, and a ledger in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from duewatch.engine.alerting.planning import plan
from duewatch.engine.alerting.words import Delivery, Notice, Planned, Raised
from duewatch.engine.encoding.contacts import Contacts, Person, Responsible
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.ledger.days import instant, to_day
from duewatch.engine.ledger.tables import attempt, delivery
from duewatch.notifiers.email import Email
from duewatch.notifiers.message import Message
from duewatch.notifiers.smtp import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine, Row

INSTRUMENT = "S/RES/2584 (2021)"
AS_OF = datetime(2021, 7, 16, 13, 30, tzinfo=UTC)  # 9:30 in New York
DUE = to_day(date(2021, 7, 15))


def a_person(name: str = "officer", *, zone: str = "America/New_York", at: time = time(9)) -> Person:
    return Person(id=name, name=name.title(), email=f"{name}@example.org", zone=zone, at=at)


def a_rule(*who: str, **about: str) -> Responsible:
    fields = dict.fromkeys(("instrument", "provision", "bearer", "topic")) | about
    return Responsible(who=who, **fields)


def some_contacts(people: Sequence[Person] = (a_person(),), *rules: Responsible) -> Contacts:
    responsible = rules or (a_rule("officer", instrument=INSTRUMENT),)
    return Contacts(people=tuple(people), responsible=tuple(responsible), sha256="0" * 64, content=b"")


def a_matter(number: int = 1, **changes: Any) -> Raised:
    fields = {
        "occurrence": f"{INSTRUMENT}#op19.report/{number}",
        "obligation": f"{INSTRUMENT}#op19.report",
        "instrument": INSTRUMENT,
        "provision": "OP 19",
        "bearers": ("secretary-general",),
        "topics": ("peacekeeping",),
        "stage": "overdue",
        "older_stages": ("lead-14", "due"),
        "base_day": DUE,
        "day": DUE + 1,
        "due_at": None,
        "status": "overdue",
    }
    return Raised(**fields | changes)


def apart(number: int, **changes: Any) -> Raised:
    """Give a matter of a paragraph of its own, so that it has a message of its own."""
    return a_matter(number, provision=f"OP {number}", **changes)


def planned(engine: Engine, *raised: Raised, contacts: Contacts | None = None, run: int = 1, **more: Any) -> Planned:
    at = {"as_of": instant(AS_OF), "now": AS_OF} | more
    with writing(engine) as connection:
        return plan(connection, raised, contacts or some_contacts(), run=run, **at)


@dataclass
class Clock:
    """A real clock that the test sets."""

    now: datetime = AS_OF

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@dataclass
class Pen:
    """Writes plain messages, and remembers for what."""

    wrote: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, given: Delivery, notices: Sequence[Notice]) -> Message:
        self.wrote.append((given.key, len(notices)))
        return Message(
            key=given.key,
            to_name=given.person.title(),
            to_address=given.address,
            subject=f"{len(notices)} of {notices[0].occurrence}",
            text="".join(f"{each.stage} {each.occurrence}\n" for each in notices),
            date=AS_OF,
        )


def all_true(given: Delivery) -> tuple[Notice, ...]:
    return given.notices


def half() -> float:
    return 0.5


def mail_to(port: int, **how: Any) -> Email:
    return Email(server=Server(host="127.0.0.1", port=port, security="none", **how), sender="duewatch@example.org")


def deliveries(engine: Engine) -> Sequence[Row[Any]]:
    with reading(engine) as connection:
        return connection.execute(select(delivery).order_by(delivery.c.next_at, delivery.c.key)).all()


def attempts(engine: Engine, key: str) -> list[tuple[int, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(attempt.c.n, attempt.c.outcome).where(attempt.c.delivery == key))
        return sorted(map(tuple, rows), key=lambda row: (row[0], row[1] != "start"))
