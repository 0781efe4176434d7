"""How a process of its own starts: what it imports, what it prints, how it ends."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.main import COMMANDS, cli

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.slow

HEAVY = ("sqlalchemy", "rich", "yaml", "durable", "smtplib", "alembic", "apscheduler", "duewatch.engine.judgement")
NOT_FOR_STATUS = (  # email.message comes with SQLAlchemy, through importlib.metadata
    "durable",
    "durable_rules_engine",
    "smtplib",
    "email.policy",
    "duewatch.notifiers",
    "duewatch.engine.alerting.planning",
    "alembic",
    "apscheduler",
    "rich",
    "dateutil",
)


def imported(ended: Any) -> set[str]:
    """The modules that `-X importtime` lists."""
    return {line.rpartition("|")[2].strip() for line in ended.err.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("status", "--help"), ("record", "measure", "--help")])
def test_help_imports_nothing_heavy(words: tuple[str, ...], process: Duewatch) -> None:
    ended = process(*words, options=("-X", "importtime"))
    assert ended.code == 0
    modules = imported(ended)
    assert "click" in modules
    assert not modules & set(HEAVY)
    assert ended.out.startswith("duewatch " if words == ("--version",) else "Usage: ")


@pytest.mark.usefixtures("folder")
def test_status_imports_only_what_it_needs(process: Duewatch) -> None:
    ended = process("status", "--format", "json", "--as-of", "2021-06-29", options=("-X", "importtime"))
    assert ended.code == 0
    assert "sqlalchemy" in imported(ended)
    assert not imported(ended) & set(NOT_FOR_STATUS)


@pytest.mark.parametrize("name", [named.name for named in COMMANDS])
def test_each_command_has_its_words_and_an_example(name: str) -> None:
    [named] = [one for one in COMMANDS if one.name == name]
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help
    assert command.epilog is not None
    assert re.search(rf"^  .*duewatch {name}", command.epilog, re.MULTILINE)
    assert named.words.endswith(".")


def test_every_command_of_every_kind_of_fact_has_an_example_that_parses() -> None:
    record = cli.get_command(None, "record")  # type: ignore[arg-type]
    for name, command in record.commands.items():  # type: ignore[union-attr]
        if command.hidden:
            continue
        example = command.epilog.splitlines()[-1].strip()
        import shlex

        words = shlex.split(example)
        assert words[:3] == ["duewatch", "record", name]
        assert command.make_context(name, words[3:]).params["by"] == "jane"


@pytest.mark.usefixtures("folder")
def test_a_process_ends_with_the_code_of_its_answer(process: Duewatch) -> None:
    assert process("status", "--as-of", "2021-07-15", "--fail-on", "overdue").code == 0
    late = process("status", "--as-of", "2021-07-16", "--fail-on", "overdue")
    assert late.code == 1
    assert late.err == ""
    assert process("status", "--nonsense").code == 2


@pytest.mark.usefixtures("folder")
def test_two_first_commands_at_once_adopt_once(folder: Path, process: Duewatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    (folder / "duewatch.db").unlink()
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: process("status", "--format", "json"), range(2)))
    assert [ended.code for ended in answers] == [0, 0], [ended.err for ended in answers]
    assert answers[0].out == answers[1].out
    database = sqlite3.connect(folder / "duewatch.db")
    assert database.execute("SELECT count(*) FROM edition").fetchone() == (1,)
    database.close()
