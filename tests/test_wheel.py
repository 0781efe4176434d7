"""The wheel holds the rooms, all of them and nothing else, and runs where the project is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOMS = ("engine", "rules", "notifiers", "console")
DOOR = ("__init__.py", "__main__.py", "py.typed")


@pytest.fixture(scope="module")
def wheel(root: Path, project_files: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the project's files: nothing that only stands about here may get in."""
    tree = tmp_path_factory.mktemp("tree")
    for file in project_files:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / file, tree / file, follow_symlinks=False)
    built = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(tree), folder=built)
    [found] = built.iterdir()
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel where only its dependencies are borrowed from here; give the environment."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=True)
    run(environment / "bin" / "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel), folder=environment)
    [packages] = environment.glob("lib/python3*/site-packages")
    # The folder alone is added, not what its own .pth files point to: the editable duewatch stays out.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("platlib") + "\n", encoding="utf-8")
    return environment


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel: Path, project_files: tuple[Path, ...]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    rooms = {f"duewatch/{file}" for file in project_files if file.parts[0] in ROOMS}
    wanted = rooms | {f"duewatch/{name}" for name in DOOR}
    assert sorted(wanted - held) == [], "these are missing: see packages and package-data in pyproject.toml"
    assert sorted(held - wanted) == [], "these are too many"


def test_the_installed_command_runs_from_the_wheel(installed: Path) -> None:
    python = installed / "bin" / "python"
    place = run(python, "-c", "import duewatch.engine.words as w; print(w.__file__)", folder=installed)
    assert Path(place.strip()).is_relative_to(installed)
    version = run(python, "-m", "duewatch", "--version", folder=installed)
    assert run(installed / "bin" / "duewatch", "--version", folder=installed) == version
    assert "0.1.0" in version


def test_a_fresh_database_can_be_made_from_the_wheel(installed: Path) -> None:
    """The migrations travel along."""
    code = "from duewatch.engine.ledger.database import open_database; open_database('sqlite:///fresh.db').dispose()"
    run(installed / "bin" / "python", "-W", "error", "-c", code, folder=installed)
    assert (installed / "fresh.db").stat().st_size
