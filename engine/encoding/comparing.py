"""Reads what a comparison needs: an encoding, its file as plain data, and the text that the user supplies."""

from __future__ import annotations

import re
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
_PDF: Final = b"%PDF-"
_LINE_END: Final = re.compile(r"\r\n?|[\v\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)


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
    """Read the file of a text, with plain line ends and without invisible signs; BadInput where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_TEXT:
        raise BadInput(f"{path} is larger than {LARGEST_TEXT >> 20} MiB; give the text of one instrument")
    if content.startswith(_PDF):
        raise BadInput(f"{path} is a PDF; take the text out of it first: `pdftotext {path.name}`")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{path}:{line} is not UTF-8 text; take it out of the PDF with `pdftotext`, or save it as UTF-8"
        ) from None
    if "\0" in text:
        raise BadInput(f"{path} holds NUL characters: it is no text, or not in UTF-8; save it as UTF-8")
    return _INVISIBLE.sub("", _LINE_END.sub("\n", text))


def text_in(content: str, path: Path) -> SourceText:
    """Split a text; BadInput where it has no paragraphs. `path` is where it comes from."""
    text = split(content)
    if not content.strip():
        raise BadInput(f"{path} is empty; give the text of the instrument")
    if not text.passages:
        raise BadInput(f"{path} has no paragraph that begins with `1.` on a line of its own")
    return text
