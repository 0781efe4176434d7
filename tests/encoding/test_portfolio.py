"""Sheets, mappings and answers: what is read, and what is refused with its cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from duewatch.engine.encoding.answers import read_answers
from duewatch.engine.encoding.mapping import read_mapping
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.portfolio import Portfolio, Row, encoding_of, read_portfolio, slug
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.encoding.shapes import Amiss
from duewatch.engine.encoding.sheets import FORMATS, Cell, day_of
from duewatch.engine.problems import BadFile, Place

HEAD = 'instrument: {symbol: P/1, title: A test, adopted: "2021-01-01", zone: Europe/Paris}\n'
COLUMNS = "columns: {key: No, action: What, due: Due, bearer: Who, done: Done}\n"
HERE = Place("sheet.csv", 2, 1)

Read = Callable[..., Portfolio]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a sheet (CSV as a text, XLSX as rows) by a mapping."""

    def reading(sheet: str | list[list[Any]], more: str = "", columns: str = COLUMNS, path: str = "") -> Portfolio:
        mapping = tmp_path / "map.yaml"
        mapping.write_text(HEAD + columns + more)
        file = tmp_path / (path or ("s.csv" if isinstance(sheet, str) else "s.xlsx"))
        if isinstance(sheet, str):
            file.write_text(sheet, encoding="utf-8")
        else:
            book = Workbook()
            book.active.title = "Contracts"
            for row in sheet:
                book.active.append(row)
            book.create_sheet("Notes").append(["nothing"])
            book.save(file)
        return read_portfolio(file, read_mapping(mapping))

    return reading


def refused(read: Read, *given: Any, **more: Any) -> str:
    with pytest.raises(BadFile) as bad:
        read(*given, **more)
    return str(bad.value)


# ------------------------------------------------------------------ days
@pytest.mark.parametrize(
    ("text", "declared", "day"),
    [
        ("2021-04-03", "", "2021-04-03"),
        ("2021-04-03", "DD/MM/YYYY", "2021-04-03"),
        ("03/04/2021", "DD/MM/YYYY", "2021-04-03"),
        ("03/04/2021", "MM/DD/YYYY", "2021-03-04"),
        ("3.4.2021", "DD.MM.YYYY", "2021-04-03"),
        ("2021/04/03", "YYYY/MM/DD", "2021-04-03"),
        ("44289", "serial", "2021-04-03"),
        ("61", "serial", "1900-03-01"),
        ("42827", "serial-1904", "2021-04-03"),
    ],
)
def test_a_day_is_read_as_declared(text: str, declared: str, day: str) -> None:
    assert day_of(Cell(HERE, text), declared) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "declared", "wrong", "right"),
    [
        ("03/04/2021", "", "does not say which number is the day", "`dates: DD/MM/YYYY` or `dates: MM/DD/YYYY`"),
        ("31/12/2021", "", "does not say which number is the day", "DD/MM/YYYY"),
        ("13/25/2021", "DD/MM/YYYY", "read as DD/MM/YYYY, is not a day of the calendar", "no month 25"),
        ("03.04.2021", "DD/MM/YYYY", "is not a date", "write it as DD/MM/YYYY"),
        ("44289", "", "is a number, not a date", "`dates: serial`"),
        ("44289", "DD/MM/YYYY", "is a number, not a date", "`dates: serial`"),
        ("59", "serial", "before March 1900", "YYYY-MM-DD"),
        ("3 April 2021", "", "is not a date", '"2021-04-03"'),
        ("03/04/21", "DD/MM/YYYY", "is not a date", "DD/MM/YYYY"),
        ("soon", "", "is not a date", "YYYY-MM-DD"),
        ("30/02/2021", "DD/MM/YYYY", "is not a day of the calendar", "28 days"),
    ],
)
def test_a_day_that_could_be_two_or_none_is_refused(text: str, declared: str, wrong: str, right: str) -> None:
    with pytest.raises(Amiss) as amiss:
        day_of(Cell(HERE, text), declared)
    assert wrong in amiss.value.wrong
    assert right in amiss.value.right


def test_every_format_reads_a_day_that_it_writes() -> None:
    for declared in FORMATS:
        text = declared.replace("DD", "03").replace("MM", "04").replace("YYYY", "2021")
        assert day_of(Cell(HERE, text), declared) == date(2021, 4, 3)


# ------------------------------------------------------------------ sheets
def test_csv_is_read_with_whatever_divides_its_fields(read: Read) -> None:
    for sign in (",", ";", "\t"):
        sheet = '\ufeffNo,What,Who,Due,Done\n7,"pay\n  the rent",Ünit A,2021-04-03,\n\n,,,,\n'.replace(",", sign)
        [row] = read(sheet).rows
        assert row == Row("7", "pay the rent", "Ünit A", "7", date(2021, 4, 3))


def test_a_workbook_is_read_as_it_shows(read: Read) -> None:
    rows = [
        ["Contracts of the unit", None, None, None, None],
        ["No", "What", "Who", "Due", "Done"],
        [7, "pay the rent", "Unit A", datetime(2021, 4, 3), None],  # noqa: DTZ001 - as spreadsheets have it
        [None, None, None, None, None],
        ["C 8", "move out", "Unit B", "04/05/2021", date(2021, 5, 4)],
    ]
    found = read(rows, "header: 2\nsheet: Contracts\ndates: DD/MM/YYYY\n")
    assert [row.key for row in found.rows] == ["7", "C 8"]
    assert [(row.due, row.done) for row in found.rows] == [
        (date(2021, 4, 3), None),
        (date(2021, 5, 4), date(2021, 5, 4)),
    ]
    assert (found.places["C 8"]["due"].line, found.places["C 8"]["due"].column) == (5, 4)


def test_every_bad_cell_of_a_workbook_is_named_with_row_and_column(read: Read) -> None:
    rows = [
        ["No", "What", "Who", "Due", "Done"],
        [1, "a", "Unit A", datetime(2021, 4, 3, 17), None],  # noqa: DTZ001
        [2, "b", "Unit A", "=TODAY()", None],
        [3, "c", "Unit A", 44289, None],
        [4, "", "Unit A", None, None],
        [1, "e", "Unit-A", None, "#REF!"],
    ]
    told = refused(read, rows)
    assert "s.xlsx:2:4: column `Due`: a time of day (17:00) stands here; put the day itself there" in told
    assert "s.xlsx:3:4: column `Due`: a formula whose value was not saved stands here" in told
    assert "s.xlsx:4:4: column `Due`: `44289` is a number, not a date; format the column as a date" in told
    assert "s.xlsx:5:2: column `What`: the cell is empty; fill it in" in told
    assert "s.xlsx:6:1: the key `1` stands in row 2 too; give each row its own" in told
    assert "s.xlsx:6:3: column `Who`: `Unit-A` would be taken for `Unit A`" in told
    assert "s.xlsx:6:5: column `Done`: the error #REF! stands here" in told


def test_what_is_no_sheet_is_refused_in_one_sentence(read: Read, tmp_path: Path) -> None:
    assert "there is no sheet `Other`; the sheets are Contracts, Notes" in refused(read, [["No"]], "sheet: Other\n")
    assert "no column is called `Done`; the columns are No, What, Who, Due" in refused(
        read, "No,What,Who,Due\n1,a,b,\n"
    )
    assert "2 columns are called `Due`" in refused(read, "No,What,Who,Due,Due,Done\n")
    assert "there is no row under" in refused(read, "No,What,Who,Due,Done\n")
    assert "s.csv:3:1: this row is blank" in refused(read, "No\n", "header: 3\n")
    assert "is no sheet that can be read; save it as .xlsx" in refused(read, "No\n", path="s.ods")
    assert "this is no workbook" in refused(read, "No,What\n", path="s.xlsx")
    assert "does not say which" in refused(read, "No,What,Who,Due,Done\n1,a,b,03/04/2021,\n")
    assert "both give the id `c-1`" in refused(read, "No,What,Who,Due,Done\nC-1,a,b,,\nC 1,a,b,,\n")
    assert "has no letter or digit" in refused(read, "No,What,Who,Due,Done\n--,a,b,,\n")
    with pytest.raises(BadFile, match="cannot be read"):
        read_portfolio(tmp_path / "none.csv", read("No,What,Who,Due,Done\n1,a,b,,\n").mapping)


DAY = datetime(2022, 6, 1)  # noqa: DTZ001 - as spreadsheets have it
NAMES = ["No", "What", "Who", "Due", "Done"]


def book_of(path: Path, fill: Callable[[Workbook], None]) -> Path:
    book = Workbook()
    book.active.append(NAMES)
    fill(book)
    book.save(path)
    return path


def test_a_workbook_that_counts_its_days_from_1904_is_not_read_by_the_other_count(read: Read, tmp_path: Path) -> None:
    def macintosh(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active.append([1, "a", "U", 43251, DAY])

    path = book_of(tmp_path / "m.xlsx", macintosh)
    known = read("No,What,Who,Due,Done\n1,a,b,,\n").mapping
    [row] = read_portfolio(path, replace(known, dates="serial-1904")).rows
    assert (row.due, row.done) == (date(2022, 6, 1), date(2022, 6, 1))
    with pytest.raises(BadFile, match="`43251` is a day number of `serial-1904`: so this workbook counts"):
        read_portfolio(path, replace(known, dates="serial"))


def test_what_a_workbook_hides_is_not_taken_for_the_sheet(read: Read, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        book.active.append([1, "of last year", "U", DAY])
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("Shown")
        shown.append(NAMES)
        shown.append([1, "of this year", "U", DAY])

    path = book_of(tmp_path / "h.xlsx", fill)
    known = read("No,What,Who,Due,Done\n1,a,b,,\n").mapping
    assert read_portfolio(path, known).rows[0].action == "of this year"
    assert read_portfolio(path, replace(known, sheet="Sheet")).rows[0].action == "of last year"


def test_a_merged_date_is_not_an_empty_one(read: Read, tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        for number in (1, 2):
            book.active.append([number, "a", "U", DAY])
        book.active.merge_cells("D2:D3")

    known = read("No,What,Who,Due,Done\n1,a,b,,\n").mapping
    with pytest.raises(BadFile, match=r"m\.xlsx:3:4: column `Due`: a part of a merged cell stands here"):
        read_portfolio(book_of(tmp_path / "m.xlsx", fill), known)


def test_a_column_that_a_spreadsheet_of_another_country_has_read_is_refused(read: Read) -> None:
    dates = [[n, "a", "U", datetime(2022, n, 3), None] for n in range(1, 5)]  # noqa: DTZ001
    texts = [[f"t{n}", "a", "U", f"{n}/02/2022", None] for n in (13, 28)]
    told = refused(read, [NAMES, *dates, *texts], "dates: DD/MM/YYYY\n")
    assert "4 cells are dates, none after a 12th, and 2 are texts, all after it" in told
    assert len(read([NAMES, *dates, *texts[:1]], "dates: DD/MM/YYYY\n").rows) == 5  # one may be chance
    texts[0][3] = "12/02/2022"
    assert len(read([NAMES, *dates, *texts], "dates: DD/MM/YYYY\n").rows) == 6


@pytest.mark.parametrize(
    ("sheet", "more", "says"),
    [
        ([NAMES, [1, "a", "U", None], ["1.0", "b", "U", None]], "", "the keys `1` and `1.0` are one number"),
        ([NAMES, [12345678901234567890, "a", "U", None]], "", "a number of more digits than a spreadsheet keeps"),
        ("sep=;\nNo;What;Who;Due;Done\n1;a;b;;\n", "", "names none of the columns, it reads: sep=; say with `header`"),
        ("No,Due,What,Who,Done,Notes\n1,,a, b,U,,\n", "", ":2:12: 7 fields where 6 columns are named"),
    ],
)
def test_what_would_be_taken_for_something_else_is_refused(read: Read, sheet: Any, more: str, says: str) -> None:
    assert says in refused(read, sheet, more)


def test_a_csv_with_a_title_above_its_names_is_read_by_the_sign_that_divides_them(read: Read) -> None:
    [row] = read("Contracts, all, of the unit\n\nNo;What;Who;Due;Done\n1;a\u2028b;U;;\n", "header: 3\n").rows
    assert (row.key, row.action) == ("1", "a b")


def test_a_csv_that_is_no_utf8_is_refused_with_its_line_and_the_remedy(read: Read, tmp_path: Path) -> None:
    known = read("No,What,Who,Due,Done\n1,a,b,,\n").mapping
    (tmp_path / "latin.csv").write_bytes(b"No,What,Who,Due,Done\n1,caf\xe9,b,,\n")
    with pytest.raises(BadFile, match=r"latin\.csv:2:1: .* it is not UTF-8; save it as `CSV UTF-8`"):
        read_portfolio(tmp_path / "latin.csv", known)


def test_a_mapping_says_who_owes_and_nothing_unknown(read: Read) -> None:
    bare = "columns: {key: No, action: What, due: Due}\n"
    assert "nothing says who owes a row" in refused(read, "", columns=bare)
    assert read("No,What,Due\n1,a,\n", "bearer: The unit\n", columns=bare).rows[0].bearer == "The unit"
    told = refused(read, "", "dates: DD/MM/YY\nheader: 0\nverp: must\n")
    assert "`DD/MM/YY` is not a word of this field" in told
    assert "`0` is no row" in told
    assert "unknown field `verp`; did you mean `verb`?" in told


# ------------------------------------------------------------------ the encoding
def test_whatever_stands_in_the_cells_the_encoding_can_be_read(read: Read) -> None:
    strange = ['say "yes": {no}', "# a comment", "- item\\n", "null", "Größe 😀 \u2028 end", "'", "yes", "2021-01-01"]
    cells = "".join('{}-é,"{}","{}",,\n'.format(n, *[text.replace('"', '""')] * 2) for n, text in enumerate(strange))
    found = read(f"No,What,Who,Due,Done\n{cells}".replace(',"\'",,', ',"Unit",,'))
    content = encoding_of(found.rows, found.mapping)
    instrument, notes = read_instrument(content, load_rules(None).verbs, name="made")
    assert [one.norms[0].action for one in instrument.obligations] == [row.action for row in found.rows]
    assert [one.id for one in instrument.obligations] == [f"{n}-e" for n in range(len(strange))]
    assert {party.title for party in instrument.parties.values()} >= {"Größe 😀 end", "null"}
    assert not notes
    assert slug("  Art. 4/2 (b) ") == "art-4-2-b"


# ------------------------------------------------------------------ answers
def test_an_answer_says_what_its_kind_needs(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "answers:\n"
        "- {for: C-1, what: extension, why: so}\n"
        "- {for: [C-2], what: shift, why: so, symbol: X}\n"
        "- {for: [C-3], what: waiver, why: todo, granted-by: todo, granted: todo, symbol: todo}\n"
        "- {for: C-4, what: extention, why: so}\n"
    )
    with pytest.raises(BadFile) as bad:
        read_answers(path)
    told = str(bad.value)
    assert told.count(":2:3: ") == 3
    assert "`granted` is missing; a extension is granted" not in told
    assert "an extension is granted: say by whom, when and in what" in told
    assert "a shift is not granted by anybody; leave out `symbol`" in told
    assert "`why` is left to do; a person has to say it" in told
    assert "`todo` is not a date" in told
    assert "did you mean `extension`?" in told
