"""The wall deadline where no server is reached at all."""

from __future__ import annotations

import socket
import time

import pytest

from duewatch.notifiers.wall import Wall


def test_a_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: time.sleep(2) or [])
    began = time.monotonic()
    with Wall(0.1) as wall, pytest.raises(TimeoutError, match="could not be resolved"):
        wall.connect("mail.example.org", 25)
    assert time.monotonic() - began < 1.5
    assert wall.expired


def test_a_dead_first_address_leaves_time_for_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with _full() as dead, socket.create_server(("127.0.0.1", 0)) as alive:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", each.getsockname()) for each in (dead, alive)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
        with Wall(1) as wall:
            assert wall.connect("mail.example.org", 25).getpeername() == alive.getsockname()


def test_a_name_without_an_address_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: [])
    with Wall(1) as wall, pytest.raises(OSError, match="no address"):
        wall.connect("mail.example.org", 25)


def test_after_the_wall_nothing_new_begins() -> None:
    with Wall(0.05) as wall:
        time.sleep(0.15)
        with pytest.raises(TimeoutError), socket.socket() as late:
            wall.watch(late)
        with pytest.raises(TimeoutError):
            wall.remaining()


class _full:  # noqa: N801 - reads as a phrase
    """A server whose queue of connections is full, so that nobody more gets in."""

    def __enter__(self) -> socket.socket:
        self._server = socket.socket()
        self._server.bind(("127.0.0.1", 0))
        self._server.listen(0)
        self._waiting = [socket.socket() for _ in range(3)]
        for each in self._waiting:
            each.setblocking(False)
            each.connect_ex(self._server.getsockname())
        return self._server

    def __exit__(self, *_: object) -> None:
        for each in (*self._waiting, self._server):
            each.close()
