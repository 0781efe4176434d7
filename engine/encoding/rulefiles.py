"""The files of a rules folder: read like every YAML of the house, checked by the rules room, faults given places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from duewatch.engine.encoding.hashing import sha256_of
from duewatch.engine.encoding.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode, locate, plain
from duewatch.engine.encoding.reader import read
from duewatch.engine.problems import BadFile, Place, Problem
from duewatch.rules import outcomes
from duewatch.rules.checking import Alerts, Words, check_alerts, check_status, check_words
from duewatch.rules.grammar import Ruleset, phrase
from duewatch.rules.outcomes import GROUPS
from duewatch.rules.strengths import Verbs, check_verbs
from duewatch.rules.tellings import OTHERWISE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from duewatch.rules.faults import Fault
    from duewatch.rules.tellings import Telling

T = TypeVar("T")
_SHIPPED: Final = Path(outcomes.__file__).parent
NAMES: Final = ("status.yaml", "alerts.yaml", "words.yaml")
VERBS: Final = "verbs"
_LIBRARY: Final = "durable"  # its version is part of what decides


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides statuses and alerts, what people read, and how strong the verbs are."""

    status: Ruleset
    alerts: Alerts
    words: Words
    verbs: Mapping[str, Verbs]  # by the name of the file: "un-sc"
    hash: str  # "sha256:..." of all of it and of the library that decides; comments do not count
    texts: tuple[bytes, ...]  # the files as read: status, alerts, words, then the verb tables by name

    @property
    def stages(self) -> tuple[int, ...]:
        """Every offset in days at which some ladder has a stage, in order."""
        return tuple(sorted({offset for ladder in self.alerts.ladders.values() for offset in ladder.stages.values()}))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in which people see statuses, in order."""
        return GROUPS

    @property
    def contest(self) -> Mapping[str, str]:
        """The words for one reading of a contest, by its status."""
        return self.words.contest

    def telling(self, strength: str) -> Telling:
        """How norms of a strength are told."""
        return self.words.norms.get(strength) or self.words.norms[OTHERWISE]

    def say(self, values: Mapping[str, object]) -> str:
        """Give the phrase, with its gaps, that fits a situation."""
        return phrase(self.words.ruleset, values).outcome


def load_rules(folder: Path | None) -> Rules:
    """Read a folder of rules; None is the one that is shipped. BadFile with every problem of all its files."""
    where = _SHIPPED if folder is None else folder
    return _load(where, _contents(where))


def _contents(folder: Path) -> tuple[bytes, ...]:
    """Give the bytes of every file of a folder of rules; what cannot be read is found again, and told, on loading."""
    names = (*(folder / name for name in NAMES), *sorted((folder / VERBS).glob("*.yaml")))
    return tuple(path.read_bytes() if path.is_file() else b"" for path in names)


@lru_cache(maxsize=4)
def _load(where: Path, _contents: tuple[bytes, ...]) -> Rules:
    """Read and check a folder: once for the same bytes, since the check of all cells takes most of a start."""
    problems: list[Problem] = []
    documents = {name: _document(where / name, problems) for name in NAMES}
    tables = {path.stem: _document(path, problems) for path in _tables(where, problems)}
    verbs = {name: _checked(document, check_verbs, problems) for name, document in tables.items()}
    named = [table.strengths if table else _meant(tables[name]) for name, table in verbs.items()]
    # Where a table does not even tell its strengths, no other file is blamed for naming one of them.
    strengths = dict.fromkeys(strength for some in named for strength in some) if all(named) else {}
    status, alerts, words = _decided(documents, tuple(strengths), problems)
    if problems or status is None or alerts is None or words is None:
        raise BadFile(problems)
    known = [document for document in (*documents.values(), *tables.values()) if document is not None]
    return Rules(
        status=status,
        alerts=alerts,
        words=words,
        verbs=MappingProxyType({name: table for name, table in verbs.items() if table is not None}),
        hash=_hash(status, {**documents, **tables}),
        texts=tuple(document.content for document in known),
    )


def _decided(
    documents: Mapping[str, Document | None], strengths: Sequence[str], problems: list[Problem]
) -> tuple[Ruleset | None, Alerts | None, Words | None]:
    """Check the three files; where the statuses are at fault, the others are still held against their names."""
    first = documents["status.yaml"]
    status = _checked(first, check_status, problems)
    names = tuple(status.statuses) if status else _named(first, "statuses")
    alerts = _checked(documents["alerts.yaml"], lambda data: check_alerts(data, names, strengths), problems)
    words = _checked(documents["words.yaml"], lambda data: check_words(data, names, strengths), problems)
    return status, alerts, words


def _named(document: Document | None, section: str) -> tuple[str, ...]:
    """Give the names of a section of a file that is at fault elsewhere; none where it cannot be told."""
    found = document.root.get(section) if document and isinstance(document.root, MappingNode) else None
    if isinstance(found, MappingNode):
        return found.keys
    items = found.items if isinstance(found, SequenceNode) else ()
    return tuple(item.text for item in items if isinstance(item, ScalarNode))


def _meant(table: Document | None) -> tuple[str, ...]:
    """Give every word that a faulty table of verbs takes for a strength, rightly or not."""
    verbs = table.root.get("verbs") if table and isinstance(table.root, MappingNode) else None
    entries = verbs.entries if isinstance(verbs, MappingNode) else ()
    given = (value.text for _key, value in entries if isinstance(value, ScalarNode))
    return (*_named(table, "strengths"), *given)


def _document(path: Path, problems: list[Problem]) -> Document | None:
    try:
        document = read(path)
    except BadFile as bad:
        problems.extend(bad.problems)
        return None
    problems.extend(document.problems)
    return document


def _tables(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    found = sorted((folder / VERBS).glob("*.yaml"))
    if not found:
        problems.append(
            Problem(Place(str(folder / VERBS)), "there is no table of verbs", "add a file such as un-sc.yaml")
        )
    return found


def _checked(
    document: Document | None, check: Callable[[object], tuple[T | None, list[Fault]]], problems: list[Problem]
) -> T | None:
    """Give what `check` makes of a file; None where it could not be read or has faults (which are noted)."""
    if document is None:
        return None
    found, faults = check(plain(document.root))
    sound = [fault for fault in faults if not _is_broken(document.root, fault.path)]
    problems.extend(Problem(locate(document.root, fault.path), fault.wrong, fault.right) for fault in sound)
    return found


def _is_broken(node: Node, path: Sequence[str | int]) -> bool:
    """Say whether a path leads to a scalar that the reader has complained about already."""
    for step in path:
        following: Node | None = None
        if isinstance(node, MappingNode):
            following = node.get(str(step))
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            following = node.items[step]
        if following is None:
            return False
        node = following
    return isinstance(node, ScalarNode) and node.broken


def _hash(status: Ruleset, documents: Mapping[str, Document | None]) -> str:
    trees = {name: plain(document.root) for name, document in documents.items() if document is not None}
    return sha256_of({"files": trees, "decides": status.fingerprint, "library": _version_of_library()})


def _version_of_library() -> str:
    """Read the version off the name of the folder that the installation left beside the library.

    The standard library's way would import its mail package into every command.
    """
    spec = find_spec(_LIBRARY)
    beside = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    found = [folder.name.removesuffix(".dist-info") for folder in beside.glob(f"{_LIBRARY}_rules-*.dist-info")]
    if found:
        return found[0].rpartition("-")[2]
    from importlib.metadata import version

    return version(f"{_LIBRARY}_rules")
