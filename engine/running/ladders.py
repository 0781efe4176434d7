"""Which stage of its ladder each occurrence stands at: from the verdicts of the open question.

The ladder is chosen by `rules/alerts.yaml`; the stage is the newest offset that the day has passed.
Stages before the due day count from the earliest arguable date (safe under every reading), all
others from the default reading's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, select

from duewatch.engine.alerting.words import Raised, Standing
from duewatch.engine.judgement.situations import verdict
from duewatch.engine.judgement.verdicts import summary
from duewatch.engine.ledger.tables import obligation, variant
from duewatch.rules.grammar import NONE

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from duewatch.engine.judgement.desk import Desk
    from duewatch.rules.ladders import Ladder


_OVER: Final = ("done", "closed", "standing", "asleep")  # classes in which nothing is to be done, or was


def standings(connection: Connection, desk: Desk) -> dict[str, Standing]:
    """Give for each occurrence where it stands, in the order of the encoding."""
    dates = _dates(connection)
    climbed: dict[tuple[object, ...], str] = {}
    fields = tuple(desk.rules.alerts.ruleset.fields)
    found: dict[str, Standing] = {}
    for row in _rows(connection, desk):
        key = tuple(row[name] for name in fields)
        if key not in climbed:
            climbed[key] = _ladder_of(desk, dict(zip(fields, key, strict=True)))
        ladder = None if climbed[key] == NONE else desk.rules.alerts.ladders[climbed[key]]
        found[row["occurrence"]] = Standing(
            matter=_matter(ladder, row),
            is_over=desk.rules.status.statuses[row["status"]].class_ in _OVER,
            dates=dates.get(row["occurrence"], frozenset()),
        )
    return found


def _dates(connection: Connection) -> dict[str, frozenset[int]]:
    """The due days of each occurrence under its arguable readings."""
    query = select(verdict.c.occurrence, verdict.c.due).where(
        verdict.c.standing == "arguable", verdict.c.due.is_not(None)
    )
    found: dict[str, set[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.occurrence, set()).add(row.due)
    return {name: frozenset(days) for name, days in found.items()}


def _ladder_of(desk: Desk, situation: dict[str, object]) -> str:
    ruleset = desk.rules.alerts.ruleset
    return ruleset.decide(ruleset.signature_of(situation)).status


def _rows(connection: Connection, desk: Desk) -> list[RowMapping]:
    """One row for each occurrence, with the default reading's fields and what routing asks for."""
    now = summary(desk)
    norm = and_(
        variant.c.encoding == desk.encoding,
        variant.c.obligation == verdict.c.obligation,
        variant.c.reading == verdict.c.reading,  # of the row taken below: a ruling may have moved the default
    )
    entry = and_(obligation.c.encoding == desk.encoding, obligation.c.obligation == verdict.c.obligation)
    query = (
        select(
            now.c.status,
            now.c.default_status,
            now.c.earliest_due,
            verdict,
            obligation.c.provision,
            obligation.c.flat,
            variant.c.body,
        )
        .join(verdict, and_(verdict.c.occurrence == now.c.occurrence, verdict.c.is_default == 1))
        .join(variant, norm)
        .join(obligation, entry)
        .order_by(obligation.c.place, verdict.c.occurrence)
    )
    return list(connection.execute(query).mappings())


def _matter(ladder: Ladder | None, row: RowMapping) -> Raised:
    """The newest stage passed, if any, with those passed before it and the one that comes next."""
    stages = {} if ladder is None else {name: (_base(ladder, row, days), days) for name, days in ladder.stages.items()}
    known = [(name, base, base + days) for name, (base, days) in stages.items() if base is not None]
    passed = [(name, base) for name, base, day in known if row["day"] >= day]
    coming = next(((name, day) for name, _, day in known if row["day"] < day), ("", 0))
    stage, base = passed[-1] if passed else ("", row["due"] if row["due"] is not None else 0)
    member = row["occurrence"].partition("@")[2].rpartition("/")[0]
    return Raised(
        occurrence=row["occurrence"],
        obligation=row["obligation"],
        instrument=row["instrument"],
        provision=row["provision"],
        bearers=(member,) if member else tuple(row["body"]["bearer"]["parties"]),
        topics=tuple(row["flat"].get("topics") or ()),
        stage=stage,
        older_stages=tuple(name for name, own in passed[:-1] if own == base),
        base_day=base,
        day=row["day"],
        due_at=row["due_at"] if not row["past_due"] else None,
        status=row["status"],
        next_stage=coming[0],
        next_day=coming[1],
    )


def _base(ladder: Ladder, row: RowMapping, offset: int) -> int | None:
    """The day from which an offset counts."""
    due: int | None = row["earliest_due"] if offset < 0 else row["due"]
    changed: int | None = row["measured_on"] if row["measured_on"] is not None else row["judged_on"]
    return changed if ladder.base == "changed" else due
