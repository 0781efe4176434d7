"""Any SVG of ours as PNG, with the font that comes with the house: the same bytes on every machine.

Wants the package resvg-py, which the extra `pictures` brings.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from typing import Final

from duewatch.engine.problems import BadInput

FONT: Final = "fonts/DejaVuSans-subset.ttf"
FAMILY: Final = "DejaVu Sans"
ZOOM: Final = 2.0  # pixels for each unit: sharp on dense screens
MISSING: Final = (
    "a PNG needs the package resvg-py; install duewatch with its extra, as in `pip install 'duewatch[pictures]'`, "
    "or write an SVG"
)


def is_available() -> bool:
    """Tell whether pictures can be made here."""
    return find_spec("resvg_py") is not None


def png(svg: str, *, zoom: float = ZOOM) -> bytes:
    """Draw an SVG as PNG. BadInput where the package for it is not installed."""
    if not is_available():
        raise BadInput(MISSING)
    from resvg_py import svg_to_bytes

    font = files("duewatch.engine.showing").joinpath(FONT)
    drawn: bytes = svg_to_bytes(
        svg_string=svg,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(font)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        zoom=zoom,
    )
    return drawn
