"""A timeline as lines of signs, for a terminal: one sign for a stretch of days."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.showing.axis import Axis, in_words
from duewatch.engine.showing.looks import LOOKS

if TYPE_CHECKING:
    from duewatch.engine.showing.chart import Chart, Row

NARROWEST: Final = 50  # columns; below, a row has no room for its days
TICK_ROOM: Final = 10
LABEL_SHARE: Final = 0.4  # of the width
GAP: Final = 2
URGENCY: Final = tuple(LOOKS)
TODAY: Final = "\N{BOX DRAWINGS LIGHT VERTICAL}"
PLAIN_TODAY: Final = "|"


@dataclass(frozen=True, slots=True)
class Line:
    """A label at the left, padded to the width of all, and the signs of a row; a heading has none."""

    label: str
    cells: str = ""


def blocks(chart: Chart, width: int, *, plain: bool = False) -> tuple[Line, ...]:
    """Draw a timeline `width` columns wide; `plain`: in ASCII alone."""
    width = max(width, NARROWEST)
    labels = {row.name: _label(row, int(width * LABEL_SHARE)) for band in chart.bands for row in band.rows}
    room = max(map(len, labels.values())) + GAP
    axis = Axis(chart.first, chart.last, 0, width - room - 1)
    lines = [Line(" " * room, _ticks(axis))]
    for band in chart.bands:
        lines.append(Line(f"{band.bearer} (watched: owed by others)" if band.watched else band.bearer))
        lines += [Line(labels[row.name].ljust(room), _cells(chart, row, axis, plain=plain)) for row in band.rows]
    return tuple(lines)


def legend(chart: Chart, *, plain: bool = False) -> str:
    """Say what the signs mean, and what is not drawn."""
    parts = [f"{_sign(group, plain=plain)} {LOOKS[group].words} ({number})" for group, number in chart.counts().items()]
    parts.append(f"{PLAIN_TODAY if plain else TODAY} today, {in_words(chart.today)}")
    parts += [f"{chart.undated} without a day here are not drawn"] if chart.undated else []
    return "   ".join(parts)


def _label(row: Row, room: int) -> str:
    return "  " + textwrap.shorten(f"{row.provision} {row.name}", room - 2, placeholder=" ...")


def _ticks(axis: Axis) -> str:
    """Name some months above their columns."""
    line = [" "] * (int(axis.width) + 1)
    for x, name in axis.ticks(TICK_ROOM):
        place = int(x)
        if place + len(name) <= len(line):
            line[place : place + len(name)] = name
    return "".join(line).rstrip()


def _cells(chart: Chart, row: Row, axis: Axis, *, plain: bool) -> str:
    """Put the signs on their columns; where two meet, the more urgent one is seen."""
    line = [" "] * (int(axis.width) + 1)
    if axis.shows(chart.today):
        line[int(axis.at(chart.today))] = PLAIN_TODAY if plain else TODAY
    for mark in sorted(row.marks, key=lambda mark: -URGENCY.index(mark.group)):
        line[int(axis.at(mark.day))] = _sign(mark.group, plain=plain)
    return "".join(line).rstrip()


def _sign(group: str, *, plain: bool) -> str:
    return LOOKS[group].plain if plain else LOOKS[group].sign
