"""Sending what is pending: a delivery loop for each channel, the real clock, and the ledger to ask.

Before a message leaves, the question is asked again with the whole ledger, about the message's own
instant and about now: what a fact has settled meanwhile is not sent. The words come from the same
explanation that `duewatch explain` prints. The loops run side by side, so that a far side that
keeps one of them waiting holds up no other.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.alerting import delivering, outbox
from duewatch.engine.alerting.retrying import Patience
from duewatch.engine.alerting.words import Delivered
from duewatch.engine.running import presence
from duewatch.engine.running.telling import Telling
from duewatch.notifiers.message import NotConfigured
from duewatch.notifiers.registry import open_channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from duewatch.engine.encoding.contacts import Contacts
    from duewatch.engine.judgement.desk import Desk
    from duewatch.engine.running.settings import Settings
    from duewatch.engine.running.values import Secret

_LEASE_WALLS: Final = 4  # a lease lasts so many walls at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Everything that sending needs beside the desk. `now` is the moment that the house is at, `clock` the real one."""

    contacts: Contacts
    settings: Settings
    now: datetime
    clock: Callable[[], datetime]
    chance: Callable[[], float]  # a number from 0 up to 1
    stopping: Callable[[], bool] = delivering.never  # asked before each message


def deliver(desk: Desk, post: Post) -> dict[str, Delivered]:
    """Send what is pending on every channel, side by side; give what came of it by channel, sorted.

    A channel without its settings leaves everything pending, and its reason says so.
    """
    names = outbox.waiting(desk.engine)
    if not names:
        return {}
    with (
        Telling(desk, post.contacts, post.now, post.clock) as telling,
        ThreadPoolExecutor(len(names), thread_name_prefix="deliver") as pool,
    ):
        passes = {name: pool.submit(_deliver_on, desk, post, telling, name) for name in names}
        return {name: each.result() for name, each in passes.items()}


def deliver_on(desk: Desk, post: Post, name: str) -> Delivered:
    """Send what is pending on one channel."""
    with Telling(desk, post.contacts, post.now, post.clock) as telling:
        return _deliver_on(desk, post, telling, name)


def in_all(found: Mapping[str, Delivered]) -> Delivered:
    """Add up what came of all channels; the reason names each channel that has one."""
    return Delivered(
        sent=sum(each.sent for each in found.values()),
        retrying=sum(each.retrying for each in found.values()),
        dead=sum(each.dead for each in found.values()),
        obsolete=sum(each.obsolete for each in found.values()),
        pending=sum(each.pending for each in found.values()),
        reason="; ".join(f"{name}: {each.reason}" for name, each in found.items() if each.reason),
    )


def _deliver_on(desk: Desk, post: Post, telling: Telling, name: str) -> Delivered:
    try:
        channel = open_channel(name, channel_settings(post.settings))
    except NotConfigured as missing:
        waiting = outbox.remaining(desk.engine, name)
        return Delivered(sent=0, retrying=0, dead=0, obsolete=0, pending=waiting, reason=str(missing))
    return delivering.deliver(
        desk.engine,
        channel,
        clock=post.clock,
        chance=post.chance,
        render=telling.message,
        still_true=telling.still_true,
        address_of=telling.address_of,
        owner=presence.name(),
        gone=presence.is_gone,
        stopping=post.stopping,
        patience=patience_of(post.settings),
    )


def patience_of(settings: Settings) -> Patience:
    """Give the times of the outbox for a wall of `smtp_timeout` seconds."""
    wall = settings.smtp_timeout
    return Patience(wall=wall, lease=max(Patience().lease, round(_LEASE_WALLS * wall)))


def channel_settings(settings: Settings) -> dict[str, str]:
    """The settings of the house that channels may read, as text; what was not given is left out."""
    named = {
        "smtp_host": settings.smtp_host,
        "smtp_port": str(settings.smtp_port),
        "smtp_security": settings.smtp_security,
        "smtp_user": settings.smtp_user,
        "smtp_password": _revealed(settings.smtp_password),
        "smtp_from": settings.smtp_from,
        "slack_webhook_url": _revealed(settings.slack_webhook_url),
        "webhook_url": _revealed(settings.webhook_url),
        "webhook_secret": _revealed(settings.webhook_secret),
        "webhook_loopback": settings.webhook_loopback,
    }
    return {name: text for name, text in named.items() if text}


def _revealed(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None
