"""`duewatch record` and `duewatch ledger`: what is written, what moves, what is refused."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.kinds import KINDS

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")

REPORT = "op19.force-adaptation-report"
DELIVERED = ("record", "delivered", f"{REPORT}/1", "--dated", "2021-07-15", "--symbol", "S/2021/657", "--by", "jane")


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        (("delivered", REPORT, "--issued", "2021-07-19", "--symbol", "S/1"), "met_late"),
        (("document", "--received", "2021-07-15", "--symbol", "S/1"), "nothing moved"),
        (("judgement", REPORT, "--on", "2021-07-14", "--why", "told orally"), "overdue -> met"),
        (("event", "power-handed-over", "--date", "2021-07-10"), "recorded as fact 1"),
        (("measure", "op18.military", "--value", "13300", "--on", "2021-07-10"), "unknown -> breached"),
        (
            (
                "measure",
                "op05.2.thirty-per-cent",
                "--value",
                "42",
                "--of",
                "147",
                "--per",
                "council",
                "--on",
                "2021-07-10",
            ),
            "unknown -> contested",
        ),
        (("looked", "op61.quarterly-report/1", "--on", "2021-07-10", "--found", "cannot-say"), "nothing moved"),
        (("announced", "op40.4.report", "--on", "2021-07-10", "--will", "late"), "open -> at_risk"),
        (("not-done", REPORT, "--on", "2021-07-16", "--why", "the spokesman said so"), REPORT),
        (("review", "op05.1.participation@malian-authorities/1", "--on", "2021-07-10"), "op05.1"),
        (
            ("waiver", REPORT, "--granted", "2021-07-10", "--granted-by", "council", "--symbol", "S/2"),
            "overdue -> waived",
        ),
        (
            (
                "extension",
                REPORT,
                "--to",
                "2021-08-15",
                "--granted",
                "2021-07-10",
                "--granted-by",
                "c",
                "--symbol",
                "S/2",
            ),
            "due 2021-07-15 -> 2021-08-15",
        ),
    ],
)
def test_each_kind_is_recorded_and_says_what_moved(words: tuple[str, ...], moved: str, duewatch: Duewatch) -> None:
    ended = duewatch("record", *words, "--by", "jane", now="2021-07-20")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("recorded as fact")
    assert moved in ended.out


def test_a_new_end_of_a_period_moves_what_hangs_on_it(duewatch: Duewatch) -> None:
    ended = duewatch(
        "record",
        "event",
        "mandate.end",
        "--date",
        "2023-06-30",
        "--since",
        "2022-06-29",
        "--by",
        "x",
        now="2022-07-01T05:00Z",
    )
    assert "op04.b2.sequencing/1: overdue -> contested" in ended.out


def test_a_fact_is_corrected_and_taken_back_and_the_ledger_keeps_all(duewatch: Duewatch) -> None:
    assert duewatch(*DELIVERED, now="2021-07-20").code == 0
    corrected = duewatch(
        "record", "correction", "1", "--dated", "2021-07-17", "--why", "misread", "--by", "joe", now="2021-07-21"
    )
    assert "met -> met_late" in corrected.out
    taken_back = duewatch(
        "record", "retraction", "2", "--why", "the wrong report", "--by", "joe", "--format", "json", now="2021-07-22"
    )
    assert taken_back.json["facts"] == [4]
    assert any("met_late -> overdue" in line for line in taken_back.json["moved"])
    rows = [line.split() for line in duewatch("ledger").out.splitlines()]
    assert [row[0] for row in rows] == ["fact", "1", "2", "3", "4"]
    assert [row[3] for row in rows[1:]] == ["jane", "jane", "joe", "joe"]
    assert "corrects 1" in " ".join(rows[3])
    assert "retracts 2: the wrong report" in " ".join(rows[4])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("delivered", REPORT, "--symbol", "S/1"), "--dated, --issued, --transmitted or --received"),
        (("delivered", REPORT, "--dated", "15 July", "--symbol", "S/1"), "neither a day (2021-09-30) nor an instant"),
        (
            ("delivered", "op19.force-adaption-report", "--dated", "2021-07-15", "--symbol", "S/1"),
            "did you mean op19.force-adaptation-report",
        ),
        (
            (
                "delivered",
                REPORT,
                "--dated",
                "2021-07-15",
                "--symbol",
                "S/1",
                "--contents",
                "lacks:progres",
                "--why",
                "x",
            ),
            "did you mean `progress`",
        ),
        (("delivered", "op40.4.report", "--dated", "2021-07-15", "--symbol", "S/1", "--form", "letter"), "--why"),
        (("delivered", "op63.seized", "--dated", "2021-07-15", "--symbol", "S/1"), "binds nobody"),
        (("measure", "op18.military", "--value", "13,300", "--on", "2021-07-10"), "13300"),
        (("event", "mandat.end", "--date", "2023-06-30"), "did you mean mandate.end"),
        (("waiver", REPORT, "--granted", "2021-07-10", "--symbol", "S/2"), "--granted-by"),
        (("announced", "op40.4.report", "--on", "2021-07-10", "--will", "perhaps"), "'perhaps' is not one of"),
        (("suspension", REPORT, "--from", "2021-07-01"), "No such option"),
        (("resumption", REPORT, "--on", "2021-07-10"), "nothing to resume"),
        (("delivery", REPORT), "Did you mean 'delivered'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_recorded(
    words: tuple[str, ...], says: str, duewatch: Duewatch
) -> None:
    ended = duewatch("record", *words, "--by", "jane", now="2021-07-20")
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert "Nothing is recorded here." in duewatch("ledger").out


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_whoever_records_says_who_they_are(kind: str, duewatch: Duewatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "jane")
    assert "--by NAME" in duewatch("record", kind, "--help").out
    [one] = [one for one in KINDS if one.name == kind]
    needed = [word for name in one.must for word in (f"--{name.replace('_', '-')}", "2021-07-10")]
    ended = duewatch("record", kind, *([] if one.about.startswith("[") else ["1"]), *needed)
    assert ended.code == 2
    assert "--by" in ended.err or "is not one of" in ended.err


def test_a_document_in_the_json_of_the_ledger_has_all_its_columns(duewatch: Duewatch) -> None:
    duewatch(*DELIVERED, "--contents", "has:progress", now="2021-07-20")
    document, judgement = duewatch("ledger", "--format", "json").json
    assert (document["seq"], document["draft"]["kind"], document["draft"]["dated"]) == (1, "document", "2021-07-15")
    assert judgement["draft"]["document"] == 1
    assert judgement["draft"]["items"] == {"progress": "seen"}
    assert duewatch("ledger", "--kind", "document", "--format", "json").json == [document]
    assert duewatch("ledger", "--about", REPORT, "--format", "json").json == [judgement]
    assert duewatch("ledger", "--about", "op19.force", "--format", "json").json == []


# ------------------------------------------------------------------ verify
def test_an_intact_ledger_says_so_and_gives_its_head(duewatch: Duewatch) -> None:
    duewatch(*DELIVERED, now="2021-07-20")
    ended = duewatch("ledger", "verify")
    assert ended.code == 0
    assert ended.out.startswith("intact: 2 entries; the last is 2:")
    head = ended.out.split()[-1]
    assert duewatch("ledger", "verify", "--head", head).code == 0
    longer = duewatch("ledger", "verify", "--head", f"3:{head[2:]}")
    assert longer.code == 1
    assert "entry 3 is missing" in longer.out
    assert duewatch("ledger", "verify", "--head", "last").code == 2


def test_an_altered_entry_is_named(folder: Path, duewatch: Duewatch) -> None:
    duewatch(*DELIVERED, now="2021-07-20")
    with sqlite3.connect(folder / "duewatch.db") as database:
        [names] = [[row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]]
        for name in names:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE fact SET dated = dated - 1 WHERE seq = 1")
    database.close()
    ended = duewatch("ledger", "verify")
    assert ended.code == 1
    assert "entry 1 was altered" in ended.out
    assert "the guard" in ended.out
    assert "restore a backup" in ended.err
    assert duewatch("status").code == 4


def test_a_report_that_is_recorded_offers_one_sweep_over_what_it_reviews(duewatch: Duewatch) -> None:
    report = ("op61.quarterly-report/1", "--dated", "2021-09-29", "--symbol", "S/2021/844")
    told = duewatch("record", "delivered", *report, "--by", "officer", now="2021-10-05")
    offer = re.search(r"op61\.quarterly-report/1 reviews (\d+) entries: .*`(duewatch record sweep [^`]+)`", told.words)
    assert offer
    words = offer[2].replace("DAY", "2021-10-04").replace("NAME", "officer").split()[1:]
    done = duewatch(*words, "--format", "json", now="2021-10-05").json
    assert len(done["facts"]) == int(offer[1]) > 100
    assert done["offers"] == []
    items = duewatch("status", "--all", "--format", "json", now="2022-01-05").json["items"]
    looked = [item for item in items if item["last_looked"] == "2021-10-04"]
    assert len({item["obligation"] for item in looked}) > 80
    assert {item["kind"] for item in looked} == {"maintain", "refrain"}
    assert "review" not in {item["status"] for item in looked}
    again = duewatch(*words, now="2021-10-05")
    assert (again.code, "is recorded as looked at on 2021-10-04" in again.err) == (2, True)
    nothing = duewatch("record", "sweep", "op19.force-adaptation-report/1", "--on", "2021-10-04", "--by", "officer")
    assert "no entry is reviewed by `op19.force-adaptation-report`" in nothing.err
