"""A paper: what somebody prints or circulates, as a title, sections with lines and a table, and a list of short names.

It is put together once and written by whoever knows a form: Markdown here, a page in `page.py`, Word in `wordfile.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.judgement.cells import markdown_cell, markdown_table

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. A marked one is told apart by its look too, never by its look alone."""

    cells: tuple[str, ...]
    is_marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under the names of their columns; `heads` is the column whose cell names the row.

    `widths` are shares of the whole for forms that do not find them out by themselves; as many as columns.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    heads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a paper under a heading of its own."""

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole of it; each line is a paragraph."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    names: tuple[tuple[str, str], ...] = ()  # a short name that the paper uses, and the full one


def as_markdown(paper: Paper) -> str:
    """Write a paper in Markdown, without a line end at the end."""
    parts = [f"# {markdown_cell(paper.title)}", *map(markdown_cell, paper.lines)]
    for section in paper.sections:
        parts += _section(section)
    if paper.names:
        parts += ["## Short names", "\n".join(f"- {markdown_cell(f'{short}: {full}')}" for short, full in paper.names)]
    return "\n\n".join(parts)


def _section(section: Section) -> Iterator[str]:
    yield f"## {markdown_cell(section.heading)}"
    yield from map(markdown_cell, section.lines)
    if section.table is not None:
        yield markdown_table(section.table.columns, [row.cells for row in section.table.rows])
