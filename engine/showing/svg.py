"""A timeline as SVG, written by hand: no script, no style sheet, no font but by name.

State is told by shape and by colour, so that it reads in black and white; title, description and the
words of each mark are there for screen readers and for whoever points at it.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from duewatch.engine.showing.axis import Axis, in_words
from duewatch.engine.showing.looks import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.showing.chart import Band, Chart, Mark, Row
    from duewatch.engine.showing.looks import Shape

FAMILY: Final = "DejaVu Sans, Verdana, Geneva, sans-serif"
EDGE: Final = 16  # left and right of everything
HEAD: Final = 78  # above the first row: title, dates
ROW: Final = 22
BAND_GAP: Final = 8
FOOT: Final = 24  # between the last row and the legend's first line
LEGEND: Final = 24  # from one line of the legend to the next
NOTE: Final = 16  # the same for the notes below it
LETTER: Final = 6.1  # the usual width of a letter of 11 px
TITLE_LETTER: Final = 9.5  # and of one of 16 px
TICK_ROOM: Final = 74
LEGEND_GAP: Final = 38  # a shape and the room around it
TODAY_ROOM: Final = 130  # of the words beside the line of today
LONGEST_LIST: Final = 10  # late ones that the description names

SHAPES: Final[Mapping[Shape, str]] = {  # about 12 units wide, around the origin
    "triangle": '<path d="M0 -7L7 5L-7 5Z" stroke="#ffffff"/>',
    "diamond": '<path d="M0 -7L7 0L0 7L-7 0Z" stroke="#ffffff"/>',
    "question": (
        '<rect x="-6" y="-6" width="12" height="12" fill="#ffffff" stroke-width="1.5"/>'
        '<text y="4" text-anchor="middle" stroke="none">?</text>'
    ),
    "ring": '<circle r="5" fill="#ffffff" stroke-width="2"/>',
    "disc": '<circle r="6" stroke="#ffffff"/>',
    "cross": '<path d="M-4 -4L4 4M-4 4L4 -4" stroke-width="2"/>',
    "dot": '<circle r="2.5" stroke="none"/>',
}

INK: Final = "#1f1f1f"
QUIET: Final = "#595959"
LINE: Final = "#d5d5d5"


@dataclass(frozen=True, slots=True)
class Format:
    """The measures of a sheet, in units: its width, and that of the column of labels at the left."""

    width: int
    labels: int


PAGE: Final = Format(width=1000, labels=350)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The chart with its measures."""

    chart: Chart
    form: Format
    axis: Axis
    bottom: int  # of the rows
    keys: tuple[tuple[str, ...], ...]  # the groups of each line of the legend
    notes: tuple[str, ...]  # the lines below them

    @property
    def height(self) -> int:
        """Give the height of everything."""
        return self.bottom + FOOT + LEGEND * len(self.keys) + NOTE * len(self.notes)


def svg(chart: Chart, form: Format = PAGE) -> str:
    """Draw a timeline; the same chart gives the same text."""
    sheet = _sheet(chart, form)
    parts = [*_head(sheet), *_scale(sheet), *_bands(sheet), *_today(sheet), *_legend(sheet), "</svg>"]
    return "\n".join(parts) + "\n"


def _sheet(chart: Chart, form: Format) -> _Sheet:
    rows = sum(1 + len(band.rows) for band in chart.bands)
    return _Sheet(
        chart=chart,
        form=form,
        axis=Axis(chart.first, chart.last, EDGE + form.labels, form.width - 2 * EDGE - form.labels),
        bottom=HEAD + rows * ROW + len(chart.bands) * BAND_GAP,
        keys=_keys(chart, form.width - 2 * EDGE),
        notes=tuple(textwrap.wrap("; ".join(_notes(chart)), int((form.width - 2 * EDGE) / LETTER))),
    )


# ------------------------------------------------------------------ the sheet
def _head(sheet: _Sheet) -> Iterator[str]:
    chart, width = sheet.chart, sheet.form.width
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {sheet.height}" width="{width}" '
        f'height="{sheet.height}" role="img" aria-labelledby="duewatch-title duewatch-desc" '
        f'font-family={quoteattr(FAMILY)} font-size="11" fill={quoteattr(INK)}>'
    )
    yield f'<title id="duewatch-title">{_text(chart.title)}</title>'
    yield f'<desc id="duewatch-desc">{_text(described(chart))}</desc>'
    yield f'<rect width="{width}" height="{sheet.height}" fill="#ffffff"/>'
    title = textwrap.shorten(chart.title, int((width - 2 * EDGE) / TITLE_LETTER), placeholder=" ...")
    yield f'<text x="{EDGE}" y="28" font-size="16">{_text(title)}</text>'


def described(chart: Chart) -> str:
    """Say in words what the picture shows: how many of each, and which are late."""
    counted = ", ".join(f"{number} {LOOKS[group].words}" for group, number in chart.counts().items())
    late = [mark for band in chart.bands for row in band.rows for mark in row.marks if mark.group == "late"]
    named = [told(mark) for mark in late[:LONGEST_LIST]]
    rest = f"; and {len(late) - LONGEST_LIST} more" if len(late) > LONGEST_LIST else ""
    ending = f" Late: {'; '.join(named)}{rest}." if named else " Nothing is late."
    span = f"Timeline from {in_words(chart.first)} to {in_words(chart.last)}, today is {in_words(chart.today)}."
    return f"{span} Occurrences by bearer: {counted}.{ending}"


def told(mark: Mark) -> str:
    """Say of one mark what it is, when it is due, and how it stands."""
    return f"{mark.name}, due {in_words(mark.day)}: {mark.says}"


def _scale(sheet: _Sheet) -> Iterator[str]:
    for x, name in sheet.axis.ticks(TICK_ROOM):
        yield f'<line x1="{x:.1f}" y1="{HEAD - 8}" x2="{x:.1f}" y2="{sheet.bottom}" stroke="{LINE}"/>'
        if x + 3 + len(name) * LETTER <= sheet.form.width:
            yield f'<text x="{x + 3:.1f}" y="{HEAD - 12}" fill="{QUIET}">{name}</text>'


def _today(sheet: _Sheet) -> Iterator[str]:
    """Draw the line between what was and what will be, with its day beside it."""
    if not sheet.axis.shows(sheet.chart.today):
        return
    x = sheet.axis.at(sheet.chart.today)
    end = x > sheet.form.width - EDGE - TODAY_ROOM
    yield f'<line x1="{x:.1f}" y1="{HEAD - 30}" x2="{x:.1f}" y2="{sheet.bottom}" stroke="{INK}" stroke-width="1.5"/>'
    place = f'x="{x - 5:.1f}" text-anchor="end"' if end else f'x="{x + 5:.1f}"'
    words = f"today, {in_words(sheet.chart.today)}"
    yield f'<text {place} y="{HEAD - 28}" font-size="12">{words}</text>'


# ------------------------------------------------------------------ rows and marks
def _bands(sheet: _Sheet) -> Iterator[str]:
    y = HEAD
    for band in sheet.chart.bands:
        yield from _band_head(sheet.form, band, y)
        y += ROW
        for row in band.rows:
            yield from _row(sheet, row, y)
            y += ROW
        y += BAND_GAP


def _band_head(form: Format, band: Band, y: int) -> Iterator[str]:
    words = f"{band.bearer} (watched: owed by others)" if band.watched else band.bearer
    yield f'<rect x="{EDGE - 6}" y="{y}" width="{form.width - 2 * EDGE + 12}" height="{ROW - 3}" fill="#efefef"/>'
    shown = textwrap.shorten(words, int((form.width - 2 * EDGE) / LETTER), placeholder=" ...")
    yield f'<text x="{EDGE}" y="{y + 14}" font-size="12">{_text(shown)}</text>'


def _row(sheet: _Sheet, row: Row, y: int) -> Iterator[str]:
    middle, form = y + ROW / 2, sheet.form
    track = f'x1="{EDGE + form.labels}" y1="{middle:g}" x2="{form.width - EDGE}" y2="{middle:g}"'
    yield f'<line {track} stroke="{LINE}" stroke-dasharray="1 4"/>'
    room = int((form.labels - 12) / LETTER)
    label = textwrap.shorten(f"{row.provision}: {row.action}", room, placeholder=" ...")
    yield f'<text x="{EDGE + 4}" y="{middle + 4}">{_text(label)}</text>'
    for mark in row.marks:
        yield from _mark(sheet.axis, mark, middle)


def _mark(axis: Axis, mark: Mark, y: float) -> Iterator[str]:
    look = LOOKS[mark.group]
    yield f'<g stroke="{look.colour}" fill="{look.colour}"><title>{_text(told(mark))}</title>'
    x = axis.at(mark.day)
    for other in mark.others:
        there = axis.at(other)
        yield f'<line x1="{x:.1f}" y1="{y}" x2="{there:.1f}" y2="{y}" stroke-width="1.5" stroke-dasharray="3 2"/>'
        yield f'<circle cx="{there:.1f}" cy="{y}" r="3" fill="#ffffff" stroke-width="1.5"/>'
    if mark.until:
        there = axis.at(mark.until)
        yield f'<line x1="{x:.1f}" y1="{y}" x2="{there:.1f}" y2="{y}" stroke-width="3"/>'
    yield _shape(look.shape, x, y)
    yield "</g>"


def _shape(shape: Shape, x: float, y: float) -> str:
    """Draw one shape in the colours of its group."""
    return f'<g transform="translate({x:.1f} {y:g})">{SHAPES[shape]}</g>'


# ------------------------------------------------------------------ what the shapes mean
def _legend(sheet: _Sheet) -> Iterator[str]:
    """Explain the shapes that occur, and say what is not drawn."""
    y, counts = sheet.bottom + FOOT, sheet.chart.counts()
    for groups in sheet.keys:
        x = EDGE + 8.0
        for group in groups:
            look, words = LOOKS[group], _key(group, counts[group])
            yield f'<g stroke="{look.colour}" fill="{look.colour}">{_shape(look.shape, x, y - 4)}</g>'
            yield f'<text x="{x + 12:.1f}" y="{y}">{words}</text>'
            x += LEGEND_GAP + len(words) * LETTER
        y += LEGEND
    for line in sheet.notes:
        yield f'<text x="{EDGE}" y="{y}" fill="{QUIET}">{_text(line)}</text>'
        y += NOTE


def _key(group: str, number: int) -> str:
    return f"{LOOKS[group].words} ({number})"


def _keys(chart: Chart, room: float) -> tuple[tuple[str, ...], ...]:
    """Break the groups that occur into lines."""
    lines: list[list[str]] = []
    left = 0.0
    for group, number in chart.counts().items():
        wide = LEGEND_GAP + len(_key(group, number)) * LETTER
        if not lines or wide > left:
            lines.append([])
            left = room
        lines[-1].append(group)
        left -= wide
    return tuple(map(tuple, lines))


def _notes(chart: Chart) -> list[str]:
    notes = ["a thick line is the time that something was late"] if _is_there(chart, "until") else []
    notes += ["a dashed one leads to its day under another reading"] if _is_there(chart, "others") else []
    return [*notes, f"{chart.undated} without a day here are not drawn"] if chart.undated else notes


def _is_there(chart: Chart, what: str) -> bool:
    return any(getattr(mark, what) for band in chart.bands for row in band.rows for mark in row.marks)


def _text(words: str) -> str:
    """Give words as XML may hold them: escaped, without the control characters that it forbids."""
    return escape("".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words))
