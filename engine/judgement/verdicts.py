"""From signatures to verdicts: rounds by rank, decisions, and one status over many readings.

`judging` lays out the temporary tables of one question and takes them away again. Within it,
`verdict` holds a row for each occurrence and reading, `decided` the meaning of each signature,
and `summary()` the one status of each occurrence: contested where its arguable readings fall in
different classes or a source is in doubt, otherwise the most urgent one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, and_, case, func, insert, or_, select

from duewatch.engine.judgement import moments
from duewatch.engine.judgement.situations import Scene, verdict
from duewatch.engine.ledger.database import insert_new
from duewatch.engine.ledger.tables import decision, variant
from duewatch.rules.rete import Decided

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import CTE, Connection

    from duewatch.engine.judgement.desk import Desk, Question
    from duewatch.engine.judgement.moments import Moment

CONTESTED: Final = "contested"
ABSENT: Final = "absent"

decided = Table(  # temporary: the decision of each signature of this question, with its meaning
    "decided",
    MetaData(),
    Column("signature", BigInteger, primary_key=True),
    Column("status", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("next_rule", Text),
    Column("decided_by", Text, nullable=False),
    Column("class_", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a question came to, beside the temporary tables that hold the verdicts."""

    k: int
    moments: tuple[Moment, ...]
    fresh: dict[int, Decided]  # decisions that were not memoised yet


@contextmanager
def judging(
    connection: Connection, desk: Desk, question: Question, scope: Collection[str] | None = None
) -> Iterator[Judged]:
    """Answer `question` into temporary tables of this connection; they are gone afterwards.

    `scope` names the obligations to look at, with all that they depend on; None looks at all.
    """
    rows = moments.lay_out(connection, question.as_of, desk.encoding)
    verdict.create(connection, checkfirst=False)
    decided.create(connection, checkfirst=False)
    k = moments.knowledge(connection, question.as_known, desk.zone)
    chosen = None if scope is None else tuple(sorted(scope))
    yield Judged(k, rows, _rounds(connection, desk, Scene(desk.encoding, k, chosen)))
    # after an error the transaction is rolled back, and the tables with it
    for table in (decided, verdict, moments.moment):
        table.drop(connection, checkfirst=False)


def _rounds(connection: Connection, desk: Desk, scene: Scene) -> dict[int, Decided]:
    """Decide rank after rank: a norm is looked at only by norms of a higher rank."""
    ranks = select(func.max(variant.c.rank)).where(variant.c.encoding == desk.encoding)
    if scene.scope is not None:
        ranks = ranks.where(variant.c.obligation.in_(scene.scope))
    highest = connection.scalar(ranks) or 0
    fresh: dict[int, Decided] = {}
    for rank in range(highest + 1):
        desk.layout.lay_out(connection, scene, rank)
        fresh.update(_decide_new(connection, desk))
    return fresh


def _decide_new(connection: Connection, desk: Desk) -> dict[int, Decided]:
    """Give every signature of this round its decision: memoised, or decided now."""
    wanted = (
        select(verdict.c.signature)
        .outerjoin(decided, decided.c.signature == verdict.c.signature)
        .where(decided.c.signature.is_(None))
        .distinct()
        .subquery("wanted")
    )
    known = and_(decision.c.signature == wanted.c.signature, decision.c.rules == desk.rules.hash)
    rows = connection.execute(select(wanted.c.signature, decision).outerjoin(decision, known)).all()
    memoised = {row[0]: Decided(row.rule, row.status, row.next_rule, row.decided_by) for row in rows if row.status}
    missing = [row[0] for row in rows if not row.status]
    fresh = desk.decider.decide(desk.rules.status, missing) if missing else {}
    answers = memoised | fresh
    if answers:
        connection.execute(insert(decided), [_meant(desk, key, answer) for key, answer in answers.items()])
    return fresh


def _meant(desk: Desk, signature: int, answer: Decided) -> dict[str, object]:
    outcome = desk.rules.status.statuses[answer.status]
    return {
        "signature": signature,
        "status": answer.status,
        "rule": answer.rule,
        "next_rule": answer.next_rule,
        "decided_by": answer.decided_by,
        "class_": outcome.class_,
        "urgency": outcome.urgency,
    }


def memoise(connection: Connection, desk: Desk, fresh: Mapping[int, Decided]) -> None:
    """Keep new decisions for the next question; a decision that is there already stays."""
    rows = [
        {
            "rules": desk.rules.hash,
            "signature": signature,
            "status": answer.status,
            "rule": answer.rule,
            "next_rule": answer.next_rule,
            "decided_by": answer.decided_by,
        }
        for signature, answer in sorted(fresh.items())
    ]
    if rows:
        connection.execute(insert_new(connection, decision), rows)


def summary(desk: Desk) -> CTE:
    """One row for each occurrence: the verdict over all its arguable readings.

    Occurrences that no arguable reading knows are left out: they are hidden.
    """
    arguable = (
        select(
            verdict.c.occurrence,
            func.count(decided.c.class_.distinct()).label("classes"),
            func.max(verdict.c.doubt).label("doubt"),
            func.max(decided.c.urgency).label("urgency"),
            func.min(verdict.c.due).label("earliest_due"),
            func.min(verdict.c.next_day).label("next_day"),
            func.min(verdict.c.next_at).label("next_at"),
            func.max(case((verdict.c.is_default == 1, decided.c.status))).label("default_status"),
            func.max(case((decided.c.class_ != ABSENT, 1), else_=0)).label("known"),
        )
        .join(decided, decided.c.signature == verdict.c.signature)
        .where(verdict.c.standing == "arguable")
        .group_by(verdict.c.occurrence)
        .subquery("arguable")
    )
    by_urgency = [
        (arguable.c.urgency == outcome.urgency, name)
        for name, outcome in desk.rules.status.statuses.items()
        if name != CONTESTED
    ]
    contest = or_(arguable.c.classes > 1, arguable.c.doubt == 1)
    status = case((contest, CONTESTED), *by_urgency)
    return select(arguable, status.label("status")).where(arguable.c.known == 1).cte("summary")
