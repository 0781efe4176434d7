"""Sets of rules: signatures, decisions, and what the hash of the rules is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.rules.checking import check_status
from duewatch.rules.fields import FIELDS, KINDS, MODALITIES
from duewatch.rules.grammar import Ruleset, engine_rules, phrase

if TYPE_CHECKING:
    from duewatch.rules.checking import Alerts, Words

Shipped = Callable[[str], Any]


def test_an_atom_stands_once_whoever_asks_it(status: Ruleset) -> None:
    assert len(set(status.atoms)) == len(status.atoms) == 40
    assert [status.bit[atom] for atom in status.atoms] == list(range(40))


def test_the_first_rule_that_matches_decides_and_the_second_is_next(
    status: Ruleset, histories: list[dict[str, object]]
) -> None:
    for row in histories[:500]:
        signature = status.signature_of(row)
        decision = status.decide(signature)
        names = [rule.name for rule in status.matching(signature)]
        assert [decision.rule, decision.next_rule] == [*names, None][:2]
        assert status.rule(decision.rule).outcome == decision.status


def test_bits_that_do_not_matter_for_a_kind_change_no_decision(
    status: Ruleset, histories: list[dict[str, object]]
) -> None:
    dropped = 0
    for row in histories[:2000]:
        everything = sum(1 << place for place, atom in enumerate(status.atoms) if atom.holds(row))
        signature = status.signature_of(row)
        assert status.matching(everything) == status.matching(signature)
        dropped += everything != signature
    assert dropped > 1000


def test_every_kind_and_modality_has_its_bits_once(status: Ruleset) -> None:
    pairs = [pair for mask in status.masks for pair in mask.pairs]
    assert sorted(pairs) == sorted((kind, modality) for kind in KINDS for modality in MODALITIES)
    assert len({mask.bits for mask in status.masks}) == len(status.masks) == 5


def test_a_kind_that_the_language_does_not_know_has_no_decision(status: Ruleset, situation: Any) -> None:
    with pytest.raises(LookupError, match="no rule matches the signature"):
        status.decide(status.signature_of(situation(kind="content")))


def test_without_kinds_all_bits_always_matter() -> None:
    ruleset = Ruleset({"due": FIELDS["due"]}, {}, ())
    assert not ruleset.guarded
    assert ruleset.masks == ()
    assert ruleset.signature_of({"due": 3}) == 0


def test_the_flat_rules_say_what_the_rules_say(status: Ruleset, histories: list[dict[str, object]]) -> None:
    flat = list(engine_rules(status))
    for row in histories[:500]:
        bits = status.signature_of(row)
        fired = {n for n, yes, no in flat if all(bits >> b & 1 for b in yes) and not any(bits >> b & 1 for b in no)}
        assert [status.rules[number] for number in sorted(fired)] == list(status.matching(bits))


def test_a_phrase_is_what_its_rules_decide(words: Words, histories: list[dict[str, object]]) -> None:
    for row in histories[:200]:
        full = {**row, "status": "open", "says_set": 0, "form_set": 0, "floor": 0}
        chosen = words.ruleset.decide(words.ruleset.signature_of(full))
        assert phrase(words.ruleset, full) == words.ruleset.rule(chosen.rule)


def test_without_a_phrase_there_is_an_error_and_no_guess() -> None:
    with pytest.raises(LookupError, match="no phrase fits"):
        phrase(Ruleset(FIELDS, {}, ()), {})


def test_a_rule_is_found_by_its_name_and_said_in_words(status: Ruleset) -> None:
    said = status.in_words(status.rule("beyond-the-limit"))
    assert said == "kind is limit, and over"
    with pytest.raises(KeyError):
        status.rule("no such rule")


# ------------------------------------------------------------------ the fingerprint
def fingerprint(data: Any) -> str:
    ruleset, faults = check_status(data)
    assert ruleset is not None, faults
    return ruleset.fingerprint


def test_the_same_rules_have_the_same_fingerprint(shipped: Shipped) -> None:
    assert fingerprint(shipped("status")) == fingerprint(shipped("status"))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["rules"][0].update(because="another sentence"),
        lambda data: data["rules"][0].update(name="another-name"),
        lambda data: data["statuses"]["open"].update(urgency=71),
        lambda data: data["statuses"]["open"].update(group="soon"),
        lambda data: data["statuses"]["open"].update({"class": "awake"}),
        lambda data: data["rules"][2]["rules"].insert(1, data["rules"][2]["rules"].pop(0)),
        lambda data: data["rules"][5]["rules"][8]["when"].update(announced=1),
        lambda data: data["rules"][5]["rules"][10]["when"].update(days_left={"at_most": 14}),
    ],
    ids=["because", "name", "urgency", "group", "class", "order", "test", "argument"],
)
def test_whatever_changes_what_is_said_changes_the_fingerprint(
    shipped: Shipped, change: Callable[[Any], object]
) -> None:
    data = shipped("status")
    change(data)
    ruleset, _ = check_status(data)
    if ruleset is not None:
        assert ruleset.fingerprint != fingerprint(shipped("status"))
    else:
        pytest.fail("the change makes a mistake")


def test_alerts_and_words_have_fingerprints_of_their_own(status: Ruleset, alerts: Alerts, words: Words) -> None:
    assert len({status.fingerprint, alerts.ruleset.fingerprint, words.ruleset.fingerprint}) == 3
