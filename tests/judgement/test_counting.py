"""What dates rest on beside the text: sessions that instruments share, and regimes and calendars as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.editions import in_force, library_of
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.judgement.receipts import receipt, replay
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.problems import BadInput
from duewatch.engine.reckoning.library import Library, shipped

if TYPE_CHECKING:
    from tests.judgement.conftest import World

    Make = Callable[..., World]

HEAD = """
instrument:
  symbol: {symbol}
  title: a small one
  adopted: {{date: "2021-06-29"}}
  zone: America/New_York
  regime: {regime}
parties: {{secretary: {{}}}}
"""
SESSION = """
periods:
  s-76:
    session: {body: assembly, number: 76}
    from: "2021-09-14"
    until: {date: unknown, expected: ["2022-09-01", "2022-09-14"], why: practice}
obligations:
- id: ENTRY.report
  provision: OP 1
  verb: requests
  bearer: secretary
  kind: achieve
  action: report at the session
  deadline: {during: s-76}
"""
COUNTED = """
events: {notice: {date: "2021-06-30"}}
obligations:
- id: a.answer
  provision: OP 1
  verb: requests
  bearer: secretary
  kind: achieve
  action: answer
  deadline: {within: 10 days, after: notice}
"""


def of_session(symbol: str, entry: str) -> str:
    return HEAD.format(symbol=symbol, regime="un-ga") + SESSION.replace("ENTRY", entry)


def test_one_entry_closes_a_session_for_every_instrument_that_hangs_on_it(world: Make) -> None:
    here = world(of_session("T/RES/1 (2021)", "a"), of_session("T/RES/2 (2021)", "b"))
    names = ("a.report/1", "b.report/1")
    before = here.ask("2022-09-10")
    assert [(before[name].status, before[name].due) for name in names] == [("open", None)] * 2
    assert "expected by 14 September 2022" in (before["a.report/1"].says or "")
    assert [here.status(name, "2022-09-15") for name in names] == ["unresolved"] * 2, "never late on an expected day"
    recorded = here.record("event", "assembly/76.end", date=date(2022, 9, 12))
    assert len(recorded.numbers) == 1
    after = here.ask("2022-09-15")
    assert [(after[name].status, after[name].due) for name in names] == [("overdue", "2022-09-12")] * 2
    with pytest.raises(BadInput, match="recorded already; correct fact 1"):
        here.record("event", "T/RES/1 (2021)#s-76.end", date=date(2022, 9, 13))


def test_the_name_of_the_own_period_means_the_shared_session(world: Make) -> None:
    here = world(of_session("T/RES/1 (2021)", "a"), of_session("T/RES/2 (2021)", "b"))
    here.record("event", "T/RES/1 (2021)#s-76.end", date=date(2022, 9, 12))
    assert here.ask("2022-09-12")["b.report/1"].status == "due"


# ------------------------------------------------------------------ regimes and calendars
def a_library(folder: Path, holidays: list[str]) -> Library:
    for kind, data in (
        (
            "regimes",
            {
                "regime": "ours",
                "versions": [{"terms": {"days": "working", "calendar": "ours"}, "authority": {"": "our law"}}],
            },
        ),
        (
            "calendars",
            {
                "calendar": "ours",
                "source": "our law",
                "covers": ["2021-01-01", "2025-12-31"],
                "weekend": ["saturday", "sunday"],
                "holidays": holidays,
            },
        ),
    ):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "ours.json").write_text(json.dumps(data), "utf-8")
    return Library.open([folder])


def test_a_changed_calendar_is_another_encoding_and_the_adopted_one_counts_as_it_was(
    world: Make, tmp_path: Path
) -> None:
    text = HEAD.format(symbol="T/RES/1 (2021)", regime="ours") + COUNTED
    old = a_library(tmp_path / "old", [])
    new = a_library(tmp_path / "new", ["2021-07-05"])
    here, there = world(text, library=old), world(text, library=new)
    assert here.desk.encoding != there.desk.encoding
    assert (here.ask("2021-07-01")["a.answer/1"].due, there.ask("2021-07-01")["a.answer/1"].due) == (
        "2021-07-14", "2021-07-15",
    )  # fmt: skip
    here.record("suspension", "a.answer", on=date(2021, 7, 2))
    here.record("resumption", "a.answer", on=date(2021, 7, 7))
    assert here.ask("2021-07-08")["a.answer/1"].due == "2021-07-19", "its own calendar, though nobody ships it"


def test_a_recorded_end_of_a_session_that_only_ones_own_list_has_moves_the_dates_that_hang_on_it(
    world: Make, tmp_path: Path
) -> None:
    """The list brings a session 77 with an end that is only expected; nothing shipped knows that body."""
    known = {"number": 76, "start": {"date": "2021-09-14", "source": "a"}, "end": {"date": "2021-09-20", "source": "a"}}
    expected = {"number": 77, "start": {"date": "2022-09-13", "source": "a"}}
    (tmp_path / "bodies").mkdir()
    listed = {"body": "assembly", "sessions": [known, expected]}
    (tmp_path / "bodies" / "assembly.json").write_text(json.dumps(listed), "utf-8")
    text = HEAD.format(symbol="T/RES/1 (2021)", regime="un-ga") + COUNTED.replace("achieve", "recur").replace(
        "{within: 10 days, after: notice}", "{every: 1 session, from: assembly/76}"
    )
    here = world(text, library=Library.open([tmp_path]))
    assert [here.ask("2022-09-01")[f"a.answer/{n}"].due for n in (1, 2)] == ["2021-09-20", None]
    here.record("event", "assembly/77.end", date=date(2022, 9, 19), since=date(2022, 9, 2))
    assert here.ask("2022-09-03")["a.answer/2"].due == "2022-09-19"


def with_sessions(folder: Path, end: str) -> Library:
    listed = {"number": 76, "start": {"date": "2021-09-14", "source": "a"}, "end": {"date": end, "source": "a"}}
    (folder / "bodies").mkdir(parents=True)
    (folder / "bodies" / "assembly.json").write_text(json.dumps({"body": "assembly", "sessions": [listed]}), "utf-8")
    return Library.open([folder])


def test_receipts_and_old_verdicts_stay_as_they_were_whatever_is_shipped_later(world: Make, tmp_path: Path) -> None:
    counted = HEAD.format(symbol="T/RES/1 (2021)", regime="ours") + COUNTED
    session = HEAD.format(symbol="T/RES/1 (2021)", regime="un-ga") + SESSION.partition("obligations:")[2].join(
        ["obligations:", ""]
    ).replace("ENTRY", "a").replace("s-76", "assembly/76")
    for name, text, old, new, dues in (
        ("a.answer/1", counted, a_library(tmp_path / "1", []), a_library(tmp_path / "2", ["2021-07-05"]), ("14", "15")),
        (
            "a.report/1",
            session,
            with_sessions(tmp_path / "3", "2021-09-20"),
            with_sessions(tmp_path / "4", "2021-09-21"),
            ("20", "21"),
        ),
    ):
        here, there = world(text, library=old), world(text, library=new)
        assert here.desk.encoding != there.desk.encoding
        day = date(2021, 9, 16)
        assert [(one.ask(day)[name].due or "")[-2:] for one in (here, there)] == list(dues)
        kept = json.loads(json.dumps(receipt(here.desk, name, Question(day))))
        assert replay(kept) == ()
        adopt_again(here, text, new)
        assert (here.ask(day)[name].due or "")[-2:] == dues[0], "asked of the encoding of then"
        assert replay(kept) == ()


def adopt_again(here: World, text: str, library: Library) -> None:
    """Adopt the same text in the same database, counted by other files."""
    instrument, _ = read_instrument(text.encode(), here.desk.rules.verbs, name="small.yaml")
    with writing(here.desk.engine) as connection:
        source = Source(instrument, "small.yaml", text.encode(), library=library)
        adopt(connection, [source], now=here.now, by="an officer")


def test_a_plain_encoding_keeps_the_hash_that_it_always_had(world: Make) -> None:
    here = world()
    with reading(here.desk.engine) as connection:
        (file,) = in_force(connection).files
        assert file["bound"].keys() == {"regimes/un-sc"}
        held = library_of(connection, file["instrument"])
    assert held.content("regimes", "un-sc") == shipped().content("regimes", "un-sc")


def test_an_unknown_regime_is_refused_by_name(world: Make) -> None:
    with pytest.raises(BadInput, match="no regime `un-cs`; did you mean `un-sc`"):
        world(HEAD.format(symbol="T/RES/1 (2021)", regime="un-cs") + COUNTED)


def test_explain_names_the_authority_of_each_step(world: Make) -> None:
    here = world(HEAD.format(symbol="T/RES/1 (2021)", regime="us-frcp-6a") + COUNTED)
    told = explain(here.desk, "a.answer", Question(date(2021, 7, 1)))
    steps = " / ".join(line for _, lines in told.sections for line in lines)
    assert "its own day not counted: 10 July 2021 [Fed. R. Civ. P. 6(a)(1)(A)]" in steps
    assert "so the next one: 12 July 2021 [Fed. R. Civ. P. 6(a)(1)(C) and (5)]" in steps
