"""One look over everything that a report reviews: the standing norms that name it as `reviewed-by`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from duewatch.engine.judgement import drafting, naming
from duewatch.engine.judgement.desktop import required
from duewatch.engine.judgement.renaming import all_names
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.tables import obligation, variant
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from duewatch.engine.judgement.desktop import Desktop
    from duewatch.engine.ledger.facts import Draft

_STANDING: Final = ("maintain", "refrain")  # a limit is measured, not looked at


def reviewed(connection: Connection, encoding: str, report: str) -> list[str]:
    """Give the standing norms that a report reviews, in full, in the order of the file; `report` is its entry."""
    query = (
        select(variant.c.obligation, variant.c.body)
        .join(
            obligation,
            (obligation.c.encoding == variant.c.encoding) & (obligation.c.obligation == variant.c.obligation),
        )
        .where(
            variant.c.encoding == encoding,
            variant.c.is_default == 1,
            variant.c.instrument == naming.symbol_of(report),
            variant.c.kind.in_(_STANDING),
        )
        .order_by(obligation.c.place)
    )
    wanted = naming.local_id(report)
    return [name for name, body in connection.execute(query) if body["reviewed_by"] == wanted]


def offers(connection: Connection, encoding: str, occurrences: Iterable[str]) -> tuple[str, ...]:
    """Say for each report that was recorded how all that it reviews can be looked at in one go."""
    found = []
    for name in occurrences:
        count = len(reviewed(connection, encoding, naming.split_occurrence(name)[0]))
        if count:
            entries = "1 entry" if count == 1 else f"{count} entries"
            command = f"duewatch record sweep {naming.local_id(name)} --on DAY --by NAME"
            found.append(f"{naming.local_id(name)} reviews {entries}: once you have looked at them, `{command}`")
    return tuple(found)


def sweep(table: Desktop, occurrence: str, fields: Mapping[str, Any]) -> list[Draft]:
    """Draft a review of each norm that the report of `occurrence` reviews; those reviewed on that day already are left.

    BadInput where it reviews nothing, or all of it was reviewed on that day.
    """
    required(fields, "on")
    report = naming.split_occurrence(occurrence)[0]
    names = reviewed(table.connection, table.encoding, report)
    if not names:
        raise BadInput(f"no entry is reviewed by `{naming.local_id(report)}`: there is nothing to sweep")
    note = fields.get("why") or f"looked at with {naming.local_id(occurrence)}"
    drafts = [drafting.review(table, name, {**fields, "why": note}) for name in names]
    fresh = [draft for draft in drafts if not _is_known(table, draft)]
    if not fresh:
        raise BadInput(f"all that `{naming.local_id(report)}` reviews is recorded as looked at on {fields['on']}")
    return fresh


def _is_known(table: Desktop, draft: Draft) -> bool:
    names = all_names(table.connection, table.encoding, draft.target)
    entries = (one for name in names for one in facts.rows(table.connection, target=name, kind="review"))
    newest = {entry.root: entry for entry in entries}
    return any(not entry.gone and entry.draft.effective == draft.effective for entry in newest.values())
