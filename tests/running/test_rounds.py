"""The rounds of `duewatch run`: each thing once, whoever makes the round and whenever it comes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.judgement.adopting import Source, adopt
from duewatch.engine.ledger.database import writing
from duewatch.engine.ledger.facts import Draft, append
from duewatch.engine.running import nightly, rounds, sending

Told = Callable[[], list[dict[str, Any]]]


def runs(house: Any) -> int:
    return int(house.sql("SELECT count(*) FROM run")[0][0])


def happened(told: Told, event: str) -> list[dict[str, Any]]:
    return [line for line in told() if line["event"].startswith(event)]


def record_a_look(house: Any) -> None:
    draft = Draft(
        kind="looked",
        instrument="T/1 (2021)",
        target="T/1 (2021)#all.letter/1",
        recorded_by="test",
        effective=house.now.date(),
        finding="nothing",
    )
    with writing(house.desk.engine) as connection:
        append(connection, draft, now=house.now, os_user="test")


# ------------------------------------------------------------------ catching up
def test_the_first_run_evaluates_and_sends_once(house: Any, postbox: Any, told: Told) -> None:
    here = house.rounds()
    assert here.catch_up()
    for _ in range(2):
        here.evaluate_if_due()
        here.deliver("email")
    assert [mail["Subject"].partition(":")[0] for mail in postbox.mails] == ["Overdue 1 day"]
    assert runs(house) == 1
    assert [line["why"] for line in happened(told, "evaluated")] == ["the first run"]
    assert happened(told, "delivered")[0] | {"at": ""} == {
        "at": "",
        "level": "info",
        "event": "delivered",
        "channel": "email",
        "sent": 1,
        "retrying": 0,
        "dead": 0,
        "obsolete": 0,
        "pending": 0,
    }


def test_a_run_that_was_missed_is_made_up_for_once_and_said(house: Any, told: Told) -> None:
    house.rounds().catch_up()
    house.at("2021-07-16T12:59:00+00:00")
    house.rounds().catch_up()  # started again within the hour: nothing was missed
    assert not happened(told, "a run was missed")
    house.at("2021-07-18T00:00:00+00:00")
    house.rounds().catch_up()
    house.rounds().catch_up()
    assert [line["last_run_at"] for line in happened(told, "a run was missed")] == ["2021-07-16T12:59:00+00:00"]


def test_after_forty_days_down_only_the_newest_stage_is_told(house: Any, postbox: Any) -> None:
    house.at("2021-06-30T12:00:00+00:00")
    here = house.rounds()
    here.catch_up()
    here.deliver("email")
    first = len(postbox.mails)
    house.at("2021-08-09T12:00:00+00:00")
    here = house.rounds()
    here.catch_up()
    here.deliver("email")
    assert [mail["Subject"].partition(":")[0] for mail in postbox.mails[first:]] == ["Overdue 25 days"]
    said = dict(house.sql("SELECT stage, coalesce(skipped, 'said') FROM alert WHERE occurrence LIKE '%#all.report/1'"))
    assert said["overdue+14"] == "said"
    assert said["due"] == said["overdue"] == said["overdue+7"] == "overtaken by overdue+14"


# ------------------------------------------------------------------ when it is due
def test_nothing_is_evaluated_while_nothing_turns(house: Any) -> None:
    here = house.rounds()
    here.catch_up()
    house.at("2021-07-16T21:59:00+00:00")
    here.evaluate_if_due()
    assert runs(house) == 1


@pytest.mark.parametrize(
    ("moment", "turns"), [("2021-10-15T21:59:00+00:00", False), ("2021-10-15T22:00:01+00:00", True)]
)
def test_a_look_comes_with_the_day_of_the_instruments_own_zone(house: Any, moment: str, turns: bool) -> None:
    """30 days before 15 November begins in Paris at 22:00 UTC of the day before."""
    house.at("2021-10-15T12:00:00+00:00")
    here = house.rounds()
    here.catch_up()
    house.at(moment)
    here.evaluate_if_due()
    stages = [stage for (stage,) in house.sql("SELECT stage FROM alert WHERE occurrence LIKE '%#all.letter/1'")]
    assert (runs(house), stages) == ((2, ["lead-30"]) if turns else (1, []))


def test_a_recorded_fact_other_contacts_and_another_encoding_are_noticed(house: Any, told: Told) -> None:
    here = house.rounds()
    here.catch_up()
    record_a_look(house)
    here.evaluate_if_due()
    file = house.folder / "contacts.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Jane", "Jane Doe"), encoding="utf-8")
    here.evaluate_if_due()
    load(house, b'"2021-07-15"', b'"2021-07-14"')
    here.evaluate_if_due()
    here.evaluate_if_due()
    whys = [line["why"] for line in happened(told, "evaluated")]
    assert whys == ["the first run", "something was recorded", "other contacts", "another encoding"]


def load(house: Any, old: bytes, new: bytes) -> None:
    content: bytes = house.encoding.replace(old, new)
    instrument, _ = read_instrument(content, house.desk.rules.verbs, name="small.yaml")
    with writing(house.desk.engine) as connection:
        adopt(connection, [Source(instrument, "small.yaml", content)], now=house.now, by="test")


def test_what_another_process_has_evaluated_is_not_done_again(house: Any) -> None:
    one, other = house.rounds(), house.rounds()
    one.catch_up()
    other.catch_up()
    record_a_look(house)
    one.evaluate_if_due()
    other.evaluate_if_due()
    assert runs(house) == 3
    assert house.sql("SELECT count(*) FROM alert WHERE skipped IS NULL") == [(1,)]


def test_once_told_to_stop_nothing_new_is_begun(house: Any, postbox: Any) -> None:
    here = house.rounds()
    here.catch_up()
    house.stopping = True
    record_a_look(house)
    here.evaluate_if_due()
    assert here.deliver("email") is None
    assert (runs(house), postbox.mails) == (1, [])


# ------------------------------------------------------------------ trouble
def test_an_evaluation_that_fails_is_told_without_its_words_and_tried_again(
    house: Any, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = house.rounds()

    def broken(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT jane@example.org", {}, RuntimeError("secret"))

    with monkeypatch.context() as while_broken:
        while_broken.setattr(nightly, "evaluate", broken)
        assert not here.catch_up()
        here.evaluate_if_due()
    [line] = told()
    assert (line["level"], line["error"], line["why"]) == ("error", "OperationalError", "the first run")
    assert "jane" not in str(line)
    house.real += timedelta(seconds=rounds.AGAIN)
    here.evaluate_if_due()
    assert runs(house) == 1


def test_a_question_that_fails_does_not_end_the_rounds(house: Any, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    here = house.rounds()
    here.catch_up()

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr(rounds.looks, "reason", broken)
    monkeypatch.setattr(sending, "deliver_on", broken)
    here.evaluate_if_due()
    here.evaluate_if_due()
    assert here.deliver("email") is None
    assert [line["level"] for line in told()[1:]] == ["error", "error"]


def test_broken_contacts_leave_those_that_were_good(house: Any, told: Told) -> None:
    here = house.rounds()
    here.catch_up()
    (house.folder / "contacts.yaml").write_text("people: [{id: x, email: not an address}]", encoding="utf-8")
    here.evaluate_if_due()
    here.evaluate_if_due()
    [line] = happened(told, "the contacts cannot be read")
    assert "not an address" not in str(line)
    assert line["places"]
    assert runs(house) == 1
    assert not house.rounds().catch_up()  # who starts with broken ones has none to fall back on


def test_a_channel_that_does_not_send_is_told_once_and_so_is_its_return(house: Any, postbox: Any, told: Told) -> None:
    port = house.given["DUEWATCH_SMTP_PORT"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        house.given["DUEWATCH_SMTP_PORT"] = str(closed.getsockname()[1])
    here = house.rounds()
    here.catch_up()
    for _ in range(2):
        here.deliver("email")
        house.real += timedelta(seconds=1)
    assert len(happened(told, "a channel does not send")) == 1
    house.given["DUEWATCH_SMTP_PORT"] = port
    again = house.rounds()
    again._told["email"] = "was down"
    house.real += timedelta(hours=2)
    again.deliver("email")
    assert len(happened(told, "a channel sends again")) == 1
    assert len(postbox.mails) == 1
    assert "127.0.0.1" not in str(told())


def test_an_altered_ledger_is_found_by_the_nightly_run(house: Any, told: Told) -> None:
    record_a_look(house)
    here = house.rounds()
    assert here.evaluate("nightly", fully=True)
    names = [name for (name,) in house.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'") if "fact" in name]
    for name in names:
        house.sql(f"DROP TRIGGER {name}")
    house.sql("UPDATE fact SET note = 'other'")
    here.evaluate("nightly", fully=True)
    [line] = happened(told, "the ledger was altered")
    assert (line["level"], line["entries"]) == ("critical", [1])


# ------------------------------------------------------------------ the watchman
class Watchman(HTTPServer):
    """Counts the calls; answers as it is told."""

    def __init__(self, status: int) -> None:
        outer = self
        self.calls: list[str] = []

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.calls.append(self.path)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        super().__init__(("127.0.0.1", 0), Answer)
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


@pytest.mark.parametrize(("status", "failures"), [(200, 0), (500, 1)])
def test_the_watchman_is_called_after_a_good_run(house: Any, told: Told, status: int, failures: int) -> None:
    with Watchman(status) as watchman:
        house.given["DUEWATCH_PING_URL"] = f"http://127.0.0.1:{watchman.server_port}/secret-token"
        here = house.rounds()
        here.catch_up()
        watchman.shutdown()
    assert watchman.calls == ["/secret-token"]
    assert len(happened(told, "the ping failed")) == failures
    assert runs(house) == 1
    assert "secret-token" not in str(told())


def test_the_watchman_is_not_called_where_the_engines_disagree(
    house: Any, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(rounds, "ping", lambda *_, **__: called.append(1) or "")
    house.given["DUEWATCH_PING_URL"] = "https://ping.example.org/x"
    good = nightly.evaluate

    def doubtful(*words: Any, **named: Any) -> Any:
        from dataclasses import replace

        return replace(good(*words, **named), incidents=("they differ",))

    monkeypatch.setattr(nightly, "evaluate", doubtful)
    assert house.rounds().catch_up()
    assert not called
    assert [line["incident"] for line in happened(told, "the engines")] == ["they differ"]


def test_a_line_tells_when_it_was_written(told: Told, house: Any) -> None:
    house.rounds().catch_up()
    assert datetime.fromisoformat(told()[0]["at"]).tzinfo == UTC
