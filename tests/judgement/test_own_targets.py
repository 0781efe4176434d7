"""Numbers that stand in no text are held by examples: whoever changes one is told by `check`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from duewatch.engine.encoding.parse import read_whole
from duewatch.engine.judgement.adopting import Source
from duewatch.engine.judgement.exemplifying import try_examples
from duewatch.engine.problems import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duewatch.engine.encoding.rulefiles import Rules
    from duewatch.engine.words import Norm

SOFT = re.compile(r"(?<=soft: )\d+(?= (?:day|month))")


def soft_norms(norms: tuple[Norm, ...]) -> Iterator[Norm]:
    """Give the arguable readings in which a target of our own can show: duties with nothing but that for a clock."""
    for norm in norms:
        if (
            norm.standing == "arguable"
            and norm.kind in {"achieve", "recur", "respond"}
            and "Soft" in repr(norm.deadline)
        ):
            yield norm


@pytest.mark.parametrize("by", [1, -1])
def test_any_other_target_of_our_own_is_noticed(by: int, rules: Rules, root: Path) -> None:
    text = (root / "obligations.yaml").read_text(encoding="utf-8")
    changed = SOFT.sub(lambda found: str(int(found[0]) + by), text)
    whole = read_whole(changed.encode(), rules.verbs, name="t.yaml")
    held = [entry.id for entry in whole.instrument.obligations if any(soft_norms(entry.norms))]
    with pytest.raises(BadFile) as bad:
        try_examples(rules, [Source(whole.instrument, "t.yaml", changed.encode(), whole.examples)])
    told = {re.search(r"example of ([\w.-]+):", str(problem))[1] for problem in bad.value.problems}
    assert [name for name in held if name not in told] == []
    assert len(held) >= 10


def test_any_other_period_of_review_of_a_ceiling_is_noticed(rules: Rules, root: Path) -> None:
    text = (root / "obligations.yaml").read_text(encoding="utf-8")
    for other in ("2 months", "4 months"):
        changed = text.replace("review: 3 months", f"review: {other}")
        whole = read_whole(changed.encode(), rules.verbs, name="t.yaml")
        with pytest.raises(BadFile, match=r"example of op18\.military"):
            try_examples(rules, [Source(whole.instrument, "t.yaml", changed.encode(), whole.examples)])
