"""Files of facts: what a row may cite, all or nothing, and what is left out aloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.judgement.conftest import World

from duewatch.engine.encoding.statements import read_statements
from duewatch.engine.judgement.importing import Imported, import_facts
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading
from duewatch.engine.problems import BadFile, BadInput

Make = Callable[..., World]


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Imported]:
    """Import a file with these words."""

    def work(here: World, text: str, name: str = "facts.yaml", *, lenient: bool = False) -> Imported:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        statements = read_statements(path)
        return import_facts(here.desk, statements, by="jane", now=here.now, os_user="test", lenient=lenient)

    return work


Bring = Callable[..., Imported]


def entries(here: World) -> list[facts.Entry]:
    with reading(here.desk.engine) as connection:
        return facts.rows(connection)


def test_a_row_cites_a_provision_and_its_place_in_the_series(world: Make, bring: Bring) -> None:
    here = world()
    done = bring(
        here,
        """
instrument: {symbol: T/RES/1 (2021)}
facts:
- {kind: delivered, provision: OP 2, n: 2, issued: "2022-01-04", symbol: R/2, what: the second one}
- {kind: measure, provision: OP 5, day: "2021-08-01", value: 32, of: 121}
- {kind: review, id: f.standing@one, day: "2021-08-01"}
""",
    )
    assert done.numbers == (1, 2, 3, 4)
    paper, answer, measure, _ = (entry.draft for entry in entries(here))
    assert (paper.issued, paper.note, answer.document) == (date(2022, 1, 4), "the second one", 1)
    assert answer.target == "T/RES/1 (2021)#b.series/2"
    assert (measure.target, measure.quantity, measure.of) == ("T/RES/1 (2021)#e.share", 32, 121)
    item = here.ask("2022-02-01")["b.series/2"]
    assert (item.status, item.days_late) == ("met_late", 6)


def test_a_csv_says_the_same_as_yaml(world: Make, bring: Bring) -> None:
    here = world()
    rows = 'kind,provision,n,issued,symbol,what\ndelivered,OP 2,2,2022-01-04,R/2,"late, by days"\n,,,,,\n'
    bring(here, rows, "facts.csv")
    assert here.status("b.series/2", "2022-02-01") == "met_late"
    assert entries(here)[0].draft.note == "late, by days"


def test_one_bad_row_refuses_the_whole_file_and_every_bad_row_is_told(world: Make, bring: Bring) -> None:
    here = world()
    text = """facts:
- {kind: delivered, provision: OP 1, dated: "2021-07-15", symbol: R/1}
- {kind: delivered, provision: OP 2, n: 9, dated: "2021-07-15", symbol: R/2}
- {kind: not-done, provision: OP 8, day: "2021-07-15", what: none of it}
- {kind: looked, provision: OP 1, finding: little, day: "2021-07-15"}
- {kind: looked, provision: OP 1, finding: nothing}
- {kind: announced, provision: OP 1, will: miss, day: "2021-07-01"}
"""
    with pytest.raises(BadFile) as caught:
        bring(here, text)
    told = {problem.place.line: problem.wrong for problem in caught.value.problems}
    assert sorted(told) == [3, 4, 5, 6]
    assert "no occurrence 9" in told[3]
    assert "h.first/1, h.second/1, h.third/1" in told[4]
    assert "no finding" in told[5]
    assert "no day" in told[6]
    assert entries(here) == []


def test_what_a_person_who_rehearses_wants_is_the_rest(world: Make, bring: Bring) -> None:
    here = world()
    text = """facts:
- {kind: not-done, provision: "OP 1, OP 8", day: "2021-07-15", what: nothing came}
- {kind: announced, provision: OP 1, will: miss, day: "2021-07-01"}
"""
    done = bring(here, text, lenient=True)
    assert len(done.numbers) == 2
    assert [left.place.line for left in done.left_out] == [2]


def test_a_day_that_was_not_found_is_never_guessed(world: Make, bring: Bring) -> None:
    here = world()
    text = """facts:
- {kind: measure, provision: OP 5, day: null, value: 32, of: 121}
- {kind: delivered, provision: OP 1, dated: "2021-07-15", symbol: R/1, known: unknown}
- {kind: note, provision: OP 1, day: "2021-07-15", what: context}
predecessor:
- {what: a report of last year, n: 1, dated: "2020-09-29"}
"""
    done = bring(here, text)
    assert (done.numbers, done.moved) == ((), ())
    assert [left.why.split(",")[0].split(":")[0] for left in done.left_out] == [
        "its day was not found", "looked for and not found", "a note",
    ]  # fmt: skip


def test_what_was_not_done_on_a_day_is_what_fell_due_on_it(world: Make, bring: Bring) -> None:
    """Of two duties of one provision the day chooses; without it both are named."""
    here = world(
        """
instrument: {symbol: X, title: two dates, adopted: {date: "2021-01-01"}, zone: UTC}
parties: {a: {}}
obligations:
- {id: one, provision: Art 1, verb: urges, bearer: a, kind: achieve, action: act, deadline: {by: "2021-03-01"}}
- {id: two, provision: Art 1, verb: urges, bearer: a, kind: achieve, action: act, deadline: {by: "2021-04-01"}}
- {id: under, provision: Art 1(a), verb: urges, bearer: a, kind: achieve, action: act, deadline: {by: "2021-03-01"}}
"""
    )
    bring(here, 'facts: [{kind: not-done, provision: Art 1, day: "2021-04-01", what: no}]')
    assert entries(here)[0].draft.target == "X#two/1"
    with pytest.raises(BadFile, match="one/1, two/1"):
        bring(here, 'facts: [{kind: not-done, provision: Art 1, day: "2021-05-01", what: no}]')


def test_a_second_import_doubles_nothing(world: Make, bring: Bring) -> None:
    here = world()
    text = 'facts: [{kind: looked, provision: OP 1, finding: nothing, day: "2021-07-20"}]'
    bring(here, text)
    with pytest.raises(BadFile, match="recorded already, as fact 1"):
        bring(here, text)


def test_each_row_is_held_against_the_ledger_in_the_same_short_time(world: Make, bring: Bring) -> None:
    """What stands already is read once, however many rows come; what one row says no later row may repeat."""
    here = world()
    rows = [f'{{kind: measure, id: d.ceiling, day: "2021-07-{day:02}", value: 1}}' for day in range(1, 31)]
    read: list[str] = []
    event.listen(here.desk.engine, "before_cursor_execute", lambda *call: read.append(call[2]))
    bring(here, "facts:\n" + "".join(f"- {row}\n" for row in rows))
    assert sum("known_since" in one and "SELECT" in one and "WHERE" not in one for one in read) == 1
    with pytest.raises(BadFile, match=r"facts.yaml:2:.*recorded already, as fact 31"):
        bring(here, "facts:\n" + '- {kind: measure, id: d.ceiling, day: "2021-08-01", value: 1}\n' * 2)
    assert len(entries(here)) == 30


def test_an_event_brings_what_later_rows_are_about(world: Make, bring: Bring) -> None:
    here = world()
    text = """facts:
- {kind: event, event: incident, day: "2021-08-01"}
- {kind: event, event: mandate.end, day: "2022-06-29", date: "2023-06-30"}
- {kind: delivered, id: j.cases/1, dated: "2021-08-31", symbol: C/1}
"""
    bring(here, text)
    assert here.status("j.cases/1", "2021-09-15") == "met"
    assert here.ask("2022-07-01")["h.first/1"].readings["extended"]["due"] == "2023-06-30"


def test_a_file_about_another_instrument_is_refused(world: Make, bring: Bring) -> None:
    with pytest.raises(BadInput, match=r"about T/RES/9.*has T/RES/1"):
        bring(world(), "instrument: T/RES/9\nfacts: [{kind: note}]")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.yaml", "- {kind: noted}", "1:10: `noted` is no kind; did you mean `note`?"),
        ("a.yaml", "facts:\n- {kind: note, whta: x}", "2:16: `whta` is no column of a fact; did you mean `what`?"),
        ("a.yaml", "facts:\n- {kind: looked, day: '2021-02-30'}", "February 2021 has 28 days"),
        ("a.yaml", "facts:\n- {kind: looked, day: 2021-02-03}", "put it in double quotes"),
        ("a.yaml", "facts: {}", "no list of facts"),
        ("a.yaml", "facts: []\nfact: []", "no part of a file of facts"),
        ("a.csv", "kind,n\nnote,0\nnote\nnote,1,2", "2:6: `0` is no place in a series; count from 1"),
        ("a.csv", "kind,n\nnote,0\nnote\nnote,1,2", "4:1: 3 fields where 2 columns are named"),
        ("a.csv", '"kind","day"\n"note","2021-13-01"', "2:8: `2021-13-01`"),
        ("a.csv", "kind,day,day\nnote,2021-01-01,2021-01-02", "1:10: `day` is named twice"),
        ("a.csv", "kind,,n\nnote,,1\nnote,lost,1", "1:6: the column has no name, and holds something"),
        ("a.csv", "", "the file is empty"),
        ("a.csv", 'kind\n"no', "the line is no CSV"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_statements(path)
    assert told in str(caught.value)
