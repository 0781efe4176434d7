"""The few types that this room and its neighbours speak in. Days and instants are those of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

CLOSED: Final = "closed"
MOVED: Final = "moved"
REOPENED: Final = "reopened"
FOLLOW_UPS: Final = (CLOSED, MOVED, REOPENED)  # stages that belong to no ladder

Family = Literal["ladder", "closed", "moved", "reopened"]


def family(stage: str) -> Family:
    """Give the sort of a stage: `closed-2` is the second time that something was closed."""
    for name in FOLLOW_UPS:
        if stage == name or stage.startswith(f"{name}-"):
            return name
    return "ladder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An occurrence that stands at a stage of its ladder: the newest one that it has passed."""

    occurrence: str  # named in full, as all below
    obligation: str
    instrument: str
    provision: str
    bearers: tuple[str, ...]  # ids of parties; the member alone where it owes by itself
    topics: tuple[str, ...]
    stage: str
    older_stages: tuple[str, ...]  # those that it passed before, oldest first
    base_day: int  # the day that the ladder counts from
    day: int  # the day asked about, in the instrument's zone
    due_at: int | None  # the first instant that is too late; None where nothing is due or it is over
    status: str
    next_stage: str = ""  # the stage of the ladder that comes next; "": none
    next_day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one occurrence stands, for all that may be told about it."""

    matter: Raised  # as raised; its stage is "" where it stands at none
    is_over: bool  # nothing is to be done about it any more, or nothing was
    dates: frozenset[int]  # its due days under all arguable readings


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a person must hear who was told something that is no longer so."""

    raised: Raised  # its stage is one of `FOLLOW_UPS`, perhaps numbered
    person: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What one planning added, and what nobody hears of."""

    alerts: int  # raised now for the first time
    unrouted: int  # alerts of this planning, new or not, for which nobody is responsible
    deliveries: int
    unheard: tuple[str, ...] = ()  # the occurrences behind `unrouted`


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A stage of one occurrence, to be told to one person."""

    key: str
    occurrence: str
    stage: str
    due: int  # the day that the ladder counts from
    reason: str  # why this person


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one person on one channel, with what it tells."""

    key: str
    person: str
    channel: str
    address: str
    as_of: int  # the instant that its words are about
    notices: tuple[Notice, ...]  # without those that a newer stage has overtaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass over a channel did, and what remains."""

    sent: int
    retrying: int
    dead: int
    obsolete: int
    pending: int  # what has still to go on this channel, later tries included
    reason: str  # why the pass ended before its work was done; empty where it did not
