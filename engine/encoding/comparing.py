"""Reads what a comparison needs: an encoding, its file as plain data, and the text that the user supplies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.parse import MOST_BYTES, parse_document
from duewatch.engine.encoding.quotations import mapping
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.source_text import SourceText, split
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.engine.words import Instrument
    from duewatch.rules.strengths import Verbs

LARGEST_TEXT: Final = 16 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Read:
    """An encoding, its file as plain data, and the verbs of its drafting tradition with their table."""

    instrument: Instrument
    tree: Mapping[str, object]
    verbs: tuple[str, ...]
    table: Verbs


def read_encoding(path: Path, verbs: Mapping[str, Verbs]) -> Read:
    """Read an encoding; BadFile with every problem of it."""
    document = read(path, "", MOST_BYTES)
    instrument = parse_document(document, verbs)[0]
    return Read(
        instrument, mapping(plain(document.root)), tuple(verbs[instrument.verbs].verbs), verbs[instrument.verbs]
    )


def read_text(path: Path) -> SourceText:
    """Read a text that was taken from a PDF, and split it; BadInput where it cannot be read, or has no paragraphs."""
    return text_in(read_file(path), path)


def read_file(path: Path) -> str:
    """Read the file of a text; BadInput where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_TEXT:
        raise BadInput(f"{path} is larger than {LARGEST_TEXT >> 20} MiB; give the text of one instrument")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; take the text out of the PDF with `pdftotext` first") from None


def text_in(content: str, path: Path) -> SourceText:
    """Split a text; BadInput where it has no paragraphs. `path` is where it comes from."""
    text = split(content)
    if not text.passages:
        raise BadInput(f"{path} has no paragraph that begins with `1.` on a line of its own")
    return text
