"""The shipped rule files as plain data, and what is read from them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from duewatch.rules.cells import signatures
from duewatch.rules.checking import Alerts, Words, check_alerts, check_status, check_words
from duewatch.rules.fields import KINDS, MODALITIES, WATCHES
from duewatch.rules.strengths import check_verbs

if TYPE_CHECKING:
    from duewatch.rules.grammar import Decision, Ruleset

RULES = Path(__file__).parents[2] / "rules"
TRADITIONS = ("un-sc", "eu", "contract")


def plain(name: str) -> Any:
    return yaml.safe_load((RULES / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], Any]:
    """A fresh copy of a shipped file as plain data, to be spoilt at will."""
    kept: dict[str, Any] = {}

    def give(name: str) -> Any:
        if name not in kept:
            kept[name] = plain(name)
        return copy.deepcopy(kept[name])

    return give


@pytest.fixture(scope="session")
def status(shipped: Callable[[str], Any]) -> Ruleset:
    ruleset, faults = check_status(shipped("status"))
    assert faults == []
    assert ruleset is not None
    return ruleset


@pytest.fixture(scope="session")
def decisions(status: Ruleset) -> dict[int, Decision]:
    """What the interpreter decides of every signature that can occur."""
    return {signature: status.decide(signature) for signature in signatures(status)}


@pytest.fixture(scope="session")
def strengths(shipped: Callable[[str], Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in TRADITIONS:
        verbs, faults = check_verbs(shipped(f"verbs/{name}"))
        assert faults == []
        assert verbs is not None
        found |= dict.fromkeys(verbs.strengths)
    return tuple(found)


@pytest.fixture(scope="session")
def alerts(shipped: Callable[[str], Any], status: Ruleset, strengths: tuple[str, ...]) -> Alerts:
    read, faults = check_alerts(shipped("alerts"), status.statuses, strengths)
    assert faults == []
    assert read is not None
    return read


@pytest.fixture(scope="session")
def words(shipped: Callable[[str], Any], status: Ruleset, strengths: tuple[str, ...]) -> Words:
    read, faults = check_words(shipped("words"), status.statuses, strengths)
    assert faults == []
    assert read is not None
    return read


@pytest.fixture(scope="session")
def situation() -> Callable[..., dict[str, object]]:
    """A duty of ours that is due in forty days, with nothing recorded; changed by what is given.

    What hangs on dates is derived from them, so that a table of cases names dates only.
    """
    return a_situation


def a_situation(**given: object) -> dict[str, object]:
    base: dict[str, object] = {
        "kind": "achieve", "modality": "obligation", "strength": "requests", "watch": "own",
        "after_breach": "still_owed",
        "lead": 14, "review_days": None, "owed": 1, "was_owed": 1, "dated_state": "dated", "day": 100, "due": 140,
        "opens": 0, "working_due": None, "soft_due": None, "ends": None, "armed_on": None, "ended": 0, "armed": 1,
        "inferred": 0, "discharged_on": None, "waived": 0, "suspended": 0, "superseded_on": None,
        "cannot_say": 0, "announced": 0, "not_done": 0,
        "contents_seen": 0, "contents_missing": 0, "contents_unchecked": 0, "contents_of": 0,
        "kept": None, "over": None, "measured_on": None, "judged_on": None, "last_looked": None, "looked_from": 0,
    }  # fmt: skip
    return derived({**base, **given}) | given


def derived(row: dict[str, object]) -> dict[str, object]:
    """What follows from the dates of a row, in plain arithmetic."""

    def left(base: str, slope: int) -> int | None:
        value, day = row[base], row["day"]
        assert isinstance(day, int)
        return slope * (day - value) if isinstance(value, int) else None

    days_left, done = left("due", -1), row["discharged_on"]
    past = days_left is not None and days_left < 0
    due = row["due"]
    late: int | None = None
    in_time: int | None = None
    if isinstance(done, int):
        late = max(done - due, 0) if isinstance(due, int) else None
        in_time = int(not late)
    elif past and days_left is not None:
        late = -days_left
    linear = {
        "days_left": days_left,
        "days_open": left("opens", 1),
        "working_left": left("working_due", -1),
        "soft_left": left("soft_due", -1),
        "ends_left": left("ends", -1),
        "measure_age": left("measured_on", 1),
        "looked_age": left("looked_from", 1),
    }
    return {**row, **linear, "days_late": late, "in_time": in_time, "past_due": int(past)}


# ------------------------------------------------------------------ histories
def a_history(chance: random.Random) -> dict[str, object]:
    """Make up a situation that could be: whatever hangs together does so, everything else is left to chance."""
    day = chance.randrange(-50, 200)
    kind, modality = chance.choice(KINDS), chance.choice(MODALITIES)
    owed, dated = chance.random() < 0.9, chance.random() < 0.7 and kind in ("achieve", "recur", "respond")
    states = ["dated", "dated", "unresolved", "expected"] if dated else ["none", "none", "unresolved"]
    state = chance.choice(states)
    stopped = owed and state == "unresolved" and chance.random() < 0.5
    due = day + chance.choice([-400, -30, -1, 0, 0, 1, 5, 14, 15, 60]) if owed and state == "dated" else None

    def some_day(likely: float, *, at_most: int | None = None) -> int | None:
        """A day not after `at_most`, or null."""
        latest = day if at_most is None else at_most
        return latest - chance.choice([0, 0, 1, 30, 93, 94, 300]) if chance.random() < likely else None

    owing = kind in ("achieve", "recur", "respond") and modality in ("obligation", "prohibition", "task")
    may_end = owed and (state == "none" or not owing)  # the end of a duty ends what has no date
    ends = day + chance.choice([-1, 0, 30]) if may_end and chance.random() < 0.3 else None
    measured_on, judged_on, looked = some_day(0.4), some_day(0.3), some_day(0.5)
    of = chance.choice([0, 0, 3])
    return derived({
        "kind": kind, "modality": modality, "day": day, "due": due, "ends": ends,
        "strength": chance.choice(["decides", "requests", "urges", "encourages", "notes", "shall"]),
        "watch": chance.choice(WATCHES), "after_breach": chance.choice(["still_owed", "extinguished", "replaced_by"]),
        "lead": chance.choice([0, 1, 14, 60]), "review_days": chance.choice([None, 1, 93]),
        "owed": int(owed), "was_owed": int(owed or chance.random() < 0.5), "dated_state": state if owed else None,
        "opens": day + chance.choice([-30, 0, 1, 20]) if owed and chance.random() < 0.7 else None,
        "working_due": due - chance.choice([0, 7, 40]) if due is not None and chance.random() < 0.3 else None,
        "soft_due": day + chance.choice([-1, 0, 1])
        if owed and due is None and (state == "expected" or chance.random() < 0.4)
        else None,
        "suspended": int(stopped), "superseded_on": some_day(0.2) if owed else None,
        "armed": int(chance.random() < 0.8), "armed_on": some_day(0.3), "ended": int(ends is not None and ends < day),
        "inferred": int(chance.random() < 0.2), "discharged_on": some_day(0.3),
        **{name: int(chance.random() < 0.15) for name in ("waived", "announced", "not_done")},
        "cannot_say": int(looked is not None and chance.random() < 0.4), "last_looked": looked,
        "looked_from": day - 500 if looked is None else looked,
        "contents_seen": 0, "contents_missing": chance.choice([0, of]), "contents_unchecked": 0, "contents_of": of,
        "measured_on": measured_on, "over": None if measured_on is None else chance.choice([None, 0, 1]),
        "judged_on": judged_on, "kept": None if judged_on is None else chance.choice([0, 1]),
    }) | ({"past_due": 1} if due == day and chance.random() < 0.3 else {})  # fmt: skip


@pytest.fixture(scope="session")
def histories() -> list[dict[str, object]]:
    """Eight thousand situations that could be, always the same ones."""
    chance = random.Random(20210629)  # noqa: S311 -- to be repeated, not to be secret
    return [a_history(chance) for _ in range(8_000)]
