"""`duewatch portfolio`: a sheet taken, compared, asked about and refused, on a database of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from duewatch.console.opening import furnished
from duewatch.engine.encoding.mapping import read_mapping
from duewatch.engine.encoding.portfolio import read_portfolio
from duewatch.engine.judgement.portfolios import look, take_at_once
from duewatch.engine.judgement.portfolios import take as take_it
from duewatch.engine.judgement.taking import Proposal
from duewatch.engine.problems import BadInput

Duewatch = Callable[..., Any]
ROOT = Path(__file__).parents[2]

MAPPING = """\
instrument: {symbol: P/1, title: A test, adopted: "2021-01-01", zone: Europe/Paris}
columns: {key: No, action: What, due: Due, bearer: Who, done: Done}
"""
HEAD = "No,What,Who,Due,Done\n"
FIRST = """\
C-1,report,Unit A,2022-01-31,2022-01-28
C-2,renew the lease,Unit B,2022-03-05,
C-3,audit,Unit A,2022-06-30,
C-4,close,Unit B,2022-12-31,
C-5,undated,Unit A,,
C-6,sixth,Unit A,2022-09-01,
"""
LATER = """\
C-1,report,Unit A,2022-01-31,2022-01-27
C-2,renew the lease,Unit B,2022-03-07,
C-3,audit everything,Unit A,2022-09-30,
C-5,undated,Unit A,2022-05-01,
C-6,sixth,Unit A,2022-08-15,
C-7,new,Unit C,2022-10-01,
"""
ANSWERS = """\
answers:
- {for: C-6, what: kept, why: the sheet has a slip}
- {for: C-3, what: extension, why: illness, granted-by: Board, granted: "2022-03-15", symbol: B/3}
- {for: C-2, what: shift, why: it was a Saturday}
- {for: C-1, about: done, what: correction, why: mistyped}
- {for: C-4, about: row, what: waiver, why: it stays, granted-by: Board, granted: "2022-03-20", symbol: B/4}
"""
OTHER = (
    'instrument: {symbol: O/1, adopted: {date: "2021-01-01"}, zone: UTC}\nparties: {a: {}}\nobligations:\n'
    "- {id: act, provision: Art 1, verb: requests, bearer: a, kind: achieve, action: act}\n"
)


@pytest.fixture
def unit(empty: Path) -> Path:
    """A folder with a portfolio and nothing else."""
    for name in ("obligations.yaml", "contacts.yaml"):
        (empty / name).unlink()
    (empty / "p.yaml").write_text(MAPPING)
    (empty / "p.csv").write_text(HEAD + FIRST)
    (empty / "a.yaml").write_text(ANSWERS)
    return empty


Take = Callable[..., Any]


@pytest.fixture
def take(unit: Path, duewatch: Duewatch) -> Take:
    """Take some rows as of a day."""

    def taking(rows: str, day: str, *options: str) -> Any:
        (unit / "p.csv").write_text(HEAD + rows)
        return duewatch("portfolio", "p.csv", "--as-of", day, "--by", "jane", *options, now=f"{day}T12:00:00+00:00")

    return taking


@pytest.fixture
def status(duewatch: Duewatch) -> Callable[..., dict[str, tuple[str, str | None]]]:
    """Status and due day of each row."""

    def asking(*options: str, now: str = "2022-04-02") -> dict[str, tuple[str, str | None]]:
        told = duewatch("status", "--all", "--format", "json", *options, now=now)
        assert not told.err  # a house of portfolios misses no obligations.yaml
        return {item["obligation"]: (item["status"], item["due"]) for item in told.json["items"]}

    return asking


def entries(duewatch: Duewatch) -> list[str]:
    return [line for line in duewatch("ledger", COLUMNS="400").out.splitlines() if line[:1].isdigit()]


def test_a_sheet_is_taken_and_followed_with_a_reason_for_each_date_that_moved(
    take: Take, status: Callable[..., Any], duewatch: Duewatch
) -> None:
    first = take(FIRST, "2022-03-01", "--yes")
    assert first.code == 0
    assert "taken: 7 facts, 1 to 7" in first.out
    assert status(now="2022-03-10") == {
        "c-1": ("met", "2022-01-31"),
        "c-2": ("overdue", "2022-03-05"),
        "c-3": ("open", "2022-06-30"),
        "c-4": ("open", "2022-12-31"),
        "c-5": ("unresolved", None),
        "c-6": ("open", "2022-09-01"),
    }
    later = take(LATER, "2022-04-01", "--answers", "a.yaml", "--yes")
    assert later.code == 0
    assert "c-2/1: due 2022-03-05 -> 2022-03-07" in later.out
    now = {
        "c-1": ("met", "2022-01-31"),
        "c-2": ("overdue", "2022-03-07"),
        "c-3": ("open", "2022-09-30"),
        "c-4": ("waived", "2022-12-31"),
        "c-5": ("open", "2022-05-01"),
        "c-6": ("open", "2022-09-01"),
        "c-7": ("open", "2022-10-01"),
    }
    assert status() == now
    told = "\n".join(entries(duewatch))
    assert "mechanical shift: it was a Saturday" in told
    assert "granted by Board; illness" in told
    assert "corrects 7; c-1/1; fulfilled; from 2022-01-27; mistyped" in told
    # an extension holds from the day on which it was granted; a correction always; neither before it was known
    assert status("--as-of", "2022-03-14")["c-3"] == ("open", "2022-06-30")
    assert status("--as-of", "2022-03-14")["c-2"][1] == "2022-03-07"
    assert status("--as-of", "2022-03-06", "--as-known", "2022-03-31")["c-2"] == ("overdue", "2022-03-05")
    # slips tells them apart, though the sheet also made a new text of the portfolio in the same second
    moves = {
        one["occurrence"][4:]: one for one in duewatch("slips", "--format", "json", now="2022-04-02").json["moves"]
    }
    assert {name: (one["cause"], one["days"]) for name, one in moves.items()} == {
        "c-2/1": ("correction of event", 2),
        "c-3/1": ("extension", 92),
    }
    extension = moves["c-3/1"]
    assert (extension["granted_by"], extension["symbol"], extension["why"]) == ("Board", "B/3", "illness")
    assert (extension["passed_when_granted"], moves["c-2/1"]["why"]) == (0, "mechanical shift: it was a Saturday")
    # what was answered is not asked again, and is still said
    again = take(LATER, "2022-04-02", "--yes")
    assert again.code == 0
    assert "C-6: the sheet still says 2022-08-15; recorded is 2022-09-01" in again.out
    assert "nothing moves" in again.out
    assert "nothing to take" in take(LATER, "2022-04-02").out
    assert status() == now
    assert duewatch("ledger", "verify").code == 0


def test_what_came_back_and_what_is_taken_back_is_asked(take: Take, status: Callable[..., Any], unit: Path) -> None:
    take(FIRST, "2022-03-01", "--yes")
    take(LATER, "2022-04-01", "--answers", "a.yaml", "--yes")
    back = FIRST.replace("2022-01-28", "").replace("2022-06-30", "2022-10-31").replace("2022-03-05", "")
    back = back.replace("2022-09-01", "2022-08-15") + "C-7,new,Unit C,2022-10-01,\nC-8,x,Unit C,2022-10-01,\n"
    asked = take(back.replace("C-5,undated,Unit A,,", "C-5,undated,Unit A,2022-05-01,"), "2022-05-01", "--propose")
    assert asked.code == 1
    for line in (
        "C-1: the delivery of 2022-01-27 is gone from the sheet",
        "C-2: the date 2022-03-07 is gone from the sheet",
        "C-3: moved from 2022-09-30 to 2022-10-31 (+31 days)",
        "C-4: the row is back in the sheet, and stands as waived",
    ):
        assert f"# {line}\n" in asked.out
    answers = """\
answers:
- {for: C-1, about: done, what: retraction, why: it was another report}
- {for: C-2, what: retraction, why: there was never a date}
- {for: C-3, what: correction, why: the letter says October}
- {for: C-4, about: row, what: retraction, why: waived by mistake}
"""
    (unit / "b.yaml").write_text(answers)
    rows = back.replace("C-5,undated,Unit A,,", "C-5,undated,Unit A,2022-05-01,")
    taken = take(rows, "2022-05-01", "--answers", "b.yaml", "--yes")
    assert taken.code == 0, taken.err
    now = status(now="2022-05-01")
    assert now["c-1"] == ("overdue", "2022-01-31")
    assert now["c-2"] == ("unresolved", None)
    assert now["c-3"] == ("open", "2022-10-31")
    assert now["c-4"] == ("open", "2022-12-31")


def test_the_proposals_are_a_file_of_answers_that_a_person_completes(take: Take, unit: Path) -> None:
    take(FIRST, "2022-03-01", "--yes")
    proposed = take(LATER, "2022-04-01", "--propose")
    assert proposed.code == 1
    assert "2022-03-05 is a Saturday; the Monday after is meant" in proposed.out
    (unit / "a.yaml").write_text(proposed.out)
    undone = take(LATER, "2022-04-01", "--answers", "a.yaml", "--yes")
    assert undone.code == 2
    assert "is left to do; a person has to say it" in undone.err
    whole = proposed.out.replace("granted: todo", 'granted: "2022-03-20"').replace('"todo"', "so").replace("todo", "x")
    (unit / "a.yaml").write_text(whole)
    assert take(LATER, "2022-04-01", "--answers", "a.yaml", "--yes").code == 0


def test_all_of_it_is_taken_or_nothing(take: Take, unit: Path, duewatch: Duewatch) -> None:
    take(FIRST, "2022-03-01", "--yes")
    before = entries(duewatch)
    unanswered = take(LATER, "2022-04-01", "--yes")
    assert unanswered.code == 2
    assert "p.csv:4:29: C-3: moved from 2022-06-30 to 2022-09-30 (+92 days); say what happened" in unanswered.err
    assert "5 problems; nothing was changed" in unanswered.err
    wrong = ANSWERS.replace("for: C-2, what: shift", "for: [C-2, C-9], what: waiver, granted-by: B, granted: ")
    (unit / "b.yaml").write_text(wrong.replace("granted: ,", 'granted: "2022-03-01", symbol: X,'))
    answered = take(LATER, "2022-04-01", "--yes", "--answers", "b.yaml")
    assert "nothing is asked about the date of `C-9`" in answered.err
    assert "that is no waiver; it can be: extension, correction, shift, kept" in answered.err
    assert "nothing was adopted: nobody can be asked here" in take(LATER, "2022-04-01", "--answers", "a.yaml").err
    late = take(
        FIRST.replace("C-2,renew the lease,Unit B,2022-03-05,", "C-2,x,Unit B,2022-03-05,2023-01-01"), "2022-04-01"
    )
    assert "C-2: done on 2023-01-01, and the sheet is of 2022-04-01" in late.err
    (unit / "p.csv").rename(unit / "q.csv")
    assert "there is no q.yaml, which would say" in duewatch("portfolio", "q.csv", "--by", "jane").err
    assert entries(duewatch) == before


def test_a_stale_or_shrunken_sheet_is_refused_aloud(take: Take, unit: Path, duewatch: Duewatch) -> None:
    take(FIRST, "2022-03-01", "--yes")
    before = entries(duewatch)
    stale = take(FIRST.replace("audit", "check"), "2022-02-28", "--yes")
    assert (stale.code, "p.csv is stale: it is of 2022-02-28" in stale.err) == (2, True)
    shrunken = take(
        FIRST.replace("C-6,sixth,Unit A,2022-09-01,\n", "").replace("C-5,undated,Unit A,,\n", ""), "2022-03-02"
    )
    assert "p.csv has shrunk: 4 rows where there were 6" in shrunken.err
    blank = take(FIRST.replace("2022-09-01", ""), "2022-03-02", "--yes")
    assert "p.csv has shrunk: 4 dates where there were 5" in blank.err
    ahead = duewatch("portfolio", "p.csv", "--as-of", "2022-03-03", "--by", "jane", now="2022-03-02")
    assert "is of 2022-03-03, a day to come" in ahead.err
    # without --as-of, the day and the hour of the file
    (unit / "p.csv").write_text(HEAD + FIRST.replace("audit", "check"))
    for second, day in ((1646136000, "2022-03-01"), (1646049600, "2022-02-28")):
        os.utime(unit / "p.csv", (second, second))
        old = duewatch("portfolio", "p.csv", "--by", "jane", "--yes", now="2022-03-02")
        assert f"is stale: it is of {day}" in old.err
    assert entries(duewatch) == before
    fewer = take(FIRST.replace("2022-09-01", ""), "2022-03-02", "--allow-fewer", "--propose")
    assert "C-6: the date 2022-09-01 is gone from the sheet" in fewer.out


def test_a_portfolio_stands_beside_other_encodings(take: Take, unit: Path, duewatch: Duewatch) -> None:
    (unit / "obligations.yaml").write_text(OTHER)
    first = take(FIRST, "2022-03-01", "--yes")
    assert "obligations.yaml is adopted as well" in first.err
    (unit / "obligations.yaml").write_text(OTHER.replace("id: act", "id: deed"))
    assert "gone" not in duewatch("load", "obligations.yaml", "--yes").out.replace("act/1: gone", "")
    ids = {item["obligation"] for item in duewatch("status", "--all", "--format", "json").json["items"]}
    assert ids == {"deed", *(f"c-{n}" for n in range(1, 7))}
    (unit / "p.yaml").write_text(MAPPING.replace("P/1", "O/1"))
    assert "`O/1` is the instrument of obligations.yaml" in take(FIRST, "2022-03-02", "--yes").err


def typed(unit: Path, keys: bytes) -> subprocess.CompletedProcess[str]:
    """Take the sheet at a terminal, and type the answers."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "duewatch", "portfolio", "p.csv", "--as-of", "2022-04-01", "--by", "jane"]
    os.write(ours, keys)
    try:
        return subprocess.run(
            command,
            cwd=unit,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "DUEWATCH_NOW": "2022-04-02"},
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(theirs)
        os.close(ours)


def test_the_questions_are_put_on_a_terminal(take: Take, unit: Path) -> None:
    take("C-1,a,Unit,2022-06-01,\nC-2,b,Unit,2022-07-01,\n", "2022-03-01", "--yes")
    (unit / "p.csv").write_text(HEAD + "C-1,a,Unit,2022-06-11,\nC-2,b,Unit,2022-07-11,\n")
    ended = typed(unit, b"\n\nthe strike\nBoard\n1 March\n2022-03-30\nB/9\ny\n")
    assert ended.returncode == 0, ended.stderr
    assert "One answer for all 2 rows?" in ended.stdout
    assert "is not a day" in ended.stdout + ended.stderr
    assert "C-2: moved from 2022-07-01 to 2022-07-11 (+10 days): extension, the strike" in ended.stdout
    assert "taken: 3 facts, 4 to 6" in ended.stdout


def test_a_row_is_owed_from_the_day_that_its_column_says(
    status: Callable[..., Any], unit: Path, duewatch: Duewatch
) -> None:
    (unit / "p.yaml").write_text(MAPPING.replace("Done}", "Done, since: Agreed}"))
    rows = "C-1,a,Unit,2022-06-01,,2022-02-15\nC-2,b,Unit,2022-06-01,,\n"
    (unit / "p.csv").write_text(HEAD.replace("Done", "Done,Agreed") + rows)
    assert duewatch("portfolio", "p.csv", "--as-of", "2022-03-01", "--by", "j", "--yes", now="2022-03-02").code == 0
    before = status("--as-of", "2022-02-14")
    assert before == {"c-1": ("unresolved", None), "c-2": ("open", "2022-06-01")}
    assert status("--as-of", "2022-02-15")["c-1"] == ("open", "2022-06-01")


@pytest.mark.usefixtures("unit")
def test_what_was_recorded_since_the_comparison_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_NOW", "2022-03-02")
    sheet = read_portfolio(Path("p.csv"), read_mapping(Path("p.yaml")))
    with furnished() as house:
        comparison, head = look(house.desk, sheet, as_of=date(2022, 3, 1), now=house.now)
        first = Proposal(comparison, (), "jane", house.now, "os", head, ())
        assert take_it(house.desk, first) == tuple(range(1, 8))
        with pytest.raises(BadInput, match="something was recorded meanwhile"):
            take_it(house.desk, first)


# ------------------------------------------------------------------ keys that changed
def test_a_row_under_another_key_keeps_its_facts_if_a_person_says_so(
    take: Take, status: Callable[..., Any], unit: Path, duewatch: Duewatch
) -> None:
    take(FIRST, "2022-03-01", "--yes")
    rekeyed = FIRST.replace("C-1,", "R/1,").replace("C-3,", "R/3,").replace("C-6,sixth", "R/6,sixth")
    rekeyed = rekeyed.replace("R/6,sixth,Unit A,2022-09-01", "R/6,sixth of them,Unit A,2022-10-01")
    proposed = take(rekeyed, "2022-04-01", "--propose")
    assert "# C-1: the row is gone from the sheet, and R/1 is new and says the same\n" in proposed.out
    assert '- for: ["C-1", "C-3"]\n  about: row\n  what: renamed  # or kept\n' in proposed.out
    assert "what: waiver  # or renamed, kept" in proposed.out  # C-6 says something else, and only a person knows
    (unit / "b.yaml").write_text(
        "answers:\n"
        "- {for: [C-1, C-3], about: row, what: renamed, why: the register was numbered anew}\n"
        "- {for: C-6, about: row, what: renamed, to: R/6, why: the same}\n"
    )
    moved = take(rekeyed, "2022-04-01", "--answers", "b.yaml", "--yes")
    assert "R/6: moved from 2022-09-01 to 2022-10-01 (+30 days); say what happened" in moved.err
    answers = (unit / "b.yaml").read_text() + "- {for: R/6, what: correction, why: a slip}\n"
    (unit / "b.yaml").write_text(answers)
    assert take(rekeyed, "2022-04-01", "--answers", "b.yaml", "--yes").code == 0
    now = status()
    assert now["r-1"] == ("met", "2022-01-31")
    assert (now["r-3"], now["r-6"]) == (("open", "2022-06-30"), ("open", "2022-10-01"))
    assert not {"c-1", "c-3", "c-6"} & now.keys()
    assert "C-3 is R/3 now: the register was numbered anew" in duewatch("ledger", COLUMNS="400").out
    assert duewatch("explain", "c-3").out.startswith("R/3 of P/1: r-3/1")  # by its former name too
    # it is asked once, its own date and delivery go on, and its former key is never another row's
    later = rekeyed.replace("2022-06-30,", "2022-06-30,2022-04-20").replace("2022-01-28", "2022-01-27")
    asked = take(later, "2022-05-01", "--propose")
    assert "# R/1: the day of the delivery moved from 2022-01-28 to 2022-01-27" in asked.out
    assert "gone" not in asked.out
    (unit / "b.yaml").write_text("answers: [{for: R/1, about: done, what: correction, why: so}]\n")
    assert take(later, "2022-05-01", "--answers", "b.yaml", "--yes").code == 0
    assert status(now="2022-05-02")["r-3"] == ("met", "2022-06-30")
    again = take(later + "C-3,other,Unit A,2022-12-01,\n", "2022-05-02", "--yes")
    assert "the key `C-3` gives the id `c-3`, which is or was that of `R/3`" in again.err
    assert duewatch("ledger", "verify").code == 0


def test_who_says_that_it_is_another_row_or_names_none_is_heard(
    take: Take, status: Callable[..., Any], unit: Path
) -> None:
    take(FIRST, "2022-03-01", "--yes")
    rekeyed = FIRST.replace("C-4,", "R/4,")
    (unit / "b.yaml").write_text("answers: [{for: C-4, about: row, what: renamed, to: R/9, why: so}]\n")
    refused = take(rekeyed, "2022-04-01", "--answers", "b.yaml", "--yes")
    assert "C-4: `R/9` is no new row; name one with `to`; new are R/4" in refused.err
    (unit / "b.yaml").write_text("answers: [{for: C-4, about: row, what: kept, why: left out by mistake}]\n")
    assert take(rekeyed, "2022-04-01", "--answers", "b.yaml", "--yes").code == 0
    assert {"c-4", "r-4"} <= status().keys()
    assert take(rekeyed, "2022-04-02", "--propose").code == 0  # not asked again
    rekeyed = rekeyed.replace("C-3,", "R/3,")
    waived = "for: C-3, about: row, what: waiver, why: settled, granted-by: Board, granted: '2022-04-02', symbol: B/9"
    (unit / "b.yaml").write_text(f"answers: [{{{waived}}}]\n")
    assert take(rekeyed, "2022-04-02", "--answers", "b.yaml", "--yes").code == 0
    assert (status()["c-3"][0], status()["r-3"][0]) == ("waived", "open")
    same_id = rekeyed.replace("C-5,", "C 5,")
    assert "C-5: the row is gone from the sheet, and C 5 is new" in take(same_id, "2022-04-03", "--propose").out


def test_a_renamed_row_is_asked_about_first_on_a_terminal(take: Take, unit: Path, duewatch: Duewatch) -> None:
    take("C-1,a,Unit,2022-06-01,\nC-2,b,Unit,2022-07-01,\n", "2022-03-01", "--yes")
    (unit / "p.csv").write_text(HEAD + "R-1,a,Unit,2022-06-01,\nC-2,b,Unit,2022-07-01,\n")
    ended = typed(unit, b"kept\nanother matter\ny\n")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("says the same") == 2  # asked once, and told with the answer
    ids = {item["obligation"] for item in duewatch("status", "--all", "--format", "json").json["items"]}
    assert ids == {"c-1", "r-1", "c-2"}


# ------------------------------------------------------------------ more columns
def test_documents_owners_topics_and_leads_come_from_their_columns(
    status: Callable[..., Any], unit: Path, duewatch: Duewatch
) -> None:
    (unit / "p.yaml").write_text(
        MAPPING.replace("done: Done}", "done: Done, symbol: Doc, owner: Desk, topics: Topics, lead: Lead}")
    )
    head = "No,What,Who,Due,Done,Doc,Desk,Topics,Lead\n"

    def taken(rows: str, day: str, *options: str) -> Any:
        (unit / "p.csv").write_text(head + rows)
        return duewatch("portfolio", "p.csv", "--as-of", day, "--by", "jane", "--yes", *options, now=day)

    first = (
        "C-1,a,Unit,2022-01-31,2022-01-28,R/1,,,\nC-2,b,Unit,2022-02-28,2022-01-28,R/1,,,\n"
        'C-3,c,Unit,2022-06-30,,,jane,"money; people",60\nC-4,d,Unit,2022-03-10,2022-02-01,,,,\n'
    )
    assert "taken: 9 facts" in taken(first, "2022-03-01").out  # the sheet, 4 dates, 1 document, 3 deliveries
    assert status(now="2022-05-05")["c-3"] == ("at_risk", "2022-06-30")
    [item] = [one for one in duewatch("status", "--format", "json").json["items"] if one["obligation"] == "c-3"]
    assert item["owner"] == "jane"
    table = duewatch("cycles", "--by", "topic", "--as-of", "2022-03-02", "--format", "csv").out
    assert {"money", "people"} <= {line.split(",")[0] for line in table.splitlines()}
    assert ",R/1,2022-01-28," in table
    # a document that is named later joins the delivery; one that changes, and its day, are asked about once
    later = first.replace("2022-02-01,,", "2022-02-01,R/4,").replace("2022-01-28,R/1", "2022-01-27,R/1")
    (unit / "b.yaml").write_text("answers: [{for: [C-1, C-2], about: done, what: correction, why: so}]\n")
    assert taken(later, "2022-03-02", "--answers", "b.yaml").code == 0
    table = duewatch("cycles", "--as-of", "2022-03-02", "--format", "csv").out
    assert table.count(",R/1,2022-01-27,") == 2
    assert ",R/4,2022-02-01," in table
    refused = taken(
        later.replace("R/4", "R/5").replace("C-3,c,Unit,2022-06-30,,", "C-3,c,Unit,2022-06-30,,R/9"), "2022-03-03"
    )
    assert "column `Doc`: `R/9` stands here, and no day of its delivery" in refused.err
    refused = taken(later.replace("60", "soon").replace("2022-02-01,R/4", "2022-02-01,R/1"), "2022-03-03")
    assert "column `Lead`: `soon` is no number of days" in refused.err
    assert "column `Doc`: `R/1` is delivered on 2022-01-27 above" in refused.err
    changed = taken(later.replace("R/4", "R/5"), "2022-03-03")
    assert "C-4: what was delivered is R/5 now, not R/4; say what happened" in changed.err
    known = taken(
        later.replace("C-3,c,Unit,2022-06-30,,", "C-3,c,Unit,2022-06-30,2022-03-01,R/1").replace(
            "2022-01-27", "2022-03-01"
        ),
        "2022-03-03",
    )
    assert "C-3: R/1 is recorded as of 2022-01-27" in known.err


def test_portfolios_are_listed_dropped_and_taken_again(take: Take, unit: Path, duewatch: Duewatch) -> None:
    assert "No portfolio was taken." in duewatch("portfolio", "--list").out
    assert duewatch("portfolio").code == 2
    assert take(FIRST, "2022-03-01", "--yes").code == 0
    assert "P/1" in (listed := duewatch("portfolio", "--list", COLUMNS="200").out)
    assert "2022-03-01 by jane  yes" in " ".join(listed.split()).replace("jane yes", "jane  yes")
    assert "`P/1` is all that is adopted" in duewatch("load", "--drop", "P/1", "--yes").err
    (unit / "obligations.yaml").write_text(OTHER)
    assert duewatch("load", "obligations.yaml", "--drop", "P/1", "--yes").code == 0
    assert "no longer" in duewatch("portfolio", "--list", COLUMNS="200").out
    again = take(FIRST, "2022-03-01", "--yes")  # the very sheet that was taken last: it stands no longer
    assert again.code == 0
    ids = {item["obligation"] for item in duewatch("status", "--all", "--format", "json").json["items"]}
    assert ids == {"act", *(f"c-{n}" for n in range(1, 7))}


def test_without_a_day_of_its_own_the_sheet_is_of_the_day_of_its_file_and_that_is_said(
    unit: Path, duewatch: Duewatch
) -> None:
    os.utime(unit / "p.csv", (1646136000, 1646136000))
    told = duewatch("portfolio", "p.csv", "--by", "jane", "--yes", now="2022-03-02")
    assert "p.csv is taken as of 2022-03-01, the day on which the file was last changed; --as-of D" in told.err


def test_a_sheet_costs_as_many_statements_however_many_rows_it_has(unit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUEWATCH_NOW", "2022-03-02")

    def statements(rows: int) -> int:
        (unit / "p.csv").write_text(
            HEAD + "".join(f"N-{n},a,Unit,2022-06-01,2022-01-0{n % 3 + 1}\n" for n in range(rows))
        )
        monkeypatch.setenv("DUEWATCH_DATABASE_URL", f"sqlite:///{unit / f'{rows}.db'}")
        sheet = read_portfolio(Path("p.csv"), read_mapping(Path("p.yaml")))
        seen: list[str] = []
        with furnished() as house:
            event.listen(house.desk.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
            comparison, head = look(house.desk, sheet, as_of=date(2022, 3, 1), now=house.now)
            take_at_once(house.desk, Proposal(comparison, (), "jane", house.now, "os", head, ()))
        return len(seen)

    assert statements(5) == statements(60)
