"""Contacts that name what nobody has."""

from __future__ import annotations

from tests.alerting.house import a_person, a_rule, some_contacts

from duewatch.engine.alerting.strangers import Known, strangers

KNOWN = Known(
    instruments=frozenset({"T/1 (2021)"}),
    provisions=frozenset({"Art 6", "Art 61(a)"}),
    bearers=frozenset({"office", "council"}),
    topics=frozenset({"conduct"}),
)


def said(**about: str) -> list[str]:
    return [str(one) for one in strangers(some_contacts((a_person(),), a_rule("officer", **about)), KNOWN)]


def test_what_is_known_is_passed_over() -> None:
    assert said(instrument="T/1 (2021)", provision="Art 61", bearer="office", topic="conduct") == []
    assert said() == []


def test_each_name_that_nothing_has_is_noted_with_the_nearest_one() -> None:
    assert said(instrument="T/1 (2012)", bearer="ofice", topic="conducts") == [
        "contacts: no instrument is called `T/1 (2012)`; did you mean `T/1 (2021)`?",
        "contacts: no party is called `ofice`; did you mean `office`?",
        "contacts: no topic is called `conducts`; did you mean `conduct`?",
    ]


def test_a_provision_is_guessed_only_where_its_numbers_are_right() -> None:
    assert said(provision="Ar 6") == ["contacts: nothing is encoded at or under `Ar 6`; did you mean `Art 6`?"]
    assert said(provision="Art 7") == [
        "contacts: nothing is encoded at or under `Art 7`; until then the line fits nothing"
    ]
