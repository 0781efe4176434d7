"""Circles in graphs of names. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def circles(graph: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles, each as the path that closes it (`a, b, a`); every node on some circle is on at least one yielded.

    Without recursion: no file is deep enough to break it.
    """
    done: set[str] = set()
    for start in graph:
        yield from _from(start, graph, done)


def _from(start: str, graph: Mapping[str, Iterable[str]], done: set[str]) -> Iterator[tuple[str, ...]]:
    if start in done:
        return
    path: dict[str, Iterator[str]] = {start: iter(graph[start])}  # insertion order is the way walked
    while path:
        here = next(reversed(path))
        following = next(path[here], None)
        if following is None:
            del path[here]
            done.add(here)
        elif following in path:
            way = list(path)
            yield (*way[way.index(following) :], following)
        elif following in graph and following not in done:
            path[following] = iter(graph[following])
