"""Invented texts, as a PDF would give them up: how they are split, what is drafted, what an earlier one lends."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.comparing import read_encoding
from duewatch.engine.encoding.coverage import coverage
from duewatch.engine.encoding.heading import head_of
from duewatch.engine.encoding.likening import differences
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import named, parts_of, split
from duewatch.engine.encoding.starting import Wanted, draft
from duewatch.engine.encoding.timewords import sought_in
from duewatch.engine.encoding.tongue import tongue
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from duewatch.engine.encoding.comparing import Read
    from duewatch.engine.encoding.starting import Drafted

EN = tongue("en")
VERBS = load_rules(None).verbs
ASSEMBLY = """United Nations
A/RES/99/7

General Assembly
Distr.: General
2 March 2030

30-00001 (E)
*3000001*

Resolution adopted by the General Assembly
on 1 March 2030

99/7. Archives of the
old house

The General Assembly,

Recalling its resolution 98/1 of 3 May 2029,

I

The archive

Recalling its
resolution 97/1, 1

1.
Requests the Secretary to re-
port, no later than 15 June 2030, on the archive,2 which was opened in the year
2029. The Assembly was told so, and encourages Member States to visit it
annually, subject to
______________

1 See 1 January 2001.

2 Records of 2 January 2002.

A/RES/99/7
Archives of the old house

30-00001
2/3

the rules;

II

The garden

1.
Decides that the garden shall be open:

(a)
On weekdays;

(b)
Pending a decision, on Sundays;

2.
Also decides to remain seized of the garden described in paragraph
(a) above.

III

The gate

Takes note of the gate.

9th plenary meeting
1 March 2030

Archives of the old house
A/RES/99/7

3/3
30-00001

Annex

Rules

Rule 1

Gate

The gate shall be closed.

Rule 2

Keys

1.
The keeper shall hold the keys until the keeper\u2019s term ends.
2.
Keys may be lent.
"""


@pytest.fixture
def drafted(tmp_path: Path) -> Callable[..., Drafted]:
    """Draft an encoding of a text in a folder of its own, perhaps beside an earlier one."""

    def make(text: str, like: str = "", like_text: str = "", **more: str) -> Drafted:
        (tmp_path / "new.txt").write_text(text, encoding="utf-8")
        earlier, earlier_text = tmp_path / "old.yaml", tmp_path / "old-text.txt"
        earlier.write_text(like, encoding="utf-8")
        earlier_text.write_text(like_text, encoding="utf-8")
        lent = {"like": earlier} if like else {}
        lent |= {"like_source": earlier_text} if like_text else {}
        return draft(Wanted(tmp_path / "new.txt", "en", **lent, **more), VERBS)  # type: ignore[arg-type]

    return make


@pytest.fixture
def reread(tmp_path: Path) -> Callable[[Drafted], Read]:
    """Read a draft as everybody else will read it."""

    def read(made: Drafted) -> Read:
        (tmp_path / "draft.yaml").write_text(made.content, encoding="utf-8")
        return read_encoding(tmp_path / "draft.yaml", VERBS)

    return read


def names_in(text: str) -> list[str]:
    return [named(one.parts, "Art", one.sort) for one in split(text).passages.values()]


# ------------------------------------------------------------------ splitting
def test_sections_annexes_rules_and_what_has_no_number_get_names_of_their_own() -> None:
    assert names_in(ASSEMBLY) == [
        "Section I Art 1",
        "Section II Art 1",
        "Section II Art 1(a)",
        "Section II Art 1(b)",
        "Section II Art 2",
        "Section III",
        "Annex Rule 1",
        "Annex Rule 2(1)",
        "Annex Rule 2(2)",
    ]


def test_a_name_is_found_again_as_lawyers_cite_it() -> None:
    text = split(ASSEMBLY)
    for provision in ("Section II Art 1(b)", "Annex Rule 2(1)", "Section III", "Annex rule 1"):
        assert text.passage(provision) is not None, provision
    assert text.passage("Art 1") is None
    assert split("1. Decides.\n2. Ends.").passage("Section 2") is not None
    for provision in (
        "Annex IV Art 3(a)",
        "Annex 2 Art 3",
        "Annex Art 2(a)",
        "Section I.A Art 2 bullet 1",
        "Section II(a)",
    ):
        assert named(parts_of(provision), "Art") == provision


def test_headers_footnotes_and_headings_are_cut_out_and_sentences_go_on_over_them() -> None:
    text = split(ASSEMBLY)
    first = text.passages["section", "I", "1"]
    assert text.words(range(first.start, first.end)).endswith("visit it annually, subject to the rules;")
    assert "2029.TheAssembly" in text.letters
    for gone in ("Archivesofthe", "30-00001", "Recordsof", "plenary", "Thegarden", "Keys1"):
        assert gone not in text.letters


def test_a_page_laid_out_in_columns_is_cut_out_too() -> None:
    text = """United Nations     A/RES/99/7
   99/7. Old house

   1. Decides to keep

____________
1 Note.
3/9        30-00001
\fA/RES/99/7            Old house

   the archive, see A/RES/99/7;

   2. Ends.
"""
    found = split(text)
    assert found.letters == "1.Decidestokeepthearchive,seeA/RES/99/7;2.Ends."


def test_one_series_of_numbers_runs_through_sections() -> None:
    text = "I\n\nFirst\n\n1. Decides to begin;\n\nII\n\nSecond\n\n2. Decides to go on;\n\n3. Decides to end.\n"
    assert names_in(text) == ["Art 1", "Art 2", "Art 3"]


def test_paragraphs_of_a_document_without_numbers_are_counted() -> None:
    text = (
        "The General Assembly,\n\nHaving considered the report,1\n\nApproves the report;\n\nAlso approves the note.\n"
    )
    assert names_in(text) == ["Art 1", "Art 2"]


def test_letters_within_a_section_part_its_numbers_where_they_begin_again() -> None:
    text = "I\n\nA\n\n1. One;\n\n2. Two;\n\nB\n\n1. One;\n\nII\n\n1. One.\n"
    assert names_in(text) == ["Section I.A Art 1", "Section I.A Art 2", "Section I.B Art 1", "Section II Art 1"]


def test_an_item_that_a_sentence_refers_to_is_none() -> None:
    assert "Section II Art 2(a)" not in names_in(ASSEMBLY)


def test_a_roman_item_after_h_is_told_from_the_letter_i() -> None:
    letters = "".join(f"({letter}) act {letter};\n" for letter in "abcdefg")
    nested = f"1. Decides:\n{letters}(h) act:\n(i) at once;\n(ii) later;\n(i) rest."
    assert names_in(nested)[8:] == ["Art 1(h)", "Art 1(h)(i)", "Art 1(h)(ii)", "Art 1(i)"]


def test_a_word_broken_at_the_end_of_a_line_is_one_word() -> None:
    text = split("1. Re-\nquests a report im-\nmediately, and at its eighty-\nsecond session.")
    found = {text.words(hit.at) for hit in sought_in(text, EN, date.min, VERBS["un-sc"])}
    assert found == {"im-mediately", "at its eighty-second session"}


# ------------------------------------------------------------------ what a text says of itself
def test_the_head_of_a_text_is_read_and_nothing_is_guessed() -> None:
    head = head_of(ASSEMBLY, EN)
    assert (head.symbol, head.title) == ("A/RES/99/7", "Archives of the old house")
    assert (head.adopted, head.dated) == (date(2030, 3, 1), date(2030, 3, 2))
    bare = head_of("1. Decides to stay seized.", EN)
    assert (bare.symbol, bare.title, bare.adopted) == ("", "", date.min)


# ------------------------------------------------------------------ time words
@pytest.mark.parametrize(
    ("sentence", "rank"),
    [
        ("report by the end of its eighty-second session", "must"),
        ("report on a biennial basis", "must"),
        ("report within thirty-five days", "must"),
        ("report before the commencement of the session", "must"),
        ("report at the second part of its resumed ninety-first session", "must"),
        ("report by mid-2031", "must"),
        ("report not later than six months before the review", "must"),
        ("act pending the review", "must"),
        ("decide all pending cases", "may"),
        ("act as soon as possible", "should"),
        ("report in the context of his next progress report", "should"),
        ("apply resolution 90/1 of 4 March 2031", "may"),
        ("apply the rules adopted by the Council at its fortieth session", "may"),
        ("act on the forecast that ten per cent are predicted to be lost by 2050", "may"),
        ("use what was held on 3 May 2029", "may"),
        ("spend it for the period from 1 July 2031 to 30 June 2032", "should"),
        ("allow it, as the decision may show in 12 may cases", "may"),
    ],
)
def test_time_words_are_ranked_by_what_stands_about_them(sentence: str, rank: str) -> None:
    text = split(f"1. Requests the Secretary to {sentence}.")
    ranks = {hit.rank for hit in sought_in(text, EN, date(2030, 3, 1), VERBS["un-ga"]) if hit.sort == "time"}
    assert min(ranks | {"may"}, key=["must", "should", "may"].index) == rank


def test_a_rhythm_that_is_only_noted_is_no_must() -> None:
    text = split("1. Notes that it meets annually, and requests the Secretary to report annually.")
    hits = sorted(sought_in(text, EN, date.min, VERBS["un-ga"]), key=lambda hit: hit.at.start)
    assert [hit.rank for hit in hits] == ["should", "must"]


# ------------------------------------------------------------------ drafting
def test_a_draft_loads_covers_its_text_and_decides_nothing(drafted: Callable, reread: Callable) -> None:
    made = drafted(ASSEMBLY)
    read = reread(made)
    found = coverage(read, split(ASSEMBLY), EN)
    assert (found.missing, found.findings) == ((), ())
    assert {one.state for one in found.stretches} == {"todo"}
    assert read.instrument.still_to_decide == made.todo
    written = {name for one in read.instrument.obligations for name in one.flat if one.origins.get(name) == "entry"}
    assert written == {"id", "provision", "words", "verb", "modality", "bearer", "phrase", "todo"}
    assert made.verbs == "un-ga"


def test_a_draft_proposes_whom_and_when_in_words_of_the_text(drafted: Callable, reread: Callable) -> None:
    entries = {one.id: one for one in reread(drafted(ASSEMBLY)).instrument.obligations}
    asked, encouraged = entries["sI.op01.1"].flat, entries["sI.op01.2"].flat
    assert (asked["verb"], asked["bearer"], asked["phrase"]) == ("requests", "secretary", "no later than 15 June 2030")
    assert (encouraged["verb"], encouraged["bearer"]) == ("encourages", "member-states")
    assert 'limits: of which sort is "subject to the rules"?' in encouraged["todo"]
    first, second = entries["sII.op01.a"].flat, entries["sII.op01.b"].flat
    assert first["words"][0].startswith("Decides that the")  # the head goes on in its first item
    assert (second["verb"], second["phrase"]) == ("decides", "Pending a decision")
    assert entries["sIII"].flat["modality"] == "statement"


def test_a_text_that_says_nothing_of_itself_is_asked_about(drafted: Callable, reread: Callable) -> None:
    made = drafted("1. Requests the Secretary to report by 30 June 2026.\n", verbs="contract")
    assert [one.split(":")[0] for one in reread(made).instrument.todo] == ["zone", "symbol", "adopted"]
    with pytest.raises(BadInput, match="no table of verbs `x`; there are contract"):
        drafted("1. Decides.\n", verbs="x")


# ------------------------------------------------------------------ beside an earlier one
OLD = """1. Requests the Secretary to report on the archive by 30 June 2025;
2. Urges the regions to open the archive until the end of the mission;
3. Invites the regions to sing;
"""
NEW = """1. Welcomes the report;
2. Requests the Secretary to report on the archive by 30 June 2025;
3. Urges the regions to open and heat the archive until the end of the mission;
"""
ENCODED = """
instrument: {symbol: T/1, adopted: {date: "2025-01-15", how: on 15 January 2025}, zone: Europe/Paris, verbs: un-sc}
parties: {secretary: {name: Secretary}, regions: {open: true}}
events: {thaw: {date: "2025-03-01", source: a letter of 1 March 2025}}
obligations:
- under: op01
  provision: OP 1
  shared: {verb: requests, bearer: secretary}
  entries:
  - {id: report, kind: achieve, action: report, deadline: {by: "2025-06-30"}, phrase: by 30 June 2025,
     words: [Requests the Secretary, 30 June 2025], follows: [op03.sing],
     readings: {day: {default: true, why: the day is the last}, eve: {deadline: {before: "2025-06-30"}, why: or not}}}
- {id: op02.open, provision: OP 2, verb: urges, bearer: {each: regions}, kind: maintain, action: open it,
   words: [Urges the regions, the mission], until: thaw, phrase: until the end of the mission}
- {id: op03.sing, provision: OP 3, verb: invites, bearer: {each: regions}, kind: maintain, action: sing,
   words: [Invites the regions, to sing]}
"""


def test_the_same_words_keep_their_entry_under_another_number(drafted: Callable, reread: Callable) -> None:
    made = drafted(NEW, ENCODED, OLD)
    entry = next(one for one in reread(made).instrument.obligations if one.id == "op01.report")
    assert (entry.provision, entry.flat["deadline"]) == ("OP 2", {"by": "2025-06-30"})
    assert "readings" not in entry.flat
    assert "follows" not in entry.flat  # what it followed is gone
    assert [one.split(":")[0] for one in entry.todo] == ["readings", "follows"]


def test_changed_and_lost_paragraphs_are_told_word_by_word(drafted: Callable, reread: Callable) -> None:
    made = drafted(NEW, ENCODED, OLD)
    assert (
        "# CHANGED since OP 2 of the earlier text:\n#   ... the regions to open {+and heat+} the archive until the"
        in made.content
    )
    assert "#   earlier: - id: op02.open" in made.content
    assert "# GONE: OP 3 of the earlier text: op03.sing" in made.content
    assert made.likeness is not None
    assert (len(made.likeness.same), len(made.likeness.changed), len(made.likeness.dropped)) == (1, 1, 1)
    assert coverage(reread(made), split(NEW), EN).missing == ()


def test_a_day_that_the_text_does_not_print_is_not_carried_over(drafted: Callable, reread: Callable) -> None:
    read = reread(drafted(NEW, ENCODED, OLD))
    assert read.instrument.events["thaw"].day is None
    assert any("events.thaw: on which day? Earlier it was 2025-03-01" in one for one in read.instrument.todo)


SEVERAL = ENCODED.replace(
    "events: {", 'periods: {mission: {from: adoption, until: "2025-06-30", provision: OP 1}}\nevents: {'
).replace(
    "obligations:",
    "set-aside: [{provision: OP 2, words: [Urges the regions, the mission], why: a motive}]\nobligations:",
)


def test_what_stands_beside_the_entries_moves_with_the_paragraph_that_prints_it(
    drafted: Callable, reread: Callable
) -> None:
    new = OLD.replace("2. Urges", "3. Urges").replace("3. Invites", "4. Invites").replace("1. Req", "2. Req")
    encoded = SEVERAL.replace(
        "words: [Invites the regions, to sing]", "words: [Invites the regions, to sing], about: OP 2"
    )
    encoded = re.sub(r"- \{id: op02.*?\n.*?\n", "", encoded)
    read = reread(drafted(f"1. Welcomes the report;\n{new}", encoded, OLD))
    assert read.tree["periods"]["mission"]["provision"] == "OP 2"
    assert read.tree["set-aside"][0]["provision"] == "OP 3"
    sing = next(one for one in read.instrument.obligations if one.id == "op03.sing")
    assert "about: OP 2 of the earlier text is OP 3 now; which one is meant?" in sing.todo
    found = coverage(read, split(f"1. Welcomes the report;\n{new}"), EN)
    assert (found.missing, found.findings) == ((), ())
    assert (read.instrument.zone, read.instrument.todo[0]) == (
        "Europe/Paris",
        "zone: as in the earlier encoding; so here too?",
    )


def test_without_the_earlier_text_fingerprints_are_compared(drafted: Callable) -> None:
    with pytest.raises(BadInput, match="has no fingerprints to compare with; give its text"):
        drafted(NEW, ENCODED)
    old = split(OLD)
    prints = "".join(f'  OP {one.parts[0]}: "{old.fingerprint(one)}"\n' for one in old.paragraphs)
    made = drafted(NEW, f"{ENCODED}fingerprints:\n{prints}")
    assert "as in OP 1 of the earlier text" in made.content
    assert '#   quoted then, and not there now: "Invites the regions"' not in made.content
    assert "CHANGED since OP 2" in made.content


def test_differences_show_a_few_words_about_them() -> None:
    assert list(differences("a b c d e f g", "a b c d E f g h")) == ["a b c d [-e-] {+E+} f g", "... d e f g {+h+}"]
