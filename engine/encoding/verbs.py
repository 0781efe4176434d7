"""Operative verbs and their strength: the longest phrase of a table of `rules/verbs/` that a printed verb contains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.notebook import nearest

if TYPE_CHECKING:
    from duewatch.rules.strengths import Verbs


_MOST_WORDS: Final = 12  # no verb phrase is longer


def strength_of(verb: str, table: Verbs) -> str | None:
    """Give the strength of a verb as printed (`further requests` is as strong as `requests`); None for a stranger."""
    words = verb.casefold().split()
    for size in range(min(len(words), _MOST_WORDS), 0, -1):
        stretches = (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
        found = [phrase for phrase in stretches if phrase in table.verbs]
        if found:
            return table.verbs[max(found, key=len)]
    return None


def nearest_verb(verb: str, table: Verbs) -> str:
    """Give the phrase of the table that a stranger probably stands for, or an empty text."""
    return nearest(verb, table.verbs)
