"""Sentences as resolutions, regulations and treaties write them: which words of time they have, and how these rank."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.heading import head_of
from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import split
from duewatch.engine.encoding.timewords import sought_in
from duewatch.engine.encoding.tongue import tongue

if TYPE_CHECKING:
    from collections.abc import Mapping

VERBS = load_rules(None).verbs["un-ga"]
ADOPTED = date(2030, 3, 1)
CASES = Path(__file__).parent.parent / "cases" / "time-words" / "sentences.yaml"
SENTENCES: dict[str, list[dict[str, Any]]] = plain(read(CASES).root)  # type: ignore[assignment]


def ranked(sentence: str, language: str) -> list[tuple[str, str]]:
    """Give the words of time of a sentence that are more than a may, each with its rank, in order."""
    text = split(f"1. {sentence}.")
    hits = sorted(sought_in(text, tongue(language), ADOPTED, VERBS), key=lambda hit: hit.at.start)
    return [(hit.rank, text.words(hit.at)) for hit in hits if hit.sort == "time" and hit.rank != "may"]


@pytest.mark.parametrize("case", SENTENCES["en"], ids=itemgetter("of"))
def test_english_words_of_time(case: Mapping[str, Any]) -> None:
    assert ranked(case["of"], "en") == told(case)


@pytest.mark.parametrize("case", SENTENCES["fr"], ids=itemgetter("of"))
def test_french_words_of_time(case: Mapping[str, Any]) -> None:
    assert ranked(case["of"], "fr") == told(case)


def told(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the ranks and the words that a case names."""
    return [(rank, words) for one in case["has"] for rank, words in one.items()]


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Adopted by the Security Council at its 9082nd meeting, on 29 June 2031", "en"),
        ("Adoptée par le Conseil de sécurité à sa 9082e séance, le 29 juin 2031", "fr"),
    ],
)
def test_the_day_of_adoption_stands_with_the_meeting(line: str, language: str) -> None:
    assert head_of(f"{line}\n\n1. Decides to stay seized.", tongue(language)).adopted == date(2031, 6, 29)


def test_the_articles_of_a_treaty_may_have_roman_numbers() -> None:
    text = split("Article III\n\nLists\n\n1. Each Party shall keep a list.\n\nArticle IV\n\nUse\n\n1. It is free.\n")
    assert [one.parts for one in text.paragraphs] == [("III", "(1)"), ("IV", "(1)")]
