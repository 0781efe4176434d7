"""Decides signatures by the plain interpreter of the rules alone: for answers that must be quick, or hold anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewatch.rules.rete import Decided, Decider

if TYPE_CHECKING:
    from collections.abc import Collection

    from duewatch.rules.grammar import Ruleset


class Interpreter(Decider):
    """A decider that never starts a child."""

    def decide(self, ruleset: Ruleset, signatures: Collection[int]) -> dict[int, Decided]:
        """Give the decision of each signature."""
        decisions = {signature: ruleset.decide(signature) for signature in signatures}
        return {key: Decided(one.rule, one.status, one.next_rule, "interpreter") for key, one in decisions.items()}
