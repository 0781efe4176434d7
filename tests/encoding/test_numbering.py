"""Where paragraphs and items begin in texts that make it hard: tables, quoted paragraphs, late numbers, odd bullets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.comparing import read_text
from duewatch.engine.encoding.drafting import id_of, pieces_of
from duewatch.engine.encoding.heading import NO_DAY
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.source_text import named, split
from duewatch.engine.encoding.tongue import tongue
from duewatch.engine.problems import BadInput

if TYPE_CHECKING:
    from pathlib import Path

EN = tongue("en")
VERBS = load_rules(None).verbs
CONTRACT = """AGREEMENT

1. DEFINITIONS

1.1 In this Agreement "Goods" means goods.

2 DELIVERY

2.1 The Supplier shall deliver within 30 days, or such longer time as clause
2.5 of the Schedule allows.

2.2 If the Buyer does not pay, the Supplier may:

(a) suspend delivery; and

(b) terminate on 10 Business Days' notice.

2.2.1 The notice is given in writing.

3. TERM

3.1 This Agreement continues until 31 December 2031.

SCHEDULE 1

Fees

1. The Supplier shall review the fees annually.
"""


def names_in(text: str) -> list[str]:
    return [named(one.parts, "Art", one.sort) for one in split(text).passages.values()]


def words_of(text: str, provision: str) -> str:
    found = split(text)
    passage = found.passage(provision)
    assert passage is not None, provision
    return found.words(range(passage.start, passage.end))


# ------------------------------------------------------------------ numbers
def test_the_numbers_of_a_table_are_no_paragraphs() -> None:
    wide = "1. Approves:\n\n      Item     2030\n      1. Staff      10\n      2. Travel     20\n\n"
    narrow = "1. Approves:\n\n1.\n\nStaff\n\n2.\n\nTravel\n\n"
    for table in (wide, narrow):
        text = f"{table}2. Requests the Secretary to report by May;\n\n3. Decides to stay seized of it.\n"
        assert names_in(text) == ["Art 1", "Art 2", "Art 3"]
        assert words_of(text, "Art 2").startswith("2. Requests the Secretary")


def test_a_paragraph_that_another_one_quotes_is_none_of_its_own() -> None:
    text = (
        "1. Decides that the paragraphs shall read:\n\n“2. Requests the Secretary to report every month;\n\n"
        "3. Urges all States to pay for it.”\n\n2. Calls upon all States to sing;\n\n3. Decides to stay seized of it.\n"
    )
    assert names_in(text) == ["Art 1", "Art 2", "Art 3"]
    assert words_of(text, "Art 3") == "3. Decides to stay seized of it."


def test_numbers_that_were_put_in_later_have_paragraphs_of_their_own() -> None:
    text = "1. Decides it;\n\n1 bis. Urges it;\n\n2. Notes it;\n\n2a. Requests it;\n\n2b. Invites it;\n\n3. Ends it.\n"
    assert names_in(text) == ["Art 1", "Art 1 bis", "Art 2", "Art 2a", "Art 2b", "Art 3"]
    assert words_of(text, "OP 1 bis") == "1 bis. Urges it;"
    assert split(text).passage("OP 1") != split(text).passage("OP 1 bis")
    assert id_of(("1 bis",), "OP") == "op01bis"


def test_numbers_as_a_draft_under_negotiation_has_them() -> None:
    text = "PP1 Recalling its work,\n\nOP1. Requests the Secretary to report;\n\nOP 2. Decides to stay.\n"
    assert names_in(text) == ["Art 1", "Art 2"]
    [first, _] = pieces_of(split(text), EN, NO_DAY, VERBS["un-sc"])
    assert (first.verb, first.words) == ("requests", ("Requests the Secretary", "Secretary to report"))


def test_clauses_of_a_contract_have_decimal_numbers_under_their_headings() -> None:
    assert names_in(CONTRACT) == [
        "Art 1", "Art 1.1", "Art 2", "Art 2.1", "Art 2.2", "Art 2.2(a)", "Art 2.2(b)", "Art 2.2.1", "Art 3", "Art 3.1",
        "Annex 1 Art 1",
    ]  # fmt: skip
    assert words_of(CONTRACT, "cl 2.1").endswith("as clause 2.5 of the Schedule allows.")
    assert words_of(CONTRACT, "Schedule 1 cl 1").endswith("review the fees annually.")
    pieces = pieces_of(split(CONTRACT), EN, NO_DAY, VERBS["contract"])
    first = next(one for one in pieces if one.provision == "Clause 2.1")
    assert first.words is not None
    assert first.words[0] == "The Supplier shall"  # neither the heading nor the number
    assert first.who == "The Supplier"


# ------------------------------------------------------------------ items
def test_items_may_have_half_a_bracket_and_a_line_of_their_own() -> None:
    text = "1. Décide :\n\na)\n\nDe créer un fonds ;\n\nb) De le tenir :\n\ni) pour tous ;\n\nii) pour toujours.\n"
    assert names_in(text) == ["Art 1", "Art 1(a)", "Art 1(b)", "Art 1(b)(i)", "Art 1(b)(ii)"]
    assert names_in("1. Decides on the rule of\nx) the Statute;\n\ny) of none.\n") == ["Art 1"]


@pytest.mark.parametrize("bullet", ["–", "—", "•", "●", "\uf0b7", "-"])  # noqa: RUF001 (the dash of printed bullets)
def test_bullets_are_told_by_any_of_their_signs(bullet: str) -> None:
    text = f"1. Urges all States to:\n\n{bullet} pay what they owe;\n\n{bullet} sing.\n"
    assert names_in(text) == ["Art 1", "Art 1 bullet 1", "Art 1 bullet 2"]
    words = [one.words for one in pieces_of(split(text), EN, NO_DAY, VERBS["un-sc"])]
    assert words[1] == ("sing", "sing")


def test_lists_without_end_within_one_another_lose_no_letter() -> None:
    text = split("1. Requests:\n" + "(a) one;\n(b) two;\n" * 40)
    assert max(len(one.parts) for one in text.passages.values()) < 12
    assert text.letters.count("two") == 40
    assert text.passages["1",].end == len(text.letters)


def test_every_letter_belongs_to_the_innermost_provision_around_it() -> None:
    text = split("1. Requests:\n\n(a) one:\n\n– inner;\n\n(b) two.\n\n2. Ends it.\n")  # noqa: RUF001 (a printed bullet)
    found = {word: text.passage_at(text.letters.index(word)) for word in ("Requests", "one", "inner", "two", "Ends")}
    assert [named(one.parts) for one in found.values() if one] == ["1", "1(a)", "1(a) bullet 1", "1(b)", "2"]
    assert text.passage_at(len(text.letters)) is None


# ------------------------------------------------------------------ files
def test_line_ends_and_invisible_signs_of_any_system_change_nothing(tmp_path: Path) -> None:
    plain = "1. Requests the Secretary to report;\n\n2. Decides to stay.\n"
    (tmp_path / "plain.txt").write_bytes(plain.encode())
    wanted = read_text(tmp_path / "plain.txt")
    for name, content in {
        "crlf": plain.replace("\n", "\r\n").encode(),
        "cr": plain.replace("\n", "\r").encode(),
        "bom": b"\xef\xbb\xbf" + plain.encode(),
        "hidden": plain.replace("Secretary", "Sec\x02re\u200btary").encode(),
        "spaces": plain.replace(" ", "\u00a0").encode(),
    }.items():
        (tmp_path / name).write_bytes(content)
        found = read_text(tmp_path / name)
        assert (found.letters, list(found.passages)) == (wanted.letters, list(wanted.passages)), name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\nxref", "is a PDF; take the text out of it first: `pdftotext"),
        ("1. Requests".encode("utf-16-le"), "holds NUL characters"),
        (b"1. One.\n2. D\xe9cide.\n", ":2 is not UTF-8"),
        (b"Nothing is numbered here.\n", "has no paragraph that begins with `1.`"),
    ],
)
def test_what_is_no_text_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes(content)
    with pytest.raises(BadInput) as told:
        read_text(tmp_path / "t.txt")
    assert said in str(told.value)
