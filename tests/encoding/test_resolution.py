"""The project's own encoding, held against itself and, where the text is at hand, against the text.

Set DUEWATCH_TEST_TEXTS to a folder that holds S-2021-610.txt to have every quotation checked.
Text taken from a PDF has stray spaces and line ends inside words, so all whitespace is removed
from both sides before they are compared; page headers and links are cut out first.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.alerting.routing import route
from duewatch.engine.alerting.words import Raised
from duewatch.engine.encoding.contacts import load_contacts
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duewatch.engine.words import Instrument, Obligation

ENCODING = Path(__file__).parents[2] / "obligations.yaml"
CONTACTS = ENCODING.with_name("contacts.yaml")
SORTS = ("resources", "discretion", "condition", "manner", "saving")
MOST_WORDS = 12
PARAGRAPHS = 63
# fmt: off
ENTRIES = {
    1: 5, 2: 4, 3: 4, 4: 14, 5: 6, 6: 3, 7: 7, 8: 3, 9: 2, 10: 4, 11: 2, 12: 2, 13: 1, 14: 3, 15: 10, 16: 2, 17: 1,
    18: 2, 19: 2, 20: 1, 21: 3, 22: 7, 23: 1, 24: 3, 25: 4, 26: 7, 27: 3, 28: 1, 29: 2, 30: 60, 31: 9, 32: 4, 33: 2,
    34: 1, 35: 3, 36: 5, 37: 2, 38: 4, 39: 1, 40: 4, 41: 1, 42: 2, 43: 3, 44: 5, 45: 4, 46: 8, 47: 25, 48: 7, 49: 1,
    50: 5, 51: 3, 52: 4, 53: 3, 54: 13, 55: 7, 56: 5, 57: 1, 58: 2, 59: 2, 60: 1, 61: 1, 62: 3, 63: 1,
}
# fmt: on
BULLETS = {4: 7, 15: 3, 47: 15}
# What may stand between the stretches of a paragraph: its number, joining words, dashes and stops.
JOINING = re.compile(r"(?:\d+\.|and|[,;.–-])*")  # noqa: RUF001 (the dash of the printed bullets)
FURNITURE = re.compile(r"\s*(?:https://\S+|S/\d{4}/\d+|\d+/\d+ \d\d-\d{5}|\d\d-\d{5} \d+/\d+)\s*")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    """The project's encoding, as the parser reads it."""
    return read_instrument(ENCODING, load_rules(None).verbs)[0]


@pytest.fixture(scope="module")
def text() -> dict[int, str]:
    """The operative paragraphs of the text by number, without whitespace and page furniture."""
    folder = os.environ.get("DUEWATCH_TEST_TEXTS")
    if not folder:
        pytest.skip("the text is not at hand: set DUEWATCH_TEST_TEXTS to a folder that holds S-2021-610.txt")
    return paragraphs((Path(folder) / "S-2021-610.txt").read_text(encoding="utf-8"))


def paragraphs(document: str) -> dict[int, str]:
    """Split a resolution into its operative paragraphs, each squeezed."""
    kept = "\n".join(line for line in document.splitlines() if not FURNITURE.fullmatch(line))
    operative = kept[kept.index("Acting under Chapter VII of the Charter") :]
    _, *parts = re.split(r"(?m)^ (\d+)\. ", operative)
    return {int(number): squeeze(f"{number}.{body}") for number, body in zip(parts[::2], parts[1::2], strict=True)}


def squeeze(words: str) -> str:
    """Remove all whitespace."""
    return "".join(words.split())


def paragraph_of(obligation: Obligation) -> int:
    """Give the number of the paragraph in which an entry stands."""
    found = re.match(r"OP (\d+)", obligation.provision)
    assert found, obligation.provision
    return int(found[1])


def quotations(fields: Mapping[str, object]) -> Iterator[str]:
    """Give every exact quotation of an entry or of one of its readings."""
    phrase = fields.get("phrase")
    if isinstance(phrase, str):
        yield phrase
    yield from limits(fields.get("limits"))
    for taking_part in sequence(fields.get("with")):
        yield str(mapping(taking_part).get("how", ""))
    for item in mapping(fields.get("contains")).values():
        yield from limits(mapping(item).get("limits"))
    for form in ("promptly", "regularly"):
        yield str(mapping(mapping(fields.get("deadline")).get(form)).get("word", ""))
    for set_aside in sequence(fields.get("not-a-clock")):
        quoted, colon, _ = str(set_aside).partition(":")
        assert colon, set_aside
        yield from quoted.split(" and ")


def limits(listed: object) -> Iterator[str]:
    """Give the quoted words of a list of limits."""
    for limit in sequence(listed):
        yield from (str(words) for sort, words in mapping(limit).items() if sort in SORTS)


def mapping(value: object) -> Mapping[str, object]:
    """Give a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """Give a list as it is, and anything else as an empty one."""
    return list(value) if isinstance(value, list | tuple) else []


def all_quotations(obligation: Obligation) -> Iterator[str]:
    """Give every quotation of an entry, its readings included."""
    yield from quotations(obligation.flat)
    for reading in mapping(obligation.flat.get("readings")).values():
        yield from quotations(mapping(reading))


def stretch(obligation: Obligation, paragraph: str) -> range | None:
    """Give the stretch of a paragraph that an entry covers; None where its words are not found."""
    first, last = (squeeze(str(words)) for words in sequence(obligation.flat["words"]))
    start = paragraph.find(first)
    end = paragraph.find(last, start)
    return None if start < 0 or end < 0 else range(start, end + len(last))


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
        for words in all_quotations(one)
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


# ------------------------------------------------------------------ against the text
def test_the_text_splits_into_its_paragraphs(text: dict[int, str]) -> None:
    assert list(text) == list(range(1, PARAGRAPHS + 1))


def test_every_quotation_stands_in_its_own_paragraph(instrument: Instrument, text: dict[int, str]) -> None:
    astray = [
        (one.id, words)
        for one in instrument.obligations
        for words in all_quotations(one)
        if squeeze(words) not in text[paragraph_of(one)]
    ]
    assert astray == []


def test_every_verb_stands_in_its_own_paragraph(instrument: Instrument, text: dict[int, str]) -> None:
    astray = [
        (one.id, one.flat["verb"])
        for one in instrument.obligations
        if squeeze(str(one.flat["verb"])).casefold() not in text[paragraph_of(one)].casefold()
    ]
    assert astray == []


def test_every_stretch_begins_where_its_words_occur_once(instrument: Instrument, text: dict[int, str]) -> None:
    astray = [
        one.id
        for one in instrument.obligations
        if stretch(one, text[paragraph_of(one)]) is None
        or text[paragraph_of(one)].count(squeeze(str(sequence(one.flat["words"])[0]))) != 1
    ]
    assert astray == []


def test_the_stretches_follow_the_text(instrument: Instrument, text: dict[int, str]) -> None:
    starts = [
        (paragraph_of(one), (stretch(one, text[paragraph_of(one)]) or range(0)).start) for one in instrument.obligations
    ]
    assert starts == sorted(starts)


@pytest.mark.parametrize("number", ENTRIES)
def test_the_stretches_leave_only_joining_words(instrument: Instrument, text: dict[int, str], number: int) -> None:
    paragraph = text[number]
    covered = {
        place
        for one in instrument.obligations
        if paragraph_of(one) == number
        for place in stretch(one, paragraph) or ()
    }
    end = paragraph.rindex(";") + 1 if ";" in paragraph else len(paragraph)  # a heading of the next part may follow
    left = "".join(letter if place not in covered else "|" for place, letter in enumerate(paragraph[:end]))
    assert [words for words in left.split("|") if not JOINING.fullmatch(words)] == []
