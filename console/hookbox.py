"""A receiving end for webhooks, for the demonstration: takes every JSON that is posted to it, and keeps it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast

from duewatch.console.listening import Listening

MOST: Final = 1 << 20  # bytes of one post


class Hookbox(Listening, ThreadingHTTPServer):
    """An HTTP server on a free port of 127.0.0.1, running in a thread while the `with` block lasts."""

    def __init__(self) -> None:
        """Open the port; nothing is answered before the block is entered."""
        super().__init__(("127.0.0.1", 0), Post)
        self.posts: list[Any] = []

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://127.0.0.1:{self.server_address[1]}/services/demo"


class Post(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        """Keep what is posted, and answer as Slack does."""
        body = self.rfile.read(min(MOST, int(self.headers.get("Content-Length") or 0)))
        cast("Hookbox", self.server).posts.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_words: object) -> None:
        """Stay silent: the demonstration prints what it wants to be seen."""
