"""Writes the fingerprints of a text into the file of an encoding, and touches nothing else of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.source_text import named
from duewatch.engine.encoding.stretches import word_of

if TYPE_CHECKING:
    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.words import Instrument

_SECTION: Final = re.compile(r"^fingerprints:.*\n(?:[ #].*\n|\n(?=[ \n]))*", re.MULTILINE)
_HEADING: Final = "fingerprints:"


def with_fingerprints(content: str, instrument: Instrument, text: SourceText) -> str:
    """Give the file's text with a fingerprint for each paragraph: where the section stood, or at the end."""
    word = word_of(one.provision for one in instrument.obligations)
    lines = [f'  {named(one.parts, word, one.sort)}: "{text.fingerprint(one)}"' for one in text.paragraphs]
    section = "\n".join([_HEADING, *lines]) + "\n"
    if _SECTION.search(content):
        return _SECTION.sub(lambda _: section, content, count=1)
    return content.rstrip("\n") + "\n\n" + section
