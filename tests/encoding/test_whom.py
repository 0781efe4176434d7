"""Whom a draft proposes as bearer: before verbs that bind, behind verbs that ask, after "that", from a head."""

from __future__ import annotations

import pytest

from duewatch.engine.encoding.drafting import pieces_of, tradition_of
from duewatch.engine.encoding.heading import NO_DAY
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import split
from duewatch.engine.encoding.tongue import tongue

EN = tongue("en")
VERBS = load_rules(None).verbs


def named_in(text: str, verbs: str = "un-sc") -> list[str]:
    return [one.who for one in pieces_of(split(text), EN, NO_DAY, VERBS[verbs])]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Requests the Secretary to report", "the Secretary"),
        ("Requests, in this regard, the Secretary to report", "the Secretary"),
        ("Requests5 the Secretary3 to report", "the Secretary"),
        ("Calls on all parties in the valley to disarm", "all parties in the valley"),
        ("Urges the North and the South (“the Regions”) to disarm", "the North and the South"),
        ("Urges these authorities to act", "these authorities"),
        ("Requests the Secretary, in her next report, to list them", "the Secretary"),
        ("Requests the Secretary, States, and the Bank to pay", "the Secretary, States, and the Bank"),
        ("Authorizes the Mission to stay", "the Mission"),
        ("Decides that the Mission shall protect all", "the Mission"),
        ("Decides that the Mission\u2019s mandate shall include patrols", "the Mission\u2019s mandate"),
        ("Decides further that UNFOR shall have two battalions", "UNFOR"),
        ("Decides that UNFOR shall be authorized to patrol", "UNFOR"),
        ("Decides that UNFOR\u2019s mandate shall include patrols", "UNFOR"),
        # nobody is named
        ("Decides to extend the mandate of the Mission to 30 June 2030", ""),
        ("Calls for the swift return of all children to school", ""),
        ("Insists on the need to listen to all", ""),
        ("Encourages support to the Court to be paid", ""),
        ("Decides that the gate shall be closed to all", ""),
        ("Stresses that the Secretary shall report to it", ""),
    ],
)
def test_whom_a_sentence_names(sentence: str, who: str) -> None:
    assert named_in(f"1. {sentence}.\n")[0] == who


def test_a_name_that_the_text_has_elsewhere_is_found_after_that() -> None:
    text = "1. Demands that all rebel fleets cease fire;\n\n2. Urges rebel fleets to disarm.\n"
    assert named_in(text) == ["all rebel fleets", "rebel fleets"]
    assert named_in("1. Demands that all rebel fleets cease fire.\n") == [""]  # no word says where the name ends
    assert named_in("1. Demands further that all parties concerned cease fire.\n") == ["all parties concerned"]


def test_items_have_whom_their_head_names_and_a_verb_of_their_own_its_own() -> None:
    text = "1. Requests the Secretary:\n\n(a) To report;\n\n(b) To listen, and urges States to pay;\n\n(c) To rest.\n"
    assert named_in(text) == ["the Secretary", "the Secretary", "States", "the Secretary"]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("The Supplier shall deliver", "The Supplier"),
        ("Where goods are late, the Supplier shall without delay pay", "the Supplier"),
        ("Neither party may assign", "Neither party"),
        ("The goods shall be delivered", ""),
        ("It shall apply", ""),
    ],
)
def test_a_verb_that_binds_has_before_it_whom_it_binds(sentence: str, who: str) -> None:
    assert named_in(f"1. {sentence}.\n", "contract")[0] == who


def test_each_sentence_that_binds_somebody_is_a_stretch_of_its_own() -> None:
    text = (
        "1. The Buyer shall pay within 30 days of the invoice. If not, the Supplier may stop, and shall tell."
        " Each party shall act.\n"
    )
    pieces = pieces_of(split(text), EN, NO_DAY, VERBS["contract"])
    assert [(one.verb, one.who) for one in pieces] == [
        ("shall", "The Buyer"),
        ("may", "the Supplier"),
        ("shall", "the Supplier"),
        ("shall", "Each party"),
    ]
    assert [one.words and one.words[0] for one in pieces] == [
        "The Buyer shall",
        "If not, the",
        "shall tell",
        "Each party shall",
    ]


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Article 1\n\n1. The keeper shall notify it.\n\n2. Member States may keep it.\n", "eu"),
        ("1. TERM\n\n1.1 Subject to clause 1.2, the Supplier shall deliver.\n\n1.2 The Buyer shall pay.\n", "contract"),
        ("1. Requests the Secretary to report;\n\n2. Decides to stay.\n", "un-sc"),
    ],
)
def test_the_table_of_verbs_is_told_by_what_a_text_is(text: str, verbs: str) -> None:
    tables = {name: VERBS[name] for name in ("contract", "eu", "un-sc")}
    assert tradition_of(split(text), "", EN, tables) == verbs
