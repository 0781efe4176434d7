"""Finding channels: every installed package may bring some, ours come in through the same door.

A channel is an entry point of the group `duewatch.channels`: its name, and a function from the
settings to a `Channel`. The settings are those of the house, checked and as text (`smtp_port` is
`DUEWATCH_SMTP_PORT` in the environment); what was not given is absent or empty.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

from duewatch.notifiers.message import NotConfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duewatch.notifiers.message import Channel

GROUP: Final = "duewatch.channels"


def names() -> tuple[str, ...]:
    """Give the names of all channels that are installed, sorted."""
    return tuple(sorted(entry_points(group=GROUP).names))


def open_channel(name: str, settings: Mapping[str, str]) -> Channel:
    """Open a channel by its name. NotConfigured where there is none, or where its settings are not right."""
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise NotConfigured(f"no channel is called `{name}`; there are: {', '.join(names())}")
    factory: Callable[[Mapping[str, str]], Channel] = next(iter(found)).load()
    return factory(settings)
