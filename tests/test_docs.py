"""Every command that the documentation shows is run, in the order of its page.

A page's commands share one fresh folder that holds the project's own encoding, contacts and examples. A
block that begins with a comment `# exit N` is expected to end so; all others end with 0 or 1.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from duewatch.console.errors import run
from duewatch.console.main import cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"^[A-Z][A-Z0-9_]*=")

pytestmark = pytest.mark.uncounted  # counting lines would nearly double the longest tests, and tell nothing about pages


def commands(page: Path) -> list[tuple[str, set[int]]]:
    """The commands of a page, each with the exit codes that are right."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        expected = re.match(r"# exit (\d)\n", block)
        codes = {int(expected[1])} if expected else {0, 1}
        lines = block.replace("\\\n", " ").splitlines()
        found += [(line[2:], codes) for line in lines if line.startswith("$ ") and "duewatch" in line]
    return found


def with_commands() -> list[Path]:
    return [page for page in PAGES if commands(page)]


@pytest.mark.parametrize("page", with_commands(), ids=lambda page: page.name)
def test_the_commands_of_a_page_do_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("obligations.yaml", "contacts.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setenv("DUEWATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'duewatch.db'}")
    monkeypatch.setenv("DUEWATCH_NOW", "2021-10-05T12:00:00+00:00")
    for line, codes in commands(page):
        words = shlex.split(line, comments=True)
        rest = [word for word in words if not SETTING.match(word)]
        assert rest[0] == "duewatch", f"{page.name}: {line}: only `duewatch` is run here"
        with monkeypatch.context() as here:
            for word in words:
                if SETTING.match(word):
                    here.setenv(*word.split("=", 1))
            code = run(lambda typed=rest[1:]: cli.main(typed, prog_name="duewatch", standalone_mode=False))
        told = capsys.readouterr()
        assert code in codes, f"{page.name}: $ {line}\n{told.out}{told.err}"


def test_there_are_pages_with_commands() -> None:
    assert {page.name for page in with_commands()} >= {"encoding.md", "README.md", "rules.md"}
