"""Rows of a portfolio that stand under another key: who is probably who, and the last sheet under the new keys.

A key names a row for ever, and sheets are numbered anew all the same. A row that is gone and a new one that says the
same are one row, if a person says so: its facts, its history and its former names go on with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from duewatch.engine.encoding.portfolio import slug, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duewatch.engine.encoding.portfolio import Row
    from duewatch.engine.judgement.comparing import Kept


def gone_and_new(last: Kept, rows: Iterable[Row]) -> tuple[dict[str, Row], dict[str, Row]]:
    """Give the rows of the last sheet that this one lacks, and the rows that no sheet had before, by key."""
    now = {row.key: row for row in rows}
    ever = {row.key for row in last.rows}
    gone = {row.key: row for row in last.present() if row.key not in now}
    return gone, {key: row for key, row in now.items() if key not in ever}


def likely(last: Kept, rows: Iterable[Row]) -> dict[str, str]:
    """Give the key that is gone -> the new one of each pair that is probably one row.

    Either both keys give one id or are one number (`C-1` and `C 1`, `7` and `7.0`), or all that does not change by
    itself is the same: what is to be done, by whom, by when, under which clause. Where several rows say the same, they
    pair in their order, if there are as many of each.
    """
    gone, new = gone_and_new(last, rows)
    by_name = {name: row.key for row in new.values() for name in _names(row)}
    found = {key: by_name[name] for key, row in gone.items() for name in _names(row) if name in by_name}
    alike: defaultdict[tuple[object, ...], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, some in enumerate((gone, new)):
        for row in some.values():
            if row.key not in found and row.key not in found.values():
                alike[_says(row)][side].append(row.key)
    for old, fresh in alike.values():
        if len(old) == len(fresh):
            found |= zip(old, fresh, strict=True)
    return found


def _names(row: Row) -> tuple[str, ...]:
    """What makes two keys one: their id, or the whole number that both are."""
    return tuple(filter(None, (row.id, whole(row.key))))


def _says(row: Row) -> tuple[object, ...]:
    reference = "" if row.reference == row.key else row.reference
    return row.action.casefold(), slug(row.bearer), reference, row.due


def fitting(last: Kept, rows: Iterable[Row], wanted: Mapping[str, str]) -> dict[str, str]:
    """Give, of the keys that somebody says were renamed, those that can be: one that is gone, to one that is new.

    "" stands for the key that is likely.
    """
    listed = tuple(rows)
    gone, new = gone_and_new(last, listed)
    guessed = likely(last, listed)
    named = {old: to or guessed.get(old, "") for old, to in wanted.items()}
    taken = list(named.values())
    return {old: to for old, to in named.items() if old in gone and to in new and taken.count(to) == 1}


def under_new_keys(last: Kept, renamed: Mapping[str, str]) -> Kept:
    """Give the last sheet as if its rows had had their new keys."""
    rows = (
        replace(row, key=renamed[row.key], formerly=(*row.formerly, row.key)) if row.key in renamed else row
        for row in last.rows
    )
    return replace(last, rows=tuple(rows))
