"""Deciding a question: a ruling is written, for every entry that names it, and what moved is told."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from duewatch.engine.judgement.desktop import Desktop
from duewatch.engine.judgement.naming import full_obligation, local_id, symbol_of
from duewatch.engine.judgement.recording import recorded
from duewatch.engine.judgement.rulings import KIND, OWN, write_answers
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.days import from_day
from duewatch.engine.ledger.facts import Draft
from duewatch.engine.ledger.tables import answer as answers
from duewatch.engine.ledger.tables import instrument
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection

    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.judgement.recording import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided, by whose authority, and from which day (None: the day of recording)."""

    question: str
    answer: str
    authority: str
    symbol: str | None = None
    on: date | None = None
    why: str = ""


def decide(desk: Desk, ruling: Ruling, *, by: str, now: datetime, os_user: str) -> Recorded:
    """Write a ruling; BadInput for an unknown question or answer, and for what is decided so already."""

    def work(connection: Connection) -> list[int]:
        for encoding in connection.scalars(select(instrument.c.encoding).distinct()).all():
            write_answers(connection, encoding)  # an encoding adopted by an earlier version has none yet
        target = _question(connection, desk.encoding, ruling.question)
        _known_answer(connection, desk.encoding, target, ruling.answer)
        table = Desktop(connection, desk.encoding, now, by)
        draft = Draft(
            kind=KIND,
            instrument=symbol_of(target),
            target=target,
            recorded_by=by,
            effective=ruling.on or table.today(symbol_of(target)),
            finding=ruling.answer,
            granted_by=ruling.authority,
            symbol=ruling.symbol,
            note=ruling.why,
        )
        _refuse_early(connection, desk.encoding, draft)
        _refuse_again(connection, draft)
        return [facts.append(connection, draft, now=now, os_user=os_user)]

    if not ruling.authority.strip():
        raise BadInput("nobody is named by whose authority it is decided; say --authority")
    return recorded(desk, now, work)


def standing_rulings(connection: Connection) -> dict[str, facts.Entry]:
    """Give the newest ruling of each question that was decided, by its full name: the latest day, then number."""
    roots: dict[int, facts.Entry] = {}
    for entry in facts.rows(connection, kind=KIND):
        roots[entry.root] = entry
    found: dict[str, facts.Entry] = {}
    for entry in sorted((one for one in roots.values() if not one.gone), key=_order):
        found[entry.draft.target] = entry
    return found


def _order(entry: facts.Entry) -> tuple[str, int]:
    return str(entry.draft.effective), entry.seq


def _question(connection: Connection, encoding: str, typed: str) -> str:
    """Give the full name of a question; BadInput with the nearest ones unless it is exactly one."""
    query = select(instrument.c.symbol, instrument.c.body).where(instrument.c.encoding == encoding)
    rows = connection.execute(query.order_by(instrument.c.place))
    names = [full_obligation(row.symbol, name) for row in rows for name in row.body["questions"]]
    fitting = [name for name in names if typed in {name, local_id(name)}]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise BadInput(f"`{typed}` is a question of several instruments; write one of {', '.join(fitting)}")
    raise BadInput(f"there is no question `{typed}`; {_near(local_id(typed), [local_id(name) for name in names])}")


def _known_answer(connection: Connection, encoding: str, target: str, typed: str) -> None:
    query = select(answers.c.answer).where(answers.c.encoding == encoding, answers.c.question == target)
    known = list(dict.fromkeys(connection.scalars(query))) if target != OWN else []
    if not known:
        raise BadInput(f"no entry names the question `{local_id(target)}`: there is nothing to decide")
    if typed not in known:
        raise BadInput(f"`{typed}` is no answer to `{local_id(target)}`; {_near(typed, known)}")


def _near(typed: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(typed, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there are {', '.join(names) or 'none'}"


def _refuse_early(connection: Connection, encoding: str, draft: Draft) -> None:
    """Nobody decides what a text means before there is one."""
    query = select(instrument.c.adopted).where(
        instrument.c.encoding == encoding, instrument.c.symbol == draft.instrument
    )
    adopted = from_day(connection.execute(query).scalar_one())
    if draft.effective is not None and draft.effective < adopted:
        raise BadInput(f"{draft.effective} is before {draft.instrument} was adopted, on {adopted}; check --on")


def _refuse_again(connection: Connection, draft: Draft) -> None:
    old = standing_rulings(connection).get(draft.target)
    if old is not None and old.draft.finding == draft.finding and str(old.draft.effective) <= str(draft.effective):
        raise BadInput(f"`{local_id(draft.target)}` is decided so already, by fact {old.root}")
