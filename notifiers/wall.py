"""A deadline in real time that no peer can stretch.

The timeout of a socket starts again with every byte, so that a peer that drips one byte at a time
holds its reader for ever. A `Wall` shuts the socket from outside, whatever the reader waits for.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


class Forbidden(OSError):
    """A name leads to an address that must not be spoken to."""


class Wall:
    """A context that ends everything done through its sockets after `seconds`.

    Afterwards `expired` tells whether it had to.
    """

    def __init__(self, seconds: float) -> None:
        """Prepare it; the time starts with the `with` statement."""
        self.seconds = seconds
        self.expired = False
        self._ends = 0.0
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._fall)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Start the time."""
        self._ends = time.monotonic() + self.seconds
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the time, and close what is still open."""
        self._timer.cancel()
        if self._watched is not None:
            self._watched.close()

    def remaining(self) -> float:
        """Give the seconds left. TimeoutError where there are none."""
        left = self._ends - time.monotonic()
        if self.expired or left <= 0:
            self.expired = True
            raise TimeoutError("timed out")
        return left

    def watch(self, watched: socket.socket) -> None:
        """Make this the socket to shut. TimeoutError where it is too late already."""
        with self._lock:
            self._watched = watched
            watched.settimeout(self.remaining() + 1)  # a second net; the wall stands before it

    def connect(self, host: str, port: int, *, allowed: Callable[[str], bool] | None = None) -> socket.socket:
        """Open a watched connection to the first address of `host` that answers. OSError where none does.

        Each address gets its share of what is left, so that a dead first one does not eat it all. The
        name is looked up once, and `allowed` judges each address that it led to: Forbidden where one is
        refused, before anything is sent to any.
        """
        addresses = self._resolve(host, port)
        refused = [each[-1][0] for each in addresses if allowed is not None and not allowed(str(each[-1][0]))]
        if refused:
            raise Forbidden(f"its name leads to {refused[0]}, which is not an address of the public internet")
        trouble: OSError = OSError("it has no address")
        for number, (family, kind, protocol, _, address) in enumerate(addresses):
            opened = socket.socket(family, kind, protocol)
            try:
                self.watch(opened)
                opened.settimeout(self.remaining() / (len(addresses) - number))
                opened.connect(address)
                self.watch(opened)
            except OSError as error:
                opened.close()
                trouble = error
            else:
                return opened
        raise trouble

    def _resolve(self, host: str, port: int) -> list[_Address]:
        """Look the name up in a thread of its own: nothing can interrupt a resolver that waits."""
        answer: queue.SimpleQueue[list[_Address] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
            except (OSError, UnicodeError) as error:  # UnicodeError: a name that is not one
                answer.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answer.get(timeout=self.remaining())
        except queue.Empty:
            self.expired = True
            raise TimeoutError("its name could not be resolved in time") from None
        if isinstance(found, Exception):
            raise found
        return found

    def _fall(self) -> None:
        with self._lock:
            self.expired = True
            if self._watched is not None:
                # The plain method: that of a TLS socket would touch the state that its reader is using.
                with contextlib.suppress(OSError):  # closed by its owner, or never connected
                    socket.socket.shutdown(self._watched, socket.SHUT_RDWR)
