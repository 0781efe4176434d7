"""Every signature that can occur, and what follows: rules that can never decide, situations that no rule decides.

The constants of the rules cut each field into cells: all values of a cell answer every atom
alike. Fields that are compared with each other are cut together. A *cell* of a set of rules
is one choice of cells for all fields that matter for a kind and modality; pairs that cannot
be together are declared once, below, in the language of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from duewatch.rules.conditions import Atom, FieldRef, alternatives, atoms_of
from duewatch.rules.faults import Faults
from duewatch.rules.fields import FIELDS, Field
from duewatch.rules.grammar import GUARDS, Rule, Ruleset
from duewatch.rules.readings import ConditionReader

_OTHER_WORD: Final = "(any other word)"
_NOT_OWED: Final = {
    **dict.fromkeys(("dated_state", "days_left", "due", "ends", "superseded_on"), "present"),
    **dict.fromkeys(("past_due", "ended", "suspended"), 1),
}

_TO_BE_DONE: Final = {
    "kind": ["achieve", "recur", "respond"],
    "modality": ["obligation", "prohibition", "task"],
}

# Conditions that hold in no situation. A missing one only makes the list of cells longer.
IMPOSSIBLE: Final[tuple[Mapping[str, object], ...]] = (
    {"owed": 1, "was_owed": 0},
    {"owed": 1, "dated_state": "absent"},
    *({"owed": 0, name: value} for name, value in _NOT_OWED.items()),
    *({"owed": 0, name: "present"} for name in ("working_left", "soft_left")),
    {"dated_state": "dated", "days_left": "absent"},
    {"dated_state": ["none", "unresolved", "expected"], "days_left": "present"},
    {"dated_state": ["none", "unresolved", "expected"], "working_left": "present"},
    {"dated_state": "expected", "soft_left": "absent"},
    {"suspended": 1, "dated_state": ["dated", "none", "expected"]},  # nobody knows its date while it stands still
    {"due": "absent", "days_left": "present"},
    {"due": "present", "days_left": "absent"},
    {"ends": "absent", "ended": 1},
    {**_TO_BE_DONE, "ended": 1, "dated_state": ["dated", "unresolved", "expected"]},  # its end ends what has no date
    # nothing is superseded before its day: what fell due, or ended, before that is past by now
    {"superseded_on": {"above": {"field": "due"}}, "past_due": 0},
    {"superseded_on": {"above": {"field": "due"}}, "days_left": {"at_least": 0}},
    {"superseded_on": {"above": {"field": "ends"}}, "ended": 0},
    {"opens": "absent", "days_open": "present"},
    {"opens": "present", "days_open": "absent"},
    # a cut-off time may make the due day itself too late; nothing makes a later day timely
    {"days_left": "absent", "past_due": 1},
    {"days_left": {"above": 0}, "past_due": 1},
    {"days_left": {"below": 0}, "past_due": 0},
    {"lead": {"below": 0}},
    {"discharged_on": "absent", "in_time": "present"},
    {"in_time": 0, "days_left": "absent"},
    {"in_time": 0, "days_left": {"at_least": 0}},
    {"measured_on": "absent", "over": "present"},
    {"measured_on": "absent", "measure_age": "present"},
    {"measured_on": "present", "measure_age": "absent"},
    {"looked_age": "absent"},  # at least the adoption was a look
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of cells: the signature it gives, and values that lie in it."""

    signature: int
    values: Mapping[str, object]  # of the fields that matter here, kind and modality included where they do


@dataclass(frozen=True, slots=True)
class _Ways:
    """A list of tests as masks: met where all `yes` bits are 1 and all `no` bits are 0."""

    yes: int
    no: int

    def met(self, bits: int) -> bool:
        return bits & self.yes == self.yes and not bits & self.no


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One cell of a group of fields: the bits of its atoms, and values that give them."""

    bits: int
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class _Space:
    """What is left open once kind and modality are given."""

    given: Mapping[str, object]
    fixed: int  # the bits of the atoms that look at kind and modality alone
    own: int  # the bits that are part of a signature; those above belong to IMPOSSIBLE
    groups: tuple[tuple[_Pattern, ...], ...]
    scopes: tuple[int, ...]  # for each group, the bits known once it and those before it are chosen
    forbidden: tuple[_Ways, ...]

    def walk(self, forbidden: Sequence[_Ways] = (), wanted: _Ways | None = None) -> Iterator[Cell]:
        """Every cell in which nothing forbidden is met and everything wanted is."""
        closing = self._closing([*self.forbidden, *forbidden])
        wanted = wanted or _Ways(0, 0)
        if any(way.met(self.fixed) for way in closing[0]) or not self._fits(self.fixed, self.scopes[0], wanted):
            return
        closed = [[(way.yes, way.no) for way in ways] for ways in closing]
        yield from self._walk(0, self.fixed, (), closed, wanted)

    def _walk(
        self,
        depth: int,
        bits: int,
        values: tuple[tuple[str, object], ...],
        closing: list[list[tuple[int, int]]],
        wanted: _Ways,
    ) -> Iterator[Cell]:
        if depth == len(self.groups):
            yield Cell(bits & self.own, {**self.given, **dict(values)})
            return
        # Every command proves the rules that it reads, a million tests each: so this loop calls nothing.
        needed, unwanted, closed = self.scopes[depth + 1] & wanted.yes, wanted.no, closing[depth + 1]
        for pattern in self.groups[depth]:
            here = bits | pattern.bits
            if needed & ~here or here & unwanted:
                continue
            for yes, no in closed:
                if here & yes == yes and not here & no:
                    break
            else:
                yield from self._walk(depth + 1, here, values + pattern.values, closing, wanted)

    @staticmethod
    def _fits(bits: int, known: int, wanted: _Ways) -> bool:
        return not (known & ~bits & wanted.yes) and not (bits & wanted.no)

    def _closing(self, forbidden: Iterable[_Ways]) -> list[list[_Ways]]:
        """At which depth each forbidden list is known in full; those that can never be met are left out."""
        closing: list[list[_Ways]] = [[] for _ in self.scopes]
        for way in forbidden:
            asked = way.yes | way.no
            depth = next((depth for depth, known in enumerate(self.scopes) if asked & ~known == 0), None)
            if depth is not None:
                closing[depth].append(way)
        return closing


def signatures(ruleset: Ruleset) -> frozenset[int]:
    """Every signature that a situation can have under these rules."""
    return frozenset(cell.signature for cell in cells(ruleset))


def cells(ruleset: Ruleset) -> Iterator[Cell]:
    """Every cell, sort of norm by sort of norm; several cells may give one signature."""
    for space in _spaces(ruleset):
        yield from space.walk()


def unreachable(ruleset: Ruleset) -> list[Rule]:
    """Give the rules that never decide, because earlier ones take everything that they match."""
    spaces = _spaces(ruleset)
    ways = [_ways(ruleset, rule) for rule in ruleset.rules]
    lost = []
    for number, rule in enumerate(ruleset.rules):
        earlier = [way for some in ways[:number] for way in some]
        found = (cell for space in spaces for way in ways[number] for cell in space.walk(earlier, way))
        if next(found, None) is None:
            lost.append(rule)
    return lost


def uncovered(ruleset: Ruleset) -> Cell | None:
    """Give a cell that no rule matches, or None where the rules are exhaustive."""
    ways = [way for rule in ruleset.rules for way in _ways(ruleset, rule)]
    return next((cell for space in _spaces(ruleset) for cell in space.walk(ways)), None)


def _ways(ruleset: Ruleset, rule: Rule) -> list[_Ways]:
    return [_Ways(yes, no) for yes, no in ruleset.masks_of(rule)]


# ------------------------------------------------------------------ laying out the spaces
def _spaces(ruleset: Ruleset) -> list[_Space]:
    """One space for each group of kinds and modalities that the rules treat alike."""
    places = dict(ruleset.bit)
    impossible = _impossible(ruleset, places)
    if not ruleset.masks:
        return [_space(ruleset, places, {}, (1 << len(ruleset.atoms)) - 1, impossible)]
    seen: dict[tuple[int, int], dict[str, object]] = {}
    for mask in ruleset.masks:
        for pair in mask.pairs:
            given: dict[str, object] = dict(zip(GUARDS, pair, strict=True))
            seen.setdefault((mask.bits, _truth(places, given)), given)
    return [_space(ruleset, places, given, bits, impossible) for (bits, _), given in seen.items()]


def _impossible(ruleset: Ruleset, places: dict[Atom, int]) -> list[dict[Atom, bool]]:
    """IMPOSSIBLE over the fields of these rules, flattened; new atoms get places after those of the rules."""
    faults = Faults()
    reader = ConditionReader(FIELDS, faults)
    named = {name for atom in ruleset.atoms for name in atom.fields()}
    flat: list[dict[Atom, bool]] = []
    for condition in (reader.read(data, ()) for data in IMPOSSIBLE if set(data) <= named):
        for atom in atoms_of(condition):
            places.setdefault(atom, len(places))
        flat.extend(dict(way) for way in alternatives(condition))
    return flat


def _truth(places: Mapping[Atom, int], given: Mapping[str, object]) -> int:
    return sum(1 << place for atom, place in places.items() if atom.field in given and atom.holds(given))


def _space(
    ruleset: Ruleset,
    places: Mapping[Atom, int],
    given: Mapping[str, object],
    mask: int,
    impossible: Iterable[Mapping[Atom, bool]],
) -> _Space:
    own = [atom for atom in ruleset.atoms if mask >> places[atom] & 1 and atom.field not in given]
    named = {name for atom in own for name in atom.fields()}
    possible = [_under(way, given) for way in impossible]
    ruled_out = [way for way in possible if way and {name for atom in way for name in atom.fields()} <= named]
    atoms = list(dict.fromkeys([*own, *(atom for way in ruled_out for atom in way)]))
    fixed = _truth(ruleset.bit, given) & mask
    groups = [_patterns(ruleset, group, places) for group in _linked(atoms)]
    scopes = [sum(1 << place for atom, place in places.items() if atom.field in given)]
    for group in _linked(atoms):
        scopes.append(scopes[-1] | sum(1 << places[atom] for atom in group))
    forbidden = tuple(_as_masks(way, places) for way in ruled_out)
    return _Space(given, fixed, (1 << len(ruleset.atoms)) - 1, tuple(groups), tuple(scopes), forbidden)


def _under(way: Mapping[Atom, bool], given: Mapping[str, object]) -> Mapping[Atom, bool]:
    """Give what is left of a way once kind and modality are given; nothing where they exclude it."""
    settled = {atom: atom.holds(given) == truth for atom, truth in way.items() if atom.field in given}
    return {atom: truth for atom, truth in way.items() if atom not in settled} if all(settled.values()) else {}


def _as_masks(way: Mapping[Atom, bool], places: Mapping[Atom, int]) -> _Ways:
    yes = sum(1 << places[atom] for atom, truth in way.items() if truth)
    return _Ways(yes, sum(1 << places[atom] for atom, truth in way.items() if not truth))


def _linked(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """Atoms in groups: those that share a field, directly or through others, are cut together."""
    groups: list[tuple[set[str], list[Atom]]] = []
    for atom in atoms:
        names = set(atom.fields())
        touching = [group for group in groups if group[0] & names]
        merged = (names.union(*(group[0] for group in touching)), [a for group in touching for a in group[1]] + [atom])
        at = groups.index(touching[0]) if touching else len(groups)
        groups = [group for group in groups if group not in touching]
        groups.insert(at, merged)
    return [members for _, members in groups]


def _patterns(ruleset: Ruleset, atoms: Sequence[Atom], places: Mapping[Atom, int]) -> tuple[_Pattern, ...]:
    """Give the cells of a group of fields, each with the first values found in it."""
    names = list(dict.fromkeys(name for atom in atoms for name in atom.fields()))
    samples = [_samples(ruleset.fields[name], atoms, len(names)) for name in names]
    found: dict[int, _Pattern] = {}
    for values in product(*samples):
        situation = dict(zip(names, values, strict=True))
        bits = sum(1 << places[atom] for atom in atoms if atom.holds(situation))
        found.setdefault(bits, _Pattern(bits, tuple(situation.items())))
    return tuple(found.values())


def _samples(field: Field, atoms: Sequence[Atom], width: int) -> list[object]:
    """Values of a field that lie in each of its cells, null first where it can be.

    Around each constant there are as many values as fields are cut together, so that those
    can lie before, at and after each other between any two constants.
    """
    nothing: list[object] = [None] if field.nullable else []
    constants = [one for atom in atoms for one in _constants(atom)]
    if field.type == "flag":
        return [*nothing, 0, 1]
    if field.type == "word":
        words = [one for atom in atoms if atom.field == field.name for one in _constants(atom)]
        return [*nothing, *(field.values or dict.fromkeys([_OTHER_WORD, *words]))]
    numbers = {int(one) for one in constants if isinstance(one, int)} or {0}
    return [*nothing, *sorted({number + step for number in numbers for step in range(-width, width + 1)})]


def _constants(atom: Atom) -> tuple[int | str, ...]:
    if atom.argument is None or isinstance(atom.argument, FieldRef):
        return ()
    return atom.argument if isinstance(atom.argument, tuple) else (atom.argument,)
