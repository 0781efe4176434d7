"""How often a norm falls due, in words."""

from __future__ import annotations

import pytest

from duewatch.engine.encoding.parse import read_instrument
from duewatch.engine.encoding.rulefiles import load_rules
from duewatch.engine.reckoning.cadence import cadence

TEXT = """
instrument: {{symbol: X, title: one, adopted: {{date: "2021-01-01"}}, zone: UTC}}
periods: {{term: {{from: adoption, until: "2022-01-01"}}}}
events: {{incident: {{repeats: true}}, first-vote: {{date: unknown, why: not set}}}}
parties: {{a: {{}}}}
obligations:
- {{id: one, provision: Art 1, verb: urges, bearer: a, action: act, {fields}}}
- id: two
  provision: Art 2
  verb: urges
  bearer: a
  action: act
  kind: recur
  deadline: {{every: 3 months, after: adoption, while: term}}
"""
RECUR = "kind: recur, deadline: "


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (f"{RECUR}{{every: 3 months, after: adoption, while: term}}", "every 3 months"),
        (f"{RECUR}{{every: 1 month, after: adoption, while: term}}", "every month"),
        (f"{RECUR}{{every: 90 days, after: adoption, while: term}}", "every 90 days"),
        (f"{RECUR}{{every: 3 months, after: adoption, times: 4}}", "every 3 months, 4 times"),
        (f"{RECUR}{{with: two, every: 2nd}}", "every 6 months"),
        (f"{RECUR}{{every: 3 months, after: previous-delivery, while: term}}", "every 3 months from the last one"),
        (f"{RECUR}{{regularly: {{word: regularly, soft: 3 months}}}}", "regularly"),
        ('kind: achieve, deadline: {by: "2021-03-01"}', "once"),
        ("kind: achieve, deadline: {earliest-of: [first-vote, term.end]}", "once"),
        ("kind: achieve, deadline: {promptly: {word: promptly, soft: 30 days}}", "once, promptly"),
        (
            "kind: respond, armed-by: {event: incident, per: case}, deadline: {within: 3 days, after: armed}",
            "for each case",
        ),
        ("kind: respond, armed-by: {event: incident}, deadline: none", "for each incident"),
        ("kind: respond, armed-by: {event: first-vote}, deadline: none", "once, after first vote"),
        (
            "kind: respond, armed-by: {undone: two, at: term.end}, deadline: none",
            "once, if others left undone what is due",
        ),
        ("kind: permit, modality: permission, until: term.end", "standing"),
    ],
)
def test_the_cycle_is_said_in_words(fields: str, words: str) -> None:
    text = TEXT.format(fields=fields)
    instrument, _ = read_instrument(text.encode(), load_rules(None).verbs, name="one.yaml")
    assert cadence(instrument.obligations[0].norms[0], instrument) == words
