"""Fingerprints of what a file says: comments, layout and the order of keys do not count, the order of lists does."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from duewatch.engine.encoding.nodes import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.words import Instrument


def sha256_of(data: object) -> str:
    """Give `sha256:...` of plain data as canonical JSON (sorted keys, no spaces, ASCII)."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


def tree_hash(root: Node) -> str:
    """Give the hash of a tree as read."""
    return sha256_of(plain(root))


def encoding_hash(instruments: Iterable[Instrument]) -> str:
    """Give the hash of a set of encodings, whatever their order."""
    return sha256_of(sorted((one.symbol, one.tree_hash) for one in instruments))
