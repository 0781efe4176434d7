"""Receipts: what a verdict rests on, and the same verdict from that alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.judgement.conftest import SMALL, World, source

from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.judgement.adopting import adopt
from duewatch.engine.judgement.deciding import Ruling, decide
from duewatch.engine.judgement.desk import Question
from duewatch.engine.judgement.receipts import _seal, receipt, replay
from duewatch.engine.ledger.database import writing
from duewatch.engine.problems import BadInput, CannotTrust
from duewatch.rules import rete

Make = Callable[..., World]


def of(here: World, name: str, as_of: str, as_known: datetime | None = None) -> dict[str, Any]:
    """The receipt as it comes back from a file."""
    written = json.dumps(receipt(here.desk, name, Question(date.fromisoformat(as_of), as_known)))
    content: dict[str, Any] = json.loads(written)
    return content


@pytest.fixture
def lived(world: Make) -> World:
    """A year of facts of many kinds."""
    here = world()
    here.now = datetime(2021, 10, 1, 12, tzinfo=UTC)
    here.deliver("a.report", dated=date(2021, 7, 18), symbol="R/1", contents="lacks:second", why="one part")
    here.record("measure", "d.ceiling", value="101", on=date(2021, 8, 1))
    here.record("judgement", "g.ban@a-group", on=date(2021, 9, 1), finding="not-kept", why="seen")
    here.record("event", "incident", date=date(2021, 9, 1))
    here.now = datetime(2022, 7, 4, 12, tzinfo=UTC)
    here.record("event", "mandate.end", date=date(2023, 6, 30), since=date(2022, 6, 29))
    here.record("correction", "3", value="99", why="a slip")
    return here


CASES = {
    ("a.report/1", "2021-07-20"): "overdue",
    ("d.ceiling/1", "2021-08-02"): "in_force",
    ("g.ban@a-group/1", "2021-09-02"): "breached",
    ("j.cases/1", "2021-09-02"): "open",
    ("i.response/1", "2022-07-05"): "contested",
}


def test_a_receipt_replays_to_the_same_without_durable_rules(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {case: of(lived, *case) for case in CASES}
    assert {case: content["verdict"]["status"] for case, content in found.items()} == CASES
    monkeypatch.setattr(rete.Decider, "decide", lambda *_: pytest.fail("a child was asked"))
    assert [replay(content) for content in found.values()] == [()] * len(CASES)


def test_other_rules_than_the_shipped_ones_are_in_the_receipt(lived: World, tmp_path: Path) -> None:
    for name, text in of(lived, "a.report/1", "2021-07-20")["rules"]["files"].items():
        path = tmp_path / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n# ours\n", encoding="utf-8")
    desk = lived.desk
    lived.desk = type(desk)(desk.engine, load_rules(tmp_path / "rules"), desk.decider, desk.encoding, "UTC")
    content = of(lived, "a.report/1", "2021-07-20")
    assert content["rules"]["files"]["status.yaml"].endswith("# ours\n")
    assert replay(content) == ()


def test_a_receipt_from_before_a_correction_still_replays(lived: World) -> None:
    before = of(lived, "d.ceiling/1", "2021-08-02", datetime(2022, 1, 1, tzinfo=UTC))
    assert (before["verdict"]["status"], [row["seq"] for row in before["facts"]][-1]) == ("breached", 5)
    assert replay(before) == ()


def test_a_ruling_is_among_what_a_verdict_rests_on(lived: World) -> None:
    ruling = Ruling(question="which-mandate", answer="extended", authority="counsel", on=date(2022, 7, 4))
    decide(lived.desk, ruling, by="jane", now=lived.now, os_user="test")
    content = of(lived, "h.first/1", "2022-07-05")
    assert content["verdict"]["status"] == "open"
    assert replay(content) == ()


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """With a seal that fits again, as somebody would make it who knows how."""
    return content | {"seal": _seal({name: value for name, value in content.items() if name != "seal"})}


ALTERED: tuple[tuple[tuple[str | int, ...], object, str], ...] = (
    (("encoding", "hash"), "sha256:0", "encoding.hash"),
    (("encoding", "files", 0, "text"), SMALL.replace("2021-07-15", "2021-07-16"), "encoding.hash"),
    (("rules", "hash"), "sha256:0", "rules.hash"),
    (("ledger", "up_to"), 1, "knew the ledger up to 1 only"),
    (("facts", 0, "hash"), "0", "fact 1 is not what the ledger held"),
    (("facts", 0, "seq"), 7, "fact 7 is not what the ledger held"),
    (("facts", 1, "items"), {}, "fact 2 is not what the ledger held"),
    (("as_of",), "2021-07-2x", "no whole receipt: Invalid isoformat string"),
    (("ledger", "zone"), "Europe/Nowhere", "no whole receipt"),
    (("occurrence",), "T/RES/1 (2021)#no.report/1", "status: overdue in the receipt, None now"),
    (("occurrence",), 1, "`occurrence` is not what stands there"),
    (("facts", 0), {"seq": 1}, "`facts.0.recorded_at` is missing"),
    (("encoding", "files", 0, "bound"), {"calendar/x": 1}, "what stands for a text is none"),
    (("verdict",), [], "`verdict` is not what stands there"),
    (("encoding",), None, "`encoding` is not what stands there"),
)


@pytest.mark.parametrize(("place", "value", "told"), ALTERED)
def test_what_was_altered_and_sealed_again_is_named_all_the_same(
    lived: World, place: tuple[str | int, ...], value: object, told: str
) -> None:
    content = of(lived, "a.report/1", "2021-07-20")
    *above, last = place
    part: Any = content
    for name in above:
        part = part[name]
    part[last] = value
    try:
        said = "; ".join(f"{one.place}: {one.then} in the receipt, {one.now} now" for one in replay(sealed(content)))
    except (BadInput, CannotTrust) as refused:
        said = str(refused)
    assert told in said


def test_a_receipt_under_an_earlier_version_knows_what_was_recorded_under_later_names(lived: World) -> None:
    first = lived.desk.encoding
    later = SMALL.replace("{id: a.report,", "{id: z.account, formerly: a.report,")
    with writing(lived.desk.engine) as connection:
        now = adopt(connection, [source(later, lived.desk.rules)], now=lived.now, by="an officer")
    lived.desk = replace(lived.desk, encoding=now)
    lived.record("judgement", "z.account/1", on=date(2021, 7, 12), finding="fulfilled", why="a letter did")
    assert of(lived, "z.account", "2021-07-20")["verdict"]["status"] == "met"
    lived.desk = replace(lived.desk, encoding=first)
    old = of(lived, "a.report", "2021-07-20")
    assert (old["verdict"]["status"], replay(old)) == ("met", ())


def test_what_differs_is_named(lived: World) -> None:
    content = of(lived, "a.report/1", "2021-07-20")
    content["verdict"]["readings"]["default"]["days_late"] = 4
    [one] = replay(sealed(content))
    assert (one.place, one.then, one.now) == ("readings.default.days_late", 4, 5)


def test_an_altered_receipt_is_not_believed(lived: World) -> None:
    content = of(lived, "a.report/1", "2021-07-20")
    content["as_of"] = "2021-07-14"
    with pytest.raises(CannotTrust, match=r"altered: its seal does not fit .*; status: overdue in the receipt, "):
        replay(content)
    content["facts"][0]["dated"] += 1
    with pytest.raises(CannotTrust, match="altered: fact 1 is not what the ledger held"):
        replay(sealed(content))
    with pytest.raises(BadInput, match="no receipt"):
        replay({"form": "a letter"})
