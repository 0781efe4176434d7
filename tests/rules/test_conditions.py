"""Conditions: how they are read, when they hold, how they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewatch.rules.conditions import (
    ALWAYS,
    All,
    Any,
    Atom,
    Atomic,
    Condition,
    FieldRef,
    Not,
    alternatives,
    atoms_of,
    holds,
    in_words,
)
from duewatch.rules.faults import Faults
from duewatch.rules.fields import FIELDS
from duewatch.rules.readings import ConditionReader


def read(data: object) -> Condition:
    faults = Faults()
    condition = ConditionReader(FIELDS, faults).read(data, ("when",))
    assert faults.found == []
    return condition


def true_of(data: object, **values: object) -> bool:
    return holds(read(data), lambda atom: atom.holds(values))


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        (3, 3, True),
        (3, 4, False),
        ([3, 5], 5, True),
        ([3, 5], 4, False),
        ({"is": 3}, 3, True),
        ({"in": [3, 4]}, 4, True),
        ({"below": 3}, 2, True),
        ({"below": 3}, 3, False),
        ({"at_most": 3}, 3, True),
        ({"at_most": 3}, 4, False),
        ({"above": 3}, 4, True),
        ({"above": 3}, 3, False),
        ({"at_least": 3}, 3, True),
        ({"at_least": 3}, 2, False),
        ({"at_least": 1, "below": 3}, 2, True),
        ({"at_least": 1, "below": 3}, 3, False),
        ("present", 0, True),
        ("absent", 0, False),
    ],
)
def test_a_test_of_a_number(test: object, value: int, expected: bool) -> None:
    assert true_of({"days_left": test}, days_left=value) is expected


@pytest.mark.parametrize(
    "test",
    [
        0,
        [0, 1],
        {"below": 3},
        {"at_most": 3},
        {"above": -9},
        {"at_least": -9},
        {"at_most": {"field": "lead"}},
        "present",
    ],
)
def test_null_satisfies_nothing_but_absent(test: object) -> None:
    assert not true_of({"days_left": test}, days_left=None, lead=14)
    assert true_of({"not": {"days_left": test}}, days_left=None, lead=14)
    assert true_of({"days_left": "absent"}, days_left=None)


def test_a_null_argument_satisfies_nothing() -> None:
    assert not true_of({"looked_age": {"above": {"field": "review_days"}}}, looked_age=999, review_days=None)
    assert not true_of({"looked_age": {"is": {"field": "review_days"}}}, looked_age=None, review_days=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"discharged_on": "present"}, {"not": {"discharged_on": "absent"}}),
        ({"waived": 0}, {"not": {"waived": 1}}),
        ({"waived": True}, {"waived": 1}),
        ({"kind": ["limit"]}, {"kind": "limit"}),
        ({"kind": {"in": ["maintain", "refrain"]}}, {"kind": ["refrain", "maintain"]}),
        ({"all": [{"waived": 1}]}, {"all": [{"waived": 1}]}),
    ],
)
def test_what_means_the_same_is_one_atom(one: object, other: object) -> None:
    assert set(atoms_of(read(one))) == set(atoms_of(read(other)))
    assert alternatives(read(one)) == alternatives(read(other))


def test_a_flag_that_may_be_unknown_has_a_no_of_its_own() -> None:
    assert not true_of({"kept": 0}, kept=None)
    assert true_of({"not": {"kept": 1}}, kept=None)
    assert true_of({"kept": [0, 1]}, kept=0)


def test_words_without_order_are_not_compared() -> None:
    with pytest.raises(TypeError):
        Atom("kind", "below", 3).holds({"kind": "limit"})


# ------------------------------------------------------------------ flattening
ATOMS = [Atom("days_left", "at_most", number) for number in range(4)]
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(ATOMS).map(Atomic),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_flattened_condition_holds_exactly_where_the_condition_does(condition: Condition, bits: list[bool]) -> None:
    truth = dict(zip(ATOMS, bits, strict=True))
    flat = any(all(truth[atom] == wanted for atom, wanted in way.items()) for way in alternatives(condition))
    assert flat == holds(condition, truth.__getitem__)


def test_always_is_one_way_without_tests_and_never_is_none() -> None:
    atom = Atomic(ATOMS[0])
    assert alternatives(ALWAYS) == [{}]
    assert alternatives(All((atom, Not(atom)))) == []


# ------------------------------------------------------------------ in words
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"days_left": {"at_most": {"field": "lead"}}}, "days left is at most lead"),
        ({"kind": ["maintain", "refrain"]}, "kind is maintain or refrain"),
        ({"not": {"kind": ["maintain", "refrain", "limit"]}}, "kind is not limit, maintain or refrain"),
        ({"discharged_on": "present", "days_late": {"above": 0}}, "discharged on is known, and days late is above 0"),
        ({"waived": 1}, "waived"),
        ({"waived": 0}, "not waived"),
        ({"kept": 0}, "kept is no"),
        ({"not": {"kept": 0}}, "kept is not no"),
        ({"any": [{"waived": 1}, {"days_left": 0}]}, "either (waived) or (days left is 0)"),
        ({"not": {"all": [{"waived": 1}, {"days_left": 0}]}}, "either (not waived) or (days left is not 0)"),
        ({"not": {"any": [{"waived": 1}, {"due": "absent"}]}}, "not waived, and due is known"),
    ],
)
def test_a_condition_reads_as_a_sentence(data: object, words: str) -> None:
    assert in_words(read(data)) == words


def test_a_rule_without_conditions_always_holds() -> None:
    assert in_words(ALWAYS) == "always"
    assert str(Atom("days_left", "below", FieldRef("lead"))) == "days left is below lead"
