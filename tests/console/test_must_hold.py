"""What must hold of the encoded resolution, asked through the command line on a fresh database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from duewatch.console.postbox import Postbox

Duewatch = Callable[..., Any]

ADAPTATION = "op19.force-adaptation-report/1"
JOINT_FORCE = "op40.4.report/1"
QUARTERLY = "op61.quarterly-report"
LETTER = "op62.six-monthly-letter"
MORNING = "2021-07-16T09:00:00-04:00"


pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def item(duewatch: Duewatch) -> Callable[..., dict[str, Any]]:
    """Give the one item of an occurrence, as `status --format json` has it."""

    def find(occurrence: str, **axes: str) -> dict[str, Any]:
        options = [word for axis, day in axes.items() for word in (f"--{axis.replace('_', '-')}", day)]
        ended = duewatch("status", "--all", "--format", "json", *options)
        assert ended.code == 0, ended.err
        [found] = [one for one in ended.json["items"] if (one["occurrence"] or "").partition("#")[2] == occurrence]
        return dict(found)

    return find


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


def record(duewatch: Duewatch, *words: str, now: str) -> Any:
    ended = duewatch("record", *words, "--by", "officer", now=now)
    assert ended.code == 0, ended.err
    return ended


# ------------------------------------------------------------------ 1
def test_1_op19_is_due_on_its_day_and_overdue_on_the_next(item: Callable[..., dict[str, Any]]) -> None:
    last = item(ADAPTATION, as_of="2021-07-15")
    assert (last["status"], last["days_until_due"], last["days_late"]) == ("due", 0, None)
    late = item(ADAPTATION, as_of="2021-07-16")
    assert (late["status"], late["group"], late["days_until_due"], late["days_late"]) == ("overdue", "late", -1, 1)
    assert late["says"] == "overdue by 1 day: no delivery recorded"


def test_1_the_day_ends_in_new_york_and_not_a_second_earlier(item: Callable[..., dict[str, Any]]) -> None:
    assert item(ADAPTATION, as_of="2021-07-16T03:59:59Z")["status"] == "due"
    assert item(ADAPTATION, as_of="2021-07-16T04:00:00Z")["status"] == "overdue"


@pytest.mark.slow
def test_1_one_mail_leaves_however_often_it_is_evaluated(duewatch: Duewatch, postbox: Postbox) -> None:
    server = {"DUEWATCH_SMTP_HOST": "127.0.0.1", "DUEWATCH_SMTP_PORT": str(postbox.port)}
    first = duewatch("evaluate", "--format", "json", now=MORNING).json
    assert (first["written"], first["alerts"], first["deliveries"], first["unrouted"]) == (True, 1, 1, 0)
    assert first["disagreements"] == 0
    assert duewatch("deliver", "--format", "json", now=MORNING, **server).json == {
        "sent": 1,
        "retrying": 0,
        "dead": 0,
        "obsolete": 0,
    }
    for _ in range(2):
        again = duewatch("evaluate", "--format", "json", now=MORNING).json
        assert (again["alerts"], again["deliveries"], again["transitions"]) == (0, 0, [])
        assert duewatch("deliver", "--format", "json", now=MORNING, **server).json["sent"] == 0
    [mail] = postbox.mails
    assert "planning@example.org" in mail["To"]
    assert "OP 19" in mail["Subject"]
    assert mail["Subject"].startswith("Overdue 1 day: ")


def test_1_the_report_of_that_day_settles_it(duewatch: Duewatch, item: Callable[..., dict[str, Any]]) -> None:
    told = record(
        duewatch, "delivered", ADAPTATION, "--dated", "2021-07-15", "--symbol", "S/2021/657", now="2021-07-16"
    )
    assert told.out.splitlines()[0] == "recorded as facts 1 and 2"
    assert "overdue -> met" in told.out
    met = item(ADAPTATION, as_of="2021-07-16")
    assert (met["status"], met["days_late"], met["days_until_due"]) == ("met", 0, None)
    assert met["discharged_on"] == "2021-07-15"
    assert met["contents"] == {"seen": 0, "missing": 0, "unchecked": 8, "of": 8}
    assert item(ADAPTATION, as_of="2021-07-14")["status"] == "at_risk"


# ------------------------------------------------------------------ 2
def test_2_op40_is_overdue_three_days_and_then_met_late_by_four(
    duewatch: Duewatch, item: Callable[..., dict[str, Any]]
) -> None:
    record(
        duewatch,
        "delivered",
        JOINT_FORCE,
        "--dated",
        "2021-10-04",
        "--symbol",
        "S/2021/850",
        "--form",
        "letter",
        "--why",
        "the letter gives what the report was to give",
        now="2021-10-05",
    )
    days = {day: item(JOINT_FORCE, as_of=day) for day in ("2021-09-30", "2021-10-01", "2021-10-03", "2021-10-04")}
    assert [(one["status"], one["days_late"]) for one in days.values()] == [
        ("due", None),
        ("overdue", 1),
        ("overdue", 3),
        ("met_late", 4),
    ]
    known = item(JOINT_FORCE, as_of="2021-10-05", as_known="2021-10-03")
    assert (known["status"], known["days_late"]) == ("overdue", 5)


# ------------------------------------------------------------------ 3
def dues(duewatch: Duewatch) -> dict[str, list[str]]:
    """Give the due days of both series, in the order of their ordinals."""
    items = duewatch("status", "--all", "--format", "json", now="2021-07-01").json["items"]
    items.sort(key=lambda one: str(one["occurrence"]))
    series: dict[str, list[str]] = {QUARTERLY: [], LETTER: []}
    for one in items:
        if one["occurrence"] and one["obligation"] in series:
            series[one["obligation"]].append(one["due"])
    return series


def test_3_the_series_hang_on_the_adoption_whatever_was_delivered_when(duewatch: Duewatch) -> None:
    grid = {
        QUARTERLY: ["2021-09-29", "2021-12-29", "2022-03-29", "2022-06-29"],
        LETTER: ["2021-12-29", "2022-06-29"],
    }
    assert dues(duewatch) == grid
    both = (f"{QUARTERLY}/1", f"{LETTER}/1", "--why", "one letter for both")
    record(duewatch, "delivered", *both, "--dated", "2021-10-14", "--symbol", "S/1", now="2021-10-15")
    assert dues(duewatch) == grid


def test_3_op62_is_contested_where_its_arguable_readings_part(item: Callable[..., dict[str, Any]]) -> None:
    due, parted, overdue = (item(f"{LETTER}/1", as_of=f"2021-12-{day}") for day in (23, 24, 30))
    assert [one["status"] for one in (due, parted, overdue)] == ["due", "contested", "overdue"]
    assert {one["due"] for one in (due, parted, overdue)} == {"2021-12-29"}
    assert parted["readings"]["from-adoption"] == {
        "status": "at_risk",
        "due": "2021-12-29",
        "default": True,
        "standing": "arguable",
    }
    assert parted["readings"]["from-last-letter"]["status"] == "overdue"


# ------------------------------------------------------------------ 4
@pytest.mark.parametrize(
    ("value", "status", "says"),
    [("13289", "in_force", ""), ("13300", "breached", "above the authorized ceiling")],
)
def test_4_op18_follows_what_was_measured(
    value: str, status: str, says: str, duewatch: Duewatch, item: Callable[..., dict[str, Any]]
) -> None:
    record(duewatch, "measure", "op18.military", "--value", value, "--on", "2021-08-01", now="2021-08-02")
    before, after = item("op18.military/1", as_of="2021-07-31"), item("op18.military/1", as_of="2021-08-01")
    assert (before["status"], before["group"]) == ("unknown", "cannot-say")
    assert after["status"] == status
    assert says in after["says"]


def test_4_a_stale_measure_is_not_green(duewatch: Duewatch, item: Callable[..., dict[str, Any]]) -> None:
    record(duewatch, "measure", "op18.military", "--value", "13289", "--on", "2021-08-01", now="2021-08-02")
    assert item("op18.military/1", as_of="2021-11-02")["status"] == "in_force"  # three months, of 31 days at most
    assert item("op18.military/1", as_of="2021-11-03")["status"] == "unknown"


# ------------------------------------------------------------------ 5
def test_5_op06_sleeps_until_op04_is_undone_at_the_end_of_the_mandate(item: Callable[..., dict[str, Any]]) -> None:
    assert item("op06.2.measures/1", as_of="2022-07-01T03:59:59Z")["status"] == "dormant"
    assert item("op06.2.measures/1", as_of="2022-07-01T04:00:00Z")["status"] == "available"


def test_5_with_some_measures_done_any_and_all_part(duewatch: Duewatch, item: Callable[..., dict[str, Any]]) -> None:
    record(
        duewatch,
        "judgement",
        "op04.b2.sequencing/1",
        "--on",
        "2022-01-10",
        "--why",
        "agreed in writing",
        now="2022-01-11",
    )
    found = item("op06.2.measures/1", as_of="2022-07-01")
    assert found["status"] == "contested"
    told = duewatch("explain", "op06.2.measures", "--as-of", "2022-07-01").words
    assert "op04.b3.security-reform-agreed" in told


def test_5_a_new_end_of_the_mandate_leaves_the_old_one_contested(
    duewatch: Duewatch, item: Callable[..., dict[str, Any]]
) -> None:
    record(duewatch, "event", "mandate.end", "--date", "2023-06-30", "--since", "2022-06-29", now="2022-06-30")
    asked = {"as_of": "2022-07-01"}
    assert item("op04.b2.sequencing/1", **asked)["status"] == "contested"
    assert item("op06.2.measures/1", **asked)["status"] == "contested"
    assert item("op04.b1.presidential-election/1", **asked)["status"] == "overdue"
    assert item("op01.2.eighteen-months/1", **asked)["status"] == "overdue"
    assert item("op04.b2.sequencing/1", as_of="2022-07-01", as_known="2022-06-29")["status"] == "overdue"


# ------------------------------------------------------------------ 6
def test_6_op01_is_contested_only_where_its_start_dates_part(item: Callable[..., dict[str, Any]]) -> None:
    days = ("03-15", "03-16", "03-25", "03-26")
    found = [item("op01.2.eighteen-months/1", as_of=f"2022-{day}")["status"] for day in days]
    assert found == ["due", "contested", "contested", "overdue"]


def test_6_op63_is_a_statement_that_binds_nobody_and_is_counted(duewatch: Duewatch) -> None:
    [seized] = duewatch("status", "--provision", "OP 63", "--format", "json").json["items"]
    assert (seized["modality"], seized["status"], seized["occurrence"]) == ("statement", None, None)
    assert "binds nobody" in duewatch("status", "--provision", "OP 63").out
    assert "OP 63" not in duewatch("status").out
    assert "28 statements" in duewatch("check", "obligations.yaml").out


# ------------------------------------------------------------------ 7
MISTAKES = [  # an old line, a new one, what is said
    ("  kind: recur\n  action: report on", "  kind: recurr\n  action: report on", "recur"),
    ("- id: op61.quarterly-report", "- id: op61.quarterly-report\n  on: 3", "True"),
    ('deadline: {by: "2021-07-15"}', "deadline: {by: 2021-07-15}", "quote"),
    (
        "deadline: {every: 3 months, after: adoption, while: mandate}",
        "deadline: {every: 3 months, after: adoptoin}",
        "adoption",
    ),
    ("  zone: America/New_York", "  zone: America/NewYork", "zone"),
    ("armed-by: {undone: op04, which: any", "armed-by: {undone: op4x, which: any", "op4x"),
    ("    counts-by: issued\n", "    counts-by: issued\n    counts-by: dated\n", "twice"),
]


def plant(folder: Path, old: str, new: str) -> int:
    """Put a mistake into the encoding, and give the line where it begins."""
    encoding = folder / "obligations.yaml"
    text = encoding.read_text(encoding="utf-8")
    assert old in text
    encoding.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_7_a_mistake_gets_its_place_and_its_remedy(
    old: str, new: str, says: str, folder: Path, duewatch: Duewatch
) -> None:
    line = plant(folder, old, new)
    ended = duewatch("check", "obligations.yaml")
    assert ended.code == 2
    assert "Traceback" not in ended.err
    place, _, words = ended.err.splitlines()[0].partition(": ")
    assert place.startswith("obligations.yaml:")
    assert line <= int(place.split(":")[1]) <= line + 2
    assert says in words
    assert "; " in words


@pytest.mark.parametrize("command", [("status",), ("load", "obligations.yaml", "--yes"), ("evaluate",)])
def test_7_nothing_is_half_adopted(command: tuple[str, ...], folder: Path, duewatch: Duewatch) -> None:
    (folder / "duewatch.db").unlink()
    sound = (folder / "obligations.yaml").read_text(encoding="utf-8")
    plant(folder, *MISTAKES[0][:2])
    ended = duewatch(*command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("obligations.yaml:")
    (folder / "obligations.yaml").write_text(sound, encoding="utf-8")
    assert duewatch("status", "--format", "json").json["items"]


def test_7_all_mistakes_of_all_files_are_listed_in_one_run(folder: Path, duewatch: Duewatch) -> None:
    encoding = folder / "obligations.yaml"
    text = encoding.read_text(encoding="utf-8")
    for old, new, _ in (MISTAKES[0], MISTAKES[3]):
        text = text.replace(old, new, 1)
    encoding.write_text(text, encoding="utf-8")
    (folder / "contacts.yaml").write_text("people: [{id: a, email: nobody}]\n", encoding="utf-8")
    ended = duewatch("check")
    assert ended.code == 2
    assert [line.split(":")[0] for line in ended.err.splitlines()[:-1]] == ["contacts.yaml", *["obligations.yaml"] * 2]
    assert ended.err.splitlines()[-1] == "3 problems; nothing was changed"
