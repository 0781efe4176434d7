"""Sets of ordered rules: which atoms hold gives a signature, and the first rule that matches it decides.

A *signature* is an integer: bit i is 1 where atom i holds. The bits of atoms that no rule
for this kind and modality looks at are 0, so that a limit's signature says nothing of due
days. The database computes the same number (`relational.py`). How a set is read from a
file, and what is refused, stands in `checking.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from duewatch.rules.conditions import (
    Alternative,
    Atom,
    Condition,
    FieldRef,
    alternatives,
    atoms_of,
    holds,
    in_words,
)

if TYPE_CHECKING:
    from duewatch.rules.fields import Fields

# Rules of one sort of norm look at a few fields only: kind and modality choose which.
GUARDS: Final = ("kind", "modality")
NONE: Final = "none"  # the outcome of an alert rule that raises nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a status means. Contests are between classes; groups are what people see."""

    name: str
    class_: str
    group: str
    urgency: int  # the greatest wins among readings of one class; all are different
    undone: bool = False
    computed: bool = False  # no rule yields it: it comes from comparing readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: where `when` holds and no rule before it does, `outcome` is the answer.

    `outcome` is a status, a ladder of alerts (or "none"), or the words of a phrase. `alternatives`
    is `when` flattened: it holds where every test of one of them does.
    """

    name: str
    outcome: str
    when: Condition
    because: str = ""  # the sentence that the officer sees, with gaps (`templates.py`)
    alternatives: tuple[Alternative, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Flatten the condition."""
        object.__setattr__(self, "alternatives", tuple(alternatives(self.when)))


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule decided, what it says, and which one would have been next."""

    rule: str
    status: str  # the rule's outcome
    next_rule: str | None


@dataclass(frozen=True, slots=True)
class Mask:
    """The atoms that matter for some pairs of kind and modality."""

    pairs: tuple[tuple[str, str], ...]
    bits: int


@dataclass(frozen=True, eq=False)
class Ruleset:
    """Ordered rules over typed fields; the first that matches decides."""

    fields: Fields
    statuses: Mapping[str, Outcome]  # empty for alerts and words
    rules: tuple[Rule, ...]

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Give every atom of the rules once, in the order of the text. Its place is its bit."""
        return tuple(dict.fromkeys(atom for rule in self.rules for atom in atoms_of(rule.when)))

    @cached_property
    def bit(self) -> Mapping[Atom, int]:
        """Give the place of each atom in a signature."""
        return MappingProxyType({atom: place for place, atom in enumerate(self.atoms)})

    @cached_property
    def fingerprint(self) -> str:
        """Give a stable text of everything that decides: part of the hash of the rules."""
        meanings = [[s.name, s.class_, s.group, s.urgency, s.undone, s.computed] for s in self.statuses.values()]
        rules = [[rule.name, rule.outcome, self.masks_of(rule), rule.because] for rule in self.rules]
        shape = {"atoms": [_plain(atom) for atom in self.atoms], "rules": rules, "statuses": meanings}
        return json.dumps(shape, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @cached_property
    def _by_name(self) -> Mapping[str, Rule]:
        return MappingProxyType({rule.name: rule for rule in self.rules})

    @cached_property
    def guarded(self) -> bool:
        """Whether kind and modality choose what is looked at."""
        return all(name in self.fields and self.fields[name].values for name in GUARDS)

    @cached_property
    def masks(self) -> tuple[Mask, ...]:
        """Which bits matter for which kind and modality; empty where all always do."""
        if not self.guarded:
            return ()
        pairs: dict[int, list[tuple[str, str]]] = {}
        for pair in product(*(self.fields[name].values or () for name in GUARDS)):
            pairs.setdefault(self._asked(pair[0], pair[1]), []).append((pair[0], pair[1]))
        return tuple(Mask(tuple(some), bits) for bits, some in pairs.items())

    def _asked(self, kind: str, modality: str) -> int:
        """Give the bits of the atoms in every way to match that this kind and modality leave open.

        A way that they close must stay closed, and so one atom that closes it is asked too: the kind, where it does.
        """
        given = dict(zip(GUARDS, (kind, modality), strict=True))
        bits = sum(1 << place for atom, place in self.bit.items() if atom.field == GUARDS[0])
        closing = []
        for way in (way for rule in self.rules for way in rule.alternatives):
            against = [atom for atom, truth in way.items() if atom.field in given and atom.holds(given) != truth]
            asked = sum(1 << self.bit[atom] for atom in against or way)
            if against:
                closing.append(asked)
            else:
                bits |= asked
        for asked in closing:
            bits |= 0 if bits & asked else asked
        return bits

    def masks_of(self, rule: Rule) -> list[tuple[int, int]]:
        """Each way to match as (bits that must be 1, bits that must be 0)."""
        return [
            (
                sum(1 << self.bit[atom] for atom, truth in way.items() if truth),
                sum(1 << self.bit[atom] for atom, truth in way.items() if not truth),
            )
            for way in rule.alternatives
        ]

    def rule(self, name: str) -> Rule:
        """Give the rule of that name. Raises KeyError where there is none."""
        return self._by_name[name]

    def signature_of(self, situation: Mapping[str, object]) -> int:
        """Say which atoms hold, as bits. The situation has every field that the rules name."""
        bits = sum(1 << place for place, atom in enumerate(self.atoms) if atom.holds(situation))
        if not self.masks:
            return bits
        pair = (situation["kind"], situation["modality"])
        return bits & next((mask.bits for mask in self.masks if pair in mask.pairs), bits)

    def matching(self, signature: int) -> tuple[Rule, ...]:
        """Interpret plainly: every rule that a signature matches, in order."""

        def truth(atom: Atom) -> bool:
            return bool(signature >> self.bit[atom] & 1)

        return tuple(rule for rule in self.rules if holds(rule.when, truth))

    def decide(self, signature: int) -> Decision:
        """Give the first rule that matches, and the one that would have been next.

        Raises LookupError where none does; a set that was checked has none such.
        """
        matching = self.matching(signature)
        if not matching:
            raise LookupError(f"no rule matches the signature {signature:#x}")
        following = matching[1].name if len(matching) > 1 else None
        return Decision(matching[0].name, matching[0].outcome, following)

    def in_words(self, rule: Rule) -> str:
        """Say what a rule asks, as people read it."""
        return in_words(rule.when)


def phrase(words: Ruleset, situation: Mapping[str, object]) -> Rule:
    """Give the rule of `words` that fits; its `outcome` is the sentence with its gaps."""
    for rule in words.rules:
        if holds(rule.when, lambda atom: atom.holds(situation)):
            return rule
    raise LookupError("no phrase fits; a set that was checked has none such")


def engine_rules(ruleset: Ruleset) -> Iterable[tuple[int, list[int], list[int]]]:
    """Give the set as flat rules for an engine: (number of the rule, bits that are 1, bits that are 0)."""
    for number, rule in enumerate(ruleset.rules):
        for way in rule.alternatives:
            yes = sorted(ruleset.bit[atom] for atom, truth in way.items() if truth)
            no = sorted(ruleset.bit[atom] for atom, truth in way.items() if not truth)
            yield number, yes, no


def _plain(atom: Atom) -> list[object]:
    argument = {"field": atom.argument.name} if isinstance(atom.argument, FieldRef) else atom.argument
    return [atom.field, atom.operator, argument]
