"""Random ledgers: the datings at a point are those that the facts known and in force there give."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from duewatch.engine.reckoning.civil import to_day
from duewatch.engine.reckoning.clock import ALL_KNOWLEDGE, FIRST_DAY, LAST_DAY, NO_KNOWLEDGE, ClockFact
from duewatch.engine.reckoning.rectangles import Phase, rectangles
from duewatch.engine.words import ArmedBy, By, EarliestOf, Every, Fixed, NoDate, Ref, Setting, Span, Within

if TYPE_CHECKING:
    from duewatch.engine.reckoning.datings import Dating

START = to_day(date(2021, 6, 29))
QUARTERLY = Every(Span(3, "months"), Ref("adoption"), Ref("mandate.end"))
MOVES = (Setting(target="mandate.end", dynamic=True),)
TARGETS = [("event", name) for name in ("mandate.end", "finding", "deployment", "election")] + [
    (kind, ("", ordinal)) for kind in ("extension", "delivery") for ordinal in (1, 2, 5)
]
DUES = {n: to_day(date(2021, 6, 29) + relativedelta(months=3 * n)) for n in range(1, 12)}
DAY = st.integers(0, 60).map(lambda tenth: START + 10 * tenth)


@st.composite
def ledgers(draw: st.DrawFn) -> list[ClockFact]:
    """A short ledger of clock facts, with corrections (of the target too) and retractions."""
    rows: list[ClockFact] = []
    for seq in range(1, 2 * draw(st.integers(0, 6)) + 1, 2):  # other rows of the ledger lie in between
        kind, target = draw(st.sampled_from(TARGETS))
        root = draw(st.sampled_from([seq, *(row.root for row in rows)]))
        older = next((row for row in rows if row.root == root), None)
        if older is not None and draw(st.booleans()):
            kind, target = older.kind, older.target
        gone = older is not None and draw(st.booleans())
        fields: dict[str, Any] = {
            "kind": kind,
            "target": target,
            "effective": draw(DAY),
            "day": draw(DAY),
            "gone": gone,
        }
        rows.append(ClockFact(seq=seq, root=root, **fields))
    return rows


def subjects(bench: Any) -> dict[str, list[Any]]:
    """Obligations whose dates move in every way there is, each with its readings."""
    norm = bench.norm
    return {
        "series": [
            norm(deadline=QUARTERLY),
            norm("moves", deadline=QUARTERLY, settings=MOVES),
            norm("rolling", deadline=Every(Span(3, "months"), "previous-delivery", Ref("mandate.end")), settings=MOVES),
            norm("half", deadline=Every(Span(6, "months"), Ref("adoption"))),
        ],
        "rolling": [norm(deadline=Every(Span(2, "months"), "previous-delivery", Ref("mandate.end")), settings=MOVES)],
        "single": [
            norm(deadline=EarliestOf((By(Ref("mandate.end")), By(Ref("finding")))), settings=MOVES),
            norm("other", deadline=NoDate(), until=Ref("finding")),
            norm("counted", deadline=Every(Span(1, "months"), Ref("finding"), Fixed(date(2022, 3, 1)))),
        ],
        "armed": [
            norm(armed_by=ArmedBy(event="finding"), deadline=Within((Span(30, "days"),), "armed")),
            norm("series", armed_by=ArmedBy(event="finding"), deadline=QUARTERLY),
        ],
        "cases": [
            norm(armed_by=ArmedBy(event="deployment"), deadline=Within((Span(30, "days"),), "armed")),
            norm("two", armed_by=ArmedBy(event="deployment"), deadline=By(Ref("mandate.end")), settings=MOVES),
        ],
    }


def points(facts: list[ClockFact]) -> list[tuple[int, int]]:
    """Every corner of the plane that a fact can cut, and the points just before it."""
    knowledge = {NO_KNOWLEDGE, ALL_KNOWLEDGE - 1} | {fact.seq + step for fact in facts for step in (-1, 0)}
    edges = {day for fact in facts for day in (fact.effective, fact.day)}
    days = {FIRST_DAY, LAST_DAY - 1} | {edge + step for edge in edges for step in (-1, 0)}
    return list(product(sorted(knowledge), sorted(days)))


def live(facts: list[ClockFact], k: int) -> list[ClockFact]:
    """The newest version of each root known by k, written down a second time and plainly."""
    roots = {fact.root for fact in facts if fact.seq <= k}
    newest = [max((f for f in facts if f.root == root and f.seq <= k), key=lambda f: f.seq) for root in roots]
    return [fact for fact in newest if not fact.gone]


def shown(rows: list[Dating], k: int, day: int) -> dict[tuple[str, int], Dating]:
    found = [row for row in rows if row.k0 <= k < row.k1 and row.d0 <= day < row.d1]
    keys = [(row.reading, row.ordinal) for row in found]
    assert len(keys) == len(set(keys)), "two rectangles cover one point"
    return {key: replace(row, k0=0, k1=0, d0=0, d1=0) for key, row in zip(keys, found, strict=True)}


@pytest.fixture(scope="module")
def norms(request: pytest.FixtureRequest) -> dict[str, list[Any]]:
    return subjects(request.getfixturevalue("module_bench"))


@settings(max_examples=25)
@given(facts=ledgers(), name=st.sampled_from(["series", "rolling", "single", "armed"]))
def test_a_point_shows_what_its_own_facts_give(
    module_bench: Any, norms: dict[str, list[Any]], facts: list[ClockFact], name: str
) -> None:
    rows = module_bench.datings(norms[name], *facts)

    @cache
    def from_these(*alone: ClockFact) -> Any:
        return module_bench.datings(norms[name], *alone)

    for k, day in points(facts):
        alone = sorted((fact for fact in live(facts, k) if fact.effective <= day), key=lambda fact: fact.seq)
        assert shown(rows, k, day) == shown(from_these(*alone), ALL_KNOWLEDGE - 1, day), (k, day)


@settings(max_examples=25)
@given(facts=ledgers(), name=st.sampled_from(["series", "rolling", "single", "armed", "cases"]))
def test_what_was_recorded_later_was_not_known(
    module_bench: Any, norms: dict[str, list[Any]], facts: list[ClockFact], name: str
) -> None:
    rows = module_bench.datings(norms[name], *facts)
    for fact in facts:
        prefix = module_bench.datings(norms[name], *(one for one in facts if one.seq <= fact.seq))
        for _, day in points(facts):
            assert shown(rows, fact.seq, day) == shown(prefix, ALL_KNOWLEDGE - 1, day)


@settings(max_examples=25)
@given(facts=ledgers(), name=st.sampled_from(["series", "rolling", "single", "armed", "cases"]))
def test_rectangles_of_an_occurrence_never_overlap_and_are_as_long_as_can_be(
    module_bench: Any, norms: dict[str, list[Any]], facts: list[ClockFact], name: str
) -> None:
    by_key: dict[tuple[str, int], list[Dating]] = defaultdict(list)
    for row in module_bench.datings(norms[name], *facts):
        assert row.k0 < row.k1
        assert row.d0 < row.d1
        by_key[row.reading, row.ordinal].append(row)
    for found in by_key.values():
        for one, other in combinations(found, 2):
            assert one.k1 <= other.k0 or other.k1 <= one.k0 or one.d1 <= other.d0 or other.d1 <= one.d0
        assert [(row.k0, row.d0) for row in found] == sorted((row.k0, row.d0) for row in found)
        for one, other in combinations(found, 2):
            same_days = (one.d0, one.d1) == (other.d0, other.d1)
            joined = replace(other, k0=one.k0, k1=one.k1) == one and one.k1 == other.k0
            assert not (same_days and joined), "two neighbours could be one"
        for one, other in pairwise(found):
            together = replace(other, d0=one.d0, d1=one.d1) == one and one.d1 == other.d0
            assert not together, "two days could be one"


@settings(max_examples=30)
@given(facts=ledgers())
def test_the_series_is_what_a_plain_count_gives(
    module_bench: Any, norms: dict[str, list[Any]], facts: list[ClockFact]
) -> None:
    rows = module_bench.datings(norms["series"][:2], *facts)
    for k, day in points(facts):
        force = [fact for fact in live(facts, k) if fact.effective <= day]
        expected = {
            (reading, n): due
            for reading in ("default", "moves")
            for n, due in plain_count(force, moves=reading == "moves").items()
        }
        assert {key: row.due for key, row in shown(rows, k, day).items()} == expected


def plain_count(force: list[ClockFact], *, moves: bool) -> dict[int, int]:
    """The quarterly series, written down a second time with dateutil."""

    def newest(target: object, kind: str) -> int | None:
        found = [fact for fact in force if fact.target == target and fact.kind == kind]
        return max(found, key=lambda fact: (fact.effective, fact.seq)).day if found else None

    moved = newest("mandate.end", "event") if moves else None
    end = to_day(date(2022, 6, 30)) if moved is None else moved
    owed = {n: due for n, due in DUES.items() if due <= end}
    granted = {n: newest(("", n), "extension") for n in owed}
    return {n: max(due, granted[n] or due) for n, due in owed.items()}  # no extension makes it earlier


@settings(max_examples=30)
@given(facts=ledgers())
def test_cases_are_what_a_plain_look_at_the_entries_gives(
    module_bench: Any, norms: dict[str, list[Any]], facts: list[ClockFact]
) -> None:
    rows = module_bench.datings(norms["cases"][:1], *facts)
    places = list(dict.fromkeys(fact.root for fact in facts if fact.target == "deployment"))
    for k, day in points(facts):
        expected: dict[int, bool] = {1: False}
        for fact in live(facts, k):
            if fact.target == "deployment" and fact.effective <= day:
                expected[places.index(fact.root) + 1] = day >= fact.day
        found = shown(rows, k, day)
        assert {ordinal: row.armed for (_, ordinal), row in found.items()} == expected
        for row in found.values():
            assert (row.armed_on is not None) == row.armed == (row.due is not None)


def test_an_answer_is_asked_for_once_for_each_set_of_facts(module_bench: Any) -> None:
    facts = [module_bench.event(seq, "finding", f"2021-07-{seq:02}") for seq in range(1, 21)]
    asked: list[int] = []

    def answer(force: tuple[ClockFact, ...]) -> dict[int, tuple[Phase[int], ...]]:
        asked.append(len(force))
        return {1: (Phase(FIRST_DAY, len(force)),)}

    found = rectangles(facts, answer)
    assert asked == list(range(21))
    assert len(found[1]) == 2 * 20 + 1, "each fact closes one stretch that was open, and opens another"


def test_pieces_that_meet_with_the_same_row_are_one(module_bench: Any) -> None:
    fact = module_bench.event(3, "finding", "2021-07-20")
    coming = (Phase(FIRST_DAY, "asleep"), Phase(fact.day - 10, "awake"))

    def answer(force: tuple[ClockFact, ...]) -> dict[int, tuple[Phase[str], ...]]:
        return {1: (Phase(FIRST_DAY, "awake"),) if force else coming}

    found = rectangles([fact], answer)[1]
    assert [(one.k0, one.k1, one.d0, one.row) for one in found] == [
        (NO_KNOWLEDGE, ALL_KNOWLEDGE, FIRST_DAY, "asleep"), (NO_KNOWLEDGE, ALL_KNOWLEDGE, fact.day - 10, "awake"),
    ]  # fmt: skip
