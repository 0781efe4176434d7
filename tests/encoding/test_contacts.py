"""Who is told: read, and refused with every problem."""

from __future__ import annotations

import hashlib
from datetime import time
from pathlib import Path

import pytest

from duewatch.engine.encoding.contacts import Contacts, Person, Responsible, load_contacts
from duewatch.engine.problems import BadFile

GOOD = """
people:
- {id: officer, name: The officer, email: officer@example.org, zone: Europe/Paris, at: "17:30"}
- {id: deputy, email: deputy.one+alerts@mail.example.org}
responsible:
- {who: officer, instrument: T/1 (2021), provision: Art 6, bearer: council, topic: peace}
- {who: [officer, deputy]}
"""


def load(text: str, tmp_path: Path) -> Contacts:
    path = tmp_path / "contacts.yaml"
    path.write_text(text, encoding="utf-8")
    return load_contacts(path)


def said(text: str, tmp_path: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load(text, tmp_path)
    return [str(problem).split(".yaml:")[1] for problem in bad.value.problems]


def test_contacts_are_read(tmp_path: Path) -> None:
    contacts = load(GOOD, tmp_path)
    assert contacts.people == (
        Person(id="officer", name="The officer", email="officer@example.org", zone="Europe/Paris", at=time(17, 30)),
        Person(id="deputy", name="deputy", email="deputy.one+alerts@mail.example.org", zone="UTC", at=time(8)),
    )
    assert contacts.responsible == (
        Responsible(who=("officer",), instrument="T/1 (2021)", provision="Art 6", bearer="council", topic="peace"),
        Responsible(who=("officer", "deputy")),
    )
    assert contacts.content == GOOD.encode()
    assert contacts.sha256 == f"sha256:{hashlib.sha256(GOOD.encode()).hexdigest()}"


def test_the_example_of_the_project_is_good(root: Path) -> None:
    assert {person.email.partition("@")[2] for person in load_contacts(root / "contacts.yaml").people} == {
        "example.org"
    }


@pytest.mark.parametrize(
    "address",
    [
        *(
            "officer",
            "officer@",
            "@example.org",
            "a b@example.org",
            "a@b@example.org",
            "a@example.org, b@example.org",
            "a;b@example.org",
        ),
        *(
            "Officer <a@example.org>",
            "a@-example.org",
            "a@example..org",
            ".a@example.org",
            "a.@example.org",
            "ä@example.org",
            "a@exämple.org",
        ),
        *(
            "a@example.org\\r\\nBcc: b@example.org",
            "a@example.org\\nb",
            "a" * 65 + "@example.org",
            "a@" + "b" * 64 + ".org",
            "a@" + "b." * 130 + "org",
        ),
    ],
)
def test_what_is_not_one_address(address: str, tmp_path: Path) -> None:
    (problem,) = said(f'people: [{{id: a, email: "{address}"}}]\n', tmp_path)
    assert problem.startswith("1:25: ")


def test_a_text_over_two_lines_is_one_line_and_no_header(tmp_path: Path) -> None:
    person = load('people:\n- {id: a, email: a@example.org, name: "An\n\n  Officer"}\n', tmp_path).people[0]
    assert person.name == "An Officer"


CHANNELS = """
people:
- {id: jane, channels: [slack, email, webhook], email: jane@example.org, slack: U0123ABCD, webhook: jd, language: en}
- {id: joe, channels: [slack, webhook, console], addresses: {console: tty}}
"""


def test_each_person_has_channels_in_order_and_an_address_on_each(tmp_path: Path) -> None:
    jane, joe = load(CHANNELS, tmp_path).people
    assert [(each, jane.address_on(each)) for each in jane.channels] == [
        ("slack", "U0123ABCD"),
        ("email", "jane@example.org"),
        ("webhook", "jd"),
    ]
    assert [(each, joe.address_on(each)) for each in joe.channels] == [
        ("slack", ""),
        ("webhook", "joe"),
        ("console", "tty"),
    ]
    assert joe.address_on("another") == "joe"


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ("channels: [slak]", "no channel is called `slak`; did you mean `slack`?"),
        ("channels: [fax]", "no channel is called `fax`; there are console, email, slack, webhook"),
        ("channels: [slack, slack]", "a channel is named twice; name each once"),
        ("channels: []", "an empty list"),
        ("channels: [slack], slack: jane", "`jane` is not the id of a Slack member; copy the member ID"),
        ("name: Jane", "`email` is missing; add `email`: a mail address, or name other `channels`"),
        ("channels: [slack, email]", "`email` is missing"),
        ("channels: [slack], language: fr", "`fr` is not a word of this field; write `en`"),
        ("channels: [slack], adresses: {x: y}", "unknown field `adresses`; did you mean `addresses`?"),
    ],
)
def test_what_is_wrong_with_channels(person: str, problem: str, tmp_path: Path) -> None:
    (said_once,) = said(f"people: [{{id: a, {person}}}]\n", tmp_path)
    assert problem in said_once


def test_every_problem_is_said(tmp_path: Path) -> None:
    text = """
people:
- {id: officer, email: officer@example.org, zone: Europe/Pari, at: 17:30}
- {id: officer, emial: deputy@example.org}
- {id: 5, email: 7}
- officer
responsible:
- {who: oficer, provison: Art 6}
- {provision: Art 7}
- {who: [deputy, officer, 010, ~]}
persons: []
"""
    assert said(text, tmp_path) == [
        "3:51: `Europe/Pari` is not a time zone; did you mean `Europe/Paris`?",
        '3:68: YAML reads `17:30` as a number to the base of 60; put it in double quotes: "17:30"',
        "4:8: two persons have the id `officer` (lines 3 and 4); give each their own",
        "4:17: unknown field `emial`; did you mean `email`?",
        (
            "5:8: `5` is a number here; write an id of letters, digits, `.`, `-` and `_`; "
            'as a text it needs double quotes: "5"'
        ),
        "5:18: `7` is a number here; write a mail address",
        "6:3: `officer` stands here; write {id: ..., email: ...}",
        "8:9: no person `oficer`; did you mean `officer`?",
        "8:17: unknown field `provison`; did you mean `provision`?",
        "9:3: `who` is missing; add `who`: the id of a person, or a list of several",
        "10:10: no person `deputy`; add the person under `people`",
        '10:27: YAML reads `010` as an octal number; put it in double quotes: "010"',
        "10:32: a value is missing; write the id of a person",
        "11:1: unknown field `persons`; the fields here are people, responsible",
    ]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("- people\n", "1:1: the top level is not a mapping"),
        ("responsible: [{who: a}]\n", "1:1: `people` is missing"),
        ("people: []\n", "1:9: an empty list"),
        ("people: {a: b}\n", "1:9: a mapping stands where a list should be"),
        (
            "people: [{id: a, email: a@example.org}]\nresponsible: a\n",
            "2:14: a single value stands where a list should be",
        ),
    ],
)
def test_files_of_another_shape(text: str, start: str, tmp_path: Path) -> None:
    (problem,) = said(text, tmp_path)
    assert problem.startswith(start)
