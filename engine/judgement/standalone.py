"""Verify an export of duewatch: `python3 verify.py [FOLDER]`. Needs Python 3.9 or newer and nothing else.

Every file must have the digest that the manifest gives, every kept text must give the hash that names it, the
ledger must be one unbroken chain of hashes, each verdict must name facts and an occurrence that are there, and
each message must be the bytes that were frozen. What is not so is named. Exit code 0: all holds; 1: not.

Whoever can write here can make all of it anew: note the hash of the manifest elsewhere when the export is made.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Callable, Iterator  # noqa: UP035 - as in the oldest Python that runs this

FORM = "duewatch export 1"
MANIFEST = "manifest.json"
GENESIS = "0" * 64  # what the first entry names as the one before it
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)  # what a file that was altered may lead to
Check = Callable[[Path, "dict[str, Any]"], "Iterator[str]"]  # gives what is wrong, a line each


def sha256(content: bytes) -> str:
    """Give the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def files(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Compare every file with its digest; none may be missing, none may have come."""
    listed = manifest["files"]
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    found = {path.relative_to(folder).as_posix() for path in there}
    for name in sorted({*listed} - found):
        yield f"{name} is missing"
    for name in sorted(found - {*listed, MANIFEST}):
        yield f"{name} is not in the manifest: it was added"
    for name in sorted(found & {*listed}):
        if sha256((folder / name).read_bytes()) != listed[name]:
            yield f"{name} was altered: its digest is not that of the manifest"


def texts(folder: Path, _manifest: dict[str, Any]) -> Iterator[str]:
    """Compare every text with its name; those that were adopted must be there."""
    for path in sorted((folder / "texts").glob("*")):
        if sha256(path.read_bytes()) != path.name:
            yield f"texts/{path.name} was altered: its bytes do not give its name"
    for edition in lines(folder / "editions.jsonl"):
        for file in edition["files"]:
            for path, hashed in [(file["path"], file["sha256"]), *file.get("bound", {}).items()]:
                name = hashed.replace("sha256:", "", 1)
                if not (folder / "texts" / name).exists():
                    yield f"texts/{name} is missing: it was adopted as {path}"
    for run in lines(folder / "runs.jsonl"):
        name = (run["contacts"] or "").replace("sha256:", "", 1)
        if name and not (folder / "texts" / name).exists():
            yield f"texts/{name} is missing: run {run['run']} routed by it"


def ledger(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Compute the chain anew, from the first entry to the last."""
    before, at, number = GENESIS, 0, 0
    for entry in lines(folder / "ledger.jsonl"):
        number += 1
        seq, expected = entry["seq"], entry.pop("hash")
        if seq != number:
            yield f"entry {number} of the ledger is missing, or not in its place: entry {seq} stands there"
            number = seq
        if sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")) != expected:
            yield f"entry {seq} of the ledger was altered: it does not give its hash"
        if entry["prev_hash"] != before:
            yield f"entry {seq} of the ledger does not follow the entry before it"
        if entry["recorded_at"] < at:
            yield f"entry {seq} of the ledger is recorded earlier than the entry before it"
        before, at = expected, entry["recorded_at"]
    if [number, before] != [manifest["ledger"]["entries"], manifest["ledger"]["head"]]:
        yield f"the ledger ends with entry {number}, which is not the last one that the manifest names"


def verdicts(folder: Path, _manifest: dict[str, Any]) -> Iterator[str]:
    """See that each verdict names an occurrence and facts that are there."""
    facts = {str(entry["seq"]) for entry in lines(folder / "ledger.jsonl")}
    known = {row["occurrence"] for row in sheet(folder / "occurrences.csv")}
    for row in sheet(folder / "verdicts.csv"):
        if row["occurrence"] not in known:
            yield f"a verdict speaks of {row['occurrence']}, which is no occurrence"
        for number in row["facts"].split():
            if number not in facts:
                yield f"the verdict on {row['occurrence']} names fact {number}, which is not in the ledger"


def messages(folder: Path, _manifest: dict[str, Any]) -> Iterator[str]:
    """Compare the bytes of each message with the hash that was kept of them."""
    for line in lines(folder / "messages.jsonl"):
        name = line["file"]
        if name is None:
            continue
        if not (folder / name).exists():
            yield f"{name} is missing"
        elif sha256((folder / name).read_bytes()) != line["raw_sha256"]:
            yield f"{name} was altered: it is not what was sent"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("every file has the digest that the manifest gives", files),
    ("every text gives the hash that names it", texts),
    ("the ledger is one chain of hashes", ledger),
    ("every verdict names facts and an occurrence that are there", verdicts),
    ("every message is what was frozen to be sent", messages),
)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Give the objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def sheet(path: Path) -> Iterator[dict[str, str]]:
    """Give the rows of a CSV by the names of its columns."""
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def findings(check: Check, folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Run one check; what cannot be read at all is a finding too."""
    found = []
    try:
        for one in check(folder, manifest):
            found.append(one)  # noqa: PERF402 - those before an error count
    except (*UNREADABLE, csv.Error, RecursionError) as error:
        found.append(f"something cannot be read: {type(error).__name__}: {error}")
    return found


def verify(folder: Path) -> int:
    """Say what was checked and what is wrong; 0 where all holds."""
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        known = manifest["form"] == FORM
        entries, count, as_of = manifest["ledger"]["entries"], len(manifest["files"]), manifest["as_of"]
    except (*UNREADABLE, RecursionError) as error:
        say(f"FAILED  {MANIFEST} cannot be read: {type(error).__name__}: {error}")
        return 1
    if not known:
        say(f"FAILED  {MANIFEST} is not that of a `{FORM}`")
        return 1
    wrong = 0
    for words, check in CHECKS:
        found = findings(check, folder, manifest)
        wrong += len(found)
        say(f"{'FAILED' if found else 'holds '}  {words}")
        for one in found:
            say(f"          {one}")
    say(f"as of {as_of}; {count} files; {entries} entries in the ledger")
    say(f"the manifest is {sha256(content)}: compare it with what was noted when the export was made")
    say(f"NOT intact: {wrong} found" if wrong else "intact: all holds")
    return 1 if wrong else 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(verify(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
