from __future__ import annotations

from duewatch.engine.reckoning.members import members_of
from duewatch.engine.words import Bearer, Party

PARTIES = {
    party.name: party
    for party in (
        Party(name="government"),
        Party(name="north", members=("alpha", "beta")),
        Party(name="all", members=("government", "north", "alpha")),
        Party(name="states", open=True),
        Party(name="club", members=("alpha",), open=True),
        Party(name="serpent", members=("serpent", "beta")),
    )
}


def each(*parties: str) -> Bearer:
    return Bearer(how="each", parties=parties)


def test_only_each_divides() -> None:
    for how in ("one", "together", "any-of", "not-named"):
        assert members_of(Bearer(how=how, parties=("all",)), PARTIES, ["x"]) == ("",)


def test_members_are_expanded_once_each_in_the_order_of_the_file() -> None:
    assert members_of(each("all"), PARTIES, []) == ("government", "alpha", "beta")
    assert members_of(each("government", "north"), PARTIES, []) == ("government", "alpha", "beta")


def test_members_of_an_open_party_are_those_that_facts_name() -> None:
    assert members_of(each("states"), PARTIES, []) == ()
    assert members_of(each("states"), PARTIES, ["x", "y", "x"]) == ("x", "y")
    assert members_of(each("club"), PARTIES, ["gamma", "alpha"]) == ("alpha", "gamma")


def test_a_closed_party_takes_no_recorded_member() -> None:
    assert members_of(each("north"), PARTIES, ["x"]) == ("alpha", "beta")


def test_odd_parties_do_no_harm() -> None:
    assert members_of(each("unheard-of"), PARTIES, []) == ("unheard-of",)
    assert members_of(each("serpent"), PARTIES, []) == ("beta",)
