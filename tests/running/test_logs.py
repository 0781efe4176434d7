"""The lines of `duewatch run`: one JSON object each, without what nobody may read there."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from duewatch.engine.problems import BadFile, CannotTrust, Place, Problem
from duewatch.engine.running import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Any:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    stream = io.StringIO()
    before = root.level, logs.LOGGER.level
    logs.set_up(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.setLevel(before[0])
    logs.LOGGER.setLevel(before[1])


def test_a_line_is_one_json_object(written: Any) -> None:
    logs.tell("delivered", channel="email", sent=2, words="one\ntwo")
    [line] = written()
    assert line | {"at": ""} == {
        "at": "",
        "level": "info",
        "event": "delivered",
        "channel": "email",
        "sent": 2,
        "words": "one\ntwo",
    }


def test_of_a_library_only_the_template_is_told(written: Any) -> None:
    logging.getLogger("apscheduler").warning("job %s failed for %s", "x", "jane@example.org")
    logging.getLogger("apscheduler").info("chatter")
    [line] = written()
    assert (line["library"], line["event"]) == ("apscheduler", "job %s failed for %s")
    assert "jane" not in str(line)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CannotTrust("it is damaged"), {"error": "CannotTrust", "words": "it is damaged"}),
        (
            BadFile([Problem(Place("contacts.yaml", 3, 4), "`jane@` is no address")]),
            {"error": "BadFile", "places": ["contacts.yaml:3:4"]},
        ),
        (KeyError("jane@example.org"), {"error": "KeyError", "where": ""}),
    ],
)
def test_an_error_is_told_by_kind_and_place(error: Exception, told: dict[str, object]) -> None:
    assert logs.described(error) == told


def test_where_an_error_arose_is_told() -> None:
    with pytest.raises(ValueError, match="Expecting") as raised:
        json.loads("{")
    told = logs.described(raised.value)
    assert told["error"] == "JSONDecodeError"
    assert str(told["where"]).startswith("decoder.py:")
