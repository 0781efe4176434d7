"""Examples of an entry are read strictly, and are no part of what is fingerprinted."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_whole
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duewatch.rules.strengths import Verbs

HEAD = """
instrument: {symbol: T/1 (2021), adopted: {date: "2021-06-29"}, zone: Europe/Paris}
parties: {secretary: {}}
obligations:
- under: a
  provision: Art 1
  shared: {verb: requests, bearer: secretary, kind: achieve}
  entries:
  - id: report
    action: report
    deadline: {by: "2021-07-15"}
"""


def problems(examples: str, verbs: Mapping[str, Verbs]) -> list[str]:
    try:
        read_whole(f"{HEAD}    examples:\n{examples}".encode(), verbs, name="t.yaml")
    except BadFile as bad:
        return [str(one) for one in bad.problems]
    return []


def test_an_example_has_a_day_or_an_instant_facts_and_what_is_expected(verbs: Mapping[str, Verbs]) -> None:
    text = """
    - {as-of: "2021-07-16", expect: overdue, due: "2021-07-15", days-late: 1}
    - as-of: "2021-07-15T17:00+02:00"
      facts:
      - {kind: event, event: begun, date: "2021-07-01T09:23Z"}
      - {kind: looked, day: "2021-07-02", finding: nothing}
      n: 2
      member: one
      expect: not-owed
      due: none
"""
    first, second = read_whole(f"{HEAD}    examples:{text}".encode(), verbs, name="t.yaml").examples
    assert (first.obligation, first.as_of, first.expect, first.due) == (
        "a.report", date(2021, 7, 16), "overdue", date(2021, 7, 15),
    )  # fmt: skip
    assert str(first.place) == "t.yaml:13:37"
    assert (first.days_late, first.undated, first.n) == (1, False, None)
    assert second.as_of == datetime.fromisoformat("2021-07-15T17:00+02:00")
    assert second.facts[0].day("date") == datetime.fromisoformat("2021-07-01T09:23Z")
    assert (second.n, second.member, second.undated) == (2, "one", True)


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ('{as-of: "16 July 2021", expect: due}', '`16 July 2021` is not a date; write "2021-07-16"'),
        ('{as-of: "2021-07-16T10:00", expect: due}', 'is not an instant; write "2025-03-03T09:00Z"'),
        ('{as-of: "2021-07-16"}', "`expect` is missing"),
        ('{as-of: "2021-07-16", expect: late now}', "`late now` is no status"),
        ('{as-of: "2021-07-16", expect: due, n: 0}', "`0` is no place in a series; count from 1"),
        ('{as-of: "2021-07-16", expects: due}', "unknown field `expects`; did you mean `expect`?"),
        ('{as-of: "2021-07-16", expect: due, facts: []}', "there is no list of facts"),
        ('{as-of: "2021-07-16", expect: due, facts: [{kind: delivery}]}', "`delivery` is no kind; did you mean"),
        (
            '{as-of: "2021-07-16", expect: due, facts: [{kind: event, date: "2021-13-01"}]}',
            "`2021-13-01` is not a day of the calendar",
        ),
        ('{as-of: "2021-07-16", expect: due, facts: [{kind: note, colour: red}]}', "`colour` is no column of a fact"),
    ],
)
def test_what_is_wrong_in_an_example_is_told_at_its_place(example: str, said: str, verbs: Mapping[str, Verbs]) -> None:
    found = problems(f"    - {example}\n", verbs)
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("t.yaml:13:")


def test_no_group_and_no_reading_has_examples(verbs: Mapping[str, Verbs]) -> None:
    text = HEAD.replace("kind: achieve}", 'kind: achieve, examples: [{as-of: "2021-07-16", expect: due}]}')
    with pytest.raises(BadFile, match="unknown field `examples`"):
        read_whole(text.encode(), verbs, name="t.yaml")


def test_examples_change_neither_the_fingerprint_nor_the_entry(verbs: Mapping[str, Verbs]) -> None:
    without = read_whole(HEAD.encode(), verbs).instrument
    text = f'{HEAD}    examples: [{{as-of: "2021-07-16", expect: overdue}}]\n'
    with_one = read_whole(text.encode(), verbs).instrument
    assert with_one.tree_hash == without.tree_hash
    assert with_one.obligations[0].flat == without.obligations[0].flat
    changed = read_whole(text.replace("2021-07-15", "2021-07-14").encode(), verbs).instrument
    assert changed.tree_hash != without.tree_hash
