"""The project's own encoding, held against itself; `test_changes.py` holds it against the text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.alerting.routing import route
from duewatch.engine.alerting.words import Raised
from duewatch.engine.encoding.contacts import load_contacts
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.quotations import quotations, sequence
from duewatch.engine.encoding.rulefiles import load_rules

if TYPE_CHECKING:
    from duewatch.engine.words import Instrument, Obligation

ENCODING = Path(__file__).parents[2] / "obligations.yaml"
CONTACTS = ENCODING.with_name("contacts.yaml")
MOST_WORDS = 12
# fmt: off
ENTRIES = {
    1: 5, 2: 5, 3: 4, 4: 14, 5: 6, 6: 3, 7: 7, 8: 3, 9: 2, 10: 4, 11: 2, 12: 2, 13: 1, 14: 3, 15: 10, 16: 2, 17: 1,
    18: 2, 19: 2, 20: 1, 21: 3, 22: 7, 23: 1, 24: 3, 25: 4, 26: 7, 27: 3, 28: 1, 29: 2, 30: 60, 31: 9, 32: 4, 33: 2,
    34: 1, 35: 3, 36: 5, 37: 2, 38: 4, 39: 1, 40: 4, 41: 1, 42: 2, 43: 3, 44: 5, 45: 4, 46: 8, 47: 25, 48: 7, 49: 1,
    50: 5, 51: 3, 52: 4, 53: 3, 54: 13, 55: 7, 56: 5, 57: 1, 58: 2, 59: 2, 60: 1, 61: 1, 62: 4, 63: 1,
}
# fmt: on
BULLETS = {4: 7, 15: 3, 47: 15}


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    """The project's encoding, as the parser reads it."""
    return read_instrument(ENCODING, load_rules(None).verbs)[0]


def paragraph_of(obligation: Obligation) -> int:
    """Give the number of the paragraph in which an entry stands."""
    found = re.match(r"OP (\d+)", obligation.provision)
    assert found, obligation.provision
    return int(found[1])


# ------------------------------------------------------------------ without the text
def test_each_paragraph_has_its_entries(instrument: Instrument) -> None:
    assert dict(Counter(paragraph_of(one) for one in instrument.obligations)) == ENTRIES


@pytest.mark.parametrize(("paragraph", "bullets"), BULLETS.items())
def test_each_bullet_is_encoded(instrument: Instrument, paragraph: int, bullets: int) -> None:
    found = {one.provision for one in instrument.obligations if paragraph_of(one) == paragraph}
    assert found == {f"OP {paragraph} bullet {number}" for number in range(1, bullets + 1)}


def test_ids_are_unique_and_sort_like_the_text(instrument: Instrument) -> None:
    ids = [one.id for one in instrument.obligations]
    assert ids == sorted(set(ids))
    numbers = [paragraph_of(one) for one in instrument.obligations]
    assert numbers == sorted(numbers)


def test_the_id_names_the_paragraph(instrument: Instrument) -> None:
    assert [one.id for one in instrument.obligations if not one.id.startswith(f"op{paragraph_of(one):02}.")] == []


def test_quotations_are_short(instrument: Instrument) -> None:
    too_long = [
        (one.id, words)
        for one in instrument.obligations
        for words in (quoted.words for quoted in quotations(one.flat))
        if len(words.split()) > MOST_WORDS
    ]
    assert too_long == []


def test_every_entry_marks_its_stretch_with_two_to_five_words_at_each_end(instrument: Instrument) -> None:
    shortest, longest = 2, 5
    marks = [(one.id, str(words)) for one in instrument.obligations for words in sequence(one.flat.get("words"))]
    assert len(marks) == 2 * len(instrument.obligations)
    assert [mark for mark in marks if not shortest <= len(mark[1].split()) <= longest] == []


def test_every_doubt_says_what_the_other_side_would_say(instrument: Instrument) -> None:
    one_sided = [
        (one.id, norm.reading)
        for one in instrument.obligations
        for norm in one.norms
        if len(one.norms) > 1 and len(re.findall(r"Against it: |\b[Bb]ut ", norm.why)) <= norm.reading.count("/")
    ]
    assert one_sided == []


DOUBTS = {  # entry, or the question that it names -> answers that must be there
    "start-of-transition": {"decision", "beginning", "charter"},
    "election-day-moves": {"fixed", "moves"},
    "day-of-election": {"very-day", "by-then"},
    "current-mandate": {"this-one", "as-extended"},
    "before-the-end": {"last-day", "day-before"},
    "joint-or-several": {"jointly", "severally"},
    "op05.2.thirty-per-cent": {"each-body", "overall"},
    "op06.2.measures": {"any", "all"},
    "op18.military": {"two-ceilings", "one-pool"},
    "op18.police": {"two-ceilings", "one-pool"},
    "op39.support": {"no-permission", "permission"},
    "op40.4.report": {"issued", "dated"},
    "op43.1.necessary-means": {"this-mandate", "as-extended"},
    "op43.2.report": {"with-op61", "once", "if-used"},
    "op46.6.caveats-declared": {"no-clock", "before-deployment"},
    "op47.b01.performance": {"request", "reminder"},
    "op47.b15.report-misconduct": {"each-case", "in-bulk", "alleged"},
    "op56.5.report": {"after-action", "after-allegation"},
    "op61.quarterly-report": {"fixed-grid", "issued", "rolling"},
    "op62.six-monthly-letter": {"from-adoption", "from-last-letter", "with-op61", "in-hand"},
    "op62.transition-plan-mapping": {"secretary-general", "system", "in-the-letter"},
    "op62.transition-resources": {"secretary-general", "system", "in-the-letter"},
}
ASKED_BY = {  # question -> an entry of each paragraph that has to name it
    "start-of-transition": ["op01.2.eighteen-months", "op02.1.elections", "op04.b1.achieve-transition"],
    "election-day-moves": ["op01.3.election-calendar", "op02.1.elections", "op04.b1.presidential-election"],
    "day-of-election": ["op01.3.election-calendar", "op04.b1.presidential-election"],
    "current-mandate": ["op04.b2.sequencing", "op06.2.measures", "op15.b1.1.strategy-agreed"],
    "before-the-end": ["op04.b2.sequencing", "op15.b1.1.strategy-agreed"],
    "joint-or-several": ["op03.3.acceleration", "op04.b2.sequencing", "op12.1.agreed"],
}


@pytest.mark.parametrize("name", DOUBTS)
def test_the_doubts_that_a_lawyer_asks_about_first_are_all_there(instrument: Instrument, name: str) -> None:
    question = instrument.questions.get(name)
    if question is not None:
        assert set(question.answers) >= DOUBTS[name]
        return
    [entry] = [one for one in instrument.obligations if one.id == name]
    assert {part for norm in entry.norms for part in norm.reading.split("/")} >= DOUBTS[name]


@pytest.mark.parametrize("question", ASKED_BY)
def test_every_paragraph_in_doubt_names_its_question(instrument: Instrument, question: str) -> None:
    named = {one.id for one in instrument.obligations if question in (one.flat.get("questions") or ())}
    assert named >= set(ASKED_BY[question])


def test_a_rolling_count_of_the_reports_is_only_noted(instrument: Instrument) -> None:
    [entry] = [one for one in instrument.obligations if one.id == "op61.quarterly-report"]
    assert {norm.reading: norm.standing for norm in entry.norms}["rolling"] == "noted"


def test_what_we_answer_for_reaches_exactly_one_person(instrument: Instrument) -> None:
    rules = load_contacts(CONTACTS).responsible
    own = [one for one in instrument.obligations if one.norms[0].watch == "own" and owes_something(one)]
    assert {one.id: len(route(raised(one), rules)) for one in own} == {one.id: 1 for one in own}


def owes_something(obligation: Obligation) -> bool:
    """Say whether an entry has occurrences under its default reading."""
    return obligation.norms[0].modality != "statement" and obligation.norms[0].kind != "content"


def raised(obligation: Obligation) -> Raised:
    """Give an entry as the alerts see it."""
    return Raised(
        occurrence=f"{obligation.id}/1",
        obligation=obligation.id,
        instrument="S/RES/2584 (2021)",
        provision=obligation.provision,
        bearers=obligation.norms[0].bearer.parties,
        topics=tuple(str(topic) for topic in sequence(obligation.flat.get("topics"))),
        stage="due",
        older_stages=(),
        base_day=0,
        day=0,
        due_at=None,
        status="due",
    )
