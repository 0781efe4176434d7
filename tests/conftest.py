"""What every test may rely on: no setting of this machine leaks in, and the project's own files are known."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more about the machine than about us.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).parent.parent
MADE = {"__pycache__", "build", "demo-data", "dist", "htmlcov"}  # what is no source, where git cannot say so


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DUEWATCH_") and not name.startswith("DUEWATCH_TEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> tuple[Path, ...]:
    """The files of the project, links included, relative to its folder; nothing that git ignores."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        return tuple(sorted({Path(name) for name in listed if name and os.path.lexists(ROOT / name)}))
    return tuple(sorted(_walk()))


def _walk() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        links = [name for name in folders if (ROOT / here / name).is_symlink()]
        folders[:] = [n for n in folders if n not in (*links, *MADE) and n[0] != "." and not n.endswith(".egg-info")]
        if here == Path():
            folders.append(".ci")
        found += [here / name for name in [*links, *files] if not name.startswith(".coverage")]
    return found
