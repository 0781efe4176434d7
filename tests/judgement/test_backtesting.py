"""Back-tests on the small instrument: what two encodings make of the same history."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from tests.judgement.conftest import SMALL, source

from duewatch.engine.encoding.statements import read_statements
from duewatch.engine.judgement.backtesting import backtest, differences

if TYPE_CHECKING:
    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.rules.rete import Decider

HISTORY = """
facts:
- {kind: delivered, provision: OP 1, dated: "2021-07-18", symbol: R/1}
- {kind: measure, provision: OP 5, day: null, value: 32, of: 121}
- {kind: measure, id: d.ceiling, day: "2021-08-01", value: 101}
- {kind: looked, provision: OP 3, day: "2022-03-20", finding: nothing}
"""


def test_each_reading_has_its_days_and_two_encodings_are_compared(
    tmp_path: Path, rules: Rules, decider: Decider
) -> None:
    path = tmp_path / "history.yaml"
    path.write_text(HISTORY, encoding="utf-8")
    statements = read_statements(path)
    text = SMALL.replace('by: "2021-07-15"', 'by: "2021-07-20"')
    one, other = (backtest(rules, decider, [source(words, rules)], statements) for words in (SMALL, text))

    assert one.as_of == date(2022, 3, 20)
    lines = {line.occurrence.partition("#")[2]: line for line in one.lines}
    assert [lines["a.report/1"].stands[0].days, lines["d.ceiling/1"].status] == [3, "breached"]
    stands = {stand.readings: (stand.due, stand.status) for stand in lines["c.transition/1"].stands}
    assert stands == {
        ("from-decision",): (date(2022, 3, 15), "overdue"),
        ("from-beginning",): (date(2022, 3, 25), "at_risk"),
    }
    share, ceiling = one.measures
    assert (share.value, share.of, share.day, share.reached) == (Fraction(32), Fraction(121), None, False)
    assert (ceiling.value, ceiling.of, ceiling.bound, ceiling.reached) == (Fraction(101), None, "at most 100", False)
    assert differences(one, other) == [
        "a.report/1: met_late, due 2021-07-15, 3 days late -> met, due 2021-07-20, 2 days early"
    ]
