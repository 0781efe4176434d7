"""A child process that is asked line by line, and that cannot hold its parent up.

Each question and each answer is one line of JSON. An answer that does not come in time ends
the child and whatever it has started; every fault of its becomes a `ChildFailure`. Nothing of
it is left when it is closed. What is asked and answered is no business of this file.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Final, cast

_LONGEST_LINE: Final = 1_000_000  # characters; an honest answer is far shorter
_FAREWELL: Final = 1.0  # seconds for the child to end by itself


class ChildFailure(Exception):
    """What the child did wrong, as the end of a sentence that begins with "its process"."""


class Child:
    """One child process, asked line by line; each answer within `timeout` seconds or it is ended."""

    def __init__(self, command: Sequence[str], timeout: float, fingerprint: str) -> None:
        """Start it. `fingerprint` says what it is to be told first, for whoever asks it. Raises ChildFailure."""
        self.fingerprint = fingerprint
        self._timeout = timeout
        self._hung = False
        self._faulty = False
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, or what the caller names
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that whatever it starts can be ended with it
            )
        except OSError as error:
            raise ChildFailure(f"cannot be started: {error}") from error

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object]) -> Mapping[str, object]:
        """Send one line and wait for the answer. Raises ChildFailure."""
        timer = Timer(self._timeout, self._end_as_hung)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(json.dumps(request))
        finally:
            timer.cancel()
            timer.join()  # once it is over, nothing kills a process that may have been another's since
        try:
            return self._understood(line)
        except ChildFailure:
            self._faulty = True
            raise

    def _exchange(self, text: str) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        try:
            if stdin is None or stdout is None:  # pragma: no cover -- both are pipes
                return ""
            stdin.write(text + "\n")
            stdin.flush()
            return stdout.readline(_LONGEST_LINE)
        except OSError:  # a broken pipe: it has ended
            return ""

    def _understood(self, line: str) -> Mapping[str, object]:
        if not line.endswith("\n"):
            raise ChildFailure(self._last_words(line))
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise ChildFailure(f"answered {line.strip()[:80]!r}")
        if "error" in answer:
            raise ChildFailure(f"reported: {answer['error']}")
        return cast("dict[str, object]", answer)

    def _last_words(self, line: str) -> str:
        if self._hung:
            return f"did not answer within {self._timeout:g} s and was ended"
        if line:
            return f"answered without end: {line[:80]!r}"
        try:
            code = self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            return "closed its answers"
        if code < 0:
            return f"died of {signal.Signals(-code).name}"
        return f"ended with code {code}"

    def _end_as_hung(self) -> None:
        self._hung = True
        self._kill()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it: politely where it has done well, else by force; nothing of it is left."""
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(0 if self._faulty else _FAREWELL)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def child_environment() -> dict[str, str]:
    """Give the parent's environment in UTC; with the folder of our package where it is not installed."""
    home = str(Path(__file__).parents[2])
    environment = {**os.environ, "TZ": "UTC"}
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{home}{os.pathsep}{before}" if before else home
    return environment
