"""The house is as docs/architecture.md lists it, and its rules hold: see that page for why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOMS = ("engine", "rules", "notifiers", "console")
LISTED_INSIDE = {"engine": "folders and files", "rules": "folders and files"}  # of the others only the room is named

# The page's own line, in three parts: indentation, name (a slash ends a folder's), what it is for.
LISTING_LINE = re.compile(r"( *)(\S+)\s{2,}\S.*")


def listing(page: str) -> set[str]:
    """Give every path that the page's listing names; a folder without its slash."""
    [block] = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    named, room = set(), ""
    for line in block.splitlines():
        parts = LISTING_LINE.fullmatch(line)
        assert parts, f"the listing's line {line!r} is not a name, two blanks and what it is for"
        name = parts[2].rstrip("/")
        room = room if parts[1] else name
        named.add(f"{room}/{name}" if parts[1] else name)
    return named


def standing(project_files: tuple[Path, ...]) -> set[str]:
    """Give every path that the listing should name."""
    names = set()
    for file in project_files:
        names.add(file.parts[0])
        if file.parts[0] in LISTED_INSIDE and file.parts[1] != "__init__.py":
            names.add("/".join(file.parts[:2]))
    return names


def sources(root: Path, project_files: tuple[Path, ...], *endings: str) -> Iterator[tuple[Path, str]]:
    """Give path and text of each file of the rooms that ends so."""
    for file in project_files:
        if file.parts[0] in ROOMS and file.suffix in endings:
            yield file, (root / file).read_text(encoding="utf-8")


# ------------------------------------------------------------------ the listing
def test_the_page_names_what_stands_and_nothing_else(root: Path, project_files: tuple[Path, ...]) -> None:
    named = listing((root / "docs" / "architecture.md").read_text(encoding="utf-8"))
    stands = standing(project_files)
    assert sorted(stands - named) == [], "these stand there and docs/architecture.md does not name them"
    assert sorted(named - stands) == [], "docs/architecture.md names these and they are not there"


def test_the_rooms_links_are_relative_and_there(root: Path) -> None:
    links = {link.name: link.readlink() for link in (root / "src" / "duewatch").iterdir() if link.is_symlink()}
    assert links == {room: Path("../..") / room for room in ROOMS}


def test_an_init_is_a_docstring_and_nothing_else(root: Path, project_files: tuple[Path, ...]) -> None:
    trees = {file: ast.parse(text) for file, text in sources(root, project_files, ".py") if file.name == "__init__.py"}
    assert trees
    assert not [str(file) for file, tree in trees.items() if len(tree.body) != 1 or not ast.get_docstring(tree)]


# ------------------------------------------------------------------ nothing of an instrument in code
PROVISIONS = re.compile(r"(?<![A-Za-z])OP \d|\bop\d{1,2}\b|\b[SA]/RES/\d|\bS/\d{4}/\d")


def test_no_provision_or_document_of_an_instrument_stands_in_code(root: Path, project_files: tuple[Path, ...]) -> None:
    assert not found(PROVISIONS, sources(root, project_files, ".py", ".yaml"))


def test_no_name_of_the_encoding_stands_in_code(root: Path, project_files: tuple[Path, ...]) -> None:
    encoding = root / "obligations.yaml"
    if not encoding.exists():
        pytest.skip("there is no obligations.yaml yet")
    names = names_of(yaml.safe_load(encoding.read_text(encoding="utf-8")))
    assert len(names) > 20
    anywhere = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{anywhere})(?![\w-])")
    assert not found(pattern, sources(root, project_files, ".py", ".yaml"))


def found(pattern: re.Pattern[str], files: Iterator[tuple[Path, str]]) -> list[str]:
    """Give each place that the pattern finds, as `file:line: what`."""
    return [
        f"{file}:{number}: {match[0]}"
        for file, text in files
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def names_of(encoding: dict[str, Any]) -> set[str]:
    """Give the names of its own that an encoding gives; a plain word is left out, as it may mean anything."""
    ids = set(ids_of(encoding["obligations"], ()))
    periods = {f"{period}.{end}" for period in encoding.get("periods", {}) for end in ("start", "end")}
    declared = {name for part in ("events", "parties", "questions") for name in encoding.get(part, {})}
    parts = {part for name in ids for part in name.split(".") if re.search(r"\d.*-|-.*-", part)}
    instrument = encoding["instrument"]
    names = ids | parts | periods | declared | {instrument["symbol"], instrument["zone"]}
    return {name for name in names if re.search(r"[^a-z]", name)}


def ids_of(entries: list[dict[str, Any]], above: tuple[str, ...]) -> Iterator[str]:
    for entry in entries:
        if "under" in entry:
            yield from ids_of(entry["entries"], (*above, str(entry["under"])))
        else:
            yield ".".join((*above, str(entry["id"])))


# ------------------------------------------------------------------ who asks the time
ASKS_THE_DATE = re.compile(
    r"(.*\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|ctime|localtime|gmtime)"
    r"|(.*\.)?func\.(now|current_date|current_time|current_timestamp|localtime|localtimestamp)"
)
STOPWATCH = re.compile(r"time\.(monotonic|perf_counter)(_ns)?")
CLOCK = Path("engine/running/clock.py")


def questions_of_time(text: str) -> Iterator[str]:
    """Give each call that asks the date or the time, by its name: `datetime.now`, `func.current_date`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = [ast.unparse(node.func)]
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            names = [f"time.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if ASKS_THE_DATE.fullmatch(name) or STOPWATCH.fullmatch(name))


def may_ask(file: Path, question: str) -> bool:
    """Say whether a file may ask: who waits for others holds a stopwatch."""
    waits = file == Path("rules/rete.py") or file.parts[0] == "notifiers"
    return waits and STOPWATCH.fullmatch(question) is not None


def test_only_the_clock_asks_the_time(root: Path, project_files: tuple[Path, ...]) -> None:
    asked = [
        f"{file} asks {question}"
        for file, text in sources(root, project_files, ".py")
        for question in questions_of_time(text)
        if file != CLOCK and not may_ask(file, question)
    ]
    assert not asked
    assert set(questions_of_time((root / CLOCK).read_text(encoding="utf-8"))) == {"datetime.now"}


@pytest.mark.parametrize(
    "code",
    ["datetime.now(UTC)", "dt.date.today()", "time.time()", "func.now()", "time.monotonic()", "from time import time"],
)
def test_a_question_of_time_is_recognised(code: str) -> None:
    assert list(questions_of_time(code))


# ------------------------------------------------------------------ the locks
def test_a_lock_holds_names_versions_and_hashes_and_nothing_else(root: Path) -> None:
    locks = sorted((root / "requirements").glob("*.txt"))
    assert [lock.name for lock in locks] == ["bench.txt", "build.txt", "dev.txt", "run.txt", "uv.txt"]
    line = re.compile(
        r"#.*|[a-z0-9._-]+==[0-9][0-9a-z.+!]*( ; [A-Za-z_' <>=!.0-9()-]+)? \\| {4}--hash=sha256:[0-9a-f]{64}( \\)?"
    )
    for lock in locks:
        for written in lock.read_text(encoding="utf-8").splitlines():
            assert line.fullmatch(written), f"{lock.name}: {written}"
            assert "/" not in written.removeprefix("#    make"), f"{lock.name} records where it was made: {written}"


def test_what_runs_is_what_was_tested(root: Path) -> None:
    """The lock of the image and that of the tests name the same versions."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (root / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("run.txt") < pins("dev.txt")
    assert pins("build.txt") < pins("dev.txt")


# ------------------------------------------------------------------ what a clone weighs
def test_no_file_is_large(root: Path, project_files: tuple[Path, ...]) -> None:
    large = {str(file): size for file in project_files if (size := (root / file).lstat().st_size) > 512 * 1024}
    assert not large, "these are too large to be source"
