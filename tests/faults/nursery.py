"""Runs the command line in forked children that may be killed at a named point. One JSON line in, one out.

The first order is carried out here, so that everything is imported and the rules are read once. Each
child is a fork of that, and a real process: it has its own memory, its own connections, and SIGKILL
ends it. A point is `where, kind, number, before|after`: `where` is the function of ours that commits
or writes to a socket; the numbers count over all threads.

in:  {"environment": {...}, "commands": [["evaluate"], ...], "kill": "a point", or "after": seconds}
out: {"status": as os.waitpid gives it, "points": [...]}
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from duewatch.console.main import main

OURS = ("duewatch.engine", "duewatch.notifiers")
MACHINERY = ("database", "wall", "smtp", "http")  # a commit or a write is named by who asked them for it


class Points:
    """Counts the points that a child passes; at the one asked for it dies."""

    def __init__(self, kill: str | None, tell: int) -> None:
        self.kill, self.tell = kill, tell
        self.counted: Counter[str] = Counter()
        self.lock = threading.Lock()

    def around(self, kind: str, inner: Any) -> Any:
        def wrapped(*given: Any, **how: Any) -> Any:
            where = f"{place()}, {kind}"
            with self.lock:
                self.counted[where] += 1
                number = self.counted[where]
            self.reached(f"{where} {number}, before")
            answer = inner(*given, **how)
            self.reached(f"{where} {number}, after")
            return answer

        return wrapped

    def reached(self, point: str) -> None:
        os.write(self.tell, point.encode() + b"\n")
        if point == self.kill:
            os.kill(os.getpid(), signal.SIGKILL)


def place() -> str:
    """Give the innermost function of ours that is about the matter."""
    frame = sys._getframe(2)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(OURS) and name.rpartition(".")[2] not in MACHINERY:
            return f"{name.rpartition('.')[2]}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "elsewhere"


def child(order: dict[str, Any], tell: int) -> None:
    points = Points(order.get("kill"), tell)
    DefaultDialect.do_commit = points.around("commit", DefaultDialect.do_commit)  # type: ignore[method-assign]
    socket.socket.sendall = points.around("socket write", socket.socket.sendall)  # type: ignore[method-assign]
    code = carried_out(order)
    sys.stdout.flush()
    os._exit(code)


def carried_out(order: dict[str, Any]) -> int:
    """Run the commands of an order; give the worst exit code."""
    for name in [name for name in os.environ if name.startswith("DUEWATCH_")]:
        del os.environ[name]
    os.environ.update(order["environment"])
    code = 0
    for words in order["commands"]:
        try:
            main(words)
        except SystemExit as ended:
            code = max(code, int(ended.code or 0))
    return code


def warm(order: dict[str, Any]) -> dict[str, Any]:
    """Carry an order out in this very process. Nothing of it may be left that a fork would inherit half."""
    with Path(os.devnull).open("w", encoding="utf-8") as quiet, redirect_stdout(quiet), redirect_stderr(quiet):
        code = carried_out(order)
    assert threading.active_count() == 1
    return {"status": code << 8, "points": []}


def run(order: dict[str, Any]) -> dict[str, Any]:
    hear, tell = os.pipe()
    number = os.fork()
    if number == 0:
        os.close(hear)
        quiet = os.open(order.get("log", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        child(order, tell)
    os.close(tell)
    points = listened(hear, number, order.get("after"))
    return {"status": os.waitpid(number, 0)[1], "points": points}


def listened(hear: int, number: int, after: float | None) -> list[str]:
    """Read the points of a child until it ends; kill it after so many seconds. Its number is its own until then."""
    until = None if after is None else time.monotonic() + after
    told = b""
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        if not select.select([hear], [], [], left)[0]:
            os.kill(number, signal.SIGKILL)  # not waited for yet: no other process can have its number
            until = None
        elif more := os.read(hear, 65536):
            told += more
        else:
            os.close(hear)
            return told.decode().splitlines()


if __name__ == "__main__":
    answer = warm
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201
        answer = run
