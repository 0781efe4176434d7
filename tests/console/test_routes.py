"""`duewatch routes test`: who would hear of what, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duewatch = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("folder")
REPORT = "op61.quarterly-report"
CONTACTS = """
people:
- {id: jane, name: Jane, email: jane@example.org, slack: U0123ABCD, channels: [slack, email],
   zone: Europe/Paris, at: "10:00"}
- {id: joe, email: joe@example.org}
responsible:
- {who: jane, provision: OP 61}
- {who: joe, bearer: secretary-general}
"""


def contacts(folder: Path, text: str) -> None:
    (folder / "contacts.yaml").write_text(text, encoding="utf-8")


def test_it_says_who_hears_on_which_channels_and_why(duewatch: Duewatch, folder: Path) -> None:
    contacts(folder, CONTACTS)
    ended = duewatch("routes", "test", f"{REPORT}/1", now="2021-09-16")
    assert ended.code == 0
    first, *lines = ended.out.splitlines()
    assert first.startswith(f"S/RES/2584 (2021)#{REPORT}/1 (OP 61; bearer secretary-general")
    assert lines == [
        "  stands at lead-14; next lead-7 on 2021-09-22",
        "  Jane (jane): responsible for OP 61; not before 10:00 Europe/Paris",
        "    slack: U0123ABCD",
        "    email: jane@example.org",
        "  not joe: responsible for what secretary-general owes fits too, and a more specific rule comes first",
    ]


def test_an_obligation_is_answered_for_each_of_its_occurrences(duewatch: Duewatch) -> None:
    ended = duewatch("routes", "test", REPORT)
    assert [line.partition("/")[0] for line in ended.out.splitlines() if line.startswith("S")] == ["S"] * 4
    assert ended.out.count("Reporting officer (reporting-officer)") == 4


def test_nobody_is_said_loudly(duewatch: Duewatch, folder: Path) -> None:
    contacts(folder, CONTACTS.partition("responsible")[0])
    ended = duewatch("routes", "test", f"{REPORT}/1")
    assert ended.code == 4
    assert "  nobody: no rule of the contacts fits" in ended.out
    assert f"nobody hears of S/RES/2584 (2021)#{REPORT}/1; name who is responsible" in ended.err


def test_what_has_no_occurrence_alerts_nobody(duewatch: Duewatch) -> None:
    ended = duewatch("routes", "test", f"{REPORT}/99")
    assert ended.code == 2
    assert "has no occurrence that is owed now" in ended.err
    assert "did you mean" in duewatch("routes", "test", "op61.quarterly-reprot").err


def test_an_alert_of_which_nobody_hears_is_named_by_evaluate(duewatch: Duewatch, folder: Path) -> None:
    contacts(folder, CONTACTS.partition("responsible")[0])
    now = "2021-07-16T13:00:00Z"
    name = "S/RES/2584 (2021)#op19.force-adaptation-report/1"
    found = duewatch("evaluate", "--format", "json", now=now).json
    assert found["unrouted"] == len(found["unheard"]) > 0
    assert name in found["unheard"]
    again = duewatch("evaluate", now=now).out
    assert f"  {name}: its alert reaches nobody; name who is responsible in the contacts" in again.splitlines()


def test_contacts_that_name_what_nobody_has_are_told_so(duewatch: Duewatch, folder: Path) -> None:
    """Where they are checked, where it is asked who hears, and where alerts are written."""
    contacts(folder, CONTACTS.replace("secretary-general", "secretary-genral"))
    stranger = "no party is called `secretary-genral`; did you mean `secretary-general`?"
    checked = duewatch("check", "contacts.yaml")
    assert (checked.code, f"contacts.yaml:8:3: note: {stranger}" in checked.out) == (0, True)
    for words in (("routes", "test", f"{REPORT}/1"), ("evaluate",)):
        assert f"duewatch: contacts.yaml:8:3: {stranger}" in duewatch(*words, now="2021-09-16").err
