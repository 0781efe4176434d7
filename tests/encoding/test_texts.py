"""The texts that the project is tried on, by paragraphs and time words, against what a person found by reading.

The texts are not part of the project: DUEWATCH_TEST_TEXTS names the folder that holds them.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.comparing import read_encoding
from duewatch.engine.encoding.coverage import coverage
from duewatch.engine.encoding.drafting import tradition_of
from duewatch.engine.encoding.heading import head_of
from duewatch.engine.encoding.lint import lint
from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import SourceText, named, split, squeeze
from duewatch.engine.encoding.stretches import occurrences
from duewatch.engine.encoding.timewords import Hit, sought_in
from duewatch.engine.encoding.tongue import tongue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CASES = Path(__file__).parent.parent / "cases" / "time-words"
MUSTS: dict[str, dict[str, list[str]]] = plain(read(CASES / "must.yaml").root)  # type: ignore[assignment]
SHOULDS: dict[str, dict[str, list[str]]] = plain(read(CASES / "should.yaml").root)  # type: ignore[assignment]
PARAGRAPHS: dict[str, dict[str, Any]] = plain(read(CASES / "paragraphs.yaml").root)  # type: ignore[assignment]
ITEMS: dict[str, list[str]] = plain(read(CASES / "items.yaml").root)  # type: ignore[assignment]
FOLDER = os.environ.get("DUEWATCH_TEST_TEXTS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="DUEWATCH_TEST_TEXTS names no folder with the texts")
LEAST_PRECISION = 0.95
LEAST_RECALL = 0.985


@dataclass(frozen=True)
class Text:
    """A text with what is known of it from its head, and the time words that were found in it."""

    source: SourceText
    hits: tuple[Hit, ...]

    def place(self, at: int) -> str:
        passage = self.source.passage_at(at)
        assert passage is not None
        return named(passage.parts, sort=passage.sort)


@lru_cache
def text_of(symbol: str) -> Text:
    name = symbol.replace("/", "-" if symbol.startswith("S") else "_")
    path = next(Path(str(FOLDER)).rglob(f"{name}.txt"))
    content = path.read_text(encoding="utf-8")
    verbs = load_rules(None).verbs
    language, head, source = tongue("en"), head_of(content, tongue("en")), split(content)
    return Text(
        source,
        tuple(
            sought_in(
                source,
                language,
                max(head.adopted, head.dated),
                verbs[tradition_of(source, head.symbol, language, verbs)],
            )
        ),
    )


def annotated(symbol: str, marked: Mapping[str, dict[str, list[str]]] = MUSTS) -> Iterator[tuple[str, str, range]]:
    """Give each phrase that a person marked with its letters; it must stand in its provision, in the order given."""
    text = text_of(symbol)
    for provision, phrases in marked[symbol].items():
        passage = next(one for one in text.source.passages.values() if named(one.parts, sort=one.sort) == provision)
        at = passage.start
        for phrase in phrases:
            found = next(occurrences(squeeze(phrase), text.source.letters, range(at, passage.end)), None)
            assert found is not None, f"{symbol} {provision}: {phrase!r} does not follow"
            at = found + 1
            yield provision, phrase, range(found, found + len(squeeze(phrase)))


@pytest.mark.parametrize("symbol", PARAGRAPHS)
def test_paragraphs_are_found_exactly(symbol: str) -> None:
    expected = [name for series, numbers in PARAGRAPHS[symbol].items() for name in names_of(series, numbers)]
    assert [named(one.parts, sort=one.sort) for one in text_of(symbol).source.paragraphs] == expected


def names_of(series: str, numbers: int | list[object]) -> list[str]:
    before = "" if series == "main" else f"{series} "
    listed = numbers if isinstance(numbers, list) else range(1, numbers + 1)
    return [f"{before}{one}" for one in listed] or [series]


@pytest.mark.parametrize("symbol", ITEMS)
def test_items_are_found_exactly(symbol: str) -> None:
    source = text_of(symbol).source
    assert [named(one.parts) for one in source.passages.values() if one.parts != one.of] == ITEMS[symbol]


@pytest.mark.parametrize("symbol", MUSTS)
def test_every_must_is_caught(symbol: str) -> None:
    assert missed_of(symbol, MUSTS) == []


@pytest.mark.parametrize("symbol", SHOULDS)
def test_every_should_is_caught(symbol: str) -> None:
    assert missed_of(symbol, SHOULDS) == []


def missed_of(symbol: str, marked: Mapping[str, dict[str, list[str]]]) -> list[str]:
    """Give what a person marked and the lists rank as no more than a may."""
    hits = [hit for hit in text_of(symbol).hits if hit.rank in {"must", "should"}]
    return [
        f"{provision}: {phrase}"
        for provision, phrase, at in annotated(symbol, marked)
        if not any(set(at) & set(hit.at) for hit in hits)
    ]


def test_a_must_is_a_must() -> None:
    """Recall and precision of the rank must, over all texts together."""
    counts, wrong, missed = Counter[str](), [], []
    for symbol in MUSTS:
        text = text_of(symbol)
        musts = [hit for hit in text.hits if hit.rank == "must" and hit.sort == "time"]
        marked = list(annotated(symbol))
        letters = {place for _, _, at in marked for place in at}
        right = [hit for hit in musts if letters.intersection(hit.at)]
        wrong += [
            f"{symbol} {text.place(hit.at.start)}: {text.source.words(hit.at)}" for hit in musts if hit not in right
        ]
        counts["marked"] += len(marked)
        counts["caught"] += sum(any(set(at) & set(hit.at) for hit in musts) for _, _, at in marked)
        missed += [
            f"{symbol} {where}: {phrase}"
            for where, phrase, at in marked
            if not any(set(at) & set(hit.at) for hit in musts)
        ]
        counts["said"] += len(musts)
        counts["right"] += len(right)
    recall, precision = counts["caught"] / counts["marked"], counts["right"] / counts["said"]
    told = "\n".join((f"{dict(counts)}", "wrong:", *wrong, "missed:", *missed))
    assert recall >= LEAST_RECALL, told  # the others are caught as a should: see above
    assert precision >= LEAST_PRECISION, told


def test_the_example_of_the_assembly_is_held_against_its_text() -> None:
    """It covers the last eight paragraphs whole, and says nothing that they do not."""
    example = read_encoding(Path(__file__).parents[2] / "examples" / "assembly.yaml", load_rules(None).verbs)
    source, english = text_of("A/RES/79/190").source, tongue("en")
    held = coverage(example, source, english)
    assert held.findings == ()
    assert max(int(one.provision.partition("(")[0].removeprefix("OP ")) for one in held.missing) == 76
    words = [one for one in lint(example, source, english) if one.provision in {str(n) for n in range(77, 85)}]
    assert len(words) >= 15
    assert [one.words for one in words if not one.accounted] == []
