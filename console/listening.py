"""What the demonstration's mail server and webhook share: they answer in a thread, as long as a block lasts."""

from __future__ import annotations

import socketserver
import threading
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

POLL: Final = 0.02  # seconds between two looks whether to stop


class Listening(socketserver.BaseServer):
    """A server whose port is open from the beginning; it answers while its `with` block lasts."""

    daemon_threads = True

    def __enter__(self) -> Self:
        """Begin to answer."""
        self.running = threading.Thread(target=self.serve_forever, args=(POLL,), daemon=True)
        self.running.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering and close the port."""
        self.shutdown()
        self.server_close()
        self.running.join()
