"""What `duewatch run` does at each tick: evaluate where that is due, send, tell the watchman. Knows no scheduler.

Each round starts from what stands in the database and the files now: another process may have recorded a fact,
adopted an encoding or written other contacts. Correctness does not depend on when a round comes, nor on how many
processes make them: an evaluation writes only differences, and a delivery is leased to one process.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Final

from duewatch.engine.alerting import outbox
from duewatch.engine.judgement.editions import in_force
from duewatch.engine.ledger import chain
from duewatch.engine.ledger.database import reading
from duewatch.engine.ledger.days import instant
from duewatch.engine.problems import BadFile
from duewatch.engine.running import looks, nightly, sending
from duewatch.engine.running.logs import tell, tell_trouble
from duewatch.engine.running.ping import ping

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.alerting.words import Delivered
    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.running.settings import Settings

AGAIN: Final = 60  # seconds after which an evaluation that failed is tried once more
SLACK: Final = 60  # seconds by which a tick may come late without a run having been missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rounds are told from outside."""

    desk: Desk
    settings: Settings
    now: Callable[[], datetime]  # the moment that the house is at
    clock: Callable[[], datetime]  # the real one
    chance: Callable[[], float]
    contacts: Callable[[], Contacts]  # as they stand in the file now; BadFile where they do not
    stopping: Callable[[], bool]


@dataclass(slots=True)
class Rounds:
    """The rounds of one process. Threads may call them at once: evaluations go one after the other."""

    around: Surroundings
    _evaluating: Lock = field(default_factory=Lock)
    _rested_on: str = ""  # hash of the contacts with which this process last evaluated
    _not_before: int = 0  # real clock: no evaluation that nobody asked for until then
    _contacts: Contacts | None = None
    _told: dict[str, str] = field(default_factory=dict)  # channel -> why it did not send, as last logged

    def catch_up(self) -> bool:
        """Evaluate at the start, and say whether a run was missed while nobody ran. False where it failed."""
        with reading(self.around.desk.engine) as connection:
            last = looks.last_run(connection)
        if last is None:
            return self.evaluate("the first run")
        missed = instant(self.around.now()) - last[1]
        if missed <= self.around.settings.evaluate_every + SLACK:
            return self.evaluate("start")
        since = datetime.fromtimestamp(last[1], UTC).isoformat()
        tell("a run was missed and is made up for now", level=logging.WARNING, last_run=last[0], last_run_at=since)
        return self.evaluate("a run was missed")

    def evaluate(self, why: str, *, fully: bool = False) -> bool:
        """Evaluate now, and ping where it went well; `fully`: check the ledger too. False where it failed."""
        with self._evaluating:
            try:
                sound = self._evaluated(why) and (not fully or self._ledger_is_whole())
            except Exception as error:  # noqa: BLE001 - the next tick must come whatever it was
                self._not_before = self._real() + AGAIN
                tell_trouble("the evaluation failed; it will be tried again", error, why=why)
                return False
        if sound:
            self._ping()
        return True

    def evaluate_if_due(self) -> None:
        """Evaluate where a look has come or something changed; otherwise only ask."""
        if self.around.stopping() or self._real() < self._not_before or self._evaluating.locked():
            return
        try:
            why = self._reason()
        except Exception as error:  # noqa: BLE001 - as above
            self._not_before = self._real() + AGAIN
            tell_trouble("what is due could not be asked; it will be tried again", error)
            return
        if why:
            self.evaluate(why)

    def deliver(self, channel: str) -> Delivered | None:
        """Send what is pending on a channel; None where nothing is, or where it failed."""
        around = self.around
        try:
            if around.stopping() or channel not in outbox.waiting(around.desk.engine):
                return None
            found = sending.deliver_on(self._desk(), self._post(), channel)
        except Exception as error:  # noqa: BLE001 - as above
            tell_trouble("sending failed; it will be tried again", error, channel=channel)
            return None
        self._tell_delivered(channel, found)
        return found

    # -------------------------------------------------------------- evaluating
    def _evaluated(self, why: str) -> bool:
        """Evaluate; tell what came of it, and whether both engines agreed."""
        around, contacts = self.around, self._contacts_now()
        now = around.now()
        found = nightly.evaluate(self._desk(), contacts, now=now, real_now=around.clock())
        self._rested_on = contacts.sha256
        changes = sum(one.old is not None for one in found.transitions)
        tell(
            "evaluated",
            why=why,
            run=found.run,
            as_of=now.isoformat(),
            examined=found.examined,
            changes=changes,
            alerts=found.alerts,
            unrouted=found.unrouted,
            messages=found.deliveries,
        )
        for incident in found.incidents:
            tell("the engines of the rules disagree or failed", level=logging.ERROR, run=found.run, incident=incident)
        return not found.incidents

    def _ledger_is_whole(self) -> bool:
        with reading(self.around.desk.engine) as connection:
            broken = chain.verify(connection)
        if broken:
            tell("the ledger was altered", level=logging.CRITICAL, entries=[one.seq for one in broken])
        return not broken

    def _reason(self) -> str:
        """Say why an evaluation is due; nothing where none is."""
        if self._contacts_now().sha256 != self._rested_on:
            return "other contacts"
        with reading(self.around.desk.engine) as connection:
            return looks.reason(connection, now=self.around.now())

    def _ping(self) -> None:
        url = self.around.settings.ping_url
        wrong = ping(url, at=self.around.clock()) if url else ""
        if wrong:
            tell("the ping failed", level=logging.WARNING, words=wrong)

    # -------------------------------------------------------------- sending
    def _post(self) -> sending.Post:
        around = self.around
        return sending.Post(
            contacts=self._contacts_now(),
            settings=around.settings,
            now=around.now(),
            clock=around.clock,
            chance=around.chance,
            stopping=around.stopping,
        )

    def _tell_delivered(self, channel: str, found: Delivered) -> None:
        """Tell what was sent; that a channel does not send only when it begins, and again when it ends."""
        if found.sent or found.retrying or found.dead or found.obsolete:
            numbers = {name: getattr(found, name) for name in ("sent", "retrying", "dead", "obsolete", "pending")}
            level = logging.ERROR if found.dead else logging.INFO
            tell("delivered", level=level, channel=channel, **numbers)
        if found.reason and channel not in self._told:
            tell("a channel does not send; `duewatch health` says why", level=logging.WARNING, channel=channel)
        elif found.sent and not found.reason and self._told.pop(channel, ""):
            tell("a channel sends again", channel=channel)
        if found.reason:
            self._told[channel] = found.reason

    # -------------------------------------------------------------- what stands now
    def _desk(self) -> Desk:
        """Give the desk with the encoding that is in force now."""
        desk = self.around.desk
        with reading(desk.engine) as connection:
            encoding = in_force(connection).encoding
        return desk if encoding == desk.encoding else replace(desk, encoding=encoding)

    def _contacts_now(self) -> Contacts:
        """Read the contacts; where they are broken now, those that were good last stand. BadFile where none were."""
        try:
            self._contacts = self.around.contacts()
        except BadFile as bad:
            if self._contacts is None:
                raise
            if self._told.get(_CONTACTS) != str(bad):
                tell_trouble("the contacts cannot be read; those that were good last stand", bad)
            self._told[_CONTACTS] = str(bad)
        else:
            self._told.pop(_CONTACTS, None)
        return self._contacts

    def _real(self) -> int:
        return instant(self.around.clock())


_CONTACTS: Final = "(contacts)"  # no channel is called so
