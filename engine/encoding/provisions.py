"""Provisions as lawyers cite them: `Art 30(a)(iii)`. Compared by their parts, so that Art 6 is not Art 61."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"\([^()]*\)|\.\d+(?=[\s().]|$)|\d+(?=(?:\.\d+)+(?:[\s()]|$))|[^\s()]+")


def parts(provision: str) -> tuple[str, ...]:
    """Split a provision: `Art 30(a)` -> `Art`, `30`, `(a)`; `cl 4.2` -> `cl`, `4`, `.2`."""
    return tuple(_PART.findall(provision))


def at_or_under(provision: str, above: str) -> bool:
    """Say whether `provision` is `above` or lies under it."""
    wanted = parts(above)
    return parts(provision)[: len(wanted)] == wanted


def is_provision(text: str) -> bool:
    """Say whether a link names a provision rather than an id."""
    return " " in text or "(" in text


def join(outer: str, inner: str) -> str:
    """Put a part under a provision; an `inner` that begins with the whole of `outer` stands for itself.

    >>> join("Art 30", "(a)"), join("Art 4", "bullet 2"), join("Art 4", "Art 4 bullet 2"), join("cl 4", ".2")
    ('Art 30(a)', 'Art 4 bullet 2', 'Art 4 bullet 2', 'cl 4.2')
    """
    if not outer or not inner or at_or_under(inner, outer):
        return inner or outer
    return outer + inner if inner[0] in "(." else f"{outer} {inner}"


def paragraph(provision: str) -> str:
    """Give the numbered paragraph in which a provision lies.

    >>> paragraph("Art 30(a)(iii)"), paragraph("Section II Art 4 bullet 2"), paragraph("cl 4.2")
    ('Art 30', 'Section II Art 4', 'cl 4')
    """
    found = parts(provision)
    end = next((at for at, one in enumerate(found) if one[0] in "(." or one.casefold() == "bullet"), len(found))
    return " ".join(found[:end])
