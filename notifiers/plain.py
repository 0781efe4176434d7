"""Text from elsewhere, made harmless: characters that act instead of being read are shown as U+FFFD."""

from __future__ import annotations

import unicodedata
from typing import Final

SHOWN_AS: Final = "\N{REPLACEMENT CHARACTER}"
_ACTING: Final = ("Cc", "Cs", "Zl", "Zp")  # controls, half characters, line and paragraph separators
# Unicode Standard Annex 9: these reorder what stands beside them.
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def readable(text: str) -> str:
    """Give a text of many lines in which nothing but newline and tab acts."""
    lines = (line.split("\t") for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join("\t".join(map(one_line, parts)) for parts in lines)


def one_line(text: str) -> str:
    """Give a text in which nothing acts at all, for a header or a line of a record."""
    return text if text.isprintable() else "".join(map(_shown, text))  # nothing that acts is printable


def _shown(each: str) -> str:
    return SHOWN_AS if each in _TURNING or unicodedata.category(each) in _ACTING else each
