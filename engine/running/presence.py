"""Who we are among the processes that share a database, and whether another one is still there.

A name says machine, start of the machine, process namespace, process and its start, so that no
number that is given anew is taken for an old acquaintance. Where the system tells less (it has no
/proc), nobody is ever taken for gone: then leases run out by themselves.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from uuid import uuid4


def name() -> str:
    """Give a name for one pass of this process; no two passes have the same."""
    return f"{_machine()} {os.getpid()} {_stat(os.getpid())[1] or 0} {uuid4().hex[:8]}"


def is_gone(owner: str) -> bool:
    """Tell whether the process that gave itself this name on this machine has certainly ended."""
    machine, *rest = owner.rsplit(" ", 3)
    if len(rest) != 3 or machine != _machine() or not rest[0].isdecimal():  # noqa: PLR2004 - process, start, pass
        return False
    process, started, _ = rest
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    state, began = _stat(int(process))
    return bool(state) and started != "0" and (state in "ZX" or began != started)


def _machine() -> str:
    return f"{socket.gethostname()}:{_read('/proc/sys/kernel/random/boot_id')[:8]}:{_namespace()}"


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _stat(process: int) -> tuple[str, str]:
    """Give the state of a process and when it began, in ticks since the machine's start; nothing where it has ended."""
    # proc(5): after the name in parentheses come the state (3rd field) and the start (22nd field).
    fields = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    return (fields[0], fields[19]) if len(fields) > 19 else ("", "")  # noqa: PLR2004


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
