"""The shipped rules of statuses: each case of the table, and what must hold of every situation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.rules.cells import Cell, cells
from duewatch.rules.templates import placeholders

if TYPE_CHECKING:
    from duewatch.rules.grammar import Decision, Ruleset

    Cells = list[tuple[Cell, Decision]]

Situation = Callable[..., dict[str, object]]
DAY = 100
DUTY: dict[str, object] = {}
RECURRING = {"kind": "recur"}
CASE = {"kind": "respond"}
LIMIT = {"kind": "limit", "dated_state": "none", "due": None, "review_days": 93}
TASK_LIMIT = LIMIT | {"modality": "task"}
STANDING = {"kind": "maintain", "dated_state": "none", "due": None, "review_days": 93}
BAN = STANDING | {"kind": "refrain", "modality": "prohibition"}
TASK = STANDING | {"modality": "task"}
POWER = {"kind": "respond", "modality": "power", "dated_state": "none", "due": None}
INTENTION = POWER | {"modality": "intention"}
PERMIT = {"kind": "permit", "modality": "permission", "dated_state": "none", "due": None}
UNRESOLVED = {"dated_state": "unresolved", "due": None}
UNDATED = {"dated_state": "none", "due": None}
EXPECTED = {"dated_state": "expected", "due": None, "soft_due": 140}
STOPPED = {"dated_state": "unresolved", "due": None, "suspended": 1}
NOT_OWED = {"owed": 0, "was_owed": 0, "dated_state": None, "due": None, "armed": 0}

CASES = [
    # a date, day by day
    ("later", DUTY | {"due": 140}, "open"),
    ("before its time", DUTY | {"due": 140, "opens": 101}, "upcoming"),
    ("its time begins today", DUTY | {"due": 140, "opens": 100}, "open"),
    ("a day before the lead", DUTY | {"due": 115}, "open"),
    ("within the lead", DUTY | {"due": 114}, "at_risk"),
    ("within the lead, before its time", DUTY | {"due": 110, "opens": 105}, "at_risk"),
    ("its last day", DUTY | {"due": 100}, "due"),
    ("its last day, with a lead of none", DUTY | {"due": 100, "lead": 0}, "due"),
    ("the day before, with a lead of none", DUTY | {"due": 101, "lead": 0}, "open"),
    ("its last day, past the cut-off time", DUTY | {"due": 100, "past_due": 1}, "overdue"),
    ("a day late", DUTY | {"due": 99}, "overdue"),
    ("long ago", RECURRING | {"due": -900}, "overdue"),
    ("can no longer be done", DUTY | {"due": 99, "after_breach": "extinguished"}, "missed"),
    ("replaced", DUTY | {"due": 99, "after_breach": "replaced_by"}, "missed"),
    ("replaced, on its last day", DUTY | {"due": 100, "after_breach": "replaced_by"}, "due"),
    ("looked in vain", DUTY | {"due": 99, "cannot_say": 1}, "unknown"),
    ("looked in vain, and it is gone", DUTY | {"due": 99, "cannot_say": 1, "after_breach": "extinguished"}, "unknown"),
    ("looked in vain before its date", DUTY | {"due": 140, "cannot_say": 1}, "open"),
    ("evidence that it was not done changes the words only", DUTY | {"due": 140, "not_done": 1}, "open"),
    # done
    ("done in time", DUTY | {"due": 99, "discharged_on": 99}, "met"),
    ("done long before", DUTY | {"due": 140, "discharged_on": 20}, "met"),
    ("done late", DUTY | {"due": 95, "discharged_on": 99}, "met_late"),
    ("done, though waived", DUTY | {"due": 99, "discharged_on": 99, "waived": 1}, "met"),
    ("done, though looked in vain", DUTY | {"due": 95, "discharged_on": 99, "cannot_say": 1}, "met_late"),
    ("done, though undated", UNDATED | {"discharged_on": 99}, "met"),
    ("done, though its date is not known", UNRESOLVED | {"discharged_on": 99}, "met"),
    # waived, undated
    ("waived", DUTY | {"due": 95, "waived": 1}, "waived"),
    ("its date cannot be computed", UNRESOLVED, "unresolved"),
    ("announced, and its date cannot be computed", UNRESOLVED | {"announced": 1}, "unresolved"),
    ("no legal date", UNDATED, "open"),
    ("no legal date, our own target today", UNDATED | {"soft_due": 100}, "open"),
    ("no legal date, our own target passed", UNDATED | {"soft_due": 99}, "at_risk"),
    ("no legal date, announced", UNDATED | {"announced": 1}, "at_risk"),
    ("no legal date, waived", UNDATED | {"waived": 1}, "waived"),
    ("no legal date, not yet begun", UNDATED | {"opens": 120}, "open"),
    # a last day that nobody has set yet
    ("expected", EXPECTED, "open"),
    ("expected, its time not begun", EXPECTED | {"opens": 120}, "upcoming"),
    ("expected for today", EXPECTED | {"soft_due": 100}, "open"),
    ("expected for yesterday, and never late", EXPECTED | {"soft_due": 99}, "unresolved"),
    ("expected, its beginning too", EXPECTED | {"opens": None}, "unresolved"),
    ("expected, announced", EXPECTED | {"announced": 1}, "at_risk"),
    ("expected, done", EXPECTED | {"discharged_on": 99}, "met"),
    # its time stands still
    ("suspended", STOPPED, "suspended"),
    ("suspended, but done", STOPPED | {"discharged_on": 99}, "met"),
    ("suspended, but waived", STOPPED | {"waived": 1}, "waived"),
    ("suspended, announced", STOPPED | {"announced": 1}, "suspended"),
    ("a standing norm suspended", STANDING | STOPPED | {"kept": 0, "judged_on": 90}, "suspended"),
    ("a limit suspended", LIMIT | STOPPED | {"over": 1, "measured_on": 90}, "suspended"),
    ("a power suspended", POWER | STOPPED, "suspended"),
    # a later instrument has taken its place
    ("superseded before it fell due", DUTY | {"due": 140, "superseded_on": 90}, "superseded"),
    ("superseded, its day passed since", DUTY | {"due": 95, "superseded_on": 90}, "superseded"),
    ("superseded on its last day", DUTY | {"due": 95, "superseded_on": 95}, "superseded"),
    ("superseded the day after it fell due", DUTY | {"due": 95, "superseded_on": 96}, "overdue"),
    ("too late, and it is gone", DUTY | {"due": 95, "superseded_on": 96, "after_breach": "extinguished"}, "missed"),
    ("superseded too late, and looked in vain", DUTY | {"due": 95, "superseded_on": 96, "cannot_say": 1}, "unknown"),
    ("superseded, but done", DUTY | {"due": 95, "superseded_on": 90, "discharged_on": 93}, "met"),
    ("superseded, but done late", DUTY | {"due": 92, "superseded_on": 90, "discharged_on": 93}, "met_late"),
    ("superseded, but waived", DUTY | {"due": 95, "superseded_on": 90, "waived": 1}, "waived"),
    ("superseded, announced", DUTY | {"superseded_on": 90, "announced": 1}, "superseded"),
    ("superseded while it waits", CASE | {"armed": 0, "superseded_on": 90}, "superseded"),
    ("superseded, no legal date", UNDATED | {"superseded_on": 90}, "superseded"),
    ("superseded, no legal date, our own target passed", UNDATED | {"superseded_on": 90, "soft_due": 80}, "superseded"),
    ("superseded, its day not set yet", EXPECTED | {"superseded_on": 90}, "superseded"),
    ("superseded while suspended", STOPPED | {"superseded_on": 90}, "superseded"),
    ("superseded, but whether it fell due before cannot be computed", UNRESOLVED | {"superseded_on": 90}, "unresolved"),
    ("a standing norm superseded", STANDING | {"superseded_on": 90, "kept": 0, "judged_on": 80}, "superseded"),
    ("a standing norm that had ended", STANDING | {"superseded_on": 90, "ended": 1, "ends": 89}, "lapsed"),
    ("a standing norm that would have ended", STANDING | {"superseded_on": 90, "ended": 1, "ends": 95}, "superseded"),
    ("a limit superseded", LIMIT | {"superseded_on": 90, "over": 1, "measured_on": 80}, "superseded"),
    ("a limit that had ended", LIMIT | {"superseded_on": 90, "ended": 1, "ends": 89}, "lapsed"),
    ("a power superseded", POWER | {"superseded_on": 90}, "superseded"),
    ("a power superseded while it waits", POWER | {"superseded_on": 90, "armed": 0}, "superseded"),
    ("a permission that had ended", PERMIT | {"superseded_on": 90, "ended": 1, "ends": 89}, "lapsed"),
    # at risk for another reason
    ("announced", DUTY | {"announced": 1}, "at_risk"),
    ("announced, and its last day", DUTY | {"due": 100, "announced": 1}, "due"),
    ("announced, and late", DUTY | {"due": 99, "announced": 1}, "overdue"),
    ("our working date today", DUTY | {"working_due": 100}, "open"),
    ("our working date passed", DUTY | {"working_due": 99}, "at_risk"),
    # armed
    ("not armed", CASE | {"armed": 0}, "dormant"),
    ("not armed, whatever its date", CASE | {"armed": 0, "due": 90}, "dormant"),
    ("armed", CASE | {"due": 120}, "open"),
    ("armed, late", CASE | {"due": 99}, "overdue"),
    ("armed, without a date", CASE | UNDATED, "open"),
    # limits: the kind decides first, a task or not
    ("nothing measured", LIMIT, "unknown"),
    ("within", LIMIT | {"over": 0, "measured_on": 90}, "in_force"),
    ("beyond", LIMIT | {"over": 1, "measured_on": 90}, "breached"),
    ("beyond, as a task", TASK_LIMIT | {"over": 1, "measured_on": 90}, "breached"),
    ("beyond, as a power", LIMIT | {"modality": "power", "over": 1, "measured_on": 90}, "breached"),
    ("beyond, long ago: waiting never heals", LIMIT | {"over": 1, "measured_on": -900}, "breached"),
    ("within, on the last day of its review", LIMIT | {"over": 0, "measured_on": 7}, "in_force"),
    ("within, too long ago", LIMIT | {"over": 0, "measured_on": 6}, "unknown"),
    ("within, long ago, never stale", LIMIT | {"over": 0, "measured_on": -900, "review_days": None}, "in_force"),
    ("measured, but against what?", LIMIT | {"over": None, "measured_on": 90}, "unknown"),
    ("beyond, but waived", LIMIT | {"over": 1, "measured_on": 90, "waived": 1}, "waived"),
    ("beyond, but ended", LIMIT | {"over": 1, "measured_on": 90, "ended": 1, "ends": 99}, "lapsed"),
    ("not yet in force", LIMIT | {"over": 1, "measured_on": 90, "armed": 0}, "dormant"),
    # standing norms
    ("nothing against it", STANDING | {"looked_from": 90}, "in_force"),
    ("on the last day of its review", STANDING | {"looked_from": 7}, "in_force"),
    ("nobody has looked for its period", STANDING | {"looked_from": 6}, "review"),
    ("never stale", STANDING | {"looked_from": -900, "review_days": None}, "in_force"),
    ("not kept", STANDING | {"kept": 0, "judged_on": 90}, "breached"),
    ("a ban not kept, long ago", BAN | {"kept": 0, "judged_on": -900, "looked_from": -900}, "breached"),
    ("kept", BAN | {"kept": 1, "judged_on": 90, "looked_from": 90}, "in_force"),
    ("not kept, but waived", STANDING | {"kept": 0, "judged_on": 90, "waived": 1}, "waived"),
    ("not kept, but ended", STANDING | {"kept": 0, "judged_on": 90, "ended": 1, "ends": 99}, "lapsed"),
    ("a task not carried out", TASK | {"kept": 0, "judged_on": 90}, "in_force"),
    ("a task nobody has looked at", TASK | {"looked_from": 6}, "review"),
    ("standing, not yet in force", STANDING | {"kept": 0, "judged_on": 90, "armed": 0}, "dormant"),
    # powers, permissions, intentions
    ("an intention that waits", INTENTION | {"armed": 0}, "dormant"),
    ("an intention whose case has come", INTENTION | {"armed_on": 99}, "available"),
    ("a power past its end", POWER | {"ended": 1, "ends": 99}, "lapsed"),
    ("a permission", PERMIT | {"ends": 120}, "available"),
    ("a permission past its end", PERMIT | {"ended": 1, "ends": 99}, "lapsed"),
    ("a permission that waits, past its end", PERMIT | {"ended": 1, "ends": 99, "armed": 0}, "dormant"),
    ("an obligation that is only permitted", PERMIT | {"modality": "obligation"}, "available"),
    # not owed
    ("never owed under this reading", NOT_OWED, "absent"),
    ("no longer owed", NOT_OWED | {"was_owed": 1}, "lapsed"),
    ("a limit no longer owed", LIMIT | NOT_OWED | {"was_owed": 1, "over": 1, "measured_on": 90}, "lapsed"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_status_of(status: Ruleset, situation: Situation, given: dict[str, Any], expected: str) -> None:
    assert status.decide(status.signature_of(situation(**given))).status == expected


def test_the_table_comes_to_every_status_that_a_rule_gives() -> None:
    assert {case[2] for case in CASES} == {
        "overdue", "missed", "breached", "due", "at_risk", "open", "upcoming", "unknown", "review", "unresolved",
        "in_force", "available", "dormant", "met_late", "met", "waived", "suspended", "superseded", "lapsed",
        "absent",
    }  # fmt: skip


def test_the_rule_that_would_have_been_next(status: Ruleset, situation: Situation) -> None:
    late = status.decide(status.signature_of(situation(due=99)))
    assert (late.rule, late.next_rule) == ("overdue", "near")
    kept = status.decide(status.signature_of(situation(**STANDING, looked_from=90)))
    assert (kept.rule, kept.next_rule) == ("standing", None)


# ------------------------------------------------------------------ meanings
def test_statuses_have_the_meaning_of_the_vocabulary(status: Ruleset) -> None:
    classes: dict[str, set[str]] = {}
    for name, outcome in status.statuses.items():
        classes.setdefault(outcome.class_, set()).add(name)
    assert classes == {
        "pending": {"upcoming", "open", "at_risk", "due"},
        "undone": {"overdue", "missed", "breached"},
        "done": {"met", "met_late"},
        "standing": {"in_force"},
        "unseen": {"unknown", "review"},
        "undated": {"unresolved"},
        "asleep": {"dormant"},
        "awake": {"available"},
        "closed": {"waived", "suspended", "superseded", "lapsed"},
        "contested": {"contested"},
        "absent": {"absent"},
    }
    assert {name for name, outcome in status.statuses.items() if outcome.undone} == classes["undone"]
    assert [name for name, outcome in status.statuses.items() if outcome.computed] == ["contested"]


@pytest.mark.parametrize("order", [["overdue", "missed"], ["due", "at_risk", "open", "upcoming"], ["met_late", "met"]])
def test_the_more_urgent_status_wins_within_a_class(status: Ruleset, order: list[str]) -> None:
    urgencies = [status.statuses[name].urgency for name in order]
    assert urgencies == sorted(urgencies, reverse=True)


# ------------------------------------------------------------------ of every situation
@pytest.fixture(scope="module")
def all_cells(status: Ruleset, decisions: dict[int, Decision]) -> Cells:
    """Give every cell with its decision."""
    return [(cell, decisions[cell.signature]) for cell in cells(status)]


def decided(all_cells: Cells, **values: object) -> set[str]:
    """Give the statuses of all cells that have these values."""
    return {
        decision.status
        for cell, decision in all_cells
        if all(cell.values.get(name) == value for name, value in values.items())
    }


def undone(status: Ruleset) -> set[str]:
    return {name for name, outcome in status.statuses.items() if outcome.undone}


@pytest.mark.parametrize(
    "values",
    [
        {"armed": 0},
        {"owed": 0},
        {"dated_state": "none"},
        {"dated_state": "unresolved"},
        {"waived": 1},
        {"kind": "permit"},
        {"kind": "maintain", "modality": "task"},
        {"kind": "achieve", "modality": "permission"},
        {"kind": "limit", "over": 0},
        {"kind": "limit", "over": None},
        {"kind": "maintain", "kept": None},
        {"kind": "maintain", "ended": 1},
        {"kind": "achieve", "past_due": 0},
        {"kind": "achieve", "cannot_say": 1},
    ],
    ids=str,
)
def test_nothing_is_undone_where(status: Ruleset, all_cells: Cells, values: dict[str, object]) -> None:
    found = decided(all_cells, **values)
    assert found
    assert not found & undone(status)


def test_a_bad_measure_stays_bad_however_old(all_cells: Cells) -> None:
    free = {"ended": 0, "waived": 0, "suspended": 0, "superseded_on": None}
    found = decided(all_cells, kind="limit", owed=1, armed=1, over=1, **free)
    assert found == {"breached"}


def test_what_is_past_its_date_and_not_done_is_never_quiet(all_cells: Cells) -> None:
    late = {"kind": "achieve", "modality": "obligation", "owed": 1, "armed": 1, "past_due": 1, "waived": 0}
    found = decided(all_cells, **late, discharged_on=None, superseded_on=None)
    assert found == {"overdue", "missed", "unknown"}


def test_what_fell_due_before_a_later_instrument_is_never_superseded(all_cells: Cells) -> None:
    duties = {"modality": "obligation", "armed": 1, "owed": 1, "past_due": 1, "waived": 0, "discharged_on": None}
    dates = [(cell, decision) for cell, decision in all_cells if cell.values["kind"] in {"achieve", "recur", "respond"}]
    before = [pair for pair in dates if _falls_due(pair[0]) and _is_duty(pair[0], duties)]
    assert before
    assert {decision.status for _, decision in before} == {"overdue", "missed", "unknown"}


def _falls_due(cell: Cell) -> bool:
    """It had a last day, and a later instrument spoke after it."""
    due, since = cell.values.get("due"), cell.values.get("superseded_on")
    return isinstance(due, int) and isinstance(since, int) and since > due


def _is_duty(cell: Cell, values: dict[str, Any]) -> bool:
    return all(cell.values.get(name) == value for name, value in values.items())


def test_every_sentence_uses_what_its_rule_knows(status: Ruleset, all_cells: Cells) -> None:
    """A gap is never empty: where a rule decides, no field that it names is null."""
    asked: dict[str, set[str]] = {}
    for rule in status.rules:
        asked[rule.name] = {gap.name for gap in placeholders(rule.because)}
    empty = {
        (decision.rule, name)
        for cell, decision in all_cells
        for name in asked[decision.rule]
        if name in cell.values and cell.values[name] is None
    }
    assert empty == set()


def test_what_is_undone_says_what_is_recorded(status: Ruleset) -> None:
    sentences = [rule.because for rule in status.rules if rule.outcome in undone(status)]
    assert len(sentences) == 5
    assert all("record" in sentence for sentence in sentences)
