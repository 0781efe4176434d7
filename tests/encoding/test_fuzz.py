"""Whatever is done to a good file, it is read, or refused with places; never a traceback, never a long wait."""

from __future__ import annotations

import copy
import json
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from duewatch.engine.problems import Problem
    from duewatch.rules.strengths import Verbs

GOOD = sorted((Path(__file__).parents[1] / "cases" / "good").glob("*.yaml"))
LONGEST = 1.0  # seconds for a file of a few kilobytes
ODD: list[Any] = [
    *(None, True, False, 0, -1, 10**17, "", " ", "none", "never", "unknown", "armed", "adoption", "x", "a.report"),
    *(
        "2021-02-30",
        "30 September",
        "3 months",
        "-3 months",
        "0 days",
        "mandate",
        "mandate.end",
        "(",
        "a, b",
        "ü" * 300,
        "# no comment",
    ),
    *(
        [],
        {},
        [[]],
        [{}],
        ["a", 1, None],
        {"each": "sides"},
        {"by": "begun"},
        {"as": "dynamic"},
        {"": ""},
        {"default": True, "why": "so"},
    ),
]
MARKS = [
    *"?:,[]{}#&*!|>'\"%@`- \n\t\\<=~x0\0\x1b\u2028\ufeff",
    "\n  ",
    "\n- ",
    ": ",
    " #",
    "\n...\n",
    "\n---\n",
    "<<: *a",
    "010",
    "é",
]


@pytest.fixture(scope="module")
def verbs() -> Mapping[str, Verbs]:
    return load_rules(None).verbs


def check(content: bytes, verbs: Mapping[str, Verbs]) -> bool:
    """Read `content`; say whether it was good."""
    begun = time.perf_counter()
    found = problems(content, verbs)
    assert time.perf_counter() - begun < LONGEST
    if found is None:
        return True
    assert found
    assert [one for one in found if not (one.place.line and one.place.column and one.wrong)] == []
    return False


def problems(content: bytes, verbs: Mapping[str, Verbs]) -> tuple[Problem, ...] | None:
    """What is said of a bad file; None of a good one."""
    try:
        read_instrument(content, verbs, name="f.yaml")
    except BadFile as bad:
        return bad.problems
    return None


# ------------------------------------------------------------------ damage to the tree
def holders(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list) and node:
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from holders(child)


def key_of(holder: Any, rng: random.Random) -> Any:
    return rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))


def delete(holder: Any, rng: random.Random) -> None:
    del holder[key_of(holder, rng)]


def retype(holder: Any, rng: random.Random) -> None:
    holder[key_of(holder, rng)] = copy.deepcopy(rng.choice(ODD))


def wrap(holder: Any, rng: random.Random) -> None:
    key = key_of(holder, rng)
    holder[key] = rng.choice([lambda value: [value], lambda value: {"by": value}, lambda value: [value, value]])(
        holder[key]
    )


def rename(holder: Any, rng: random.Random) -> None:
    if isinstance(holder, dict):
        key = key_of(holder, rng)
        holder[rng.choice([f"{key}s", key[1:], "zzz", "on", "under", "entries", "readings", key.upper()])] = holder.pop(
            key
        )


def exchange(holder: Any, rng: random.Random) -> None:
    one, other = key_of(holder, rng), key_of(holder, rng)
    holder[one], holder[other] = holder[other], holder[one]


def double(holder: Any, rng: random.Random) -> None:
    if isinstance(holder, list):
        holder.append(copy.deepcopy(rng.choice(holder)))


DAMAGES: list[Callable[[Any, random.Random], None]] = [delete, retype, wrap, rename, exchange, double]


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_tree_is_read_or_refused_with_places(seed: int, verbs: Mapping[str, Verbs]) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same damage every time
    trees = [plain(read(path).root) for path in GOOD]
    results = []
    for _ in range(100):
        tree = copy.deepcopy(rng.choice(trees))
        for _ in range(rng.randint(1, 3)):
            rng.choice(DAMAGES)(rng.choice(list(holders(tree))), rng)
        results.append(check(json.dumps(tree).encode(), verbs))
    assert 0 < sum(results) < len(results)  # it is neither all good nor all bad


# ------------------------------------------------------------------ damage to the text
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_text_is_read_or_refused_with_places(seed: int, verbs: Mapping[str, Verbs]) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same damage every time
    texts = [path.read_text(encoding="utf-8") for path in GOOD]
    results = []
    for _ in range(60):
        text = rng.choice(texts)
        for _ in range(rng.randint(1, 3)):
            text = damaged(text, rng)
        results.append(check(text.encode(), verbs))
    assert 0 < sum(results) < len(results)


def damaged(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    lines = text.splitlines(keepends=True)
    row = rng.randrange(len(lines) or 1)
    how = rng.randrange(5)
    if how == 0:
        return text[:place] + rng.choice(MARKS) + text[place:]
    if how == 1:
        return text[:place] + text[place + rng.randint(1, 20) :]
    if how == 2:
        return "".join([*lines[:row], *lines[row + 1 :]])
    if how == 3:
        return "".join([*lines[: row + 1], *lines[row : row + 1], *lines[row + 1 :]])
    return text[:place] if rng.random() < 0.2 else text[:place] + rng.choice(MARKS) + text[place + 1 :]


@pytest.mark.parametrize("seed", range(2))
def test_damaged_bytes_are_read_or_refused_with_places(seed: int, verbs: Mapping[str, Verbs]) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same damage every time
    content = GOOD[0].read_bytes()
    for _ in range(40):
        found = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            found[rng.randrange(len(found))] = rng.randrange(256)
        check(bytes(found), verbs)
