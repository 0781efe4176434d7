"""Walks over the tree of a deadline: what an entry lays under its terms, and whether it counts from its arming."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from duewatch.engine.words import (
    AtLeast,
    By,
    EarliestOf,
    Every,
    Extended,
    Grace,
    LatestOf,
    NotBefore,
    Recurring,
    Schedule,
    Suspended,
    Terms,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duewatch.engine.words import Deadline


def laid_under(deadline: Deadline, regime: str, calendars: tuple[str, ...]) -> Deadline:
    """Give the deadline with a regime and calendars for whatever part of it names none of its own."""
    if not regime and not calendars:
        return deadline

    def under(terms: Terms) -> Terms:
        return replace(terms, regime=terms.regime or regime, calendars=terms.calendars or calendars)

    return with_terms(deadline, under)


def with_terms(deadline: Deadline, change: Callable[[Terms], Terms]) -> Deadline:
    """Give the deadline with the terms of each of its parts changed."""
    match deadline:
        case By() | Within() | AtLeast() | NotBefore() | Every() | Schedule() | Recurring():
            return replace(deadline, terms=change(deadline.terms))
        case Extended() | Grace():
            return replace(deadline, base=with_terms(deadline.base, change), terms=change(deadline.terms))
        case Suspended():
            return replace(deadline, base=with_terms(deadline.base, change))
        case EarliestOf() | LatestOf():
            return replace(deadline, parts=tuple(with_terms(part, change) for part in deadline.parts))
        case _:
            return deadline


def simple_parts(deadline: Deadline) -> Iterator[Deadline]:
    """Yield the simple forms that a deadline is made of."""
    match deadline:
        case Extended() | Grace() | Suspended():
            yield from simple_parts(deadline.base)
        case EarliestOf() | LatestOf():
            for part in deadline.parts:
                yield from simple_parts(part)
        case _:
            yield deadline


def rebuilt(deadline: Deadline, change: Callable[[Deadline], Deadline]) -> Deadline:
    """Give the deadline with each of its simple forms changed."""
    match deadline:
        case Extended() | Grace() | Suspended():
            return replace(deadline, base=rebuilt(deadline.base, change))
        case EarliestOf() | LatestOf():
            return replace(deadline, parts=tuple(rebuilt(part, change) for part in deadline.parts))
        case _:
            return change(deadline)


def counts_from_arming(deadline: Deadline) -> bool:
    """Say whether some part of the deadline counts from what arms the norm."""
    return any(isinstance(part, Within | NotBefore) and part.after == "armed" for part in simple_parts(deadline))
