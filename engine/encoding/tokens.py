"""The words of a deadline's text form, each with its column. Knows no grammar (see `expressions.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from duewatch.engine.encoding.civil import ISO_DAY
from duewatch.engine.encoding.clocks import INSTANT_PATTERN
from duewatch.engine.encoding.shapes import IDENTIFIER

MOST_LETTERS: Final = 1_000  # a longer text is no deadline that anybody could read aloud
_TOKEN: Final = re.compile(
    rf"(?P<instant>{INSTANT_PATTERN})"
    rf"|(?P<day>{ISO_DAY}(?![\w-]))"
    r"|(?P<clock>\d{1,2}:\d{2}(?!\w))"
    r"|(?P<ordinal>\d+(?:st|nd|rd|th)(?!\w))"
    r"|(?P<number>-?\d+(?![\w.]))"
    rf"|(?P<word>{IDENTIFIER}(?:/[A-Za-z0-9_+-]+)*(?:\.[a-z]+)?(?:@[A-Za-z0-9-]+)?)"
    r"|(?P<sign>[(),])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `column` counts from 0, the first letter of the text."""

    sort: str  # instant, day, clock, ordinal, number, word, sign, end
    text: str
    column: int

    @property
    def folded(self) -> str:
        """The word as it is compared: capitals do not matter in the words of the language."""
        return self.text.casefold()


class Stuck(ValueError):
    """A text that cannot be read on: where, what is wrong, what would be right."""

    def __init__(self, column: int, wrong: str, right: str) -> None:
        """Keep the three parts; the column counts from 0."""
        super().__init__(wrong)
        self.column = column
        self.wrong = wrong
        self.right = right


def tokens(text: str) -> tuple[Token, ...]:
    """Part a text into its words, with an `end` behind the last. Stuck where a sign belongs to no word."""
    if len(text) > MOST_LETTERS:
        raise Stuck(0, f"a text of {len(text)} letters", f"write it in {MOST_LETTERS} at most, or as a mapping")
    found, column = [], 0
    while column < len(text):
        if text[column].isspace():
            column += 1
            continue
        match = _TOKEN.match(text, column)
        if match is None:
            raise Stuck(column, f"`{text[column]}` has no meaning in a deadline", "leave it out")
        found.append(Token(str(match.lastgroup), match[0], column))
        column = match.end()
    return (*found, Token("end", "", len(text.rstrip())))
