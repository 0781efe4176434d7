"""The shipped words: what an officer reads, and what stands in no sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from duewatch.rules.grammar import phrase
from duewatch.rules.templates import placeholders

if TYPE_CHECKING:
    from duewatch.rules.checking import Words
    from duewatch.rules.grammar import Rule, Ruleset

Situation = Callable[..., dict[str, object]]
LATE = {"status": "overdue", "due": 90}
GONE = {"status": "missed", "due": 90, "after_breach": "extinguished"}
LIMIT = {"kind": "limit", "due": None, "dated_state": "none"}
STANDING = {"kind": "maintain", "due": None, "dated_state": "none"}
UNDATED = {"due": None, "dated_state": "none"}

CASES = [
    (LATE, "overdue by {days_late:days}: no delivery recorded"),
    (LATE | {"strength": "decides"}, "overdue by {days_late:days}: no delivery recorded"),
    (LATE | {"inferred": 1}, "overdue by {days_late:days} if counted from an inferred day: no delivery recorded"),
    (LATE | {"not_done": 1}, "recorded as not done, {days_late:days} past {due:date}"),
    (LATE | {"announced": 1}, "overdue by {days_late:days}: announced late or never, no delivery recorded"),
    (
        LATE | {"contents_missing": 1, "contents_of": 8},
        "overdue by {days_late:days}: recorded as lacking {contents_missing} of {contents_of} items",
    ),
    (LATE | {"strength": "urges"}, "not recorded as done, {days_late:days} past {due:date}"),
    (
        LATE | {"strength": "calls upon", "inferred": 1},
        "not recorded as done, {days_late:days} past {due:date}, counted from an inferred day",
    ),
    (
        LATE | {"strength": "urges", "announced": 1},
        "announced late or never, and not recorded as done, {days_late:days} past {due:date}",
    ),
    (LATE | {"strength": "encourages"}, "no record of it, {days_late:days} after {due:date}"),
    (LATE | {"watch": "others"}, "not seen: nothing recorded {days_late:days} past {due:date}"),
    (LATE | {"watch": "others", "strength": "urges"}, "not seen: nothing recorded {days_late:days} past {due:date}"),
    (
        LATE | {"watch": "others", "contents_missing": 2, "contents_of": 3},
        (
            "not seen in full: recorded as lacking {contents_missing} of {contents_of} items, "
            "{days_late:days} past {due:date}"
        ),
    ),
    (
        LATE | {"watch": "others", "announced": 1},
        "not seen: announced late or never, and nothing recorded {days_late:days} past {due:date}",
    ),
    (LATE | {"says_set": 1}, "{says}, {days_late:days} past {due:date}"),
    (
        LATE | {"says_set": 1, "over": 1, "measured_on": 80},
        "{says}: {value} recorded on {measured_on:date}, {days_late:days} past {due:date}",
    ),
    (
        LATE | {"over": 1, "measured_on": 80},
        "{value} recorded on {measured_on:date} against {bound}, {days_late:days} past {due:date}",
    ),
    (LATE | {"due": 100, "past_due": 1}, "past its hour on {due:date}: no delivery recorded"),
    (GONE, "{due:date} has passed: no delivery recorded, and it is no longer owed"),
    (GONE | {"strength": "urges"}, "not recorded as done, {days_late:days} past {due:date}"),
    (GONE | {"not_done": 1}, "recorded as not done, {days_late:days} past {due:date}"),
    (
        LIMIT | {"status": "breached", "says_set": 1, "over": 1, "measured_on": 80},
        "{says}: {value} recorded on {measured_on:date}",
    ),
    (
        LIMIT | {"status": "breached", "over": 1, "measured_on": 80},
        "{value} recorded on {measured_on:date}, beyond {bound}",
    ),
    (
        LIMIT | {"status": "in_force", "over": 0, "measured_on": 80},
        "{value} recorded on {measured_on:date}, within {bound}",
    ),
    (
        LIMIT | {"status": "breached", "over": 1, "measured_on": 80, "floor": 1},
        "{value} recorded on {measured_on:date}, short of {bound}",
    ),
    (
        LIMIT | {"status": "in_force", "over": 0, "measured_on": 80, "floor": 1},
        "{value} recorded on {measured_on:date}, no less than {bound}",
    ),
    (LIMIT | {"status": "unknown"}, "cannot say: no measure recorded"),
    (
        LIMIT | {"status": "unknown", "over": 0, "measured_on": 1},
        "cannot say: last measured on {measured_on:date}, {measure_age:days} ago",
    ),
    (STANDING | {"status": "breached", "kept": 0, "judged_on": 80}, "recorded on {judged_on:date} as not kept"),
    (
        STANDING | {"status": "breached", "kept": 0, "judged_on": 80, "watch": "others"},
        "seen otherwise: recorded on {judged_on:date} as not kept",
    ),
    (
        STANDING | {"status": "breached", "kept": 0, "judged_on": 80, "strength": "urges"},
        "recorded on {judged_on:date} as not followed",
    ),
    (STANDING | {"status": "in_force"}, "nothing against it recorded, nobody has looked yet"),
    (STANDING | {"status": "in_force", "last_looked": 80}, "nothing against it recorded, looked at {last_looked:date}"),
    (
        STANDING | {"status": "in_force", "modality": "task", "kept": 0, "judged_on": 80},
        "a task, recorded on {judged_on:date} as not carried out",
    ),
    (STANDING | {"status": "review"}, "nobody has looked yet, for {looked_age:days}"),
    (
        STANDING | {"status": "review", "last_looked": 1},
        "not looked at since {last_looked:date}, {looked_age:days} ago",
    ),
    ({"status": "due", "due": 100}, "last day {due:date}: no delivery recorded yet"),
    ({"status": "at_risk", "due": 110}, "due in {days_left:days}, on {due:date}"),
    ({"status": "at_risk", "announced": 1}, "announced late or never; due on {due:date}, in {days_left:days}"),
    (UNDATED | {"status": "at_risk", "announced": 1}, "announced late or never"),
    (
        UNDATED | {"status": "at_risk", "soft_due": 90},
        "our own target {soft_due:date} has passed; the words set no date",
    ),
    (UNDATED | {"status": "open"}, "open: the words set no date"),
    ({"status": "open"}, "due on {due:date}, in {days_left:days}"),
    ({"status": "met", "discharged_on": 99}, "delivered on {discharged_on:date}, in time"),
    ({"status": "met", "discharged_on": 99, "over": 0}, "reached on {discharged_on:date}"),
    (
        {"status": "met_late", "due": 90, "discharged_on": 99},
        "delivered on {discharged_on:date}, {days_late:delay} late",
    ),
    (
        {"status": "met_late", "due": 90, "discharged_on": 99, "strength": "urges"},
        "delivered on {discharged_on:date}, {days_late:after} {due:date}",
    ),
    ({"status": "lapsed"}, "no longer owed"),
    ({"status": "lapsed", "ended": 1, "ends": 99}, "ended on {ends:date}"),
    ({"status": "available", "armed_on": 99}, "can be used since {armed_on:date}"),
    ({"status": "available", "ends": 99}, "can be used up to {ends:date}"),
    ({"status": "available", "armed_on": 90, "ends": 99}, "can be used since {armed_on:date}, up to {ends:date}"),
    ({"status": "contested"}, "its readings differ"),
    (LATE | {"strength": "shall"}, "overdue by {days_late:days}: not recorded as done"),
    (LATE | {"strength": "shall", "form_set": 1}, "overdue by {days_late:days}: no {form} recorded"),
    (
        LATE | {"strength": "shall", "form_set": 1, "due": 100, "past_due": 1},
        "past its hour on {due:date}: no {form} recorded",
    ),
    (
        GONE | {"strength": "endeavours", "form_set": 1},
        "{due:date} has passed: no {form} recorded, and none is owed any more",
    ),
    ({"status": "due", "due": 100, "strength": "shall", "form_set": 1}, "last day {due:date}: no {form} recorded yet"),
    (
        {"status": "met", "discharged_on": 99, "strength": "shall", "form_set": 1, "due": 100},
        "{form} of {discharged_on:date}, in time",
    ),
    (
        {"status": "met_late", "due": 90, "discharged_on": 99, "strength": "shall"},
        "done on {discharged_on:date}, {days_late:delay} late",
    ),
]


@pytest.mark.parametrize(("given", "expected"), CASES, ids=[expected[:50] for _, expected in CASES])
def test_the_words_for(words: Words, situation: Situation, given: dict[str, Any], expected: str) -> None:
    row = situation(**{"says_set": 0, "form_set": 0, "floor": 0, **given})
    assert phrase(words.ruleset, row).outcome == expected


def test_the_statuses_of_these_cases_are_what_the_rules_decide(status: Ruleset, situation: Situation) -> None:
    for given, _ in CASES:
        if given["status"] not in ("contested", "lapsed", "review", "available", "unknown", "in_force"):
            row = situation(**given)
            assert status.decide(status.signature_of(row)).status == given["status"], given


# ------------------------------------------------------------------ of every sentence
JUDGING = re.compile(r"breach|violat|fail|defaul|guilt", re.IGNORECASE)


def test_no_sentence_judges_anybody(words: Words, status: Ruleset, alerts: Any) -> None:
    sentences = [rule.outcome for rule in words.ruleset.rules] + list(words.contest.values())
    sentences += [rule.because for rule in (*status.rules, *alerts.ruleset.rules)]
    assert len(sentences) > 100
    assert [sentence for sentence in sentences if JUDGING.search(sentence)] == []


def test_what_is_undone_says_what_is_recorded(words: Words, status: Ruleset) -> None:
    """Whatever the situation: the sentence speaks of records, or in the entry's own words."""
    undone = {name for name, outcome in status.statuses.items() if outcome.undone}
    spoken = {rule.outcome for rule in words.ruleset.rules if undone & statuses_of(rule, undone)}
    assert len(spoken) >= 25
    assert [text for text in spoken if "record" not in text and "{says}" not in text] == []


def statuses_of(rule: Rule, names: set[str]) -> set[str]:
    """Give the statuses that a rule may speak of."""
    return {
        name
        for name in names
        for way in rule.alternatives
        if all(atom.holds({"status": name}) == truth for atom, truth in way.items() if atom.field == "status")
    }


def test_nothing_is_called_late_while_it_is_contested(words: Words, status: Ruleset) -> None:
    assert set(words.contest) == set(status.statuses)
    late = [name for name, text in words.contest.items() if re.search(r"overdue|late|missed", text)]
    assert late == ["met_late"]


def test_what_stands_in_force_is_never_praised(words: Words) -> None:
    praised = [rule.outcome for rule in words.ruleset.rules if re.search(r"complian|fulfilled|respected", rule.outcome)]
    assert praised == []


def test_every_status_has_words_of_its_own(words: Words, status: Ruleset, situation: Situation) -> None:
    said = {
        name: phrase(words.ruleset, situation(status=name, says_set=0, form_set=0, floor=0, due=90)).outcome
        for name in status.statuses
    }
    assert len(set(said.values())) == len(said)


def test_no_gap_is_left_empty(words: Words, status: Ruleset, histories: list[dict[str, object]]) -> None:
    """In thousands of situations each field that a sentence names is known."""
    empty: dict[str, set[str]] = {}
    for row in histories[::2]:
        decided = status.decide(status.signature_of(row)).status
        spoken = phrase(words.ruleset, {**row, "status": decided, "says_set": 0, "form_set": 0, "floor": 0}).outcome
        missing = {gap.name for gap in placeholders(spoken) if row.get(gap.name, 0) is None}
        if missing:
            empty.setdefault(spoken, set()).update(missing)
    assert empty == {}
