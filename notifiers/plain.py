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
    return "".join(each if each in "\n\t" else _shown(each) for each in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Give a text in which nothing acts at all, for a header or a line of a record."""
    return "".join(map(_shown, text))


def _shown(each: str) -> str:
    return SHOWN_AS if each in _TURNING or unicodedata.category(each) in _ACTING else each
