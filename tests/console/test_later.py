"""Several instruments in one database: every command knows which is meant, and a later one speaks of an earlier one."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]

ROOT = Path(__file__).parents[2]
EARLIER = """
instrument: {symbol: T/1 (2021), adopted: {date: "2021-06-29"}, zone: America/New_York}
periods: {term: {from: adoption, until: "2022-06-30"}}
parties: {office: {}, council: {}}
questions:
  which-term:
    asks: which term counts?
    this-one: {default: true, why: "the printed one"}
    as-extended: {sets: {term.end: {as: dynamic}}, why: "an extension keeps it current"}
obligations:
- {id: report, provision: OP 1, verb: requests, bearer: office, kind: achieve, action: report,
   deadline: {by: "2021-07-15"}, contains: {money: {}}}
- {id: series, provision: OP 2, verb: requests, bearer: office, kind: recur, action: report again,
   deadline: {every: 6 months, after: adoption, while: term}}
- {id: ceiling, provision: OP 3, verb: decides, bearer: office, kind: limit, action: stay within,
   target: {count: staff, at-most: 10}}
- {id: wish, provision: OP 4, verb: urges, bearer: office, kind: achieve, action: try,
   deadline: {before-end-of: term}, questions: [which-term]}
"""
LATER = """
instrument: {symbol: T/2 (2021), adopted: {date: "2021-12-01"}, zone: Europe/Paris}
parties: {office: {}}
obligations:
- {id: report, provision: OP 1, verb: requests, bearer: office, kind: achieve, action: report on more,
   deadline: {by: "2022-03-01"}}
- {id: most, provision: OP 2, verb: decides, bearer: office, kind: limit, action: stay below,
   target: {count: staff, at-most: 20}}
earlier:
  T/1 (2021):
  - {moves-to: most, of: ceiling, provision: OP 2}
"""
CONTACTS = """
people:
- {id: one, name: One, email: one@example.org}
- {id: two, name: Two, email: two@example.org}
responsible:
- {who: one, instrument: T/1 (2021)}
- {who: two, instrument: T/2 (2021)}
"""
NOW = "2022-03-02T12:00:00Z"


class Keyboard(io.StringIO):
    """Somebody at a terminal who types this."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def both(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small instruments that the settings name."""
    for name, text in (("earlier", EARLIER), ("later", LATER), ("contacts", CONTACTS)):
        (empty / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUEWATCH_OBLIGATIONS", "earlier.yaml:later.yaml")
    return empty


def statuses(ended: Any) -> dict[str, str]:
    return {one["occurrence"]: one["status"] for one in ended.json["items"] if one["occurrence"]}


# ------------------------------------------------------------------ ids are scoped
@pytest.mark.usefixtures("both")
def test_every_command_knows_which_instrument_is_meant(duewatch: Duewatch, both: Path) -> None:
    everything = statuses(duewatch("status", "--all", "--format", "json", now=NOW))
    assert everything == {
        "T/1 (2021)#report/1": "overdue",
        "T/1 (2021)#series/1": "overdue",
        "T/1 (2021)#series/2": "open",
        "T/1 (2021)#ceiling/1": "superseded",
        "T/1 (2021)#wish/1": "open",
        "T/2 (2021)#report/1": "overdue",
        "T/2 (2021)#most/1": "unknown",
    }
    one = statuses(duewatch("status", "--instrument", "T/2 (2021)", "--all", "--format", "json", now=NOW))
    assert set(one) == {"T/2 (2021)#report/1", "T/2 (2021)#most/1"}
    assert "T/1 (2021)#report/1" in duewatch("status", now=NOW).words, "the table says which"
    assert duewatch("status", "--instrument", "T/3", now=NOW).code == 2

    for command in ("explain", "history"):
        refused = duewatch(command, "report", now=NOW)
        assert refused.code == 2
        assert "an obligation of several instruments; write one of T/1 (2021)#report, T/2 (2021)#report" in refused.err
        assert duewatch(command, "T/2 (2021)#report", now=NOW).code == 0
    assert "report on more" in duewatch("explain", "T/2 (2021)#report/1", now=NOW).words
    assert "OP 2" in duewatch("explain", "most", now=NOW).out, "where one alone has the name it will do"

    given = ("--dated", "2022-03-01", "--symbol", "S/9", "--by", "jane")
    assert duewatch("record", "delivered", "report", *given, now=NOW).code == 2
    recorded = duewatch("record", "delivered", "T/2 (2021)#report", *given, now=NOW)
    assert "overdue -> met" in recorded.out
    both_at_once = ("series/1", "T/1 (2021)#report", "--dated", "2021-12-20", "--symbol", "S/9", "--by", "jane")
    assert duewatch("record", "delivered", *both_at_once, now=NOW).code == 0, "a symbol is known by instrument"
    assert duewatch("record", "document", "--issued", "2022-03-01", "--symbol", "S/10", "--by", "x", now=NOW).code == 2
    assert duewatch("record", "event", "term.end", "--date", "2022-12-31", "--by", "jane", now=NOW).code == 0
    after = statuses(duewatch("status", "--all", "--format", "json", now=NOW))
    assert (after["T/1 (2021)#report/1"], after["T/2 (2021)#report/1"]) == ("met_late", "met")

    found = duewatch("evaluate", "--format", "json", now=NOW).json
    assert (found["written"], found["disagreements"]) == (True, 0)
    for symbol, person in (("T/1 (2021)", "one"), ("T/2 (2021)", "two")):
        told = duewatch("routes", "test", f"{symbol}#report/1", now=NOW)
        assert f"{person}@example.org" in told.out, told.err
    for name in ("T/1 (2021)#report", "T/2 (2021)#report", "ceiling"):
        assert duewatch("receipt", name, "-o", "r.json", now=NOW).code == 0
        assert duewatch("replay", "r.json", now=NOW).out.startswith("same")
    (both / "r.json").unlink()
    assert duewatch("agenda", now=NOW).code == duewatch("timeline", now=NOW).code == duewatch(now=NOW).code == 0
    assert duewatch("ambiguities", "T/2 (2021)#report", now=NOW).code == 0
    doubts = duewatch("readings", "--format", "markdown", now=NOW)
    assert (doubts.code, "which-term" in doubts.out) == (0, True), doubts.err
    supposed = ("whatif", "--event", "T/1 (2021)#term.end=2022-09-30", "--since", "2022-03-01")
    assert duewatch(*supposed, "--fact", "measure most --value 30 --on 2022-02-02", now=NOW).code == 0


def test_check_looks_up_what_the_files_say_of_each_other(duewatch: Duewatch, both: Path) -> None:
    told = duewatch("check")
    assert told.code == 0, told.err
    assert "later.yaml: T/2 (2021): 2 entries (2 obligations), 1 link to earlier instruments" in told.out
    alone = duewatch("check", "later.yaml")
    assert "later.yaml:11:26: note: `T/1 (2021)` is not among the encodings" in alone.out
    (both / "later.yaml").write_text(LATER.replace("of: ceiling", "of: OP 9"), encoding="utf-8")
    wrong = duewatch("check")
    assert wrong.code == 2
    assert "later.yaml:11:26: nothing of `T/1 (2021)` is `OP 9` or stands there" in wrong.err


# ------------------------------------------------------------------ loading one of several
@pytest.mark.usefixtures("both")
def test_loading_one_file_leaves_the_others_and_tells_what_moves(duewatch: Duewatch, both: Path) -> None:
    duewatch("record", "measure", "most", "--value", "15", "--on", "2022-02-01", "--by", "jane", now=NOW)
    before = duewatch("status", "--format", "json", now=NOW).json["encoding"]
    text = EARLIER.replace('by: "2021-07-15"', 'by: "2022-07-15"').replace(
        "action: report again", "action: report twice"
    )
    (both / "earlier.yaml").write_text(text.replace("id: wish,", "id: hope, formerly: wish,"), encoding="utf-8")
    told = duewatch("load", "earlier.yaml", now=NOW)
    assert told.code == 2
    assert told.out.splitlines() == [
        "hope: was called wish",
        "T/1 (2021)#report/1: overdue -> open, due 2021-07-15 -> 2022-07-15",
        "T/1 (2021)#report: deadline: {by: 2021-07-15} -> {by: 2022-07-15}",
        "series: action: report again -> report twice",
    ]
    assert duewatch("load", "earlier.yaml", "--yes", now=NOW).code == 0
    now_there = statuses(duewatch("status", "--all", "--format", "json", now=NOW))
    assert now_there["T/2 (2021)#most/1"] == "in_force", "the other instrument stands, with its facts"
    assert (now_there["T/1 (2021)#report/1"], now_there["T/1 (2021)#hope/1"]) == ("open", "open")

    old = duewatch("explain", "T/1 (2021)#report", "--encoding", before[:14], now=NOW)
    assert "overdue: its date was 15 July 2021" in old.words, old.err
    assert (
        statuses(duewatch("status", "--all", "--encoding", before, "--format", "json", now=NOW))["T/1 (2021)#wish/1"]
        == "open"
    )
    refused = duewatch("status", "--encoding", "sha256:zz", now=NOW)
    assert refused.code == 2
    assert before[:19] in refused.err

    dropped = duewatch("load", "--drop", "T/1 (2021)", now=NOW)
    assert "T/1 (2021): no longer there, with 4 entries" in dropped.out
    assert "no longer: T/2 (2021): moves-to from 2 December 2021 on, of T/1 (2021): 1 entry" in dropped.out
    assert "later.yaml:11:26: note: `T/1 (2021)` is not among the encodings" in dropped.err
    assert duewatch("load", "--drop", "T/9", now=NOW).code == duewatch("load", now=NOW).code == 2
    bad = LATER.replace("of: ceiling", "of: cieling")
    (both / "later.yaml").write_text(bad, encoding="utf-8")
    wrong = duewatch("load", "later.yaml", "--yes", now=NOW)
    assert (wrong.code, "later.yaml:11:26: " in wrong.err, "did you mean `ceiling`?" in wrong.err) == (2, True, True)


# ------------------------------------------------------------------ three axes, and receipts
@pytest.mark.usefixtures("both")
def test_each_axis_changes_the_answer_by_itself_and_an_old_receipt_stays_the_same(
    duewatch: Duewatch, both: Path
) -> None:
    def stands(*axes: str) -> tuple[str, str]:
        items = duewatch("status", "--all", "--format", "json", *axes, now="2022-01-10").json["items"]
        [one] = [item for item in items if item["occurrence"] == "T/1 (2021)#report/1"]
        return one["status"], one["due"]

    given = ("--dated", "2021-07-15", "--symbol", "S/1", "--by", "jane")
    duewatch("record", "delivered", "T/1 (2021)#report", *given, now="2021-07-20")
    assert stands() == ("met", "2021-07-15")
    assert (
        duewatch("receipt", "T/1 (2021)#report", "--as-of", "2021-08-01", "-o", "before.json", now="2021-08-02").code
        == 0
    )
    wrong = ("--dated", "2021-07-18", "--why", "the day was misread", "--by", "jane")
    assert duewatch("record", "correction", "1", *wrong, now="2021-09-01").code == 0
    first = duewatch("status", "--format", "json", now="2022-01-10").json["encoding"]
    (both / "earlier.yaml").write_text(EARLIER.replace('by: "2021-07-15"', 'by: "2021-07-20"'), encoding="utf-8")
    assert duewatch("load", "earlier.yaml", "--yes", now="2021-10-01").code == 0

    here = ("--as-of", "2021-08-01")
    assert stands(*here) == ("met", "2021-07-20")
    assert stands("--as-of", "2021-07-17") == ("at_risk", "2021-07-20"), "another day"
    assert stands(*here, "--as-known", "2021-07-01") == ("overdue", "2021-07-20"), "another knowledge"
    assert stands(*here, "--encoding", first) == ("met_late", "2021-07-15"), "another version"
    assert stands(*here, "--as-known", "2021-08-02", "--encoding", first) == ("met", "2021-07-15")
    assert stands("--as-of", "2021-07-17", "--as-known", "2021-08-02", "--encoding", first) == ("met", "2021-07-15")

    assert json.loads((both / "before.json").read_text(encoding="utf-8"))["verdict"]["status"] == "met"
    assert duewatch("replay", "before.json", now="2022-01-10").out.startswith("same")
    asked = ("receipt", "T/1 (2021)#report", *here, "--encoding", first, "-o", "after.json")
    assert "met_late" in duewatch(*asked, now="2022-01-10").out
    assert duewatch("replay", "after.json", now="2022-01-10").out.startswith("same")


# ------------------------------------------------------------------ carrying over
SIGNED = ("--authority", "Legal Counsel", "--by", "jane")
PAIR = ("carry", "T/1 (2021)", "T/2 (2021)")


@pytest.mark.usefixtures("both")
def test_each_open_entry_is_decided_by_somebody_and_what_fell_due_before_stays(duewatch: Duewatch, both: Path) -> None:
    listed = duewatch(*PAIR, "--format", "json", now=NOW)
    assert listed.code == 1
    assert {one["entry"] for one in listed.json["entries"]} == {"report", "series", "wish"}
    assert duewatch(*PAIR, "--write", "d.yaml", now=NOW).code == 1
    written = (both / "d.yaml").read_text(encoding="utf-8")
    assert written.count("does: undecided") == 3
    assert duewatch(*PAIR, "--write", "d.yaml", now=NOW).code == 2
    nothing = duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW)
    assert (nothing.code, "3 undecided" in nothing.out) == (1, True), "nothing is decided by default"
    assert "--authority" in duewatch(*PAIR, "--from", "d.yaml", "--by", "jane", now=NOW).err

    filled = written.replace("{entry: series, does: undecided}", "{entry: series, does: moves-to, to: reprot, why: so}")
    (both / "d.yaml").write_text(
        filled.replace("{entry: wish, does: undecided}", "{entry: wisch, does: leaves}"), encoding="utf-8"
    )
    refused = duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW)
    assert refused.code == 2
    assert "no entry `reprot` in `T/2 (2021)`; did you mean `report`?" in refused.err
    assert "no entry `wisch` in `T/1 (2021)`; did you mean `wish`?" in refused.err
    assert refused.err.startswith("d.yaml:")
    assert duewatch("ledger", now=NOW).out.count("carried") == 0, "nothing was changed"

    (both / "d.yaml").write_text(filled.replace("reprot", "report"), encoding="utf-8")
    done = duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW)
    assert done.code == 1
    assert "series/2: open -> superseded" in done.out
    assert "series: moves-to report from 2021-12-02, decided by Legal Counsel (fact 1)" in done.out
    again = duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW)
    assert "recorded 0 decisions" in again.out
    (both / "later.yaml").write_text(LATER.replace("id: report,", "id: account,"), encoding="utf-8")
    lost = duewatch("load", "later.yaml", "--yes", now=NOW)
    assert (lost.code, "facts are recorded about report, which the file no longer has" in lost.err) == (2, True)
    (both / "later.yaml").write_text(LATER, encoding="utf-8")
    late = statuses(duewatch("status", "--all", "--as-of", "2022-07-10", "--format", "json", now=NOW))
    assert late["T/1 (2021)#series/2"] == "superseded"
    assert late["T/1 (2021)#series/1"] == "superseded", "its day, 29 December, came after the later instrument"
    before = statuses(duewatch("status", "--all", "--as-known", "2022-03-01", "--format", "json", now=NOW))
    assert before["T/1 (2021)#series/1"] == "overdue", "as known before, nobody had decided"

    other = filled.replace("does: moves-to, to: reprot, why: so", "does: leaves")
    (both / "d.yaml").write_text(other, encoding="utf-8")
    assert "is decided otherwise, by fact 1" in duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW).err
    assert duewatch("record", "correction", "1", "--finding", "kept", "--why", "x", "--by", "j", now=NOW).code == 2
    assert duewatch("record", "retraction", "1", "--why", "a slip", "--by", "jane", now=NOW).code == 0
    assert duewatch(*PAIR, "--from", "d.yaml", *SIGNED, now=NOW).code == 1
    assert statuses(duewatch("status", "--all", "--format", "json", now=NOW))["T/1 (2021)#series/1"] == "overdue"
    told = duewatch("explain", "series/1", now=NOW).words
    assert "carried; leaves; T/2 (2021), decided by Legal Counsel" in told


@pytest.mark.usefixtures("both")
def test_at_a_terminal_each_is_asked_kept_at_once_and_gone_on_with_later(
    duewatch: Duewatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("x\nm\nreprot\n\nso\ne\n2022-04-01\nit was done\nq\n"))
    stopped = duewatch(*PAIR, *SIGNED, now=NOW)
    assert stopped.code == 1
    assert "1 of 3" in stopped.out
    assert "did you mean `report`?" in stopped.err
    assert "2 undecided." in stopped.out
    monkeypatch.setattr(sys, "stdin", Keyboard("s\nl\n"))
    resumed = duewatch(*PAIR, *SIGNED, now=NOW)
    assert "1 of 2" in resumed.out
    assert "1 undecided." in resumed.out
    monkeypatch.setattr(sys, "stdin", Keyboard("l\n"))
    assert duewatch(*PAIR, *SIGNED, now=NOW).code == 0
    assert (
        statuses(duewatch("status", "--all", "--as-of", "2022-04-02", "--format", "json", now=NOW))[
            "T/1 (2021)#report/1"
        ]
        == "overdue"
    )


# ------------------------------------------------------------------ the examples
@pytest.mark.usefixtures("folder")
def test_a_renewal_leaves_what_fell_due_until_somebody_decides_what_current_means(duewatch: Duewatch) -> None:
    later = [str(ROOT / "examples" / name) for name in ("S-RES-2640.yaml", "S-RES-2590.yaml")]
    assert duewatch("load", *later, "--yes", now="2022-06-29").code == 0

    def stand(day: str, *provisions: str) -> list[dict[str, Any]]:
        items = []
        for provision in provisions:
            asked = ("--provision", provision, "--instrument", "S/RES/2584 (2021)", "--as-of", day, "--format", "json")
            items += duewatch("status", *asked, now="2022-07-05").json["items"]
        return [
            one
            for one in items
            if one["due"] == "2022-06-30" and any(r["due"] == "2023-06-30" for r in one["readings"].values())
        ]

    dated = stand("2022-06-30", "OP 4", "OP 15")
    names = {one["obligation"] for one in dated}
    assert len(names) > 15
    assert {(one["due"], one["status"], default(one)["due"]) for one in dated} == {("2022-06-30", "due", "2022-06-30")}
    after = stand("2022-07-01", "OP 4", "OP 15")
    told = {one["obligation"]: (one["status"], default(one)["status"]) for one in after}
    assert set(told) == names
    assert set(told.values()) == {("contested", "overdue")}
    power = duewatch("explain", "op06.2.measures", "--as-of", "2022-07-01", "--format", "json", now="2022-07-05").json[
        "item"
    ]
    assert power["status"] == "contested"
    assert {one["status"] for one in power["readings"].values() if one["default"]} == {"available"}

    ruled = duewatch(
        "decide", "current-mandate", "this-one", "--authority", "Legal Counsel", "--on", "2022-07-01", "--by", "jane",
        now="2022-07-05",
    )  # fmt: skip
    assert ruled.code == 0
    settled = {one["obligation"]: one["status"] for one in stand("2022-07-01", "OP 4", "OP 15")}
    assert settled.pop("op04.b4.additional-elements") == "contested", (
        "it has a doubt of its own: is there a date at all?"
    )
    assert settled == dict.fromkeys(names - {"op04.b4.additional-elements"}, "overdue")
    power = duewatch("explain", "op06.2.measures", "--as-of", "2022-07-01", "--format", "json", now="2022-07-05").json[
        "item"
    ]
    assert power["status"] == "available"
    assert "left undone: " in power["because"]

    history = duewatch(
        "import", str(ROOT / "examples" / "history.yaml"), "--by", "jane", "--format", "json", now="2023-06-01"
    )
    assert history.code == 0, history.err
    assert len(history.json["facts"]) == 24

    report = duewatch("explain", "op61.quarterly-report/2", "--as-of", "2022-01-05", now="2022-07-05").words
    assert "unchecked: sanctioned-persons (added by S/RES/2590 (2021))" in report
    assert "sanctioned" not in duewatch("explain", "op61.quarterly-report/3", now="2022-07-05").words
    ceiling = duewatch("status", "--instrument", "S/RES/2640 (2022)", "--format", "json", now="2022-07-05").json[
        "items"
    ]
    assert [one["obligation"] for one in ceiling] == ["mandate", "strength.military", "strength.police"]


def default(item: dict[str, Any]) -> dict[str, Any]:
    [found] = [one for one in item["readings"].values() if one["default"]]
    return dict(found)
