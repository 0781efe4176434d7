"""`duewatch evaluate` and `duewatch deliver`: what is written, rehearsed, sent, and kept when it cannot be."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.postbox import Postbox

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")

MORNING = "2021-07-16T09:00:00-04:00"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


def server(port: int) -> dict[str, str]:
    return {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(port)}


def test_the_json_of_an_evaluation(duewatch: Duewatch) -> None:
    first = duewatch("evaluate", "--format", "json", now=MORNING).json
    assert list(first) == [
        "run",
        "written",
        "examined",
        "transitions",
        "alerts",
        "unrouted",
        "deliveries",
        "disagreements",
        "unheard",
    ]
    assert (first["run"], first["written"]) == ("1", True)
    assert first["examined"] == len(first["transitions"]) > 50
    [late] = [one for one in first["transitions"] if one["new"] == "overdue"]
    assert late == {
        "occurrence": "S/RES/2584 (2021)#op19.force-adaptation-report/1",
        "day": "2021-07-16",
        "old": None,
        "new": "overdue",
        "cause": "time",
    }


def test_a_change_is_told_with_its_cause(duewatch: Duewatch) -> None:
    duewatch("evaluate", now=MORNING)
    duewatch(
        "record",
        "delivered",
        "op19.force-adaptation-report",
        "--dated",
        "2021-07-15",
        "--symbol",
        "S/1",
        "--by",
        "x",
        now="2021-07-17",
    )
    ended = duewatch("evaluate", now="2021-07-17")
    assert ended.out.startswith("run 2: ")
    assert "1 change" in ended.out
    assert "#op19.force-adaptation-report/1: overdue -> met on 2021-07-17 (fact)" in ended.out
    changed = duewatch("status", "--provision", "OP 19", "--watch", "own", "--format", "json", now="2021-07-18").json
    assert changed["items"][0]["changed_on"] == "2021-07-17"


@pytest.mark.parametrize("axis", [("--as-of", "2021-10-01"), ("--as-known", "2021-07-01")])
def test_with_another_moment_it_rehearses_and_writes_nothing(axis: tuple[str, str], duewatch: Duewatch) -> None:
    rehearsal = duewatch("evaluate", *axis, "--format", "json", now=MORNING).json
    assert (rehearsal["run"], rehearsal["written"]) == (None, False)
    assert rehearsal["examined"] > 50
    assert duewatch("evaluate", *axis, now=MORNING).out.startswith("rehearsal, nothing is written")
    assert duewatch("deliver", now=MORNING, **server(9)).out == "0 sent, 0 retrying, 0 dead, 0 obsolete\n"
    assert duewatch("evaluate", "--format", "json", now=MORNING).json["run"] == "1"


def test_without_a_mail_server_all_stays_pending_and_says_so(duewatch: Duewatch, postbox: Postbox) -> None:
    duewatch("evaluate", now=MORNING)
    ended = duewatch("deliver", "--format", "json", now=MORNING)
    assert ended.code == 4
    assert ended.json == {"sent": 0, "retrying": 0, "dead": 0, "obsolete": 0}
    assert "1 message pending" in ended.err
    assert "DUEWATCH_SMTP_HOST" in ended.err
    assert duewatch("deliver", "--format", "json", now=MORNING, **server(postbox.port)).json["sent"] == 1
    assert len(postbox.mails) == 1


def test_a_server_that_is_down_is_tried_again(duewatch: Duewatch) -> None:
    duewatch("evaluate", now=MORNING)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ended = duewatch("deliver", "--format", "json", now=MORNING, **server(port))
    assert ended.json["sent"] == 0
    assert ended.json["retrying"] == 1


def test_what_a_fact_settled_meanwhile_is_not_sent(duewatch: Duewatch, postbox: Postbox) -> None:
    duewatch("evaluate", now=MORNING)
    duewatch(
        "record",
        "delivered",
        "op19.force-adaptation-report",
        "--dated",
        "2021-07-15",
        "--symbol",
        "S/1",
        "--by",
        "x",
        now=MORNING,
    )
    found = duewatch("deliver", "--format", "json", now=MORNING, **server(postbox.port)).json
    assert found == {"sent": 0, "retrying": 0, "dead": 0, "obsolete": 1}
    assert postbox.mails == []


def test_without_contacts_alerts_are_written_and_reach_nobody(folder: Path, duewatch: Duewatch) -> None:
    (folder / "contacts.yaml").unlink()
    ended = duewatch("evaluate", "--format", "json", now=MORNING)
    assert ended.code == 0
    assert (ended.json["alerts"], ended.json["unrouted"], ended.json["deliveries"]) == (1, 1, 0)
    assert "there is no contacts.yaml" in ended.err
    named = duewatch("evaluate", now=MORNING, DUEWATCH_CONTACTS="who.yaml")
    assert named.code == 2
    assert "who.yaml" in named.err


def test_contacts_with_a_mistake_stop_the_evaluation_before_it_writes(folder: Path, duewatch: Duewatch) -> None:
    (folder / "contacts.yaml").write_text("people: [{id: a, email: a@b@c}]\n", encoding="utf-8")
    ended = duewatch("evaluate", now=MORNING)
    assert ended.code == 2
    assert ended.err.startswith("contacts.yaml:1:")
    (folder / "contacts.yaml").unlink()
    assert duewatch("evaluate", "--format", "json", now=MORNING).json["run"] == "1"
