"""Where an answer goes that is no line of text: to a file, whole or not at all, or to standard output byte by byte."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from duewatch.console.errors import notice
from duewatch.engine.problems import BadInput


def give(content: bytes, target: Path | None) -> None:
    """Write to a file and say so on standard error, or to standard output where none is named."""
    if target is None:
        _print(content)
        return
    try:
        _write(content, target)
    except OSError as error:
        raise BadInput(f"{target} cannot be written ({error.strerror}); name another place") from None
    notice(f"wrote {target}")


def _print(content: bytes) -> None:
    """Print bytes; a reader who has gone away does not change the exit code."""
    sys.stdout.flush()
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(content: bytes, target: Path) -> None:
    """Write beside the target and put it in its place at once; what is no plain file is written as it stands."""
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    with tempfile.NamedTemporaryFile(dir=target.absolute().parent, prefix=".duewatch-", delete=False) as beside:
        draft = Path(beside.name)
        try:
            beside.write(content)
            beside.close()
            draft.chmod(_mode(target))
            draft.replace(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def _mode(target: Path) -> int:
    """Give the permissions of the file that is replaced; of a new one, those that the user's mask leaves."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
