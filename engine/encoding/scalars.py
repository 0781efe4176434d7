"""What an unquoted scalar means: a decimal whole number, `true`, `false`, nothing, or a text.

Whatever else YAML 1.1 would turn into a date, a float or a number in another base is
refused: the reader of the file would not see it coming.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duewatch.engine.encoding.nodes import Plain

MOST_DIGITS: Final = 18  # what fits into 64 bits, as databases and other readers of the file need it

_WORDS: Final[dict[str, Plain]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
# A number, a sign or a dot begins everything that could be misread; the rest is a text.
_SUSPECT: Final = re.compile(r"[-+.0-9]")
_MISREAD: Final = (
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?\Z"), "a date"),
    (re.compile(r"[-+]?[0-9]+(?::[0-9]{1,2})+(?:\.[0-9]*)?\Z"), "a number to the base of 60"),
    (re.compile(r"[-+]?0[0-9_]+\Z|[-+]?0o[0-7_]+\Z"), "an octal number"),
    (re.compile(r"[-+]?0x[0-9a-fA-F_]+\Z|[-+]?0b[01_]+\Z"), "a number to another base"),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+]?[0-9]+)?\Z|[-+]?[0-9][0-9_]*\.(?:[eE][-+]?[0-9]+)?\Z"),
        "a decimal fraction",
    ),
    (re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+\Z"), "a number with an exponent"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"), "infinity or no number"),
    (re.compile(r"[-+]?[0-9][0-9_]*\Z"), "a number"),
)
_CAPITALS: Final = frozenset({"True", "TRUE", "False", "FALSE", "Null", "NULL"})


class Misread(ValueError):
    """A scalar that YAML would turn into something else; the message says what."""


def resolve(text: str) -> Plain:
    """Give the meaning of an unquoted scalar; Misread where it must be quoted to be a text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _SUSPECT.match(text):
        if text in _CAPITALS:
            raise Misread(f"YAML reads `{text}` as `{text.lower()}`")
        return text
    if _NUMBER.match(text):
        if len(text.lstrip("-")) > MOST_DIGITS:
            raise Misread(f"a number of more than {MOST_DIGITS} digits")
        return int(text)
    for pattern, what in _MISREAD:
        if pattern.match(text):
            raise Misread(f"YAML reads `{text}` as {what}")
    return text
