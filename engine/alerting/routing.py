"""Who hears of what. Pure: contacts and a matter in, persons with the reason out.

The most specific rules win: provision before bearer before topic before instrument. All persons
of the winning rules hear of it. A rule that names several of these wants all of them to hold,
and is as specific as the most specific one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.provisions import at_or_under

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duewatch.engine.alerting.words import Raised
    from duewatch.engine.encoding.contacts import Responsible

_PARAGRAPH: Final = re.compile(r"\D*\d+\w*")


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One person who hears of it, and why."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule that fits, whom it names, and whether a more specific one keeps it from being followed."""

    who: tuple[str, ...]
    reason: str
    wins: bool


def considered(raised: Raised, rules: Sequence[Responsible]) -> tuple[Considered, ...]:
    """Give all rules that fit a raised occurrence, those that win first."""
    matching = sorted((rule for rule in rules if _matches(rule, raised)), key=_level)
    return tuple(Considered(rule.who, _reason(rule), _level(rule) == _level(matching[0])) for rule in matching)


def route(raised: Raised, rules: Sequence[Responsible]) -> tuple[Route, ...]:
    """Give the persons who hear of a raised occurrence, each once; none where no rule matches."""
    matching = [rule for rule in rules if _matches(rule, raised)]
    if not matching:
        return ()
    level = min(map(_level, matching))
    winning = [rule for rule in matching if _level(rule) == level]
    reasons = {person: _reason(rule) for rule in reversed(winning) for person in rule.who}
    return tuple(Route(person, reason) for person, reason in sorted(reasons.items()))


def paragraph(provision: str) -> str:
    """Give the numbered paragraph that a provision belongs to: of `Art 30(a)(iii)` it is `Art 30`."""
    found = _PARAGRAPH.match(provision)
    return found[0] if found else provision


def _matches(rule: Responsible, raised: Raised) -> bool:
    return (
        (not rule.provision or at_or_under(raised.provision, rule.provision))
        and (not rule.bearer or rule.bearer in raised.bearers)
        and (not rule.topic or rule.topic in raised.topics)
        and (not rule.instrument or rule.instrument == raised.instrument)
    )


def _level(rule: Responsible) -> int:
    """Give the rank of a rule, the most specific first; a rule that names nothing is for everything."""
    return next((rank for rank, given in enumerate(_named(rule)) if given), len(_named(rule)))


def _named(rule: Responsible) -> tuple[str | None, ...]:
    return (rule.provision, rule.bearer, rule.topic, rule.instrument)


def _reason(rule: Responsible) -> str:
    words = ("for {}", "for what {} owes", "for the topic {}", "for {}")
    named = [word.format(given) for word, given in zip(words, _named(rule), strict=True) if given]
    return f"responsible {' and '.join(named) or 'for everything'}"
