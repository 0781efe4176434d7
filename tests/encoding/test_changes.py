"""Whatever is taken out of the project's encoding, or changed in it, the comparison with the text notices.

Set DUEWATCH_TEST_TEXTS to a folder that holds S-2021-610.txt. Targets of our own (`soft`, `review`) stand in no text:
for them the examples of the entries speak. Not tried: what is said of other instruments (`continues`).
"""

from __future__ import annotations

import calendar
import copy
import os
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.engine.encoding.bearing import misplaced_bearers
from duewatch.engine.encoding.comparing import Read, read_encoding, read_text
from duewatch.engine.encoding.coverage import coverage, declared, fingerprints, misplaced
from duewatch.engine.encoding.lint import lint
from duewatch.engine.encoding.quotations import LIMITS
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.stretches import claims_of, locate, stretches
from duewatch.engine.encoding.tongue import tongue
from duewatch.engine.encoding.verbal import misplaced_verbs, verb_of, verb_pattern
from duewatch.engine.words import Bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duewatch.engine.encoding.source_text import SourceText
    from duewatch.engine.words import Obligation

ENCODING = Path(__file__).parents[2] / "obligations.yaml"
EN = tongue("en")
ENTRIES = 313
QUOTING = {"phrase", *LIMITS, "how", "word"}
OURS = {"soft", "lead", "review", "working-dates", "continues", "about", "provision", "why", "id", "words", "verb"}
MONTHS = list(calendar.month_name)[1:]
PRINTED = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TELLING = {"action", "title", "each-of", "for", "form", "says", "refers"}
COUNTING = {"at-least", "at-most", "every", "within", "by", "before", "day", "until", "sets", "after"}


@pytest.fixture(scope="module")
def text() -> SourceText:
    folder = os.environ.get("DUEWATCH_TEST_TEXTS")
    if not folder:
        pytest.skip("the text is not at hand: set DUEWATCH_TEST_TEXTS to a folder that holds S-2021-610.txt")
    return read_text(Path(folder) / "S-2021-610.txt")


@pytest.fixture(scope="module")
def encoding() -> Read:
    return read_encoding(ENCODING, load_rules(None).verbs)


@pytest.fixture(scope="module")
def places(encoding: Read, text: SourceText) -> dict[str, range]:
    found = {claim.name: locate(claim, text) for claim in claims_of(encoding.instrument.obligations, (), "")}
    return {name: at for name, at in found.items() if isinstance(at, range)}


# ------------------------------------------------------------------ as it is
def test_the_text_is_covered_and_nothing_differs(encoding: Read, text: SourceText) -> None:
    found = coverage(encoding, text, EN)
    assert found.missing == ()
    assert found.findings == ()
    assert len(found.stretches) == ENTRIES


def test_every_time_word_and_limiting_word_is_accounted_for(encoding: Read, text: SourceText) -> None:
    words = lint(encoding, text, EN)
    assert [(one.provision, one.words) for one in words if not one.accounted] == []
    assert len(words) > 100


def test_the_text_splits_into_its_paragraphs_and_bullets(text: SourceText) -> None:
    assert [one.parts[0] for one in text.paragraphs] == [str(number) for number in range(1, 64)]
    bullets = Counter(name[0] for name in text.passages if name[1:2] == ("bullet",))
    assert bullets == {"4": 7, "15": 3, "47": 15}


def test_the_stretches_follow_the_text(encoding: Read, places: dict[str, range]) -> None:
    starts = [places[one.id].start for one in encoding.instrument.obligations]
    assert starts == sorted(starts)


# ------------------------------------------------------------------ one entry less
def test_any_entry_taken_out_leaves_a_gap(encoding: Read, text: SourceText) -> None:
    claims = claims_of(encoding.instrument.obligations, (), "")
    located = [(claim, at) for claim in claims if isinstance(at := locate(claim, text), range)]
    assert len(located) == ENTRIES
    by_paragraph = defaultdict(list)
    for claim, at in located:
        by_paragraph[paragraph_of(claim.provision)].append((claim, at))
    unnoticed = [
        claim.name
        for paragraph, group in by_paragraph.items()
        for claim, at in group
        if not leaves_a_gap([one for one in group if one[0] is not claim], narrowed(text, paragraph))
    ]
    assert unnoticed == [], "\n".join(map(str, unnoticed))


def paragraph_of(provision: str) -> str:
    return re.findall(r"\d+", provision)[0]


def narrowed(text: SourceText, paragraph: str) -> SourceText:
    return replace(text, passages={name: one for name, one in text.passages.items() if name[0] == paragraph})


def leaves_a_gap(located: list[Any], text: SourceText) -> bool:
    return any(one.state == "MISSING" for one in stretches(text, located, EN.joining))


# ------------------------------------------------------------------ one value changed
def test_any_other_verb_of_the_paragraph_is_noticed(encoding: Read, text: SourceText, places: dict[str, range]) -> None:
    entries = encoding.instrument.obligations
    verbs: dict[str, set[str]] = defaultdict(lambda: {"demands"})
    for one in entries:
        verbs[paragraph_of(one.provision)].add(verb_of(one))
    tried = [
        (one, other) for one in entries for other in sorted(verbs[paragraph_of(one.provision)]) if other != verb_of(one)
    ]
    unnoticed = [
        (one.id, other)
        for one, other in tried
        if not any(
            found.id == one.id
            for found, _ in misplaced_verbs(
                group_with(entries, one, {"verb": other}),
                places,
                text,
                verb_pattern([each for each in entries if each is not one], encoding.verbs, EN),
            )
        )
    ]
    assert unnoticed == [], "\n".join(map(str, unnoticed))
    assert len(tried) > ENTRIES


def group_with(entries: tuple[Obligation, ...], changed: Obligation, fields: dict[str, object]) -> list[Obligation]:
    """Give the entries of a paragraph with one of them changed."""
    paragraph = paragraph_of(changed.provision)
    group = [one for one in entries if paragraph_of(one.provision) == paragraph]
    return [replace(one, flat=one.flat | fields) if one is changed else one for one in group]


def test_any_changed_quotation_day_or_number_is_noticed(
    encoding: Read, text: SourceText, places: dict[str, range]
) -> None:
    tried = [(one, path, flat) for one in encoding.instrument.obligations for path, flat in variants(one.flat)]
    unnoticed = [
        (one.id, path) for one, path, flat in tried if not list(misplaced([replace(one, flat=flat)], places, text, EN))
    ]
    assert unnoticed == [], "\n".join(map(str, unnoticed))
    assert len(tried) > ENTRIES


def test_a_day_or_number_of_another_sentence_is_noticed(
    encoding: Read, text: SourceText, places: dict[str, range]
) -> None:
    """A day or a target of a paragraph does not do for another norm of it, nor another unit of time."""
    tried = [
        (one, path, other)
        for one in encoding.instrument.obligations
        for path, value in leaves({name: value for name, value in one.flat.items() if name != "readings"}, ())
        for other in neighbours(value, path, text, one)
    ]
    unnoticed = [
        (one.id, path, other)
        for one, path, other in tried
        if not list(misplaced([replace(one, flat=put(copy.deepcopy(one.flat), path, other))], places, text, EN))
    ]
    assert unnoticed == [], "\n".join(map(str, unnoticed))
    assert len(tried) > 12


def neighbours(value: object, path: tuple[Any, ...], text: SourceText, entry: Obligation) -> Iterator[object]:
    """Give what stands in the same paragraph and might be taken for a value."""
    passage = text.paragraph_of(entry.provision)
    assert passage is not None
    words = text.words(range(passage.start + len(passage.number), passage.end))
    if isinstance(value, int) and not isinstance(value, bool):
        yield from {int(one.replace(",", "")) for one in re.findall(r"(?<!\()\b\d[\d,]*\b(?!\))", words)} - {value}
    elif isinstance(value, str) and not {"soft", "lead", "review"} & set(path):
        yield from changed(re.compile(r"(?<=\d )month(?=s?\b)"), lambda _: "week", value)
        printed = {f"{found[2]}-{MONTHS.index(found[1]) + 1:02}-{int(found[0]):02}" for found in PRINTED.findall(words)}
        for other in sorted(printed - {value}):
            yield from changed(DAY, lambda _, other=other: other, value)  # type: ignore[misc]


def test_any_other_bearer_than_the_one_whom_the_text_names_is_noticed(
    encoding: Read, text: SourceText, places: dict[str, range]
) -> None:
    assert list(misplaced_bearers(encoding, places, text, EN)) == []
    swapped = [one for one in encoding.instrument.obligations if one.norms[0].modality != "statement"]
    stranger = Bearer(how="alone", parties=("france",))
    other = replace(
        encoding,
        instrument=replace(
            encoding.instrument,
            obligations=tuple(
                replace(
                    one, norms=(replace(one.norms[0], bearer=stranger),), flat={**one.flat, "with": None, "actor": ""}
                )
                for one in swapped
            ),
        ),
    )
    told = {one.id for one, _ in misplaced_bearers(other, places, text, EN)}
    assert len(told) > 190


def test_any_changed_first_or_last_words_are_noticed(encoding: Read, text: SourceText) -> None:
    claims = claims_of(encoding.instrument.obligations, (), "")
    first = [replace(claim, words=(f"{claim.words[0]}x", claim.words[1])) for claim in claims]
    last = [replace(claim, words=(claim.words[0], f"{claim.words[1]}x")) for claim in claims]
    assert [claim.name for claim in (*first, *last) if isinstance(locate(claim, text), range)] == []


def test_any_changed_day_or_length_beside_the_entries_is_noticed(encoding: Read, text: SourceText) -> None:
    head = {name: value for name, value in encoding.tree.items() if name not in {"obligations", "fingerprints"}}
    tried = [
        (path, tree)
        for path, tree in variants(head)
        if "text-checked" not in path and "how" not in path and "symbol" not in path
    ]
    assert [path for path, tree in tried if not list(declared(tree, text, EN, ""))] == []
    assert {path[0] for path, _ in tried} == {"instrument", "events", "periods", "questions"}


def test_any_changed_or_missing_fingerprint_is_noticed(encoding: Read, text: SourceText) -> None:
    known: dict[str, str] = dict(encoding.tree["fingerprints"])  # type: ignore[call-overload]
    assert len(known) == 63
    for name, value in known.items():
        assert list(fingerprints({"fingerprints": known | {name: value[:-1] + "xy"}}, text, ""))
        assert list(fingerprints({"fingerprints": {one: known[one] for one in known if one != name}}, text, ""))


# ------------------------------------------------------------------ changing one leaf of plain data
def variants(data: object) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Give the data once for each quotation, day and number in it, with that one changed."""
    for path, value in leaves(data, ()):
        for other in others(path, value):
            yield path, put(copy.deepcopy(data), path, other)


def leaves(data: object, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in OURS:
                yield from leaves(value, (*path, name))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from leaves(value, (*path, at))
    else:
        yield path, data


def others(path: tuple[Any, ...], value: object) -> Iterator[object]:
    """Give what a slip would make of a value: another letter, the next day, one more."""
    names = {name for name in path if isinstance(name, str)}
    last = next((name for name in reversed(path) if isinstance(name, str)), "")
    if isinstance(value, bool) or value is None:
        return
    if last in QUOTING and value != "none":
        yield f"{value}x"
    elif last == "not-a-clock":
        yield f"x{value}"
    elif isinstance(value, int) and names & COUNTING:
        yield value + 1
    elif isinstance(value, str) and (DAY.search(value) or names & (COUNTING | {"deadline"})):
        yield from changed(DAY, later_day if "readings" in names else next_day, value)
        yield from changed(re.compile(r"(?<![\d-])\d+(?= (?:day|week|month|year))|(?<=-)?\b\d+(?=/100)"), more, value)
    elif isinstance(value, str) and names & TELLING and not names & {"contains"}:
        yield from changed(re.compile(r"(?<![\w.,/-])\d+(?:,\d{3})*(?![\w,]*\d)"), more, value)


def changed(pattern: re.Pattern[str], change: Callable[[str], str], value: str) -> Iterator[str]:
    for found in pattern.finditer(value):
        yield value[: found.start()] + change(found[0]) + value[found.end() :]


def next_day(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=1))


def later_day(day: str) -> str:
    """Another day than the default's, which the text prints too."""
    return str(date.fromisoformat(day) + timedelta(days=3))


def more(number: str) -> str:
    return str(int(number.replace(",", "")) + 1)


def put(data: Any, path: tuple[Any, ...], value: object) -> Any:
    *above, last = path
    holder = data
    for step in above:
        holder = holder[step]
    holder[last] = value
    return data
