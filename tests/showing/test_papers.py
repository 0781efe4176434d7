"""A paper in its forms: Markdown, a page, a Word file; and what changed in the table of cycles since an edition."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from duewatch.engine.judgement.cells import csv_sheet
from duewatch.engine.judgement.cycling import Cycles, Delivered, End, Line, MovedEnd
from duewatch.engine.problems import BadFile, BadInput
from duewatch.engine.showing import wordfile
from duewatch.engine.showing.cycles import (
    COLUMNS,
    By,
    Shown,
    earlier_in,
    earlier_of,
    groups_of,
    paper_of,
    rows_of,
    under_present_names,
)
from duewatch.engine.showing.page import as_page
from duewatch.engine.showing.paper import Paper, Row, Section, Table, as_markdown
from duewatch.engine.words import Party

STAMP = datetime(2021, 10, 5, 12, tzinfo=UTC)
PARTIES = {"X": {"sg": Party(name="sg", title="Secretary-General", short="SG"), "council": Party(name="council")}}
LINE = Line(
    instrument="X",
    obligation="a.report",
    member="",
    provision="OP 1",
    bearers=("sg",),
    organs=("council",),
    topics=("reporting", "force"),
    action="report | <b>soon</b>",
    cycle="every 3 months",
    last=Delivered(date(2021, 9, 29), "=S/1"),
    next_due=date(2021, 12, 29),
    end=End("mandate", is_first=True, day=date(2022, 6, 30)),
    is_mandate=False,
    remarks=("@who",),
    lateness=("6 days late",),
)
MANDATE = replace(
    LINE,
    obligation="b.mandate",
    bearers=(),
    organs=(),
    topics=(),
    is_mandate=True,
    next_due=None,
    last=None,
    remarks=(),
)


def table(*lines: Line) -> Cycles:
    return Cycles(date(2021, 10, 5), STAMP, 7, lines, PARTIES, ())


class Outline(HTMLParser):
    """Every tag that is opened, and whether all that are opened are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in {"meta", "col"}:
            self.open.append(tag)
        assert not {"src", "onclick"} & dict(attrs).keys()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert not found.open
    return found


# ------------------------------------------------------------------ forms
def test_a_page_is_whole_loads_nothing_and_shows_texts_as_they_are() -> None:
    page = as_page(paper_of(Shown(table(LINE), "month")))
    seen = outline(page).seen
    assert not {"script", "link", "img", "iframe", "b"} & set(seen)
    assert "report | &lt;b&gt;soon&lt;/b&gt;" in page
    assert not re.search(r"url\(|https?:", page)
    assert '<html lang="en">' in page
    assert seen.count("th") == 9 + 1  # the names of the columns, and the paragraph that names the row
    assert '<th scope="row">OP 1</th>' in page
    assert seen.count("col") == 9  # so that the tables of all groups have their columns under each other


def test_markdown_shows_the_same_cells() -> None:
    text = as_markdown(paper_of(Shown(table(LINE), "month")))
    assert r"report \| \<b>soon\</b>" in text
    assert "| =S/1, 29 Sep 2021 | 29 Dec 2021 | 30 Jun 2022 |" in text
    assert text.endswith("## Short names\n\n- SG: Secretary-General")


def test_a_word_file_reads_back_with_its_tables() -> None:
    import docx

    shown = Shown(table(LINE, MANDATE), "bearer", earlier_of(table(MANDATE), "then"), lateness=True)
    document = docx.Document(io.BytesIO(wordfile.as_word(paper_of(shown), stamp=STAMP)))
    assert document.core_properties.title == "Reporting and mandate cycles"
    assert document.core_properties.created.replace(tzinfo=UTC) == STAMP
    assert document.sections[0].page_width > document.sections[0].page_height
    [first, second] = document.tables
    cells = [[cell.text for cell in row.cells] for row in first.rows]
    assert cells[0][0] == "changed"
    assert (cells[1][0], cells[1][2], cells[1][-1]) == ("new", "OP 1", "6 days late")
    assert second.rows[1].cells[0].text == ""
    assert "tblHeader" in first.rows[0]._tr.xml
    assert {column.width for column in first.columns} != {first.columns[0].width}


def test_no_character_of_a_text_breaks_a_word_file() -> None:
    rows = (Row(("a\x0bb\u00a0c",)),)
    paper = Paper(
        title="t", lines=(), sections=(Section(heading="h", table=Table(columns=("x",), rows=rows, widths=(1,))),)
    )
    assert wordfile.as_word(paper, stamp=STAMP)


def test_without_its_package_a_word_file_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordfile, "find_spec", lambda _name: None)
    with pytest.raises(BadInput, match=r"duewatch\[documents\]"):
        wordfile.as_word(paper_of(Shown(table(), "month")), stamp=STAMP)


# ------------------------------------------------------------------ the table
@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("month", ["December 2021", "June 2022"]),
        ("organ", ["council", "Owed to nobody by name"]),
        ("topic", ["force", "reporting", "Without a topic of its own"]),
        ("bearer", ["Secretary-General", "Nobody named"]),
    ],
)
def test_each_grouping_has_its_headings_and_what_belongs_to_none_comes_last(by: By, headings: list[str]) -> None:
    assert [heading for heading, _ in groups_of(table(LINE, MANDATE), by)] == headings


def test_lateness_is_said_only_on_request() -> None:
    quiet, asked = (Shown(table(LINE), "month", lateness=one) for one in (False, True))
    assert "late" not in as_page(paper_of(quiet)).replace("translate", "").partition("<body>")[2]
    assert "6 days late" in as_page(paper_of(asked))
    assert [next(rows_of(one))["lateness"] for one in (quiet, asked)] == ["", "6 days late"]


def test_a_moved_end_is_told_at_the_head() -> None:
    moved = MovedEnd("X", "mandate", date(2022, 6, 30), date(2023, 6, 30), "S/2")
    lines = paper_of(Shown(replace(table(LINE), moved_ends=(moved,)), "month")).lines
    assert lines == (
        "As of 5 Oct 2021; known to 5 Oct 2021, 12:00 UTC (entry 7 of the ledger).",
        "The mandate of X was to end on 30 Jun 2022; it ends on 30 Jun 2023 (S/2).",
    )


# ------------------------------------------------------------------ an earlier edition
def as_file(cycles: Cycles) -> str:
    return csv_sheet(COLUMNS, rows_of(Shown(cycles, "topic")))


def test_a_file_of_csv_says_what_it_was_made_from_and_computes_nothing() -> None:
    rows = list(csv.DictReader(io.StringIO(as_file(table(LINE)))))
    assert [row["group"] for row in rows] == ["force", "reporting"]
    assert (rows[0]["last_symbol"], rows[0]["remarks"]) == ("'=S/1", "'@who")
    assert (rows[0]["as_of"], rows[0]["known_to"]) == ("2021-10-05", "2021-10-05T12:00:00Z")


def marks(shown: Shown) -> list[object]:
    return [row["changed"] for row in rows_of(shown)]


def test_what_changed_since_the_file_of_an_edition_is_marked_line_by_line() -> None:
    earlier = earlier_in("\ufeff" + as_file(table(LINE, MANDATE)), "then.csv")
    assert earlier.name == "the edition of 5 Oct 2021"
    assert marks(Shown(table(LINE, MANDATE), "month", earlier)) == ["", ""]
    moved = replace(LINE, next_due=date(2022, 3, 29), last=Delivered(date(2021, 12, 20), "S/2"))
    new = replace(LINE, obligation="c.other")
    shown = Shown(table(moved, new), "month", earlier)
    assert marks(shown) == ["new", "last delivered, next due (was 29 Dec 2021)"]
    paper = paper_of(shown)
    assert paper.lines[-1].startswith("Since the edition of 5 Oct 2021: 2 lines have changed, 1 no longer listed; ")
    gone = paper.sections[-1]
    assert gone.heading == "No longer listed"
    assert gone.table is not None
    assert [row.cells[0] for row in gone.table.rows] == ["no longer listed"]
    assert all(row.is_marked for row in gone.table.rows)


def test_an_entry_that_was_renamed_is_compared_with_itself() -> None:
    before = earlier_of(table(LINE), "then")
    renamed = replace(LINE, obligation="z.account", next_due=date(2022, 3, 29))
    earlier = under_present_names(before, {"X#a.report": "X#z.account"})
    assert marks(Shown(table(renamed), "month", earlier)) == ["next due (was 29 Dec 2021)"]
    assert marks(Shown(table(renamed), "month", before)) == ["new"]


def test_how_late_something_is_marks_no_line() -> None:
    earlier = earlier_of(table(LINE), "then")
    assert marks(Shown(table(replace(LINE, lateness=("7 days late",))), "month", earlier)) == [""]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "occurrence,status\n"])
def test_a_file_that_is_no_edition_is_refused(content: str) -> None:
    with pytest.raises(BadFile, match=r"then\.csv:1:1: this is no edition .*--format csv"):
        earlier_in(content, "then.csv")
