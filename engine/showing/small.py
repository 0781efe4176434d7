"""The small picture beside a message: the timeline of what the message is about, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.problems import BadInput
from duewatch.engine.showing.axis import in_words
from duewatch.engine.showing.chart import chart
from duewatch.engine.showing.png import is_available, png
from duewatch.engine.showing.svg import described, svg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from duewatch.engine.judgement.asking import Item

ZOOM: Final = 1.0
MOST_ROWS: Final = 12  # a message about more says so in words


def small_picture(items: Iterable[Item], occurrences: Collection[str], *, today: date) -> tuple[bytes, str] | None:
    """Give a PNG of the obligations behind `occurrences`, and the same in words for whoever does not see it.

    `items` are those of a whole answer, `occurrences` full names. None where no picture can be made (the extra
    `pictures` is not installed), where nothing of it has a day, or where it would not be small.
    """
    if not is_available():
        return None
    given = list(items)
    wanted = {(item.instrument, item.obligation) for item in given if item.occurrence in occurrences}
    chosen = [item for item in given if (item.instrument, item.obligation) in wanted]
    if not 0 < len(wanted) <= MOST_ROWS:
        return None
    try:
        drawn = chart(chosen, title=f"{chosen[0].instrument}, as of {in_words(today)}", today=today)
    except BadInput:
        return None
    return png(svg(drawn), zoom=ZOOM), described(drawn)
