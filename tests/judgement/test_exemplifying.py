"""Examples are run for good: adopted, recorded and judged like everything else, each on its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_whole
from duewatch.engine.judgement import exemplifying
from duewatch.engine.judgement.adopting import Source
from duewatch.engine.judgement.exemplifying import try_examples
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from duewatch.engine.encoding.rulefiles import Rules

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")
HOURS = """
instrument: {symbol: H/1, adopted: {date: "2024-01-01"}, zone: America/New_York, regime: plain}
parties: {keeper: {}, states: {open: true}}
events: {aware: {repeats: true}}
obligations:
- id: a.notify
  provision: Art 1
  verb: requests
  bearer: keeper
  kind: respond
  armed-by: {event: aware}
  action: notify
  deadline: {within: 72 hours, after: armed}
  examples:
"""
AWARE = 'facts: [{kind: event, event: aware, date: "2024-03-09T09:23-05:00"}]'  # the clocks go forward on the 10th


def source(text: str, rules: Rules) -> Source:
    whole = read_whole(text.encode(), rules.verbs, name="t.yaml")
    return Source(whole.instrument, "t.yaml", text.encode(), whole.examples)


def said(rules: Rules, *texts: str) -> list[str]:
    """Give the problems of the examples of encodings that are adopted together."""
    try:
        try_examples(rules, [source(text, rules) for text in texts])
    except BadFile as bad:
        return [str(one) for one in bad.problems]
    return []


def small(entry: str, examples: str) -> str:
    """Put examples below an entry of the small instrument that is written on one line."""
    line = next(line for line in SMALL.splitlines() if line.startswith(f"- {{id: {entry},"))
    return SMALL.replace(line, f"{line.removesuffix('}')}, examples: [{examples}]}}")


def test_an_example_that_comes_out_otherwise_says_what_came_out_why_and_where(rules: Rules) -> None:
    text = small("a.report", '{as-of: "2021-07-15", expect: overdue, due: "2021-07-14", days-late: 1}')
    (found,) = said(rules, text)
    assert found.startswith("t.yaml:33:")
    assert (
        "example of a.report: as of 2021-07-15: it comes out due, not overdue, due 2021-07-15, not 2021-07-14" in found
    )
    assert "without a count of days late, not 1 (last day 15 July 2021: no delivery recorded yet)" in found
    assert found.endswith("; mend the entry, or what the example expects")


def test_each_example_knows_only_its_own_facts(rules: Rules) -> None:
    delivered = '{kind: delivered, dated: "2021-07-15", symbol: D/1}'
    lacking = '{kind: delivered, dated: "2021-07-15", symbol: D/1, contents: "lacks:first", why: nothing about it}'
    examples = (
        f'{{as-of: "2021-07-16", expect: met, days-late: 0, facts: [{delivered}]}}, '
        '{as-of: "2021-07-16", expect: overdue, days-late: 1}, '
        f'{{as-of: "2021-07-16", expect: overdue, facts: [{lacking}]}}, '
        f'{{as-of: "2021-07-16", expect: met, facts: [{delivered}]}}'
    )
    assert said(rules, small("a.report", examples)) == []


def test_a_series_is_asked_by_its_place_and_beyond_its_end_nothing_is_owed(rules: Rules) -> None:
    fact = '{kind: delivered, issued: "2022-01-03", symbol: D/2}'
    examples = (
        f'{{n: 2, as-of: "2022-01-05", expect: met_late, due: "2021-12-29", days-late: 5, facts: [{fact}]}}, '
        '{n: 4, as-of: "2022-06-29", expect: due}, {n: 5, as-of: "2022-07-29", expect: not-owed}'
    )
    assert said(rules, small("b.series", examples)) == []
    (found,) = said(rules, small("b.series", '{n: 5, as-of: "2022-07-29", expect: overdue}'))
    assert "`T/RES/1 (2021)#b.series/5` is no occurrence" in found


def test_a_member_a_measure_a_reading_and_a_norm_that_others_arm_are_asked_alike(rules: Rules) -> None:
    text = small("f.standing", '{member: two, as-of: "2021-12-01", expect: review}')
    assert said(rules, text) == []
    ceiling = '{kind: measure, day: "2021-08-01", value: 101}'
    assert said(rules, small("d.ceiling", f'{{as-of: "2021-08-02", expect: breached, facts: [{ceiling}]}}')) == []
    extended = '{kind: event, event: mandate.end, day: "2022-06-29", date: "2023-06-30"}'
    below = f'    examples: [{{as-of: "2022-07-01", expect: contested, facts: [{extended}]}}]}}'
    text = SMALL.replace("  - {id: first, action: do the first thing}", f"  - {{id: first, action: do it,\n{below}")
    assert said(rules, text) == []


def test_hours_count_from_the_instant_of_an_event_whatever_the_clocks_do(rules: Rules) -> None:
    asked = {"2024-03-12T10:23-04:00": "due", "2024-03-12T10:24-04:00": "overdue", "2024-03-11": "at_risk"}
    listed = "".join(f'  - {{n: 1, as-of: "{at}", expect: {status}, {AWARE}}}\n' for at, status in asked.items())
    assert said(rules, HOURS + listed) == []
    mere_day = AWARE.replace("T09:23-05:00", "")
    unresolved = f'{HOURS}  - {{n: 1, as-of: "2024-03-20", expect: unresolved, due: none, {mere_day}}}\n'
    assert said(rules, unresolved) == []
    (found,) = said(rules, unresolved.replace("expect: unresolved", "expect: overdue"))
    assert "only the day is known; give the time of the event)" in found


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        ("{kind: delivered, symbol: D/1}", "a row of kind delivered has no day; write `dated` or"),
        ('{kind: event, event: nothing, date: "2021-07-01"}', "there is no event `nothing`"),
        ("{kind: note, what: idle}", "this is recorded as no fact: a note"),
        ('{kind: measure, day: "2021-07-01", value: 3}', "has no target: nothing is measured"),
    ],
)
def test_a_fact_that_could_not_be_recorded_is_told_at_its_place(rules: Rules, fact: str, wrong: str) -> None:
    (found,) = said(rules, small("a.report", f'{{as-of: "2021-07-16", expect: due, facts: [{fact}]}}'))
    assert found.startswith("t.yaml:33:")
    assert "example of a.report: " in found
    assert wrong in found


def test_a_status_that_the_rules_do_not_have_is_told_with_the_nearest(rules: Rules) -> None:
    (found,) = said(rules, small("a.report", '{as-of: "2021-07-16", expect: overdu}'))
    assert "`overdu` is no status; did you mean `overdue`?" in found


def test_two_files_with_the_same_names_do_not_meddle_with_each_other(rules: Rules) -> None:
    fact = (
        '{kind: delivered, id: a.report, dated: "2021-07-01", symbol: D/1}, '
        '{kind: event, event: election, date: "2021-07-02"}'
    )
    one = small("a.report", f'{{as-of: "2021-07-16", expect: met, facts: [{fact}]}}')
    assert said(rules, one, one.replace("T/RES/1 (2021)", "T/RES/2 (2021)")) == []
    assert said(rules, one, SMALL.replace("T/RES/1 (2021)", "T/RES/2 (2021)")) == []


def test_what_comes_out_is_the_same_in_the_excerpt_as_in_the_whole(
    rules: Rules, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / "obligations.yaml").read_text(encoding="utf-8")
    wrong = text.replace("expect: due", "expect: waived").replace("expect: contested", "expect: dormant")
    short = said(rules, wrong)
    monkeypatch.setattr(exemplifying, "excerpt", lambda instrument, _: instrument)
    assert said(rules, wrong) == short
    assert len(short) > 10
