"""A disk that is full while planning, and while recording: nothing half, nothing lost."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import World, a_world
from tests.faults.judging import judge, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.conftest import Nursery

pytestmark = pytest.mark.slow

SMALL = 4 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=0700", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill what is left of a disk, but for so many bytes."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
        file.truncate(max(0, file.tell() - leave))
    return ballast


@pytest.mark.parametrize("leave", [0, 32 * 1024, 64 * 1024])
def test_a_full_disk_leaves_nothing_half_done_and_nothing_lost(
    nursery: Nursery, furnished: Callable[..., Path], tmp_path: Path, small_disk: Path, leave: int
) -> None:
    with a_world(furnished(entries=4), tmp_path / "elsewhere") as there:
        shutil.copytree(there.folder, small_disk / "w")
        world = World(small_disk / "w", there.mail, there.web)
        ballast = fill(small_disk, leave)
        code, _ = nursery.run("evaluate", environment=world.environment, log=str(tmp_path / "log"))
        said = (tmp_path / "log").read_text(encoding="utf-8")
        assert (code == 2) == ("disk is full" in said), said
        ballast.unlink()
        assert len(states(world)) == (0 if code else 8)
        assert nursery.run("evaluate", environment=world.environment)[0] == 0
        assert len(states(world)) == 8

        ballast = fill(small_disk, leave)
        code, _ = nursery.run("deliver", environment=world.environment, log=str(tmp_path / "log 2"))
        assert (code == 2) == ("disk is full" in (tmp_path / "log 2").read_text(encoding="utf-8"))
        ballast.unlink()
        assert nursery.run("deliver", environment=world.environment)[0] == 0
        judge(world, wanted=8, kills=1)
