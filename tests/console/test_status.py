"""`duewatch status`: what is shown, what is asked for, and the exit code."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.opening import opened
from duewatch.console.status import is_found
from duewatch.engine.judgement.asking import Item, ask
from duewatch.engine.judgement.selecting import Filter, select

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")

KEYS = [
    "instrument",
    "obligation",
    "occurrence",
    "provision",
    "modality",
    "verb",
    "strength",
    "kind",
    "bearer",
    "member",
    "counterparty",
    "action",
    "watch",
    "owner",
    "due",
    "status",
    "group",
    "says",
    "rule",
    "because",
    "days_until_due",
    "days_late",
    "contents",
    "discharged_on",
    "last_looked",
    "changed_on",
    "readings",
]
LATE = ("status", "--as-of", "2021-07-16")


def provisions(ended: Any) -> set[str]:
    return {item["provision"] for item in ended.json["items"]}


def test_the_json_is_the_one_that_others_build_on(duewatch: Duewatch) -> None:
    answer = duewatch(*LATE, "--format", "json").json
    assert list(answer) == ["as_of", "as_known", "encoding", "rules", "items"]
    assert (answer["as_of"], answer["as_known"]) == ("2021-07-16", None)
    assert all(name.startswith("sha256:") and len(name) == 71 for name in (answer["encoding"], answer["rules"]))
    assert all(list(item) == KEYS for item in answer["items"])
    first = answer["items"][0]
    assert first["occurrence"] == "S/RES/2584 (2021)#op19.force-adaptation-report/1"
    assert {item["watch"] for item in answer["items"]} == {"own", "others"}
    assert not [item for item in answer["items"] if item["modality"] == "statement"]


def test_without_a_day_it_is_asked_now(duewatch: Duewatch) -> None:
    assert duewatch("status", "--format", "json", now="2021-07-16T09:00:00-04:00").json["as_of"] == (
        "2021-07-16T13:00:00+00:00"
    )


def test_the_page_shows_groups_others_counts_and_how_far_knowledge_goes(duewatch: Duewatch) -> None:
    lines = duewatch(*LATE).out.splitlines()
    assert lines[0] == "S/RES/2584 (2021), as of 2021-07-16, with an empty ledger"
    bare = [line.strip() for line in lines]
    assert bare.index("late (1)") < bare.index("cannot say (2)") < bare.index("watched: owed by others")
    assert any(line.startswith("OP 19") and "overdue by 1 day: no" in line for line in bare)
    assert bare[-2].startswith("1 late, ")
    assert bare[-1].endswith("more not shown; --all shows everything.")


@pytest.fixture(scope="module")
def items(adopted: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Item, ...]:
    """The whole answer for the day after the first one was due, asked once."""
    folder = tmp_path_factory.mktemp("asked")
    for file in adopted.parent.iterdir():
        shutil.copy(file, folder)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setenv("DUEWATCH_DATABASE_URL", f"sqlite:///{folder / 'duewatch.db'}")
        with opened() as house:
            return ask(house.desk, house.question(date(2021, 7, 16), None)).items


@pytest.mark.parametrize(
    ("asked", "wanted", "unwanted"),
    [
        (Filter(), {"OP 19", "OP 1", "OP 18"}, {"OP 63", "OP 47 bullet 1"}),
        (Filter(statuses=frozenset({"overdue"})), {"OP 19"}, {"OP 40", "OP 61"}),
        (Filter(groups=frozenset({"late", "cannot-say"}), watch="own"), {"OP 19", "OP 18"}, {"OP 40", "OP 5"}),
        (Filter(bearer="minusma"), {"OP 17", "OP 18"}, {"OP 19"}),
        (Filter(bearer="prime-minister-of-transition"), {"OP 2"}, {"OP 1"}),
        (Filter(provision="OP 6"), {"OP 6"}, {"OP 61", "OP 62", "OP 63"}),
        (Filter(provision="OP 62"), {"OP 62", "OP 62(iii)"}, {"OP 6", "OP 61"}),
        (Filter(provision="OP 63"), {"OP 63"}, {"OP 6"}),
        (Filter(watch="inventory"), {"OP 47 bullet 1"}, {"OP 19", "OP 63"}),
        (Filter(watch="others"), {"OP 1"}, {"OP 61", "OP 17"}),
        (Filter(watch="all"), {"OP 1", "OP 19", "OP 47 bullet 1"}, {"OP 63"}),
        (Filter(everything=True), {"OP 63", "OP 19", "OP 1", "OP 47 bullet 1"}, set()),
        (Filter(instrument="S/RES/2584 (2021)", groups=frozenset({"late"})), {"OP 19"}, {"OP 40"}),
    ],
)
def test_what_is_asked_for_is_shown_and_nothing_else(
    asked: Filter, wanted: set[str], unwanted: set[str], items: tuple[Item, ...]
) -> None:
    found = {item.provision for item in select(items, asked)}
    assert wanted <= found
    assert not unwanted & found


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--status", "overdue,unknown", "--bearer", "minusma"), {"OP 18"}),
        (("--group", "late", "--instrument", "S/RES/2584 (2021)", "--provision", "OP 19"), {"OP 19"}),
        (("--owner", "planning-officer"), {"OP 18", "OP 19", "OP 24", "OP 48"}),
        (("--watch", "inventory", "--all", "--provision", "OP 6"), {"OP 6"}),
    ],
)
def test_the_options_reach_the_engine(options: tuple[str, ...], wanted: set[str], duewatch: Duewatch) -> None:
    assert provisions(duewatch(*LATE, *options, "--format", "json")) == wanted


@pytest.mark.parametrize(
    ("status", "default", "unwelcome", "found"),
    [
        ("overdue", "overdue", {"overdue"}, True),
        ("due", "due", {"overdue"}, False),
        ("contested", "overdue", {"overdue"}, True),
        ("contested", "at_risk", {"overdue"}, False),
        ("contested", "at_risk", {"contested", "unknown"}, True),
        ("at_risk", "overdue", {"overdue"}, False),
    ],
)
def test_an_unwelcome_status_counts_also_as_the_default_reading_of_a_contest(
    status: str, default: str, unwelcome: set[str], found: bool, items: tuple[Item, ...]
) -> None:
    assert is_found([replace(items[0], status=status, default_status=default)], unwelcome) is found


def test_mine_is_what_the_contacts_give_to_me(duewatch: Duewatch) -> None:
    mine = provisions(duewatch(*LATE, "--mine", "--format", "json", DUEWATCH_ME="reporting-officer"))
    assert mine >= {"OP 61", "OP 62"}
    assert not mine & {"OP 18", "OP 19", "OP 40"}
    nobody = duewatch(*LATE, "--mine")
    assert nobody.code == 2
    assert "DUEWATCH_ME" in nobody.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--status", "overdu"), "'overdu' is no status; did you mean overdue"),
        (("--group", "lates"), "'lates' is no group; did you mean late"),
        (("--bearer", "secretary"), "'secretary' is no bearer; did you mean secretary-general"),
        (("--instrument", "S/RES/2584"), "did you mean S/RES/2584 (2021)"),
        (("--owner", "planing-officer"), "did you mean planning-officer"),
        (("--fail-on", "overdue,missing"), "'missing' is no status or group"),
        (("--as-of", "16.7.2021"), "neither a day (2021-09-30) nor an instant"),
        (("--as-of", "2021-07-16T10:00"), "lacks its offset from UTC"),
        (("--watch", "mine"), "'mine' is not one of"),
        (("--provison", "OP 1"), "Did you mean '--provision'?"),
    ],
)
def test_what_is_not_known_is_refused_with_what_was_probably_meant(
    options: tuple[str, ...], says: str, duewatch: Duewatch
) -> None:
    ended = duewatch(*LATE, *options)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_an_empty_answer_says_so(duewatch: Duewatch) -> None:
    ended = duewatch(*LATE, "--status", "waived")
    assert ended.code == 0
    assert "Nothing stands here" in ended.out
    assert duewatch(*LATE, "--status", "waived", "--format", "json").json["items"] == []


def test_a_provision_that_nothing_stands_at_is_refused(duewatch: Duewatch) -> None:
    ended = duewatch(*LATE, "--provision", "OP19", "--fail-on", "overdue")
    assert (ended.code, "did you mean OP 19" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("day", "unwelcome", "code"),
    [
        ("2021-07-15", "overdue,missed,breached", 0),
        ("2021-07-16", "overdue", 1),
        ("2021-07-16", "late", 1),
        ("2021-07-16", "cannot-say", 1),
    ],
)
def test_fail_on_ends_with_1_where_it_is_found(day: str, unwelcome: str, code: int, duewatch: Duewatch) -> None:
    ended = duewatch("status", "--as-of", day, "--fail-on", unwelcome, "--format", "json")
    assert ended.code == code
    assert ended.json["items"]


def test_fail_on_overdue_finds_a_contested_item_whose_default_reading_is_overdue(duewatch: Duewatch) -> None:
    asked = ("status", "--as-of", "2022-03-20", "--provision", "OP 1", "--status", "contested")
    ended = duewatch(*asked, "--fail-on", "overdue", "--format", "json")
    assert [item["status"] for item in ended.json["items"]] == ["contested"]
    assert ended.code == 1


def test_a_narrow_screen_loses_no_word(duewatch: Duewatch) -> None:
    ended = duewatch(*LATE, COLUMNS="60")
    assert max(map(len, ended.out.splitlines())) <= 60
    assert "overdue by 1 day: no delivery recorded" in ended.words


def test_a_file_that_differs_is_named_in_one_line_and_changes_nothing(folder: Path, duewatch: Duewatch) -> None:
    encoding = folder / "obligations.yaml"
    text = encoding.read_text(encoding="utf-8")
    adopted = duewatch(*LATE, "--format", "json")
    assert adopted.err == ""

    encoding.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert duewatch(*LATE, "--format", "json").err == ""

    encoding.write_text(text.replace('{by: "2021-07-15"}', '{by: "2021-08-15"}'), encoding="utf-8")
    differs = duewatch(*LATE, "--format", "json")
    [line] = differs.err.splitlines()
    assert "obligations.yaml differs from what was adopted: `duewatch load obligations.yaml`" in line
    assert differs.out == adopted.out

    encoding.write_text(text.replace('{by: "2021-07-15"}', "{by: [}"), encoding="utf-8")
    broken = duewatch(*LATE, "--format", "json")
    [line] = broken.err.splitlines()
    assert line.startswith("duewatch: obligations.yaml:")
    assert (broken.code, broken.out) == (0, adopted.out)

    encoding.unlink()
    gone = duewatch(*LATE, "--format", "json")
    assert "obligations.yaml the file cannot be read" in gone.err
    assert (gone.code, gone.out) == (0, adopted.out)


def test_an_empty_database_without_an_encoding_says_what_to_do(empty: Path, duewatch: Duewatch) -> None:
    (empty / "duewatch.db").unlink()
    (empty / "obligations.yaml").unlink()
    ended = duewatch("status")
    assert ended.code == 2
    assert "name the encoding in DUEWATCH_OBLIGATIONS" in ended.err


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DUEWATCH_NOW", "tomorrow", "DUEWATCH_NOW"),
        ("DUEWATCH_SMTP_PORTS", "25", "did you mean DUEWATCH_SMTP_PORT"),
        ("DUEWATCH_DATABASE_URL", "mysql://x", "mysql"),
        ("DUEWATCH_RULES", "/nowhere", "DUEWATCH_RULES"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, says: str, duewatch: Duewatch) -> None:
    ended = duewatch("status", **{name: value})
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


def test_a_statement_is_listed_as_one_even_where_a_noted_reading_would_bind(duewatch: Duewatch) -> None:
    every = duewatch(*LATE, "--all", "--format", "json").json["items"]
    stated = {one["obligation"]: one["says"] for one in every if one["modality"] == "statement"}
    assert "op39.support" in stated  # noted: a permission
    assert set(stated.values()) == {"binds nobody: a statement"}
    shown = {one["obligation"] for one in duewatch(*LATE, "--format", "json").json["items"]}
    assert not shown & set(stated)
