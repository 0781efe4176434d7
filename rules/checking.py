"""Reads the files of this room from plain data: rules of statuses, alerts and words, and lists of verbs.

Each function gives what was read, or None where something is wrong, with every fault found.
A rule file is refused whole: rules that contradict themselves, that can never decide or that
leave a situation undecided are faults like a misspelt word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from duewatch.rules import cells
from duewatch.rules.conditions import ALWAYS, All, Condition, count_ways
from duewatch.rules.faults import Data, Fault, Faults, Path, remedy
from duewatch.rules.fields import FIELDS, PHRASE_NAMES, Fields, alert_fields, phrase_fields
from duewatch.rules.grammar import NONE, Outcome, Rule, Ruleset
from duewatch.rules.ladders import Ladder, read_ladders
from duewatch.rules.outcomes import read_outcomes
from duewatch.rules.readings import ConditionReader
from duewatch.rules.tellings import Telling, read_tellings
from duewatch.rules.templates import check_template

# A signature is one integer of the database, and durable-rules refuses a 17th condition and a
# 65th rule on one fact (measured: errors 304 and 303); each limit keeps clear of those.
MOST_ATOMS: Final = 60
MOST_TESTS: Final = 15
MOST_WAYS: Final = 60
MOST_ALTERNATIVES: Final = 1000  # of one rule, words included


class _Form(NamedTuple):
    """How the rules of one file are written."""

    outcome: str  # the key of what a rule says: status, ladder, say
    sentence: str  # the key with gaps to fill
    others: tuple[str, ...]  # names that a gap may use beside the fields
    decided_by_engine: bool  # phrases are chosen in Python only
    only_text: bool  # the outcome is free text, not a declared name


_STATUS: Final = _Form("status", "because", (), decided_by_engine=True, only_text=False)
_ALERTS: Final = _Form("ladder", "because", (), decided_by_engine=True, only_text=False)
_WORDS: Final = _Form("say", "say", PHRASE_NAMES, decided_by_engine=False, only_text=True)


@dataclass(frozen=True, slots=True)
class Alerts:
    """What alerts.yaml says: the ladders, and which occurrence climbs which."""

    ladders: Mapping[str, Ladder]
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class Words:
    """What words.yaml says: the words of each reading of a contest by status, and the rules that choose a phrase."""

    language: str
    contest: Mapping[str, str]
    norms: Mapping[str, Telling]  # by strength, and `else`
    ruleset: Ruleset


def check_status(data: object) -> tuple[Ruleset | None, list[Fault]]:
    """Read status.yaml: `{statuses: {NAME: ...}, rules: [...]}`."""
    faults = Faults()
    top = faults.mapping(data, (), "the file", ("statuses", "rules"))
    statuses = read_outcomes(top, faults)
    reading = _Reading(_STATUS, FIELDS, tuple(statuses), faults)
    ruleset = reading.ruleset(top, statuses)
    _note_unyielded(ruleset, faults)
    return (None if faults.found else ruleset), faults.found


def check_alerts(
    data: object, statuses: Iterable[str], strengths: Iterable[str] = ()
) -> tuple[Alerts | None, list[Fault]]:
    """Read alerts.yaml: `{ladders: {NAME: ...}, rules: [...]}`, over the declared statuses and strengths."""
    faults = Faults()
    top = faults.mapping(data, (), "the file", ("ladders", "rules"))
    ladders = read_ladders(top, faults)
    reading = _Reading(_ALERTS, alert_fields(statuses, strengths), (NONE, *ladders), faults)
    ruleset = reading.ruleset(top, {})
    climbed = {rule.outcome for rule in ruleset.rules}
    for name in ladders:
        if name not in climbed:
            faults.add(("ladders", name), f"no rule leads to the ladder `{name}`", "add a rule, or delete the ladder")
    return (None if faults.found else Alerts(ladders, ruleset)), faults.found


def check_words(
    data: object, statuses: Iterable[str], strengths: Iterable[str] = ()
) -> tuple[Words | None, list[Fault]]:
    """Read words.yaml: `{language: en, norms: {...}, contest: {...}, rules: [...]}`; the phrases cover everything."""
    faults = Faults()
    names, known = tuple(statuses), tuple(strengths)
    top = faults.mapping(data, (), "the file", ("language", "norms", "contest", "rules"))
    language = faults.text(top, "language", (), "the file")
    norms = read_tellings(top, known, faults)
    contest = _contest(top, names, faults)
    reading = _Reading(_WORDS, phrase_fields(names, known), (), faults)
    ruleset = reading.ruleset(top, {})
    return (None if faults.found else Words(language, contest, norms, ruleset)), faults.found


def _contest(top: Data, statuses: tuple[str, ...], faults: Faults) -> Mapping[str, str]:
    """Read the words for one reading of a contest: a text for each status, whose only gap is the due day."""
    path: Path = ("contest",)
    data = faults.inner(top, "contest", (), "the file", statuses)
    texts = {name: faults.text(data, name, path, "`contest`") for name in statuses if data}
    for name, text in texts.items():
        check_template(text, {"due": FIELDS["due"]}, (), (*path, name), faults)
    return MappingProxyType(texts)


class _Reading:
    """Reads the ordered rules of one file."""

    def __init__(self, form: _Form, fields: Fields, outcomes: tuple[str, ...], faults: Faults) -> None:
        self.form, self.fields, self.outcomes, self.faults = form, fields, outcomes, faults
        self.conditions = ConditionReader(fields, faults)
        self.places: list[Path] = []
        self.names: dict[str, Path] = {}

    def ruleset(self, top: Data, statuses: Mapping[str, Outcome]) -> Ruleset:
        """Give all rules, flat and in order, with the faults that show only once all are read."""
        rules = self._rules(self.faults.listed(top, "rules", (), "the file"), ("rules",), ALWAYS)
        ruleset = Ruleset(self.fields, statuses, tuple(rules))
        if not self.faults.found:
            self._measure(ruleset)
        if not self.faults.found:
            self._cover(ruleset)
        return ruleset

    def _rules(self, entries: list[object], path: Path, given: Condition) -> list[Rule]:
        """Give the rules of a list; an entry with `rules` of its own shares its `given` with all of them."""
        rules: list[Rule] = []
        for number, entry in enumerate(entries):
            here = (*path, number)
            if isinstance(entry, Mapping) and "rules" in entry:
                rules.extend(self._group(entry, here, given))
            else:
                rules.append(self._rule(entry, here, given))
        return rules

    def _group(self, entry: Data, path: Path, given: Condition) -> list[Rule]:
        data = self.faults.mapping(entry, path, "a group of rules", ("given", "rules"))
        if "given" not in data:
            self.faults.add(path, "the group has no `given`", "add the condition that its rules share")
        shared = _both(given, self._condition(data, "given", path))
        entries = self.faults.sequence(data["rules"], (*path, "rules"), "`rules`")
        return self._rules(entries, (*path, "rules"), shared)

    def _rule(self, entry: object, path: Path, given: Condition) -> Rule:
        keys = dict.fromkeys(("name", self.form.outcome, "when", self.form.sentence))
        data = self.faults.mapping(entry, path, "a rule", keys)
        outcome = self.faults.text(data, self.form.outcome, path, "the rule") if data else ""
        if outcome and not self.form.only_text and outcome not in self.outcomes:
            wrong = f"`{outcome}` is not a declared {self.form.outcome}"
            self.faults.add((*path, self.form.outcome), wrong, remedy(outcome, self.outcomes))
        name = self._name(data, outcome, path)
        when = self._flat(_both(given, self._condition(data, "when", path)), name, path)
        self.places.append(path)
        because = "" if self.form.only_text else self._sentence(data, path)
        if self.form.only_text:
            self._sentence(data, path)
        return Rule(name=name, outcome=outcome, when=when, because=because)

    def _name(self, data: Data, outcome: str, path: Path) -> str:
        """Give the rule's own name; else its outcome, numbered from the second on (a phrase: its place)."""
        if "name" in data:
            name = self.faults.text(data, "name", path, "the rule")
            if name in self.names:
                self.faults.add((*path, "name"), f"two rules are called `{name}`", "give each a name of its own")
        else:
            base = "phrase" if self.form.only_text else outcome or "rule"
            tries = (base if n == 1 else f"{base}-{n}" for n in range(1, len(self.names) + 2))
            name = next(one for one in tries if one not in self.names)
        self.names.setdefault(name, path)
        return name

    def _condition(self, data: Data, key: str, path: Path) -> Condition:
        return self.conditions.read(data[key], (*path, key)) if key in data else ALWAYS

    def _flat(self, when: Condition, name: str, path: Path) -> Condition:
        """Refuse a condition before flattening it bursts."""
        ways = count_ways(when)
        if ways <= MOST_ALTERNATIVES:
            return when
        wrong = f"`{name}` can hold in {ways} ways, more than {MOST_ALTERNATIVES}"
        self.faults.add(path, wrong, "use lists (`kind: [limit, maintain]`) in place of `any`, or several rules")
        return ALWAYS

    def _sentence(self, data: Data, path: Path) -> str:
        key = self.form.sentence
        if not data or (key not in data and key == self.form.outcome):
            return ""
        text = self.faults.text(data, key, path, "the rule")
        check_template(text, self.fields, self.form.others, (*path, key), self.faults)
        return text

    def _measure(self, ruleset: Ruleset) -> None:
        """Note what the engines could not hold."""
        if not self.form.decided_by_engine:
            return
        if len(ruleset.atoms) > MOST_ATOMS:
            wrong = f"the rules ask {len(ruleset.atoms)} different questions, more than {MOST_ATOMS}"
            self.faults.add(("rules",), wrong, "ask the same question in the same words where you can")
        for rule, path in zip(ruleset.rules, self.places, strict=True):
            longest = max((len(way) for way in rule.alternatives), default=0)
            if longest > MOST_TESTS:
                wrong = f"`{rule.name}` makes {longest} tests at once, more than {MOST_TESTS}"
                self.faults.add(path, wrong, "split it, or let an earlier rule take some of the cases")
        ways = sum(len(rule.alternatives) for rule in ruleset.rules)
        if ways > MOST_WAYS:
            wrong = f"the rules come to {ways} flat rules once each `any` is split, more than {MOST_WAYS}"
            self.faults.add(("rules",), wrong, "use lists (`kind: [limit, maintain]`) in place of `any`")

    def _cover(self, ruleset: Ruleset) -> None:
        """Note whether each rule can decide, and whether every situation is decided."""
        places = dict(zip((rule.name for rule in ruleset.rules), self.places, strict=True))
        for rule in cells.unreachable(ruleset):
            wrong = f"`{rule.name}` can never decide: what it asks cannot be, or earlier rules take all of it"
            self.faults.add(places[rule.name], wrong, "move it up, change what it asks, or delete it")
        gap = cells.uncovered(ruleset)
        if gap is not None:
            case = ", ".join(f"{name} {_shown(value)}" for name, value in gap.values.items())
            wrong = f"no rule says what holds in some situations, such as: {case}"
            self.faults.add(("rules",), wrong, "end with a rule without `when`")


def _both(given: Condition, when: Condition) -> Condition:
    parts = [part for part in (given, when) if part != ALWAYS]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _shown(value: object) -> str:
    return "not known" if value is None else str(value)


def _note_unyielded(ruleset: Ruleset, faults: Faults) -> None:
    """Note a status that no rule gives, and a rule for one that is computed."""
    given = {rule.outcome for rule in ruleset.rules}
    if not given <= set(ruleset.statuses):
        return  # a misspelt status is a fault already, and may be the very one that is missing
    for name, outcome in ruleset.statuses.items():
        if outcome.computed and name in given:
            faults.add(
                ("statuses", name), f"`{name}` is computed from the readings, yet a rule gives it", "delete the rule"
            )
        elif not outcome.computed and name not in given:
            faults.add(("statuses", name), f"no rule gives the status `{name}`", "add a rule, or delete the status")
