"""Rulings: a question decided by somebody with the authority, in force from its day, for every entry that names it.

Within a question the other answers count as noted from then on, and the reading that keeps the default in all else
takes the default's place. Before that day, and as known before it was recorded, the doubt stands as the text left it.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, select

from duewatch.engine.judgement.moments import moment
from duewatch.engine.judgement.naming import full_obligation
from duewatch.engine.judgement.portable import flag
from duewatch.engine.judgement.stamps import stamp, stamped_seq
from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.tables import answer, fact, instrument, obligation, variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import CTE, ColumnElement, Connection

KIND: Final = "ruling"
MADE: Final = "unsettled"  # the part of a machine-made reading's name that answers no doubt of the encoding
OWN: Final = ""  # the doubt that is an entry's own readings: nobody decides it by name
_NONE: Final = "none"  # takes back what a group shares


# ------------------------------------------------------------------ what each reading answers
def write_answers(connection: Connection, encoding: str) -> None:
    """Write what each reading of an encoding answers to each doubt; what is there already stays."""
    norm = and_(variant.c.encoding == obligation.c.encoding, variant.c.obligation == obligation.c.obligation)
    columns = (obligation.c.obligation, obligation.c.instrument, obligation.c.flat)
    query = (
        select(*columns, variant.c.reading, variant.c.standing)
        .join(variant, norm)
        .where(obligation.c.encoding == encoding)
        .order_by(obligation.c.place, variant.c.is_default.desc())
    )
    entries: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        entries.setdefault(row.obligation, []).append(row)
    rows = [one for readings in entries.values() for one in _answers(encoding, readings)]
    if rows:
        connection.execute(insert_new(connection, answer), rows)


def doubts_of(flat: Mapping[str, Any]) -> tuple[str, ...]:
    """The doubts of an entry in the order in which they make up the names of its readings: its own, then questions."""
    asked, own = flat.get("questions") or (), flat.get("readings")
    named = () if asked == _NONE else (asked,) if isinstance(asked, str) else tuple(dict.fromkeys(asked))
    return (*((OWN,) if isinstance(own, dict) and own else ()), *named)


def _answers(encoding: str, readings: Sequence[Any]) -> Iterable[dict[str, object]]:
    """One row for each reading of an entry and each of its doubts; the default reading stands first."""
    first = readings[0]
    names = [full_obligation(first.instrument, doubt) if doubt else OWN for doubt in doubts_of(first.flat)]
    default = first.reading.split("/")
    names += [MADE] if names and any(len(row.reading.split("/")) > len(names) for row in readings) else []
    noted = noted_in((names, row.reading.split("/"), row.standing == "arguable") for row in readings)
    for row in readings if names else ():
        for question, part, usual in zip_longest(names, row.reading.split("/"), default, fillvalue=OWN):
            yield {
                "encoding": encoding,
                "obligation": row.obligation,
                "reading": row.reading,
                "question": question,
                "answer": part,
                "is_default": int(part == usual),
                "noted": int((question, part) in noted),
            }


def noted_in(readings: Iterable[tuple[Sequence[str], Sequence[str], bool]]) -> set[tuple[str, str]]:
    """Which answers are only noted: those that never stand in an arguable reading.

    `readings` gives the doubts of an entry, the parts of a reading, and whether it is arguable. An answer that is
    arguable stands in at least one arguable reading, together with the defaults of all else.
    """
    seen: set[tuple[str, str]] = set()
    arguable: set[tuple[str, str]] = set()
    for doubts, parts, holds in readings:
        pairs = set(zip(doubts, parts, strict=False))
        seen |= pairs
        arguable |= pairs if holds else set()
    return seen - arguable


# ------------------------------------------------------------------ as SQL
def ruled(encoding: ColumnElement[str], k: ColumnElement[int]) -> CTE:
    """The readings of the entries whose questions are decided: noted, the default, and when that turns next.

    A reading stays arguable where each of its parts is the answer decided, or is undecided and arguable.
    """
    found = _in_force(encoding, k)
    asked = answer.alias("asked")
    touched = (
        select(asked.c.obligation, asked.c.reading)
        .join(found, found.c.target == asked.c.question)
        .where(asked.c.encoding == encoding)
        .distinct()
        .subquery("touched")
    )
    is_decided = found.c.finding.is_not(None)
    agrees = flag(found.c.finding == answer.c.answer)
    same = and_(answer.c.obligation == touched.c.obligation, answer.c.reading == touched.c.reading)
    return (
        select(
            touched.c.obligation,
            touched.c.reading,
            func.max(case((is_decided, 1 - agrees), else_=answer.c.noted)).label("noted"),
            func.min(case((is_decided, agrees), else_=answer.c.is_default)).label("is_default"),
            func.min(found.c.next_day).label("next_day"),
        )
        .select_from(touched)
        .join(answer, and_(same, answer.c.encoding == encoding))
        .outerjoin(found, found.c.target == answer.c.question)
        .group_by(touched.c.obligation, touched.c.reading)
        .cte("ruled")
    )


def _in_force(encoding: ColumnElement[str], k: ColumnElement[int]) -> CTE:
    """Each question with a known ruling: the answer in force on the day asked about (null: not yet), the next day."""
    versions = (
        select(fact.c.root, func.max(fact.c.seq).label("seq"))
        .where(fact.c.seq <= k, fact.c.kind == KIND)
        .group_by(fact.c.root)
        .subquery("newest_ruling")
    )
    home = and_(instrument.c.symbol == fact.c.instrument, instrument.c.encoding == encoding)
    comes = fact.c.effective <= moment.c.day
    newest = func.max(case((comes, stamp(fact.c.effective, fact.c.seq, flag(comes)))))
    by_question = (
        select(
            fact.c.target,
            newest.label("key"),
            func.min(case((fact.c.effective > moment.c.day, fact.c.effective))).label("next_day"),
        )
        .join(versions, versions.c.seq == fact.c.seq)
        .join(instrument, home)
        .join(moment, moment.c.zone == instrument.c.zone)
        .where(fact.c.gone == 0)
        .group_by(fact.c.target)
        .subquery("by_question")
    )
    said = fact.alias("said")
    return (
        select(by_question.c.target, said.c.finding, by_question.c.next_day)
        .outerjoin(said, said.c.seq == stamped_seq(by_question.c.key))
        .cte("in_force")
    )
