"""An obligation that is called otherwise in a new version keeps its facts, its history, its alerts and its receipts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.judgement.conftest import SMALL, World, source

from duewatch.console.ledger import is_about
from duewatch.engine.encoding.contacts import load_contacts
from duewatch.engine.encoding.decisions import Decision
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.carrying import carry, carrying
from duewatch.engine.judgement.desk import Desk, Question
from duewatch.engine.judgement.explaining import explain
from duewatch.engine.judgement.history import history
from duewatch.engine.judgement.receipts import receipt, replay
from duewatch.engine.judgement.renaming import ever_called
from duewatch.engine.ledger import facts
from duewatch.engine.ledger.database import reading, writing
from duewatch.engine.problems import BadFile, BadInput
from duewatch.engine.running.nightly import evaluate

Make = Callable[..., World]

RENAMED = (
    SMALL.replace("{id: a.report,", "{id: z.account, formerly: a.report,")
    .replace("{id: b.series,", "{id: y.quarterly, formerly: [x.never, b.series],")
    .replace("{entry: b.series,", "{entry: y.quarterly,")
    .replace("{id: g.ban,", "{id: g.stop, formerly: g.ban,")
    .replace("{id: d.ceiling,", "{id: d.most, formerly: d.ceiling,")
)


def load(world: World, *texts: str) -> World:
    """Adopt other texts on the same database, a day later than what was recorded."""
    with writing(world.desk.engine) as connection:
        sources = [source(text, world.desk.rules) for text in texts]
        encoding = adopt(connection, sources, now=world.now, by="an officer")
    desk = Desk(world.desk.engine, world.desk.rules, world.desk.decider, encoding, "UTC")
    return replace(world, desk=desk)


@pytest.fixture
def recorded(world: Make) -> World:
    here = world()
    here.now = datetime(2021, 10, 5, 12, tzinfo=UTC)
    here.deliver("a.report", dated=date(2021, 7, 20), symbol="S/1", contents="has:first")
    here.record(
        "extension", "b.series/1", to=date(2021, 10, 31), granted=date(2021, 9, 20), granted_by="council", symbol="S/2"
    )
    here.record("judgement", "g.ban@them", finding="not-kept", on=date(2021, 9, 1), why="seen")
    here.record("measure", "d.ceiling", value="120", on=date(2021, 9, 2))
    return here


NAMES = {"a.report": "z.account", "b.series": "y.quarterly", "g.ban": "g.stop", "d.ceiling": "d.most"}


def under_new_names(answer: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    found = {}
    for name, item in answer.items():
        owner = name.partition("/")[0].partition("@")[0]
        found[NAMES.get(owner, owner) + name[len(owner) :]] = (item.status, item.due, item.says, item.contents)
    return found


@pytest.mark.parametrize("as_known", [None, "2021-07-01"])
@pytest.mark.parametrize("day", ["2021-07-16", "2021-10-05", "2021-11-01"])
def test_every_answer_is_the_same_under_the_new_names(recorded: World, day: str, as_known: str | None) -> None:
    before = recorded.ask(day, as_known)
    after = load(recorded, RENAMED).ask(day, as_known)
    assert under_new_names(after) == under_new_names(before)
    assert set(after) == set(under_new_names(before))
    if as_known is None and day == "2021-10-05":
        assert after["z.account/1"].status == "met_late"
        assert after["g.stop@them/1"].status == after["d.most/1"].status == "breached"
        assert after["y.quarterly/1"].due == "2021-10-31"


def test_explain_history_and_the_former_name_itself_lead_there(recorded: World) -> None:
    question = Question(date(2021, 10, 5))
    old = history(recorded.desk, "a.report", question)
    here = load(recorded, RENAMED)
    assert history(here.desk, "z.account", question) == old
    assert history(here.desk, "a.report/1", question) == old, "a name that it had before will do"
    told = explain(here.desk, "z.account", question)
    assert told.lines("Contents") == ("seen: first", "unchecked: second")
    assert told.lines("What is recorded")[0].startswith("fact 2: judgement; fulfilled")


def test_what_is_recorded_after_it_joins_what_was_recorded_before(recorded: World) -> None:
    here = load(recorded, RENAMED)
    here.record("correction", str(here.numbers[2]), to=date(2021, 10, 20), why="a slip")
    assert here.ask("2021-10-05")["y.quarterly/1"].due == "2021-10-20"
    here.record("suspension", "y.quarterly/2", on=date(2021, 10, 1))
    with pytest.raises(BadInput, match="suspended already"):
        here.record("suspension", "y.quarterly/2", on=date(2021, 10, 2))
    back = load(here, SMALL)
    assert back.status("b.series/2", "2021-10-05") == "suspended", "the old text reads the new name as its own"
    with pytest.raises(BadInput, match="suspended already"):
        back.record("suspension", "b.series/2", on=date(2021, 10, 2))


def test_a_receipt_from_before_still_replays_and_one_from_after_too(recorded: World) -> None:
    before = receipt(recorded.desk, "a.report", Question(date(2021, 10, 5)))
    here = load(recorded, RENAMED)
    after = receipt(here.desk, "z.account", Question(date(2021, 10, 5)))
    assert replay(before) == replay(after) == ()
    assert before["verdict"]["status"] == after["verdict"]["status"] == "met_late"


def test_an_id_with_facts_may_not_disappear_unless_an_entry_says_that_it_was_it(recorded: World) -> None:
    lost = RENAMED.replace(" formerly: a.report,", "")
    with pytest.raises(BadInput, match=r"about a\.report, .*; keep the id, or name it under `formerly`"):
        load(recorded, lost)
    assert recorded.status("a.report/1", "2021-10-05") == "met_late", "nothing was changed"


CONTACTS = """
people: [{id: desk, name: The desk, email: desk@example.org}]
responsible: [{who: desk, instrument: T/RES/1 (2021)}]
"""


def test_the_clock_and_the_alerts_go_on_under_the_new_name(world: Make, tmp_path: Path) -> None:
    here = world()
    (tmp_path / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    contacts = load_contacts(tmp_path / "contacts.yaml")
    morning = datetime(2021, 7, 16, 9, tzinfo=UTC)
    first = evaluate(here.desk, contacts, now=morning, real_now=morning)
    assert (first.alerts, first.deliveries) == (1, 1)
    renamed = load(here, RENAMED)
    again = evaluate(renamed.desk, contacts, now=morning, real_now=morning)
    assert (again.alerts, again.deliveries, again.transitions) == (0, 0, ())
    assert [one.said_by for one in history(renamed.desk, "z.account", Question(morning))][-1] == "run 1 on 2021-07-16"
    assert renamed.ask(morning)["z.account/1"].changed_on == "2021-07-16"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("formerly: b.series,", "`b.series` is still the id of an entry; a former id is one that is no more"),
        ("formerly: q,", "`q` was formerly `a.report` as well; keep it with the entry that goes on"),
        ("formerly: [],", "an empty list"),
        ("formerlly: q,", "unknown field `formerlly`; did you mean `formerly`?"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(world: Make, entry: str, says: str) -> None:
    text = SMALL.replace("{id: a.report,", "{id: a.report, formerly: q,")
    text = text.replace("{id: k.vote,", f"{{id: k.vote, {entry}")
    with pytest.raises(BadFile) as refused:
        world(text)
    assert says in str(refused.value)
    assert str(refused.value).startswith("small.yaml:")


LATER = """
instrument: {symbol: T/RES/2 (2021), adopted: {date: "2021-09-28"}, zone: America/New_York}
parties: {secretary: {}}
obligations:
- {id: report, provision: OP 1, verb: requests, bearer: secretary, kind: achieve, action: report, deadline: none}
"""


def test_who_takes_over_is_told_under_its_present_name(world: Make) -> None:
    here = world(SMALL, LATER)
    here.now = datetime(2021, 10, 5, 12, tzinfo=UTC)
    pair = ("T/RES/1 (2021)", "T/RES/2 (2021)")
    signed = {"authority": "Counsel", "by": "an officer", "now": here.now, "os_user": "test"}
    carry(here.desk, *pair, [Decision(entry="b.series", does="moves-to", to="report", why="so")], **signed)
    renamed = load(here, SMALL, LATER.replace("id: report,", "id: account, formerly: report,"))
    told = explain(renamed.desk, "b.series/2", Question(here.now)).lines("What is recorded")
    assert "moves-to; T/RES/2 (2021)#account, decided by Counsel" in told[0]
    [entry] = [one for one in carrying(renamed.desk, *pair, now=here.now).entries if one.entry == "b.series"]
    assert entry.decided == "moves-to account from 2021-09-29, decided by Counsel (fact 1)"
    again = [Decision(entry="b.series", does="moves-to", to="account", why="so")]
    assert carry(renamed.desk, *pair, again, **signed).numbers == (), "it is decided so already"


@pytest.mark.parametrize("name", ["a.report", "z.account", "T/RES/1 (2021)#z.account", "a.report/1", "z.account/1"])
def test_what_is_recorded_is_found_under_every_name_that_it_had(recorded: World, name: str) -> None:
    here = load(recorded, RENAMED)
    here.record("looked", "z.account/1", on=date(2021, 10, 4), found="nothing")
    with reading(here.desk.engine) as connection:
        names = ever_called(connection, name)
        found = [one.seq for one in facts.rows(connection) if any(is_about(one, each) for each in names)]
    assert found == [2, 6]


def test_what_a_renamed_fact_changed_is_told_as_its_doing(recorded: World, tmp_path: Path) -> None:
    (tmp_path / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    contacts = load_contacts(tmp_path / "contacts.yaml")
    here = load(recorded, RENAMED)
    evaluate(here.desk, contacts, now=here.now, real_now=here.now)
    old = load(here, SMALL)
    old.record("judgement", "g.ban@them", finding="kept", on=date(2021, 10, 5), why="seen")
    found = evaluate(old.desk, contacts, now=here.now, real_now=here.now)
    assert [(one.new, one.cause) for one in found.transitions if "@them" in one.occurrence] == [("in_force", "fact")]
