"""A paper as a Word file (Office Open XML), in landscape, with heads that come again on each page.

Wants the package python-docx, which the extra `documents` brings.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from docx.document import Document
    from docx.table import Table as Grid
    from docx.table import _Row

    from duewatch.engine.showing.paper import Paper, Row, Table

MISSING: Final = (
    "a Word file needs the package python-docx; install duewatch with its extra, as in "
    "`pip install 'duewatch[documents]'`, or take another format"
)
AUTHOR: Final = "duewatch"
SMALL: Final = 8  # points, in the cells of a table
EDGE: Final = 15.0  # millimetres around the page
A4: Final = (297.0, 210.0)  # millimetres, in landscape


def is_available() -> bool:
    """Tell whether Word files can be made here."""
    return find_spec("docx") is not None


def as_word(paper: Paper, *, stamp: datetime) -> bytes:
    """Write a paper as the bytes of a .docx; `stamp` (aware, UTC) is the day that its properties name.

    BadInput where the package for it is not installed.
    """
    if not is_available():
        raise BadInput(MISSING)
    import docx

    document = docx.Document()
    _lay_out(document)
    _describe(document, paper.title, stamp)
    document.add_heading(paper.title, level=0)
    _lines(document, paper.lines)
    for section in paper.sections:
        document.add_heading(section.heading, level=1)
        _lines(document, section.lines)
        if section.table is not None:
            _table(document, section.table)
    if paper.names:
        document.add_heading("Short names", level=1)
        _lines(document, tuple(f"{short}: {full}" for short, full in paper.names))
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _lay_out(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(A4[0]), Mm(A4[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(EDGE)


def _describe(document: Document, title: str, stamp: datetime) -> None:
    """Say what the file is in its properties, in place of those of the template."""
    said = document.core_properties
    said.title, said.author, said.last_modified_by, said.language = title, AUTHOR, AUTHOR, "en"
    said.comments = ""
    said.created = said.modified = stamp.replace(tzinfo=None)  # python-docx writes naive times as UTC


def _lines(document: Document, lines: tuple[str, ...]) -> None:
    for line in lines:
        document.add_paragraph(_plain(line))


def _table(document: Document, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    _fill(grid.rows[0], table.columns, bold=range(len(table.columns)))
    _repeat(grid)
    for row in table.rows:
        _add(grid, row, table.heads)
    _share(grid, table.widths)


def _share(grid: Grid, widths: tuple[int, ...]) -> None:
    """Share the width of the page among the columns. Word goes by the cells, others by the columns."""
    from docx.shared import Mm

    room = A4[0] - 2 * EDGE
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = Mm(room * share / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _add(grid: Grid, row: Row, heads: int) -> None:
    added: _Row = grid.add_row()  # type: ignore[no-untyped-call]
    _fill(added, row.cells, bold={heads, 0} if row.is_marked else {heads})
    _keep_whole(added)
    if row.is_marked:
        _shade(added)


def _fill(row: _Row, texts: tuple[str, ...], *, bold: range | set[int]) -> None:
    from docx.shared import Pt

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        written = cell.paragraphs[0].add_run(_plain(text))
        written.font.size = Pt(SMALL)
        written.bold = place in bold


def _repeat(grid: Grid) -> None:
    """Let the first row come again at the head of each page."""
    _mark(grid.rows[0], "w:tblHeader")
    _keep_whole(grid.rows[0])


def _keep_whole(row: _Row) -> None:
    """Let no page end within a row."""
    _mark(row, "w:cantSplit")


def _mark(row: _Row, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 (python-docx has no public word for it)


def _shade(row: _Row) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for cell in row.cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "E8E8E8")
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 (the same)


def _plain(text: str) -> str:
    """Give a text without characters that XML does not know."""
    return "".join(sign if sign >= " " or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)
