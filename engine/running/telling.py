"""What the delivery loops ask of the house: is it still true, where does the person read it, in which words?

A question is judged once for each instant and head of the ledger, however many messages ask it.
Several loops share one `Telling`; they ask one after the other.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from duewatch.engine.alerting.history import Earlier, earlier
from duewatch.engine.alerting.rendering import Explained, Letter, Told, write
from duewatch.engine.alerting.routing import route
from duewatch.engine.alerting.words import CLOSED, MOVED, family
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.explaining import sitting
from duewatch.engine.ledger import chain
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import from_day
from duewatch.engine.running.ladders import standings
from duewatch.engine.running.logs import tell_trouble
from duewatch.engine.showing.small import Gallery
from duewatch.notifiers.message import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from duewatch.engine.alerting.words import Delivery, Notice, Standing
    from duewatch.engine.encoding.contacts import Contacts, Person
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.explaining import Explanation, Sitting
    from duewatch.engine.ledger.chain import Head
    from duewatch.notifiers.message import Message

_OPEN: Final = 4  # questions that are kept open; each holds a connection


class _Asked(NamedTuple):
    """A question with its answer, as of one head of the ledger."""

    head: Head
    sitting: Sitting
    standings: Mapping[str, Standing]
    closing: ExitStack
    explained: dict[str, Explanation]  # what many people are told of is explained once
    gallery: Gallery  # and drawn once

    def explain(self, occurrence: str) -> Explanation:
        """Give the explanation of an occurrence."""
        if occurrence not in self.explained:
            self.explained[occurrence] = self.sitting.explain(occurrence)
        return self.explained[occurrence]

    def draw(self, occurrences: Sequence[str]) -> Picture | None:
        """Give the small picture of what a message is about; None where there is none."""
        today = from_day(max(self.standings[one].matter.day for one in occurrences))
        try:
            small = self.gallery.picture(occurrences, today=today)
        except Exception as error:  # noqa: BLE001 - a message is never given up for want of its picture
            tell_trouble("a message leaves without its picture", error)
            return None
        return Picture(png=small.png, says=small.says) if small else None


class Telling:
    """A context in which messages are checked and written. `now` is the moment that the house is at."""

    def __init__(self, desk: Desk, contacts: Contacts, now: datetime, clock: Callable[[], datetime]) -> None:
        """Prepare it; nothing is asked yet."""
        self._desk, self._contacts, self._now, self._clock = desk, contacts, now, clock
        self._people: dict[str, Person] = {person.id: person for person in contacts.people}
        self._asked: dict[datetime, _Asked] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the questions that are open."""
        with self._lock:
            for asked in self._asked.values():
                asked.closing.close()
            self._asked.clear()

    # -------------------------------------------------------------- where
    def address_of(self, delivery: Delivery) -> str | None:
        """The person's address of today; None for somebody who is no longer told on this channel."""
        person = self._people.get(delivery.person)
        if person is None or delivery.channel not in person.channels:
            return None
        return person.address_on(delivery.channel)

    # -------------------------------------------------------------- is it so
    def still_true(self, delivery: Delivery) -> list[Notice]:
        """The notices that hold at the message's instant, and that no fact has settled since."""
        with self._lock:
            then = self._ask(_instant(delivery)).standings
            today = self._ask(self._now).standings
        return [one for one in delivery.notices if self._holds(delivery, one, then, today)]

    def _holds(
        self, delivery: Delivery, notice: Notice, then: Mapping[str, Standing], today: Mapping[str, Standing]
    ) -> bool:
        before, current = then.get(notice.occurrence), today.get(notice.occurrence)
        if current is None or before is None:
            return False
        sort = family(notice.stage)
        if sort == CLOSED:
            return current.is_over
        if sort == MOVED:
            return not current.is_over and notice.due in current.dates
        raised = bool(current.matter.stage) and current.matter.base_day == notice.due
        if sort != "ladder":
            return raised
        mine = before.matter.stage == notice.stage and before.matter.base_day == notice.due
        return raised and mine and self._is_theirs(delivery, current)

    def _is_theirs(self, delivery: Delivery, standing: Standing) -> bool:
        """Whether the person is still the one, or one of those, who hear of it."""
        return any(one.person == delivery.person for one in route(standing.matter, self._contacts.responsible))

    # -------------------------------------------------------------- in which words
    def message(self, delivery: Delivery, notices: Sequence[Notice]) -> Message:
        """The message that tells the notices."""
        with self._lock, reading(self._desk.engine) as connection:
            asked = self._ask(_instant(delivery))
            past = earlier(connection, delivery, notices)
            told = sorted((self._told(asked, one, past) for one in notices), key=_urgency)
            picture = asked.draw([one.occurrence for one in notices])
        person = self._people.get(delivery.person)
        letter = Letter(
            delivery=delivery,
            to_name=person.name if person else delivery.person,
            date=self._clock(),
            about=_instant(delivery),
            head=(asked.head.seq, asked.head.hash),
            follows=past.keys,
            picture=picture,
            language=person.language if person else "en",
        )
        return write(letter, told)

    def _told(self, asked: _Asked, notice: Notice, past: Earlier) -> Told:
        found = asked.explain(notice.occurrence)
        matter = asked.standings[notice.occurrence].matter
        return Told(
            notice=notice,
            item=found.item.as_json(),
            explained=_explained(found),
            next_stage=matter.next_stage,
            next_day=matter.next_day,
            others=tuple(self._named(one, channels) for one, channels in past.others(notice.key).items()),
            told_day=past.told_days.get(notice.occurrence),
        )

    def _named(self, person: str, channels: Sequence[str]) -> str:
        known = self._people.get(person)
        return f"{known.name if known else person} ({', '.join(channels)})"

    # -------------------------------------------------------------- asking
    def _ask(self, when: datetime) -> _Asked:
        """The answer about an instant by all that is recorded now; asked again once more is recorded."""
        with reading(self._desk.engine) as connection:
            head = chain.head(connection)
        known = self._asked.get(when)
        if known is not None and known.head == head:
            return known
        self._forget(when)
        while len(self._asked) >= _OPEN:
            self._forget(next(iter(self._asked)))
        closing = ExitStack()
        found = closing.enter_context(sitting(self._desk, Question(when)))
        head = chain.head(found.connection)
        self._asked[when] = _Asked(
            head, found, standings(found.connection, self._desk), closing, {}, Gallery(found.items)
        )
        return self._asked[when]

    def _forget(self, when: datetime) -> None:
        asked = self._asked.pop(when, None)
        if asked is not None:
            asked.closing.close()


def _instant(delivery: Delivery) -> datetime:
    """The moment that a message speaks of."""
    return datetime.fromtimestamp(delivery.as_of, UTC)


def _urgency(told: Told) -> tuple[int, str]:
    """What is latest comes first, then what is due first."""
    return -(told.item["days_late"] or 0), told.item["due"] or ""


def _explained(found: Explanation) -> Explained:
    return Explained(
        name=found.name,
        quotes=found.quotes,
        limits=found.limits,
        recorded=found.lines("What is recorded"),
        steps=found.lines("How the date comes about"),
        closes=found.lines("What would close it"),
        heading=found.heading,
        quoted=found.quoted,
    )
