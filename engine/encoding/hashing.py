"""Fingerprints of what a file says: comments, layout and the order of keys do not count, the order of lists does.

A deadline is fingerprinted as its tree: the same thing written as a text and as a mapping is the same.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.expressions import opened
from duewatch.engine.encoding.nodes import MappingNode, ScalarNode, SequenceNode, plain
from duewatch.engine.encoding.tokens import Stuck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duewatch.engine.encoding.nodes import Node
    from duewatch.engine.words import Instrument

DEADLINE: Final = "deadline"  # the field whose texts are opened


def sha256_of(data: object) -> str:
    """Give `sha256:...` of plain data as canonical JSON (sorted keys, no spaces, ASCII)."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


def tree_hash(root: Node) -> str:
    """Give the hash of a tree as read."""
    return sha256_of(plain(normalised(root)))


def normalised(node: Node) -> Node:
    """Give the tree with each deadline's text opened into the mapping that it stands for.

    A text under another field of that name stays as it is: it is no deadline, or stands where no mapping may.
    """
    if isinstance(node, MappingNode):
        entries = ((key, _opened(value) if key.text == DEADLINE else normalised(value)) for key, value in node.entries)
        return MappingNode(node.place, tuple(entries))
    if isinstance(node, SequenceNode):
        return SequenceNode(node.place, tuple(normalised(item) for item in node.items))
    return node


def _opened(node: Node) -> Node:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or node.value == "none":
        return normalised(node)
    try:
        return opened(node)
    except Stuck:
        return node


def encoding_hash(instruments: Iterable[Instrument]) -> str:
    """Give the hash of a set of encodings, whatever their order."""
    return sha256_of(sorted((one.symbol, one.tree_hash) for one in instruments))
