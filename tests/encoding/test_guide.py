"""Every YAML block of the encoding guide is valid: whole files as they stand, fragments within a small frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.fields import ENTRY_FIELDS
from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.rules.strengths import Verbs

GUIDE = (Path(__file__).parents[2] / "docs" / "encoding.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
WHOLE = [block for block in BLOCKS if block.startswith("# file: ")]
FRAGMENTS = [block for block in BLOCKS if block not in WHOLE and not block.startswith("# yaml-language-server")]
INSTRUMENT = """
instrument: {symbol: COUNCIL/RES/1, adopted: {date: "2026-01-15"}, zone: America/New_York}
"""
SECTIONS = {
    "questions": """
questions:
  current-mission: {asks: Which one?, this-one: {default: true, why: the printed one}}
""",
    "periods": """
periods:
  mission: {from: adoption, until: "2026-12-31"}
  transition: {from: summit, for: 18 months}
""",
    "events": """
events:
  summit: {date: "2025-11-02"}
  election-day: {date: "2026-06-30"}
  handover: {date: unknown, why: not held yet}
  incident: {repeats: true}
  incident-reported: {repeats: true}
""",
    "parties": """
parties:
  secretary: {name: Secretary of the Council}
  council: {name: The Council}
  north: {name: Northern Region}
  south: {name: Southern Region}
  regions: {name: the Regions, members: [north, south]}
  member-states: {name: Member States, open: true}
""",
}
STANDING_BY = {
    "op6.staff": """
- id: op6.staff
  provision: OP 6
  verb: decides
  bearer: secretary
  kind: limit
  action: keep within the ceiling
  target: {count: staff, at-most: 120}
""",
    "op8.report": """
- id: op8.report
  provision: OP 8
  verb: requests
  bearer: secretary
  kind: recur
  action: report
  deadline: {every: 3 months, after: adoption, while: mission}
""",
}
FORM = re.compile(r"^\| (`\{[^`]+\}`(?:, `\{[^`]+\}`)*|`none`) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def verbs() -> Mapping[str, Verbs]:
    return load_rules(None).verbs


def framed(fragment: str) -> str:
    """Put a fragment into a file that declares what fragments of the guide name."""
    section = fragment.split(":", 1)[0] if not fragment.startswith("- ") else ""
    sections = "".join(text for name, text in SECTIONS.items() if f"\n{name}:" not in f"\n{fragment}")
    entries = "".join(text for name, text in STANDING_BY.items() if f"- id: {name}\n" not in fragment)
    return f"{INSTRUMENT}{sections}{fragment if section else ''}\nobligations:\n{'' if section else fragment}{entries}"


def problems_of(file: str, verbs: Mapping[str, Verbs]) -> str:
    try:
        read_instrument(file.encode(), verbs, name="guide.yaml")
    except BadFile as bad:
        return str(bad)
    return ""


@pytest.mark.parametrize("block", WHOLE)
def test_a_whole_file_of_the_guide_loads(block: str, verbs: Mapping[str, Verbs]) -> None:
    assert problems_of(block, verbs) == ""


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_fragment_of_the_guide_loads_in_a_frame(fragment: str, verbs: Mapping[str, Verbs]) -> None:
    assert problems_of(framed(fragment), verbs) == ""


def test_every_deadline_and_target_that_the_guide_lists_is_read(verbs: Mapping[str, Verbs]) -> None:
    forms = [form for row in FORM.findall(GUIDE) for form in re.findall(r"`([^`]+)`", row)]
    wrong = {form: said for form in forms if (said := problems_of(framed(entry_with(form)), verbs))}
    assert len(forms) > 20
    assert wrong == {}


def entry_with(form: str) -> str:
    """Give an entry that uses one form of a deadline, or of a target."""
    is_target = re.match(r"\{(count|share|sum):", form) is not None
    kind = (
        "recur" if re.match(r"\{(every|regularly|with|recurs):", form) else "respond" if "armed" in form else "achieve"
    )
    armed = ", armed-by: {event: incident}" if kind == "respond" else ""
    clock = f"deadline: none, target: {form}" if is_target else f"deadline: {form}"
    return (
        f"- {{id: op1.form, provision: OP 1, verb: requests, bearer: secretary, kind: {kind}, "
        f"action: act, {clock}{armed}}}\n"
    )


def test_the_guide_names_every_field_of_an_entry() -> None:
    table = GUIDE[GUIDE.index("## All fields") : GUIDE.index("## Traps")]
    assert [field.name for field in ENTRY_FIELDS if f"`{field.name}`" not in table] == []
