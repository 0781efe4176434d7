"""How an answer looks on a screen: grouped rows in a table, or stacked lines where the screen is narrow.

Colour never carries anything alone: each group is headed by its name and each row says its status in words.
A pipe gets whole rows, one a line, unless COLUMNS says how wide it is.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from duewatch.console.errors import say
from duewatch.console.status import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duewatch.engine.judgement.asking import Item

UNGROUPED: Final = ""  # statements, contents, and entries that have no occurrence yet: listed, without status
STYLES: Final = {"late": "bold red", "soon": "yellow", "cannot-say": "magenta", "done": "green"}
COLUMNS: Final = ("provision", "obligation", "bearer", "due", "says")

UNNAMED: Final = {"", "in force", "open", "upcoming"}  # the heading of the group says it already

NARROW: Final = 90  # below this width five columns would break every word
NAME_SHARE: Final = 0.4  # of the width: up to there names, which people copy, are not broken
WHOLE: Final = 4000  # a pipe: wide enough for every row to stay on its line


@contextmanager
def paper() -> Iterator[Console]:
    """Give something to print tables on, which goes to standard output; NO_COLOR and TERM are respected."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    page = Console(width=WHOLE if piped else None, highlight=False, markup=False, emoji=False)
    with page.capture() as captured:  # not printed at once: rich would end the process when a reader goes away
        yield page
    say("\n".join(line.rstrip() for line in captured.get().removesuffix("\n").split("\n")))


def print_items(items: Sequence[Item], *, symbols: bool) -> None:
    """Print what we answer for, then what we only watch. `symbols`: name the instrument in each row."""
    own = [item for item in items if item.watch != "others"]
    others = [item for item in items if item.watch == "others"]
    with paper() as page:
        if own:
            _print_section(page, own, symbols=symbols)
        if others:
            page.print(Text("\nwatched: owed by others", style="bold underline"))
            _print_section(page, others, symbols=symbols)


def counts(items: Iterable[Item]) -> str:
    """Give the counts by group, in the order of the page: `1 late, 3 later`."""
    groups = [group_of(item) for item in items]
    parts = [f"{groups.count(group)} {title(group)}" for group in (*GROUPS, UNGROUPED) if group in groups]
    return ", ".join(parts)


def group_of(item: Item) -> str:
    """Give the group of an item; what the rules do not know is listed without one."""
    return item.group if item.group in GROUPS else UNGROUPED


def title(group: str) -> str:
    """Give the words for a group."""
    return group.replace("-", " ") if group else "without status"


def short(item: Item, *, symbols: bool) -> str:
    """Give the occurrence as people write it: without its instrument where there is only one."""
    name = item.occurrence or f"{item.instrument}#{item.obligation}"
    return name if symbols else name.removeprefix(f"{item.instrument}#")


def cells(item: Item, *, symbols: bool) -> tuple[str, str, str, str, str]:
    """Give the five columns of a row as plain text."""
    bearer = item.member or ", ".join(item.bearer) or "not named"
    return (item.provision, short(item, symbols=symbols), bearer, str(item.due or "-"), words(item))


def words(item: Item) -> str:
    """Say where the item stands; its status is named first where neither its group nor its sentence names it."""
    status = (item.status or "").replace("_", " ")
    sentence = item.says or item.because or status
    named = status in UNNAMED or sentence.startswith((title(group_of(item)), status.split(" ")[0]))
    return "; ".join([sentence if named else f"{status}: {sentence}", *contents(item)])


def contents(item: Item) -> list[str]:
    """Say what is not seen of the contents of a document that has come; an unchecked item hurts nobody and is shown."""
    found = item.contents
    if not found["of"] or (group_of(item) != "done" and not found["missing"]):
        return []
    lacking = [f"{found[state]} {state}" for state in ("missing", "unchecked") if found[state]]
    return [f"contents: {', '.join(lacking)} of {found['of']}" if lacking else f"contents: all {found['of']} seen"]


def _print_section(page: Console, items: Sequence[Item], *, symbols: bool) -> None:
    ordered = sorted(
        items, key=lambda item: (*GROUPS, UNGROUPED).index(group_of(item))
    )  # stable: rows keep their order
    groups = [(group, list(rows)) for group, rows in groupby(ordered, key=group_of)]
    draw = _stacked if page.width < NARROW else _table
    draw(page, groups, symbols=symbols)


def _table(page: Console, groups: Sequence[tuple[str, list[Item]]], *, symbols: bool) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(COLUMNS[0], no_wrap=True)
    longest = max(len(short(item, symbols=symbols)) for _group, items in groups for item in items)
    table.add_column(COLUMNS[1], overflow="fold", no_wrap=longest <= page.width * NAME_SHARE)
    table.add_column(COLUMNS[2], overflow="fold")
    table.add_column(COLUMNS[3], no_wrap=True)
    table.add_column(COLUMNS[4], overflow="fold")
    for group, items in groups:
        table.add_row(Text(f"{title(group)} ({len(items)})", style=f"bold {STYLES.get(group, '')}".strip()))
        for item in items:
            table.add_row(*_coloured(item, symbols=symbols))
    page.print(table)


def _coloured(item: Item, *, symbols: bool) -> list[Text]:
    style = STYLES.get(group_of(item), "")
    provision, name, bearer, due, says = (visible(cell) for cell in cells(item, symbols=symbols))
    return [Text(f"  {provision}"), Text(name), Text(bearer), Text(due), Text(says, style=style)]


def _stacked(page: Console, groups: Sequence[tuple[str, list[Item]]], *, symbols: bool) -> None:
    for group, items in groups:
        page.print(Text(f"{title(group)} ({len(items)})", style=f"bold {STYLES.get(group, '')}".strip()))
        for item in items:
            _stack(page, item, symbols=symbols)


def _stack(page: Console, item: Item, *, symbols: bool) -> None:
    provision, name, bearer, due, says = (visible(cell) for cell in cells(item, symbols=symbols))
    page.print(Padding(Text(f"{provision}  {name}", style="bold"), (0, 0, 0, 2), expand=False))
    page.print(Padding(Text(f"{bearer}, due {due}" if item.due else bearer), (0, 0, 0, 4), expand=False))
    page.print(Padding(Text(says, style=STYLES.get(group_of(item), "")), (0, 0, 0, 4), expand=False))


def print_list(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Print a plain list of rows under its columns; the last column may wrap."""
    with paper() as page:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in columns[:-1]:
            table.add_column(column, no_wrap=page.width >= NARROW, overflow="fold")
        table.add_column(columns[-1], overflow="fold")
        for row in rows:
            table.add_row(*(Text(visible(cell)) for cell in row))
        page.print(table)


def print_sections(heading: str, sections: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Print a heading and its sections, each line indented and wrapped to the screen."""
    with paper() as page:
        page.print(Text(visible(heading), style="bold"))
        for name, lines in sections:
            page.print(Text(f"\n{visible(name)}", style="bold"))
            for line in lines:
                page.print(_indented(visible(line)))


def _indented(line: str) -> Padding:
    """Indent a line by two more than it is, and what wraps of it as well."""
    bare = line.lstrip(" ")
    return Padding(Text(bare), (0, 0, 0, 2 + len(line) - len(bare)), expand=False)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text, wrapped to the screen."""
    with paper() as page:
        for line in lines:
            page.print(Text(visible(line)))


def visible(text: str) -> str:
    """Give `text` without control characters: what was recorded must not steer anybody's terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
