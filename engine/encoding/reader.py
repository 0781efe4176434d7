"""Every YAML file of the house is read here: bytes -> nodes with line and column, or all that is wrong.

YAML's surprises stay outside: no implicit dates, octals or yes/no, no duplicate keys, anchors,
aliases, tags, merge keys or second documents. libyaml is used where PyYAML was built with it;
the tree is the same without it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from duewatch.engine.encoding.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode
from duewatch.engine.encoding.plainly import PlainLoader
from duewatch.engine.encoding.scalars import Misread, resolve
from duewatch.engine.encoding.syntax import syntax_problem
from duewatch.engine.problems import BadFile, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

MEBIBYTE: Final = 1 << 20
MOST_DEPTH: Final = 20
COMMA: Final = "an unquoted comma inside {...} ends the text"
_MOST_TO_READ_TWICE: Final = MEBIBYTE  # characters; PyYAML's own parser takes a second or two for so many
_HAS_LIBYAML: Final = bool(yaml.__with_libyaml__)

# What YAML calls printable, less the line separators that editors do not count as lines.
_UNPRINTABLE: Final = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # inside a text, by an escape
_LENIENT: Final = re.compile("\t|[|>][-+0-9]*#")  # what libyaml lets pass and PyYAML's own parser does not
_LINE_END: Final = re.compile("\r\n|\r|\n")
_BOOLEAN_KEYS: Final = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), "True"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), "False"),
}


def read(source: Path | bytes, name: str = "", max_bytes: int = MEBIBYTE, *, libyaml: bool = _HAS_LIBYAML) -> Document:
    """Read a file (or its bytes, then called `name`) into nodes.

    Problems that leave a tree to look at are in `Document.problems`; BadFile where there is none:
    unreadable, too large, not UTF-8, not YAML, too deep, empty.
    """
    name = name or (str(source) if isinstance(source, Path) else "input")
    content = source if isinstance(source, bytes) else _content(source, name, max_bytes)
    if len(content) > max_bytes:
        raise _bad(
            Place(name, 1, 1),
            f"the file is larger than {max_bytes:,} bytes",
            "split it, or check that it is the right file",
        )
    text = _decoded(content, name)
    builder = _built(text, name, libyaml=libyaml and not _LENIENT.search(text))
    if builder.root is None or _is_empty(builder.root):
        raise _bad(Place(name, 1, 1), "the file is empty", "write the fields of the language, or give another file")
    return Document(name, builder.root, tuple(builder.problems), content)


def _built(text: str, name: str, *, libyaml: bool) -> _Builder:
    """Build the tree. Where libyaml finds fault, PyYAML's own parser reads again, so that the words are the same."""
    builder, twice = _Builder(name), libyaml and len(text) < _MOST_TO_READ_TWICE
    try:
        builder.take(yaml.parse(text, Loader=yaml.CSafeLoader if libyaml else PlainLoader))
    except yaml.YAMLError as error:
        if not twice:
            raise BadFile([*builder.problems, syntax_problem(error, name)]) from None
    except BadFile:
        if not twice:
            raise
    else:
        twice = twice and bool(builder.problems)
    return _built(text, name, libyaml=False) if twice else builder


def _bad(place: Place, wrong: str, right: str = "") -> BadFile:
    return BadFile([Problem(place, wrong, right)])


def _content(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _bad(Place(name), f"the file cannot be read: {reason}", "give the path of a readable file") from None


def _decoded(content: bytes, name: str) -> str:
    """Give the text without a byte order mark; BadFile where it is not UTF-8 or holds unprintable characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start if not content.startswith(b"\xef\xbb\xbf") else error.start + 3
        place = _place_of(content[:start].decode("utf-8-sig", "replace"), name)
        raise _bad(place, f"the file is not UTF-8 (byte 0x{content[start]:02x})", "save it as UTF-8") from None
    problems = [
        Problem(
            _place_of(text[: found.start()], name),
            f"a character that no text shows (U+{ord(found.group()):04X})",
            "remove it",
        )
        for _, found in zip(range(20), _UNPRINTABLE.finditer(text), strict=False)
    ]
    if problems:
        raise BadFile(problems)
    return text


def _place_of(before: str, name: str) -> Place:
    lines = _LINE_END.split(before)
    return Place(name, len(lines), len(lines[-1]) + 1)


class _Frame:
    """A list or mapping that is still being read."""

    __slots__ = ("children", "flow", "is_mapping", "place")

    def __init__(self, place: Place, *, is_mapping: bool, flow: bool) -> None:
        self.place = place
        self.is_mapping = is_mapping
        self.flow = flow
        self.children: list[Node] = []


class _Builder:
    """Builds the tree from events with a stack of its own: no file is deep enough to break it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []

    def take(self, events: Iterable[yaml.Event]) -> None:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event))
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._open(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                self._wrong(self._place(event), "a second document begins here", "keep one document in a file")
                return

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name)

    def _wrong(self, place: Place, wrong: str, right: str) -> None:
        self.problems.append(Problem(place, wrong, right))

    def _before(self) -> Place:
        """Give the place of what stands last: for a value that is missing, its key."""
        frame = self._stack[-1]
        return frame.children[-1].place if frame.children else frame.place

    def _put(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.root = node

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        place = self._place(event)
        self._refuse_marks(event, place)
        if len(self._stack) == MOST_DEPTH:
            self._wrong(place, f"more than {MOST_DEPTH} levels stand inside one another", "write it flatter")
            raise BadFile(self.problems)
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Frame(place, is_mapping=mapping, flow=bool(event.flow_style)))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.is_mapping:
            kept = self._entries(frame)
            partial = any(not isinstance(key, ScalarNode) or key.text not in kept for key in frame.children[::2])
            self._put(MappingNode(frame.place, tuple(kept.values()), flow=frame.flow, partial=partial))
        else:
            self._put(SequenceNode(frame.place, tuple(frame.children)))

    def _alias(self, event: yaml.AliasEvent) -> None:
        place = self._place(event)
        self._wrong(
            place,
            f"`*{event.anchor}` is an alias, and aliases are refused",
            "write it out, or put the text in double quotes",
        )
        self._put(ScalarNode(place, None, f"*{event.anchor}", broken=True))

    def _refuse_marks(self, event: yaml.NodeEvent, place: Place) -> bool:
        if event.anchor is not None:
            self._wrong(
                place,
                f"`&{event.anchor}` is an anchor, and anchors are refused",
                "remove it, or put the text in double quotes",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._wrong(place, f"`{tag}` is a tag, and tags are refused", "remove it, or put the text in double quotes")
        return event.anchor is not None or tag is not None

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        place, text = self._place(event), event.value
        if not text and not event.style and self._stack:
            place = self._before()  # the two parsers do not agree where nothing stands
        broken = self._refuse_marks(event, place)
        if event.style in {"'", '"', "|", ">"}:
            hidden = _CONTROL.search(text)
            if hidden:
                self._wrong(place, f"the text holds a control character (U+{ord(hidden.group()):04X})", "remove it")
            return ScalarNode(place, text, text, quoted=True, broken=broken or hidden is not None)
        is_key = bool(self._stack) and self._stack[-1].is_mapping and len(self._stack[-1].children) % 2 == 0
        if is_key:
            return ScalarNode(place, text, text, broken=broken)
        try:
            return ScalarNode(place, resolve(text), text, broken=broken)
        except Misread as misread:
            self._wrong(place, str(misread), f'put it in double quotes: "{text}"')
            return ScalarNode(place, text, text, broken=True)

    def _entries(self, frame: _Frame) -> dict[str, tuple[ScalarNode, Node]]:
        """Pair keys and values; keys that are no plain texts, or given twice, are left out and said."""
        kept: dict[str, tuple[ScalarNode, Node]] = {}
        for key, value in zip(frame.children[::2], frame.children[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                self._wrong(
                    key.place,
                    "a list or mapping stands where a key should be",
                    "put a text with braces or brackets in double quotes",
                )
            elif key.text in kept:
                first, second = kept[key.text][0].place.line, key.place.line
                lines = f"line {first}" if first == second else f"lines {first} and {second}"
                self._wrong(key.place, f"`{key.text}` is given twice ({lines})", "keep one")
            elif self._is_key(key, ends_a_text=frame.flow and _is_empty(value)):
                kept[key.text] = (key, value)
        return kept

    def _is_key(self, key: ScalarNode, *, ends_a_text: bool) -> bool:
        if key.quoted or key.broken:
            return not key.broken
        if key.text == "<<":
            self._wrong(key.place, "`<<` is a merge key, and merge keys are refused", "write the fields out")
            return False
        if key.text in _BOOLEAN_KEYS:
            self._wrong(
                key.place,
                f"`{key.text}` is a key that YAML reads as {_BOOLEAN_KEYS[key.text]}",
                "no field of the language is called on, off, yes or no; put the key in double quotes if it is a name",
            )
            return False
        return self._is_text(key, ends_a_text=ends_a_text)

    def _is_text(self, key: ScalarNode, *, ends_a_text: bool) -> bool:
        """Say whether a key is a text; `ends_a_text`: it has no value, so it is rather what followed a comma."""
        try:
            text = resolve(key.text)
        except Misread as misread:
            if ends_a_text:
                return self._no_comma(key)
            self._wrong(key.place, f"a key must be a text, and {misread}", f'put it in double quotes: "{key.text}"')
            return False
        if isinstance(text, str):
            return True
        if ends_a_text:
            return self._no_comma(key)
        what = "nothing" if text is None else "a number"
        self._wrong(
            key.place,
            f"a key must be a text, and YAML reads `{key.text}` as {what}",
            f'put it in double quotes: "{key.text}"',
        )
        return False

    def _no_comma(self, key: ScalarNode) -> bool:
        right = "put the whole text in double quotes, write a number without commas"
        self._wrong(key.place, f"{COMMA} (`{key.text}` is read as a field)", right)
        return False


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value is None and not node.broken
