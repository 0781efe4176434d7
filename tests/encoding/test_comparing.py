"""A small invented text, as a PDF would give it up, against small encodings of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.comparing import LARGEST_TEXT, Read, read_encoding, read_text
from duewatch.engine.encoding.coverage import counted, coverage
from duewatch.engine.encoding.fingerprinting import with_fingerprints
from duewatch.engine.encoding.lint import lint
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import parts_of, split
from duewatch.engine.encoding.tongue import tongue
from duewatch.engine.problems import BadFile, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """
The Council,
COUNCIL/RES/1
 1. Requests the Secretary to report by 30 June 2026 on the ar chive
2026. was a long year for it, and at least 30 per cent of its 13,289 boxes;

COUNCIL/RES/1

2/3 26-00001
https://example.org/x
 2. Urges the regions:
 (a) to open the archive for three months;
 • in the north,
 • in the south;
 (b) to close it, as appropriate;
__________________
 1 See 1 January 2020.
3/3 26-00001
  Last matters

 3. Decides to remain seized until 1 May 2027.
"""
ENCODING = """
instrument: {symbol: COUNCIL/RES/1, adopted: {date: "2026-01-15", how: by vote of 15 January 2026}, zone: Europe/Paris}
parties: {secretary: {}, regions: {open: true}}
events:
  begun: {date: "2026-06-30", provision: Art 1}
  heard: {date: "2026-02-01", certainty: recorded, source: letter of 1 February 2026}
obligations:
- {id: a, provision: Art 1, verb: requests, bearer: secretary, kind: achieve, action: "report on 13,289 boxes",
   words: [Requests the Secretary, "its 13,289 boxes"], deadline: {by: "2026-06-30"}, phrase: by 30 June 2026,
   target: {share: boxes, at-least: "30%"}, not-a-clock: ["2026. was a long year: says how long it was"]}
- {id: b, provision: Art 2(a), verb: urges, bearer: {each: regions}, kind: maintain, action: open it for 3 months,
   words: [Urges the regions, in the south], not-a-clock: ["three months: how long"]}
- {id: c, provision: Art 2(b), verb: urges, bearer: {each: regions}, kind: achieve, action: close it,
   words: [to close it, as appropriate], limits: [{discretion: as appropriate}]}
- {id: d, provision: Art 3, verb: decides, modality: statement, action: stay seized,
   words: [Decides to remain, 1 May 2027], phrase: until 1 May 2027}
"""
EN = tongue("en")


@pytest.fixture
def encoding(tmp_path: Path) -> Callable[..., Read]:
    """Read the encoding with something in it replaced."""

    def read(old: str = "", new: str = "", more: str = "") -> Read:
        assert old in ENCODING
        path = tmp_path / "t.yaml"
        path.write_text(ENCODING.replace(old, new) + more, encoding="utf-8")
        return read_encoding(path, load_rules(None).verbs)

    return read


def wrong(read: Read, text: str = TEXT) -> list[str]:
    found = coverage(read, split(text), EN)
    missing = [f"MISSING {one.provision}: {one.words}" for one in found.missing]
    return [f"{one.about}: {one.wrong}" for one in found.findings] + missing


# ------------------------------------------------------------------ splitting
def test_a_text_splits_into_paragraphs_items_and_bullets() -> None:
    assert ["".join(name) for name in split(TEXT).passages] == [
        "1",
        "2",
        "2(a)",
        "2(a)bullet1",
        "2(a)bullet2",
        "2(b)",
        "3",
    ]


def test_headers_links_footnotes_and_headings_are_cut_out() -> None:
    text = split(TEXT)
    assert text.letters.endswith("3.Decidestoremainseizeduntil1May2027.")
    assert "(b)tocloseit,asappropriate;3.Decides" in text.letters
    assert "thearchive2026.wasalongyear" in text.letters


def test_items_of_every_style_are_told_apart() -> None:
    marks = ("(a) x", "(i) x", "(ii) x", "(b) x", "(1) x", "(2) x", "• x", "• x", "(c) x")
    passages = split("1. Decides\n" + "\n".join(marks) + ";").passages
    names = [" ".join(name) for name in passages]
    assert names[1:5] == ["1 (a)", "1 (a) (i)", "1 (a) (ii)", "1 (b)"]
    assert names[5:] == ["1 (b) (1)", "1 (b) (2)", "1 (b) (2) bullet 1", "1 (b) (2) bullet 2", "1 (c)"]


def test_a_letter_is_found_in_its_innermost_provision() -> None:
    text = split(TEXT)
    found = text.passage_at(text.letters.index("inthesouth"))
    assert found is not None
    assert found.parts == parts_of("Art 2(a) bullet 2")
    assert text.passage_at(len(text.letters)) is None


# ------------------------------------------------------------------ comparing
def test_what_fits_has_no_findings_and_leaves_nothing_out(encoding: Callable[..., Read]) -> None:
    found = coverage(encoding(), split(TEXT), EN)
    assert (found.missing, found.findings) == ((), ())
    assert [(one.provision, one.state, one.line) for one in found.stretches] == [
        ("Art 1", "encoded", 4),
        ("Art 2(a)", "encoded", 11),
        ("Art 2(b)", "encoded", 15),
        ("Art 3", "statement", 21),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("verb: requests", "verb: urges", "a: `verb` is 'urges', and its stretch stands under 'requests'"),
        ("verb: decides", "verb: notes", "d: `verb` is 'notes', and its stretch stands under 'decides'"),
        ("phrase: by 30", "phrase: on 30", "a: `phrase` quotes 'on 30 June 2026': not in Art 1"),
        ('{by: "2026-06-30"}', '{by: "2026-07-30"}', "a: `deadline`: 30 July 2026 is not printed in Art 1"),
        ('at-least: "30%"', 'at-least: "1/3"', "a: `target`: 1/3 is not printed in Art 1"),
        ('share: boxes, at-least: "30%"', "count: boxes, at-least: 289", "a: `target`: 289 is not printed in Art 1"),
        ("on 13,289", "on 13,288", "a: `action`: 13,288 is not printed in Art 1"),
        ("for 3 months", "for 4 months", "b: `action`: 4 months is not printed in Art 2(a)"),
        ("[to close it", "[and close it", "c: the words 'and close it' do not stand in Art 2(b)"),
        ("[to close it", "[o", "c: the words 'o' stand 4 times in Art 2(b)"),
        ("to remain, 1 May", "to remain, 2 May", "d: the words '2 May 2027' do not follow in Art 3"),
        ("provision: Art 3", "provision: Art 4", "d: the text has no Art 4"),
        (
            "letter of 1 Feb",
            "letter of 2 Feb",
            "events.heard: `date`: neither `source` nor `why` says 1 February 2026",
        ),
        (
            'date: "2026-06-30", p',
            'date: "2026-06-29", p',
            "events.begun: `date`: 29 June 2026 is not printed",
        ),
        ("provision: Art 1}", "provision: Art 9}", "events.begun: the text has no Art 9"),
        ("secretary: {}", "secretary: {name: Office 77}", "parties.secretary: 77 is printed nowhere in the text"),
    ],
)
def test_what_does_not_fit_is_told(encoding: Callable[..., Read], old: str, new: str, told: str) -> None:
    assert any(one.startswith(told) for one in wrong(encoding(old, new)))


def test_a_stretch_without_an_entry_is_missing_unless_it_is_set_aside(encoding: Callable[..., Read]) -> None:
    entry = ENCODING[ENCODING.index("- {id: c") : ENCODING.index("- {id: d")]
    assert wrong(encoding(entry)) == ["MISSING Art 2: ; (b) to close it, as appropriate;"]
    aside = "set-aside: [{provision: Art 2(b), words: [to close it, as appropriate], why: no such closing}]\n"
    assert wrong(encoding(entry, more=aside)) == []


def test_an_entry_without_words_covers_nothing(encoding: Callable[..., Read]) -> None:
    told = wrong(encoding("   words: [Decides to remain, 1 May 2027],", "  "))
    assert "d: `words` is missing: it is not said which stretch this covers" in told
    assert told[-1].startswith("MISSING Art 3")


def test_a_stretch_under_no_verb_is_told(encoding: Callable[..., Read]) -> None:
    told = wrong(encoding("Decides to remain", "Desires to remain"), TEXT.replace("Decides", "Desires"))
    assert told == ["d: `verb` is 'decides', and its stretch stands under none that the encoding names"]


def test_fingerprints_follow_the_text_and_stand_once(encoding: Callable[..., Read], tmp_path: Path) -> None:
    path, read = tmp_path / "t.yaml", encoding()
    for _ in range(2):
        path.write_text(with_fingerprints(path.read_text("utf-8"), read.instrument, split(TEXT)), encoding="utf-8")
    assert path.read_text("utf-8").count("fingerprints:") == 1
    again = read_encoding(path, load_rules(None).verbs)
    assert wrong(again) == []
    assert "fingerprints: the text of Art 3 is not the one that was compared" in wrong(
        again, TEXT.replace("seized", "busy")
    )
    assert "fingerprints: paragraph 4 of the text has none" in wrong(again, TEXT + "4. Ends.\n")
    assert "fingerprints: the text has no Art 3" in wrong(again, TEXT[: TEXT.index(" 3. Decides")])


def test_a_fingerprint_has_its_form(encoding: Callable[..., Read]) -> None:
    with pytest.raises(BadFile, match="`sha256:12` is not a fingerprint"):
        encoding(more='fingerprints: {Art 1: "sha256:12"}\n')


def test_entries_and_stretches_are_counted_without_a_text(encoding: Callable[..., Read]) -> None:
    assert counted(encoding().instrument) == {"Art 1": (1, 1), "Art 2": (2, 2), "Art 3": (1, 1)}


# ------------------------------------------------------------------ words
def test_words_that_nothing_accounts_for_are_ranked(encoding: Callable[..., Read]) -> None:
    read = encoding(", limits: [{discretion: as appropriate}]")
    left = [one for one in lint(read, split(TEXT), EN) if not one.accounted]
    assert [(one.rank, one.sort, one.provision, one.line, one.words) for one in left] == [
        ("should", "limiting", "2(b)", 15, "as appropriate")
    ]


def test_a_day_that_an_event_holds_is_accounted_for(encoding: Callable[..., Read]) -> None:
    bare = encoding(' deadline: {by: "2026-06-30"}, phrase: by 30 June 2026,')
    assert [one for one in lint(bare, split(TEXT), EN) if one.rank == "must" and not one.accounted] == []


@pytest.mark.parametrize(
    ("aside", "missing"),
    [("from 3 to 7 May and from 1 to 5 June", []), ("7 May and 5 June", []), ("7 May and 6 June", ["6 June"])],
)
def test_words_set_aside_are_quoted_whole_or_part_by_part(
    aside: str, missing: list[str], encoding: Callable[..., Read]
) -> None:
    """An "and" of the text belongs to the quotation; else it parts several."""
    text = TEXT.replace("for three months;", "for three months, from 3 to 7 May and from 1 to 5 June;")
    read = encoding('["three months: how long"]', f'["three months: how long", "{aside}: past"]')
    assert [one for one in wrong(read, text) if "not-a-clock" in one] == [
        f"b: `not-a-clock` quotes {words!r}: not in Art 2(a)" for words in missing
    ]
    left = [one.words for one in lint(read, split(text), EN) if one.provision.startswith("2(a)") and not one.accounted]
    assert (left == []) is (aside.startswith("from"))


def test_an_entry_of_no_provision_accounts_for_nothing(encoding: Callable[..., Read]) -> None:
    left = [
        one.words
        for one in lint(encoding("provision: Art 3", "provision: Art 4"), split(TEXT), EN)
        if not one.accounted
    ]
    assert left == ["until 1 May 2027"]


def test_french_has_its_own_words(encoding: Callable[..., Read]) -> None:
    text = split(
        "1. Prie de faire rapport au plus tard le 1er mai 2027, selon qu\u2019il convient, dans dix-huit mois."
    )
    found = [(one.rank, one.words) for one in lint(encoding(), text, tongue("fr"))]
    assert found == [
        ("must", "au plus tard le 1er mai 2027"),
        ("must", "dans dix-huit mois"),
        ("should", "selon qu\u2019il convient"),
    ]


def test_a_language_without_a_list_is_refused() -> None:
    with pytest.raises(BadInput, match="'xx' is no language with a list of phrases; there are en, fr"):
        tongue("xx")


# ------------------------------------------------------------------ reading
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no paragraph", "has no paragraph that begins with `1.`"),
        (b"1. \xff", "is not UTF-8 text"),
        (b"x" * (LARGEST_TEXT + 1), "is larger than 16 MiB"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        read_text(path)


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_text(tmp_path / "none.txt")
