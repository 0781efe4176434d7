"""A paper as one page of HTML that loads nothing: for a browser, a screen reader and a printer.

No script, no font, no picture; its one style sheet stands inside it, and a policy keeps everything else out.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duewatch.engine.showing.paper import Paper, Section, Table

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f1f1f; --quiet: #595959; --line: #b8b8b8; --head: #efefef; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ededed; --quiet: #b5b5b5; --line: #5a5a5a; --head: #2b2b2b; --mark: #4a3d00; }
}
body { color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem 1.5rem; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; }
h2 { break-after: avoid; font-size: 1.15rem; margin: 2rem 0 0.5rem; }
p { margin: 0.3rem 0; max-width: 75ch; }
nav ul { columns: 16rem; margin: 0; padding-left: 1.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; min-width: 60rem; table-layout: fixed; width: 100%; }
th, td { border: 1px solid var(--line); overflow-wrap: break-word; padding: 0.3rem 0.5rem; }
th, td { text-align: left; vertical-align: top; }
thead th { background: var(--head); }
tbody th { font-weight: 600; }
tr { break-inside: avoid; }
tr.marked > * { background: var(--mark); }
tr.marked > :first-child { border-left: 0.3rem solid var(--ink); }
dl { display: grid; gap: 0.2rem 1rem; grid-template-columns: max-content 1fr; }
dt { font-weight: 600; }
dd { margin: 0; }
@page { margin: 12mm; size: A4 landscape; }
@media print {
  :root { --ink: #000; --quiet: #333; --line: #777; --head: #eee; --mark: #eee; }
  body { font-size: 9pt; max-width: none; padding: 0; }
  nav { display: none; }
  table { font-size: 7.5pt; min-width: 0; }
  th, td { padding: 0.15rem 0.3rem; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
}
""".strip()

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
MOST_UNLISTED: Final = 3  # sections that need no list of contents


def as_page(paper: Paper) -> str:
    """Write a paper as HTML, without a line end at the end; the same paper gives the same text."""
    return "\n".join(_page(paper))


def _page(paper: Paper) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(paper.title)}</title>"
    yield f"<style>\n{STYLE}\n</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield f"<h1>{escape(paper.title)}</h1>"
    yield from _lines(paper.lines)
    if len(paper.sections) > MOST_UNLISTED:
        yield from _contents(paper)
    for number, section in enumerate(paper.sections, start=1):
        yield from _section(section, f"part-{number}")
    if paper.names:
        yield from _names(paper)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _lines(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        yield f"<p>{escape(line)}</p>"


def _contents(paper: Paper) -> Iterator[str]:
    yield '<nav aria-label="Contents">'
    yield "<ul>"
    for number, section in enumerate(paper.sections, start=1):
        yield f'<li><a href="#part-{number}">{escape(section.heading)}</a></li>'
    yield "</ul>"
    yield "</nav>"


def _section(section: Section, anchor: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{anchor}">'
    yield f'<h2 id="{anchor}">{escape(section.heading)}</h2>'
    yield from _lines(section.lines)
    if section.table is not None:
        yield from _table(section.table, anchor)
    yield "</section>"


def _table(table: Table, anchor: str) -> Iterator[str]:
    """Write a table that a narrow screen scrolls by itself, also with the keyboard."""
    yield f'<div class="wide" role="region" aria-labelledby="{anchor}" tabindex="0">'
    yield f'<table aria-labelledby="{anchor}">'
    whole = sum(table.widths)  # the same in every table of a paper, so that its columns stand under each other
    shares = (f'<col style="width: {100 * share / whole:.1f}%">' for share in table.widths)
    yield f"<colgroup>{''.join(shares)}</colgroup>"
    heads = (f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = (
            f'<th scope="row">{escape(cell)}</th>' if place == table.heads else f"<td>{escape(cell)}</td>"
            for place, cell in enumerate(row.cells)
        )
        opening = '<tr class="marked">' if row.is_marked else "<tr>"
        yield f"{opening}{''.join(cells)}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _names(paper: Paper) -> Iterator[str]:
    yield '<section aria-labelledby="names">'
    yield '<h2 id="names">Short names</h2>'
    yield "<dl>"
    for short, full in paper.names:
        yield f"<dt>{escape(short)}</dt><dd>{escape(full)}</dd>"
    yield "</dl>"
    yield "</section>"
