"""`duewatch export`: the same twice, whole or not at all, and a verifier that finds what was altered."""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.postbox import Postbox
from duewatch.engine.judgement import standalone
from duewatch.engine.ledger.chain import digest

Duewatch = Callable[..., Any]

MORNING = "2021-07-16T09:00:00-04:00"
REPORT = ("record", "delivered", "op19.force-adaptation-report", "--dated", "2021-07-15", "--symbol", "REPORT/7")


@pytest.fixture
def exported(folder: Path, duewatch: Duewatch) -> Path:
    """An export of a database with one message that was sent and one delivery that was recorded after it."""
    duewatch("evaluate", now=MORNING)
    with Postbox() as box:
        port = {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(box.port)}
        assert duewatch("deliver", now="2021-07-16T20:00:00Z", **port).code == 0
    duewatch(*REPORT, "--contents", "lacks:finances", "--why", "read", "--by", "jane", now="2021-07-20")
    duewatch(*REPORT, "--by", "jane", now="2021-07-20")
    assert duewatch("export", "--everything", "out", now="2021-07-20").code == 0
    return folder / "out"


def verified(folder: Path) -> tuple[int, str]:
    """Verify an export in this process."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = standalone.verify(folder)
    return code, told.getvalue()


def run_alone(folder: Path) -> tuple[int, str]:
    """Verify as somebody would who has nothing but Python, from elsewhere."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd="/")
    assert not ended.stderr
    return ended.returncode, ended.stdout


def altered(
    exported: Path, path: str, change: Callable[[bytes], bytes | None], *, seal: bool = True
) -> tuple[int, str]:
    """Alter a copy of the export, with a manifest that fits again where `seal` says so, and verify it."""
    copy = exported.with_name("altered")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(exported, copy)
    content = change((copy / path).read_bytes())
    (copy / path).unlink() if content is None else (copy / path).write_bytes(content)
    if seal:
        manifest = json.loads((copy / "manifest.json").read_bytes())
        manifest["files"][path] = standalone.sha256(content or b"")
        (copy / "manifest.json").write_text(json.dumps(manifest))
    return verified(copy)


def test_two_exports_are_the_same_to_the_byte_and_hold_what_was_sent(exported: Path, duewatch: Duewatch) -> None:
    assert duewatch("export", "--everything", "again", now="2021-07-20").code == 0
    files = {path.relative_to(exported) for path in exported.rglob("*") if path.is_file()}
    again = exported.with_name("again")
    assert all((exported / name).read_bytes() == (again / name).read_bytes() for name in files)
    assert {path.relative_to(again) for path in again.rglob("*") if path.is_file()} == files
    code, told = run_alone(exported)
    assert (code, told.count("holds "), told.splitlines()[-1]) == (0, 5, "intact: all holds")
    assert verified(exported) == (code, told)
    lines = [json.loads(line) for line in (exported / "messages.jsonl").read_text().splitlines()]
    sent = next(line for line in lines if line["state"] == "sent")
    mail = message_from_bytes((exported / sent["file"]).read_bytes())
    assert mail["Message-ID"] == sent["message_id"]
    assert sent["address"] in mail["To"]
    assert [one["outcome"] for one in sent["attempts_made"]][-1] == "sent"
    [run] = [json.loads(line) for line in (exported / "runs.jsonl").read_text().splitlines()]
    kept = exported / "texts" / run["contacts"].removeprefix("sha256:")
    assert kept.read_bytes() == (exported.parent / "contacts.yaml").read_bytes()
    verdicts = (exported / "verdicts.csv").read_text()
    assert "op19.force-adaptation-report/1,,,,met" in verdicts
    assert exported.stat().st_mode & 0o077 == 0


ALTERED: tuple[tuple[str, Callable[[bytes], bytes], str], ...] = (
    ("ledger.jsonl", lambda it: it.replace(b"REPORT/7", b"REPORT/8"), "entry 1 of the ledger was altered"),
    ("ledger.jsonl", lambda it: it.split(b"\n", 1)[1], "entry 1 of the ledger is missing"),
    ("ledger.jsonl", lambda it: it.splitlines(keepends=True)[0], "names fact 2, which is not in the ledger"),
    ("ledger.jsonl", lambda it: it + b"{}\n", "something cannot be read: KeyError"),
    ("verdicts.csv", lambda it: it.replace(b"report/1,", b"report/7,"), "which is no occurrence"),
    ("editions.jsonl", lambda it: it.replace(b"sha256:", b"sha256:0"), "is missing: it was adopted as"),
)


def test_what_was_altered_is_named_even_if_the_manifest_was_made_to_fit(exported: Path) -> None:
    for path, change, named in ALTERED:
        code, told = altered(exported, path, change)
        assert code == 1
        assert named in told
        assert "NOT intact" in told
        code, told = altered(exported, path, change, seal=False)
        assert f"{path} was altered: its digest is not that of the manifest" in told


def test_texts_and_messages_are_held_against_their_own_hashes(exported: Path) -> None:
    text = next(path.relative_to(exported).as_posix() for path in (exported / "texts").iterdir())
    mail = next(path.relative_to(exported).as_posix() for path in (exported / "messages").iterdir())
    assert f"{text} was altered: its bytes" in altered(exported, text, lambda it: it + b"#")[1]
    assert f"{mail} was altered: it is not what was sent" in altered(exported, mail, lambda it: it[:-9])[1]
    assert f"{mail} is missing" in altered(exported, mail, lambda _: None, seal=False)[1]
    (exported / "more.txt").write_text("more")
    code, told = run_alone(exported)
    assert (code, "more.txt is not in the manifest: it was added" in told) == (1, True)
    (exported / "manifest.json").write_text('{"form": "another"}')
    assert "is not that of a `duewatch export 1`" in verified(exported)[1]
    (exported / "manifest.json").unlink()
    assert "manifest.json cannot be read" in verified(exported)[1]


def test_the_facts_of_a_verdict_are_also_those_that_moved_its_date_or_settled_its_reading(
    folder: Path, duewatch: Duewatch
) -> None:
    moved = ("record", "event", "mandate.end", "--date", "2023-06-30", "--since", "2022-06-29", "--by", "jane")
    assert duewatch(*moved, now="2022-07-01").code == 0
    ruled = ("decide", "current-mandate", "this-one", "--authority", "Counsel", "--by", "jane")
    assert duewatch(*ruled, now="2022-07-02").code == 0
    assert duewatch("export", "--everything", "out", now="2022-07-05").code == 0
    with (folder / "out" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        facts = {row["occurrence"].partition("#")[2]: row["facts"] for row in csv.DictReader(file)}
    assert facts["op15.b2.2.trials/1"] == "1 2"
    assert facts["op19.force-adaptation-report/1"] == ""
    assert verified(folder / "out")[0] == 0


def test_nothing_that_came_is_overlooked_and_no_damage_ends_in_a_traceback(exported: Path) -> None:
    (exported / "texts" / "__pycache__").mkdir()
    (exported / "texts" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (exported / "more").symlink_to("texts", target_is_directory=True)
    code, told = verified(exported)
    (exported / "more").unlink()  # `altered` copies what links lead to
    assert code == 1
    assert "texts/__pycache__/x.pyc is not in the manifest: it was added" in told
    assert "more is not in the manifest: it was added" in told
    assert "something cannot be read" in altered(exported, "verdicts.csv", lambda it: it + b'"\0\n')[1]
    assert "something cannot be read" in altered(exported, "runs.jsonl", lambda _: b"[" * 100_000)[1]
    for lost in ("ledger", "files", "as_of"):
        kept = {
            name: one for name, one in json.loads((exported / "manifest.json").read_bytes()).items() if name != lost
        }
        code, told = altered(exported, "manifest.json", lambda _, kept=kept: json.dumps(kept).encode(), seal=False)
        assert (code, "manifest.json cannot be read" in told) == (1, True)


def test_a_chain_that_was_forged_anew_ends_elsewhere(exported: Path) -> None:
    def forge(content: bytes) -> bytes:
        before, lines = "0" * 64, []
        for line in content.splitlines():
            entry = json.loads(line) | {"prev_hash": before, "recorded_by": "mallory"}
            before = digest({name: value for name, value in entry.items() if name != "items"}, entry["items"])
            lines.append(json.dumps(entry | {"hash": before}, sort_keys=True))
        return ("\n".join(lines) + "\n").encode()

    code, told = altered(exported, "ledger.jsonl", forge)
    assert code == 1
    assert "which is not the last one that the manifest names" in told


def test_a_database_that_was_altered_is_exported_and_found_out(folder: Path, duewatch: Duewatch) -> None:
    with sqlite3.connect(folder / "duewatch.db") as database:
        [[guard]] = database.execute("SELECT sql FROM sqlite_master WHERE name = 'text_no_update'")
        database.execute("DROP TRIGGER text_no_update")
        database.execute("UPDATE text SET bytes = bytes || x'0A'")
        database.execute(guard)
    database.close()
    verify = duewatch("ledger", "verify")
    assert verify.code == 1
    assert "the text sha256:" in verify.out
    assert "was altered: its bytes do not give its hash" in verify.out
    assert duewatch("export", "--everything", "out").code == 0
    assert "its bytes do not give its name" in verified(folder / "out")[1]


def test_a_folder_that_holds_something_is_left_alone(folder: Path, duewatch: Duewatch) -> None:
    (folder / "empty").mkdir()
    assert duewatch("export", "--everything", "empty").code == 0
    before = sorted(path.name for path in folder.iterdir())
    for place, told in ((".", "is there already"), ("empty", "is there already"), ("no/where", "make it first")):
        ended = duewatch("export", "--everything", place)
        assert ended.code == 2
        assert told in ended.err
    assert sorted(path.name for path in folder.iterdir()) == before


def test_the_verifier_is_the_python_of_3_9_and_needs_no_other_module() -> None:
    tree = ast.parse(Path(standalone.__file__).read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= sys.stdlib_module_names
