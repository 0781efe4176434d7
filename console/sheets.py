"""An answer as a sheet for other programs (CSV) or as a table for a page (Markdown)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from duewatch.console.tables import COLUMNS, cells, group_of, title
from duewatch.engine.judgement.cells import csv_sheet, markdown_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duewatch.engine.judgement.asking import Answer, Item

LEFT_OUT: Final = ("contents", "readings")  # not flat: the first has columns of its own, the second is for the JSON
CONTENTS: Final = ("seen", "missing", "unchecked", "of")


def as_csv(answer: Answer, items: Iterable[Item]) -> str:
    """Give one line for each item under a line of names (RFC 4180); lists are joined with a semicolon."""
    rows = [{"as_of": answer.as_of, "as_known": answer.as_known, **flat(item)} for item in items]
    return csv_sheet(["as_of", "as_known", *flat_names()], rows)


def flat_names() -> list[str]:
    """Give the names of the columns, those of the JSON of `status`."""
    from duewatch.engine.judgement.asking import Item

    shown = [name for name, one in Item.__dataclass_fields__.items() if one.metadata.get("json", True)]
    return [*(name for name in shown if name not in LEFT_OUT), *(f"contents_{name}" for name in CONTENTS)]


def flat(item: Item) -> dict[str, object]:
    """Give an item without depth."""
    known = {name: value for name, value in item.as_json().items() if name not in LEFT_OUT}
    return {**known, **{f"contents_{name}": item.contents[name] for name in CONTENTS}}


def as_markdown(items: Sequence[Item], *, symbols: bool) -> str:
    """Give a table for each group, under its name; what others owe comes last."""
    parts = []
    for others in (False, True):
        mine = [item for item in items if (item.watch == "others") is others]
        for group, rows in groupby(mine, key=group_of):
            name = f"{title(group)}, owed by others" if others else title(group)
            table = markdown_table(COLUMNS, [cells(item, symbols=symbols) for item in rows])
            parts.append(f"## {name[:1].upper()}{name[1:]}\n\n{table}")
    return "\n\n".join(parts)
