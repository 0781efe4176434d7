"""How each group looks, on every medium: a shape that is told apart without its colour, and a colour beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Shape = Literal["triangle", "diamond", "question", "ring", "disc", "cross", "dot"]


@dataclass(frozen=True, slots=True)
class Look:
    """One group as a mark: its shape, colour (dark enough for white paper), sign in a terminal, and words."""

    shape: Shape
    colour: str
    sign: str
    plain: str  # the sign where only ASCII can be shown
    words: str


LOOKS: Final[Mapping[str, Look]] = {  # the most urgent first: of two marks in one place this one is seen
    "late": Look("triangle", "#b3261e", "\N{BLACK UP-POINTING TRIANGLE}", "X", "late"),
    "soon": Look("diamond", "#9a5b00", "\N{BLACK DIAMOND}", "!", "soon"),
    "cannot-say": Look("question", "#6a3d9a", "?", "?", "cannot say"),
    "later": Look("ring", "#3b5b7a", "\N{WHITE CIRCLE}", "o", "later"),
    "done": Look("disc", "#1b7837", "\N{BLACK CIRCLE}", "*", "done"),
    "closed": Look("cross", "#6b6b6b", "\N{MULTIPLICATION SIGN}", "x", "closed"),
    "asleep": Look("dot", "#6b6b6b", "\N{MIDDLE DOT}", ".", "asleep"),
}
